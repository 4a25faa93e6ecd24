"""Where values come from: what is certain of a value that nobody knows, because of how it is made."""

from __future__ import annotations

from datetime import date
from textwrap import dedent, indent

import pytest

from vipps_lint.check import check_source

PROGRAM = """
import math
from decimal import Decimal
import requests

{setup}

def pay(order, headers, price{annotation}):
{steps}
    body = {{"transaction": {{"orderId": order.id, "amount": {amount}, "transactionText": "Wool socks"}}}}
    response = requests.post("https://api.vipps.no/ecomm/v2/payments", json=body, headers=headers)
    response.raise_for_status()
"""


def amount_rules(amount: str, annotation: str = "", steps: str = "", setup: str = "") -> set[str]:
    """The rules about the amount that a payment breaks."""
    text = PROGRAM.format(amount=amount, annotation=annotation, steps=indent(steps, "    "), setup=dedent(setup))
    report = check_source(text, "shop.py", date(2026, 11, 22))
    assert not report.notes
    return {one.rule for one in report.diagnostics if one.pointer == "body.transaction.amount"}


CUT_OFF = {"amount-float-arithmetic"}
NO_INTEGER = {"amount-not-integer"}


@pytest.mark.parametrize(
    ("amount", "annotation", "steps", "expected"),
    [
        pytest.param("int(price * 100)", ": float", "", CUT_OFF, id="an annotated float times 100"),
        pytest.param("int(100 * price)", ": float", "", CUT_OFF, id="100 times an annotated float"),
        pytest.param("int(price * order.count * 100)", ": float", "", set(), id="a float times something unknown"),
        pytest.param("int(price * 100)", ": float = 0.0", "", CUT_OFF, id="an annotated float with a default"),
        pytest.param("int(float(order.price) * 100)", "", "", CUT_OFF, id="float() of something unknown"),
        pytest.param("int(order.cents / 100 * 100)", "", "", set(), id="a quotient of something unknown may be exact"),
        pytest.param("math.floor(float(price) * 100)", "", "", CUT_OFF, id="floor"),
        pytest.param("math.trunc(float(price) * 100)", "", "", CUT_OFF, id="trunc"),
        pytest.param("int(round(price, 2) * 100)", ": float", "", CUT_OFF, id="rounded to two digits first"),
        pytest.param("int(kroner * 100)", "", "kroner: float = order.price", CUT_OFF, id="an annotated variable"),
        pytest.param("minor(order.price)", "", "minor = lambda kroner: int(float(kroner) * 100)", CUT_OFF, id="a lambda"),
        pytest.param("int(kroner * 100)", "", "kroner = 0.0\nif price:\n    kroner = float(price)", CUT_OFF, id="one branch"),
        pytest.param("int(price * 100)", "", "", set(), id="something unknown, which may be a Decimal"),
        pytest.param("int(price * 100)", ": Decimal", "", set(), id="a Decimal"),
        pytest.param("int(price * 100)", ": int", "", set(), id="an int"),
        pytest.param("int(float(price) * 100)", ": int", "", set(), id="a float without a fraction"),
        pytest.param("int(Decimal(price) * 100)", ": float", "", set(), id="a Decimal made of a float"),
        pytest.param("round(price * 100)", ": float", "", set(), id="rounded"),
        pytest.param("int(round(price * 100))", ": float", "", set(), id="rounded, then int"),
        pytest.param("int(price * 100 + 0.5)", ": float", "", set(), id="half added"),
        pytest.param("int(price) * 100", ": float", "", set(), id="int before the product"),
        pytest.param("int(price)", ": float", "", set(), id="no product"),
        pytest.param("float(price) * 100", "", "", NO_INTEGER, id="a product that stays a float"),
        pytest.param("order.cents / 1", "", "", set(), id="something unknown divided"),
        pytest.param("price / 100", ": int", "", NO_INTEGER, id="an int divided"),
        pytest.param("price * 100", ": float", "", set(), id="an annotated float may be an int"),
        pytest.param("round(float(price) * 100, 0)", "", "", NO_INTEGER, id="rounded to a float"),
        pytest.param("round(price * 100, 0)", "", "", set(), id="something unknown rounded to digits"),
    ],
)  # fmt: skip
def test_amount(amount: str, annotation: str, steps: str, expected: set[str]) -> None:
    assert amount_rules(amount, annotation, steps) == expected
