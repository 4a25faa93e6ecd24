"""One life of a payment or an agreement, told by several files: what came first is known by the values that flow."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vipps_lint.catalog import catalog
from vipps_lint.check import check_paths

SERVICE = '''
import requests

class Vipps:
    base = "https://api.vipps.no"

    def __init__(self, token):
        self.headers = {"Authorization": f"Bearer {token}"}

    def _post(self, path, body, verb="POST"):
        answer = requests.request(verb, self.base + path, json=body, headers=self.headers, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def agree(self, price):
        pricing = {"type": "LEGACY", "amount": price, "currency": "NOK"}
        return self._post("/recurring/v3/agreements", {"pricing": pricing, "interval": {"unit": "MONTH", "count": 1}})

    def charge(self, agreement, amount):
        return self._post(f"/recurring/v3/agreements/{agreement}/charges", {"amount": amount, "due": "2027-01-01"})

    def reserve(self, order, amount):
        self._post("/ecomm/v2/payments", {"transaction": {"orderId": order, "amount": amount}})

    def capture(self, order, amount):
        self._post(f"/ecomm/v2/payments/{order}/capture", {"transaction": {"amount": amount}})

    def cancel(self, order, **flags):
        self._post(f"/ecomm/v2/payments/{order}/cancel", {"merchantInfo": {}, "transaction": {}, **flags}, "PUT")
'''

HELPERS = '''
def give_up(vipps, order):
    vipps.cancel(order)

def give_back(vipps, order):
    vipps.cancel(order, shouldReleaseRemainingFunds=True)

def start(vipps, price):
    return vipps.agree(price)["agreementId"]
'''

HISTORY = frozenset({"cancel-without-release", "charge-above-agreement-price", "capture-above-reserved"})

ROWS = [
    pytest.param("id = vipps.agree(49900)['agreementId']\nvipps.charge(id, 60000)", {"charge-above-agreement-price"}, id="a charge above the price"),
    pytest.param("id = start(vipps, 49900)\nvipps.charge(id, 60000)", {"charge-above-agreement-price"}, id="an id that a helper of another file returns"),
    pytest.param("agreement = vipps.agree(49900)\nvipps.charge(agreement.get('agreementId'), 60000)", {"charge-above-agreement-price"}, id="an id taken out with get"),
    pytest.param("ids = {'a': start(vipps, 49900)}\nvipps.charge(ids['a'], 60000)", {"charge-above-agreement-price"}, id="an id kept in a dict"),
    pytest.param("id = vipps.agree(49900)['agreementId']\nvipps.charge(id, 49900)", set(), id="the price itself"),
    pytest.param("vipps.agree(49900)\nvipps.charge(order, 60000)", set(), id="another agreement"),
    pytest.param("id = start(vipps, price)\nvipps.charge(id, 60000)", set(), id="a price that is not known"),
    pytest.param("vipps.reserve(order, 30000)\nvipps.capture(order, 10000)\ngive_up(vipps, order)", {"cancel-without-release"}, id="a cancel in a helper"),
    pytest.param("vipps.reserve(order, 30000)\nvipps.capture(order, 10000)\ngive_back(vipps, order)", set(), id="a cancel with the flag"),
    pytest.param("vipps.reserve(order, 30000)\ngive_up(vipps, order)", set(), id="nothing was captured"),
    pytest.param("vipps.reserve(order, 30000)\nvipps.capture(order, 40000)", {"capture-above-reserved"}, id="more than was reserved"),
    pytest.param("vipps.reserve(order, 30000)\nvipps.capture(order.id, 40000)", set(), id="perhaps another payment"),
    pytest.param("for order in [order]:\n    vipps.reserve(order, 30000)\n    vipps.capture(order, 10000)\n    give_up(vipps, order)", {"cancel-without-release"}, id="inside one round of a loop"),
    pytest.param("if price:\n    vipps.reserve(order, 30000)\n    vipps.capture(order, 10000)\ngive_up(vipps, order)", set(), id="steps that may not have been"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "expected"), ROWS)
@pytest.mark.parametrize("made", ["vipps = Vipps(price.token)", "vipps = CLIENT"])
def test_history_over_files(tmp_path: Path, made: str, steps: str, expected: set[str]) -> None:
    body = "\n".join(f"        {line}" for line in f"{made}\n{steps}".splitlines())
    shop = (
        "from service import Vipps\nfrom helpers import give_back, give_up, start\n\nCLIENT = Vipps('token')\n\n"
        f"class Shop:\n    def go(self, order, price):\n{body}\n"
    )
    for name, text in {"service.py": SERVICE, "helpers.py": HELPERS, "shop.py": shop}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = check_paths([tmp_path], catalog(), today=date(2026, 11, 22))
    assert (report.notes, {one.rule for one in report.diagnostics} & HISTORY) == ([], expected)
