"""What a function gets that nobody in the project calls, and sends as it came."""

from __future__ import annotations

from datetime import date

import pytest

from vipps_lint.check import check_source

START = "import requests\nfrom acme import checked, Number\nfrom vipps_numbers import fixed_up\n\n"
SENDS = "    requests.post('https://api.vipps.no/epayment/v1/payments', headers=h, json={'customer': {'phoneNumber': phone}})\n"

PROGRAMS = [
    pytest.param(f"def pay(phone, h):\n{SENDS}", True, id="a parameter"),
    pytest.param(f"class Shop:\n    def pay(self, phone: str, h):\n    {SENDS}", True, id="the parameter of a method"),
    pytest.param(f"def pay(h, phone=None):\n{SENDS}", True, id="a parameter that may be left out"),
    pytest.param(f"def pay(phone, h):\n    if phone:\n    {SENDS}", True, id="a parameter that must be something"),
    pytest.param(f"def pay(phone, h):\n{SENDS}\ndef go(h):\n    pay('4791234567', h)\n", False, id="somebody calls it"),
    pytest.param(f"class Shop:\n    def pay(self, phone, h):\n    {SENDS}\ndef go(shop, h):\n    shop.pay(shop.phone, h)\n", False, id="somebody calls what has its name"),
    pytest.param(f"def pay(phone, h):\n    phone = phone.strip()\n{SENDS}", False, id="something is made of it"),
    pytest.param(f"def pay(phone, h):\n    if len(phone) != 10:\n        raise ValueError(phone)\n{SENDS}", False, id="it is compared"),
    pytest.param(f"def pay(phone, h):\n    checked(phone)\n{SENDS}", False, id="code that is not seen gets it"),
    pytest.param(f"def pay(phone: Number, h):\n{SENDS}", False, id="its type may have checked it"),
    pytest.param(f"@fixed_up\ndef pay(phone, h):\n{SENDS}", False, id="a decorator may have checked it"),
    pytest.param(f"def pay(order, h):\n    phone = order.phone\n{SENDS}", False, id="it is a part of something"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "is_found"), PROGRAMS)
def test_what_is_passed_on(program: str, is_found: bool) -> None:
    report = check_source(START + program, "shop.py", date(2026, 11, 22))
    assert not report.notes
    assert ("phone-number-passed-on" in {one.rule for one in report.diagnostics}) is is_found
