"""What must not be shown is not shown, wherever it stands; the rest is left as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vipps_lint.call import Place
from vipps_lint.diagnostic import Diagnostic, Related, Severity
from vipps_lint.document import Array, Hole, Object, OneOf, Template, from_json
from vipps_lint.report.holes import as_json
from vipps_lint.report.mask import _value, masked, masked_phone, masked_text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        pytest.param("4791234567", "47…67", id="an msisdn"),
        pytest.param("+4791234567", "+47…67", id="a plus stays"),
        pytest.param("+47 91 23 45 67", "+47 … … … 67", id="spaces stay, for they may be what is wrong"),
        pytest.param("91234567", "91…67", id="eight digits"),
        pytest.param("912-DOG-01", "91…-…-01", id="letters are digits to some"),
        pytest.param("12345", "…", id="too short to show anything of it"),
        pytest.param("47…67", "47…67", id="what is masked stays"),
        pytest.param("", "", id="nothing is nothing"),
    ],
)
def test_phone(number, shown):
    assert masked_phone(number) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("call +47 91 23 45 67 now", "call +47 … … … 67 now", id="a number with a plus"),
        pytest.param("msisdn:4791234567", "msisdn:47…67", id="a Norwegian mobile number without one"),
        pytest.param("004791234567", "00…67", id="a number with zeros"),
        pytest.param("ola.nordmann+vipps@example.co.uk!", "…@…!", id="an e-mail address"),
        pytest.param("Authorization: Bearer eyJ0eXAi.e30.c2ln", "Authorization: Bearer …", id="a bearer token"),
        pytest.param("token eyJ0eXAi.e30.c2ln-natur.", "token ….", id="a JWT"),
        pytest.param("https://me:secret@shop.example/a", "https://…@shop.example/a", id="credentials in a URL"),
        pytest.param("/login?code=4711abc&lang=no", "/login?code=…&lang=no", id="a code in a query"),
        pytest.param("https://x.example/?phoneNumber=4512345678", "https://x.example/?phoneNumber=45…78", id="a query"),
        pytest.param("grant_type=a&client_secret=b-c", "grant_type=a&client_secret=…", id="a form"),
        pytest.param("order-20221122-0042", "order-20221122-0042", id="an order id stays"),
        pytest.param("2026-11-22T09:00:00.123+01:00", "2026-11-22T09:00:00.123+01:00", id="a moment stays"),
        pytest.param("00123456-1234-4123-8123-123456789012", "00123456-1234-4123-8123-123456789012", id="a UUID stays"),
        pytest.param("`POST /ecomm/v2/payments`", "`POST /ecomm/v2/payments`", id="an operation stays"),
    ],
)
def test_text(text, shown):
    assert masked_text(text) == shown
    assert masked_text(shown) == shown


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        pytest.param({"phoneNumber": "4791234567"}, {"phoneNumber": "47…67"}, id="a phone field"),
        pytest.param({"mobileNumber": 91234567}, {"mobileNumber": "91…67"}, id="a phone number as a number"),
        pytest.param({"Ocp-Apim-Subscription-Key": "0f14"}, {"Ocp-Apim-Subscription-Key": "…"}, id="a key"),
        pytest.param({"userDetails": {"name": "Ola"}}, {"userDetails": {"name": "…"}}, id="the name of a person"),
        pytest.param({"product": {"name": "Socks"}}, {"product": {"name": "Socks"}}, id="the name of a thing stays"),
        pytest.param({"code": "35", "state": "ok"}, {"code": "35", "state": "ok"}, id="an error code stays"),
        pytest.param({"address": {"country": "NO"}}, {"address": {"country": "…"}}, id="all of an address"),
        pytest.param({"email": ""}, {"email": ""}, id="an empty text hides nothing"),
        pytest.param({"email": None, "cvc": True}, {"email": None, "cvc": True}, id="null and booleans stay"),
        pytest.param({"amount": 4791234567}, {"amount": 4791234567}, id="a number of another field stays"),
    ],
)
def test_data(data, shown):
    assert _value(from_json(data), None) == from_json(shown)
    assert _value(from_json(shown), None) == from_json(shown)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(Object({"msisdn": "4791234567"}, True), Object({"msisdn": "47…67"}, True), id="an object"),
        pytest.param(Array(("+4791234567", 7)), Array(("+47…67", 7)), id="an array"),
        pytest.param(
            Object({"token": OneOf(("a", "b"))}), Object({"token": OneOf(("…", "…"))}), id="all the alternatives"
        ),
        pytest.param(Object({"token": Template(("a", Hole()))}), Object({"token": "…"}), id="text with holes"),
        pytest.param(Hole(reason="no JSON: 4791234567"), Hole(reason="no JSON: 47…67"), id="why a hole is one"),
    ],
)
def test_document(value, shown):
    assert repr(_value(value, None)) == repr(shown)


def diagnostic(message: str, pointer: str, instead: str | None = None) -> Diagnostic:
    related = (Related(Place("a.py", 1), message),)
    place = Place("a.py", 2)
    return Diagnostic("r", Severity.ERROR, message, message, place, "GET /userinfo/v1/{sub}", pointer, instead, related)


@pytest.mark.parametrize(
    ("message", "pointer", "shown"),
    [
        pytest.param("number `912-345-67` is bad", "body.customer.phoneNumber", "number `91…-…-67` is bad", id="a phone"),
        pytest.param("`phoneNumber` is bad", "body.customer.phoneNumber", "`phoneNumber` is bad", id="its field"),
        pytest.param("`POST /a/b`: `x` is bad", "headers.authorization", "`POST /a/b`: `…` is bad", id="a secret"),
        pytest.param("`Token a/b+c` is not `Bearer`", "headers.authorization", "`…` is not `Bearer`", id="the scheme stays"),
        pytest.param("`Ola` is no name", "body.userDetails.name", "`…` is no name", id="a person's name"),
        pytest.param("order `912-345-67` is wrong", "path.orderId", "order `912-345-67` is wrong", id="an order id"),
        pytest.param("`ola@example.com` in it", "body.transactionText", "`…@…` in it", id="a shape that says it"),
    ],
)
def test_diagnostic(message, pointer, shown):
    found = masked(diagnostic(message, pointer))
    assert (found.message, found.help, found.related[0].message) == (shown, shown, shown)
    assert masked(found) == found


def test_what_to_send_instead_is_masked_too():
    assert masked(diagnostic("", "body.customerInfo.mobileNumber", "91234567")).instead == "91…67"
    assert masked(diagnostic("", "body.transaction.amount", "49900")).instead == "49900"


SECRET = "SeSaMe-0451"
KEYS = st.sampled_from(["customer", "orders", "0", "transaction", "merchantInfo"])
PRIVATE = st.sampled_from(["Authorization", "client_secret", "firstName", "email", "addressLine1", "authToken"])
PLAIN = st.none() | st.booleans() | st.integers(0, 9999) | st.sampled_from(["NOK", "RESERVE", ""])
SECRETS = st.builds(lambda name: {name: SECRET}, PRIVATE)
NESTED = st.recursive(
    PLAIN | SECRETS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)


@given(NESTED)
def test_no_secret_survives_at_any_depth_and_nothing_else_changes(data: Any):
    shown = _value(from_json(data), None)
    written = json.dumps(as_json(shown))
    assert SECRET not in written
    assert written == json.dumps(as_json(from_json(data))).replace(SECRET, "\\u2026")
    assert _value(shown, None) == shown


@given(st.from_regex(r"(\+|00)?47 ?[49]\d ?\d{2} ?\d{2} ?\d{2}", fullmatch=True))
def test_no_phone_number_survives_in_text(number: str):
    shown = masked_text(f"to {number}: no answer")
    assert number[4:-3] not in shown.replace(" ", "")
    assert shown.startswith("to ") and shown.endswith(": no answer")
