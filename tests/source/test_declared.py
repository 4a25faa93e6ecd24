"""Methods and properties of what is only declared to be an instance of a class."""

from __future__ import annotations

from datetime import date

import pytest

from vipps_lint.check import check_source

START = '''
from dataclasses import dataclass
from typing import Annotated, Optional

import requests
from acme import Depends, shops


class Settings:
    test = False

    @property
    def base(self):
        return "https://apitest.vipps.no" if self.test else "https://api.vipps.no"


class Shop:
    def pay(self, phone, headers):
        body = {"customer": {"phoneNumber": phone}}
        requests.post("https://api.vipps.no/epayment/v1/payments", headers=headers, json=body)

'''
WRONG = "shop.pay('+4791234567', h)\n"

PROGRAMS = [
    pytest.param(f"def go(shop: Shop, h):\n    {WRONG}", True, id="a parameter"),
    pytest.param(f"def go(shop: 'Shop', h):\n    {WRONG}", True, id="a parameter, in quotes"),
    pytest.param(f"def go(shop: Optional[Shop], h):\n    {WRONG}", True, id="a parameter that may be None"),
    pytest.param(f"def go(shop: Annotated[Shop, Depends(shops)], h):\n    {WRONG}", True, id="a parameter that a framework fills"),
    pytest.param(f"def go(shop: Shop = Depends(shops), h=None):\n    {WRONG}", True, id="a default that a framework fills"),
    pytest.param(f"@dataclass\nclass Till:\n    shop: Shop\n    def go(self, h):\n        self.{WRONG}", True, id="a field"),
    pytest.param(f"class Till:\n    def __init__(self, shop: Shop):\n        self.shop = shop\n    def go(self, h):\n        self.{WRONG}", True, id="an attribute that is given"),
    pytest.param(f"def go(shop, h):\n    {WRONG}", False, id="anything"),
    pytest.param(f"def go(shop: list[Shop], h):\n    {WRONG}", False, id="several"),
    pytest.param(f"class Other(Shop):\n    def pay(self, phone, headers):\n        pass\ndef go(shop: Shop, h):\n    {WRONG}", False, id="a class below does it otherwise"),
    pytest.param(f"def go(shop: Shop, h):\n    shop.pay = shops.pay\n    {WRONG}", False, id="a method that others set"),
    pytest.param(f"def go(shop: Shop, h):\n    shop = shops.other(shop)\n    {WRONG}", False, id="something that is made of it"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "is_found"), PROGRAMS)
def test_the_method_of_a_declared_class(program: str, is_found: bool) -> None:
    report = check_source(START + program, "shop.py", date(2026, 11, 22))
    assert not report.notes
    assert ("phone-number-not-msisdn" in {one.rule for one in report.diagnostics}) is is_found


def test_the_property_of_a_declared_class() -> None:
    program = "def go(settings: Settings, h):\n    requests.get(f'{settings.base}/epayment/v1/payments/a/b/c', headers=h)\n"
    report = check_source(START + program, "shop.py", date(2026, 11, 22))
    assert "operation-unknown" in {one.rule for one in report.diagnostics}
