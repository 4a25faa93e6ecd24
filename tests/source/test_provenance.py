"""Where values come from: what is certain of a value that nobody knows, because of how it is made."""

from __future__ import annotations

from datetime import date
from textwrap import indent

import pytest

from vipps_lint.check import check_source

PROGRAM = """
import datetime
import math
import uuid
from decimal import Decimal
import requests

{setup}

def pay(order, headers, price{annotation}):
{steps}
    body = {{"transaction": {{"orderId": {order_id}, "amount": {amount}, "transactionText": "Wool socks"}}}}
    response = requests.post("https://api.vipps.no/ecomm/v2/payments", json=body, headers=headers)
    response.raise_for_status()
"""


CHARGE = """
import datetime
import requests

def charge(agreement, headers, day: datetime.date):
    body = {{"amount": 49900, "description": "Socks", "due": {due}, "retryDays": 5}}
    url = f"https://api.vipps.no/recurring/v3/agreements/{{agreement}}/charges"
    response = requests.post(url, json=body, headers=headers)
    response.raise_for_status()
"""


def broken(program: str, pointer: str) -> dict[str, str]:
    """The rules that the value at a place breaks, with what is said."""
    report = check_source(program, "shop.py", date(2026, 11, 22))
    assert not report.notes and not any(one.internal for one in report.diagnostics)
    return {one.rule: one.message for one in report.diagnostics if one.pointer == pointer}


def payment(**changes: str) -> str:
    """A program that makes a payment."""
    plain = {"amount": "49900", "order_id": "order.id", "annotation": "", "steps": "", "setup": ""}
    steps = indent(changes.pop("steps", ""), "    ")
    return PROGRAM.format_map({**plain, **changes, "steps": steps})


CUT_OFF = {"amount-float-arithmetic"}
NO_INTEGER = {"amount-not-integer"}


@pytest.mark.parametrize(
    ("amount", "annotation", "steps", "expected"),
    [
        pytest.param("int(price * 100)", ": float", "", CUT_OFF, id="an annotated float times 100"),
        pytest.param("int(100 * price)", ": float", "", CUT_OFF, id="100 times an annotated float"),
        pytest.param("price * 100.0", "", "", {"amount-not-integer"}, id="anything times a float is one"),
        pytest.param("int(price * 100.0)", "", "", CUT_OFF, id="anything times a float, cut off"),
        pytest.param("round(price * 100.0)", "", "", set(), id="anything times a float, rounded"),
        pytest.param("int(price * 100) * 3", ": float", "", CUT_OFF, id="three of them"),
        pytest.param("int(price * 100) + 4900", ": float", "", CUT_OFF, id="with the postage"),
        pytest.param("int(price * 100) // 3", ": float", "", set(), id="a third of it is rounded anyway"),
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
        pytest.param("order.price.replace('.', '')", "", "", NO_INTEGER, id="text without its point"),
        pytest.param("f'{order.kroner}00'", "", "", NO_INTEGER, id="text with two zeros"),
        pytest.param("int(order.price.replace('.', ''))", "", "", set(), id="text made a number"),
        pytest.param("order.day.replace(2026, 1)", "", "", set(), id="a method of days"),
        pytest.param("order.price.replace(cents=0)", "", "", set(), id="a method that only is called so"),
        pytest.param("order.cents / 1", "", "", set(), id="something unknown divided"),
        pytest.param("price / 100", ": int", "", NO_INTEGER, id="an int divided"),
        pytest.param("price * 100", ": float", "", set(), id="an annotated float may be an int"),
        pytest.param("round(float(price) * 100, 0)", "", "", NO_INTEGER, id="rounded to a float"),
        pytest.param("round(price * 100, 0)", "", "", set(), id="something unknown rounded to digits"),
    ],
)  # fmt: skip
def test_amount(amount: str, annotation: str, steps: str, expected: set[str]) -> None:
    program = payment(amount=amount, annotation=annotation, steps=steps)
    assert broken(program, "body.transaction.amount").keys() == expected


@pytest.mark.parametrize(
    ("order_id", "annotation", "expected"),
    [
        pytest.param("str(price)", ": int", {"order-id-numeric"}, id="text of an int"),
        pytest.param("f'{price}'", ": int", {"order-id-numeric"}, id="an int in an f-string"),
        pytest.param("f'10{int(order.id)}'", "", {"order-id-numeric"}, id="digits and an int"),
        pytest.param("str(order.id)", "", set(), id="text of something unknown"),
        pytest.param("f'acme-{price}'", ": int", set(), id="letters before an int"),
        pytest.param("f'acme_{order.id}'", "", {"order-id-malformed"}, id="a sign that is not allowed before something unknown"),
        pytest.param("f'{order.id}/{order.number}'", "", {"order-id-malformed"}, id="a slash between"),
        pytest.param("f'{order.id}-1'", "", set(), id="a short known end"),
        pytest.param("'a-1' if price else order.id", "", set(), id="one of two is short"),
        pytest.param("'a-1' if price else 'a-2'", "", {"order-id-too-short"}, id="both are short"),
        pytest.param("'a-1' if price else 'a_2-b-c'", "", set(), id="two mistakes of two kinds"),
        pytest.param("str(uuid.uuid4())", "", set(), id="a uuid"),
        pytest.param("f'acme-shop-{datetime.datetime.now().isoformat()}'", "", {"order-id-malformed"}, id="a moment, which has colons"),
    ],
)  # fmt: skip
def test_order_id(order_id: str, annotation: str, expected: set[str]) -> None:
    found = broken(payment(order_id=order_id, annotation=annotation), "body.transaction.orderId")
    assert found.keys() == expected


@pytest.mark.parametrize(
    ("due", "wrong"),
    [
        pytest.param("datetime.datetime.now().isoformat()", True, id="a moment's ISO form has a time"),
        pytest.param("(datetime.datetime.now() + datetime.timedelta(days=3)).isoformat()", True, id="a later moment's"),
        pytest.param("datetime.date.today().strftime('%d.%m.%Y')", True, id="written as Norwegians do"),
        pytest.param("datetime.datetime.now().strftime('%Y-%m-%dT%H:%M')", True, id="with a time"),
        pytest.param("datetime.datetime.now().strftime('%d/%m-%y')", True, id="with a slash"),
        pytest.param("datetime.datetime.now().isoformat(timespec='seconds')", False, id="a form that is not modelled"),
        pytest.param("(datetime.date.today() + datetime.timedelta(days=3)).isoformat()", False, id="a day's ISO form"),
        pytest.param("datetime.datetime.now().strftime('%Y-%m-%d')", False, id="written right"),
        pytest.param("datetime.datetime.now().strftime('%F')", False, id="written right, in short"),
        pytest.param("datetime.datetime.now().strftime('%x')", False, id="as the locale has it"),
        pytest.param("datetime.datetime.now().isoformat()[:10]", False, id="cut at the day"),
        pytest.param("day.isoformat()", False, id="something unknown"),
    ],
)
def test_due(due: str, wrong: bool) -> None:
    found = broken(CHARGE.format(due=due), "body.due")
    assert ("charge-due-malformed" in found) is wrong
