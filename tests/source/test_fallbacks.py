"""Text that stands in for a missing phone number: reported where it is surely sent, and silent where that is open."""

from __future__ import annotations

from datetime import date
from textwrap import dedent, indent

import pytest

from vipps_lint.check import check_source

PROGRAM = """
import logging
import requests

log = logging.getLogger(__name__)
NOBODY = ""

def pay(order, row, phone=None, test=False):
{steps}
    body = {{"customerInfo": {{"mobileNumber": {number}}}}}
{more}
    response = requests.post("https://api.vipps.no/ecomm/v2/payments", json=body, timeout=10)
    response.raise_for_status()
"""


def said(number: str, steps: str = "pass", more: str = "pass") -> list[str]:
    """What is said about the number."""
    lines = (indent(dedent(one), "    ") for one in (steps, more))
    report = check_source(PROGRAM.format(number=number, steps=next(lines), more=next(lines)), "shop.py", date(2026, 11, 22))
    assert not report.notes and not any(one.internal for one in report.diagnostics)
    return [one.message for one in report.diagnostics if one.rule == "phone-number-placeholder"]


@pytest.mark.parametrize(
    ("number", "steps", "value", "missing"),
    [
        pytest.param("phone or ''", "pass", '""', "phone", id="or"),
        pytest.param("order.phone or NOBODY", "pass", '""', "order.phone", id="or a constant"),
        pytest.param("clean(phone) if phone else ''", "pass", '""', "phone", id="a conditional expression"),
        pytest.param("row.get('phone', '')", "pass", '""', "row.get(…)", id="the default of get"),
        pytest.param("row.get('phone', '+4791234567')", "pass", '"+4791234567"', "row.get(…)", id="a number as the default"),
        pytest.param("number", "number = '91234567'\nif phone:\n    number = phone", '"91234567"', "phone", id="a default that is replaced"),
        pytest.param(
            "number", "number = '91234567'\nif order and order.phone:\n    digits = clean(order.phone)\n"
            "    if len(digits) == 8:\n        number = digits", '"91234567"', "order.phone", id="a default that is replaced after a check",
        ),
        pytest.param("phone", "if not phone:\n    phone = '91234567'", '"91234567"', "phone", id="a missing number that is set"),
        pytest.param("number", "number = phone or ''\nlog.info('for %s', phone)", '""', "phone", id="logging asks nothing"),
    ],
)  # fmt: skip
def test_a_placeholder(number: str, steps: str, value: str, missing: str) -> None:
    assert said(number, steps) == [f"phone number `{value}` is sent where `{missing}` is missing"]


@pytest.mark.parametrize(
    ("number", "steps", "more"),
    [
        pytest.param("'91234567'", "pass", "pass", id="a number that is always sent"),
        pytest.param("'91234567' if test else phone", "pass", "pass", id="a number for tests"),
        pytest.param("phone or None", "pass", "pass", id="null"),
        pytest.param("phone or order.phone", "pass", "pass", id="another number"),
        pytest.param("row.get('customer', 'phone')", "pass", "pass", id="the option of a section"),
        pytest.param("phone or ''", "if not phone:\n    return", "pass", id="a path that ended where it is missing"),
        pytest.param("order.phone or ''", "if order is None:\n    return", "pass", id="a test of what it is a part of"),
        pytest.param("order.phone or ''", "check(order)", "pass", id="code that is not seen may have checked it"),
        pytest.param("phone or ''", "pass", "if not phone:\n    del body['customerInfo']", id="taken out again"),
        pytest.param("phone or ''", "pass", "body = clean(body)", id="cleaned by code that is not seen"),
        pytest.param("number", "number = ''\nif phone:\n    number = phone\nif not number:\n    return", "pass", id="the variable is tested"),
        pytest.param("number", "number = ''\nif order.phone:\n    number = phone\nif not order.phone:\n    return", "pass", id="the same test again"),
        pytest.param("number", "number = ''\nif test:\n    number = phone\nassert test", "pass", id="an assertion"),
        pytest.param("'91234567'", "pass", "if phone:\n    body['customerInfo'] = {'mobileNumber': phone or ''}", id="in a branch of its own"),
        pytest.param("clean(phone or '')", "pass", "pass", id="given to code that is not seen"),
    ],
)  # fmt: skip
def test_no_placeholder(number: str, steps: str, more: str) -> None:
    assert said(number, steps, more) == []
