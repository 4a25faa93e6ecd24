"""Methods of values that nobody knows: whose they are, the names say where they are Vipps' and only one class has them."""

from __future__ import annotations

import pytest

CLIENT = """
import requests

class {owner}:
    def {method}(self, order, body, verb="POST"):
        url = f"https://api.vipps.no/ecomm/v2/payments/{{order}}/capture"
        answer = requests.request(verb, url, json=body, timeout=10)
        answer.raise_for_status()

{more}

def ship(shop, order):
    shop.{receiver}.{method}(order, {{"transaction": {{"amount": 1.5}}}})
"""
OTHER = "class Other:\n    def {method}(self):\n        pass"


@pytest.mark.parametrize(
    ("owner", "method", "receiver", "more", "known"),
    [
        pytest.param("Provider", "vipps_capture", "provider", "", True, id="a method that is named for Vipps"),
        pytest.param("VippsClient", "capture", "vipps", "", True, id="a receiver and a class that are"),
        pytest.param("Payment", "capture", "vipps", "", False, id="a receiver alone may be of another library"),
        pytest.param("VippsClient", "capture", "client", "", False, id="a class alone is one of many"),
        pytest.param("VippsClient", "capture", "vipps", OTHER, False, id="two classes have such a method"),
        pytest.param("Provider", "capture", "provider", "", False, id="nothing is named for Vipps"),
    ],
)
def test_whose_method_it_is(read, owner: str, method: str, receiver: str, more: str, known: bool) -> None:
    program = CLIENT.format(owner=owner, method=method, receiver=receiver, more=more.format(method=method))
    sent = [path.call for path in read(program).paths if path.call.chain[0].within == "ship"]
    assert bool(sent) is known
    assert all(one["body", "transaction", "amount"] == 1.5 for one in sent)
