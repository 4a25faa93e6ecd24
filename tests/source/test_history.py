"""What certainly came before a call on the same path of execution, and what only may have."""

from __future__ import annotations

from datetime import date

import pytest

from vipps_lint.check import check_source

PREAMBLE = '''
import requests

PAYMENTS = "https://api.vipps.no/ecomm/v2/payments"


def send(verb, path, **transaction):
    shop = {"merchantSerialNumber": "123456", "callbackPrefix": "https://shop.example", "fallBack": "https://shop.example"}
    body = {"merchantInfo": shop, "transaction": {"transactionText": "Socks", **transaction}}
    response = requests.request(verb, PAYMENTS + path, json=body, timeout=5)
    response.raise_for_status()
    return response


def initiate(i):
    send("POST", "", orderId=i, amount=49900)


def capture(i, amount):
    return send("POST", f"/{i}/capture", amount=amount)


def cancel(i):
    send("PUT", f"/{i}/cancel")


def unsure(i, amount):
    return requests.post(f"{PAYMENTS}/{i}/capture", json={"transaction": {"amount": amount, "transactionText": "Socks"}}, timeout=5)
'''

PATHS = [
    pytest.param("initiate(i)\ncapture(i, 20000)\ncancel(i)", True, id="in a row"),
    pytest.param("initiate(i)\ncapture(i, 20000)\nif flag:\n    cancel(i)", True, id="in a branch after both"),
    pytest.param("initiate(i)\ntry:\n    capture(i, 20000)\nfinally:\n    log()\ncancel(i)", True, id="after a try that ended well"),
    pytest.param("initiate(i)\nfor n in [1]:\n    capture(i, 20000)\ncancel(i)", True, id="a loop that surely runs"),
    pytest.param("initiate(i)\nr = unsure(i, 20000)\nr.raise_for_status()\ncancel(i)", True, id="the status was checked"),
    pytest.param("initiate(i)\nr = unsure(i, 20000)\nif r.status_code == 200:\n    cancel(i)", True, id="on the path of success"),
    pytest.param("initiate(i)\nif flag:\n    capture(i, 20000)\ncancel(i)", False, id="a capture that may not have been"),
    pytest.param("initiate(i)\nif flag:\n    capture(i, 20000)\nelse:\n    cancel(i)", False, id="one or the other"),
    pytest.param("initiate(i)\ntry:\n    capture(i, 20000)\nexcept Exception as e:\n    log(e)\n    cancel(i)", False, id="where the capture failed"),
    pytest.param("initiate(i)\nr = unsure(i, 20000)\nif r.status_code != 200:\n    cancel(i)", False, id="on the path of failure"),
    pytest.param("initiate(i)\nr = unsure(i, 20000)\nif not r.ok:\n    log(r.text)\ncancel(i)", False, id="after a failure that is not fatal"),
    pytest.param("initiate(i)\nfor n in flag:\n    capture(i, 20000)\ncancel(i)", False, id="a loop that may not run"),
    pytest.param("initiate(i)\ncapture(j, 20000)\ncancel(i)", False, id="another payment"),
    pytest.param("initiate(i)\ncapture(i, flag)\ncancel(i)", False, id="an amount that is not known"),
    pytest.param("capture(i, 20000)\ncancel(i)", False, id="nobody knows what was reserved"),
    pytest.param("initiate(i)\nif flag:\n    capture(i, 20000)\n    return\ncancel(i)", False, id="the capture's path has ended"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "found"), PATHS)
def test_cancel_after_a_partial_capture(steps: str, found: bool) -> None:
    body = "\n".join("    " + line for line in steps.splitlines())
    report = check_source(f"{PREAMBLE}\n\ndef shop(i, j, flag, log):\n{body}\n", "shop.py", date(2026, 11, 22))
    assert ("cancel-without-release" in {one.rule for one in report.diagnostics}) is found
    assert {one.rule for one in report.diagnostics} <= {"cancel-without-release", "error-not-logged"}


def test_the_order_of_functions_in_a_file_is_no_order_in_time() -> None:
    functions = "\n".join(f"def f{n}(i):\n    {step}\n" for n, step in enumerate(["initiate(i)", "capture(i, 20000)", "cancel(i)"]))
    report = check_source(PREAMBLE + functions, "shop.py", date(2026, 11, 22))
    assert report.diagnostics == []
