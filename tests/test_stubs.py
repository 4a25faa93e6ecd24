"""Answers against what is described of them: what a stub answers that Vipps never does, and what it may answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.document import MAYBE, NO, YES, Truth
from vipps_lint.engine import judge
from vipps_lint.examples import requests
from vipps_lint.ledger import Ledger
from vipps_lint.read.request import read_call
from vipps_lint.read.routes import Routes
from vipps_lint.rulefiles import ExampleFile

CATALOG = catalog()
ROUTES = Routes(CATALOG.operations.values())
TODAY = date(2026, 11, 22)


def judged(
    operation: str, response: dict[str, Any], without: tuple[str, ...] = (), genuine: Truth = MAYBE, day: date = TODAY
) -> list[Diagnostic]:
    """What is said of an answer: that of the good request, with changes."""
    example = ExampleFile(operation=operation, response=response, without=without)
    call = read_call(requests(CATALOG, example)[-1].exchange(), ROUTES, Place("log", record=1), genuine)
    assert call is not None
    return list(judge(call, Ledger(), CATALOG, day))


TOKEN, PAYMENT, DETAILS = "access-token.get-token", "epayment.get-payment", "ecom.get-payment-details"
MERCHANT, CHARGES = "psp-signup.get-merchant", "recurring-v3.list-charges"
GROUPS = {"errorGroup": "Payment", "errorCode": "61", "errorMessage": "Too much"}
PROBLEM = {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "Too much"}


@pytest.mark.parametrize(
    ("operation", "response", "found"),
    [
        pytest.param(TOKEN, {"body": {"expires_in": 3599}}, ["response-field-type"], id="text as a number"),
        pytest.param(TOKEN, {"body": {"expires_in": None}}, [], id="null is no value"),
        pytest.param(TOKEN, {"body": {"access_token": 7}}, [], id="a number that may be a name"),
        pytest.param(TOKEN, {"body": {"access_token": True}}, ["response-field-type"], id="a boolean is no text"),
        pytest.param(TOKEN, {"body": []}, ["response-field-type"], id="a list for an object"),
        pytest.param(TOKEN, {"status": 401, "body": {"expires_in": 3599}}, [], id="errors are not described"),
        pytest.param(PAYMENT, {"body": {"amount": {"value": 499.5}}}, ["response-field-type"], id="half an øre"),
        pytest.param(PAYMENT, {"body": {"state": "CAPTURED"}}, ["response-value-impossible"], id="never a state"),
        pytest.param(PAYMENT, {"body": {"state": "Authorized"}}, ["response-value-impossible"], id="other capitals"),
        pytest.param(PAYMENT, {"body": {"paymentMethod": {"type": "COINS"}}}, [], id="a value may be younger"),
        pytest.param(PAYMENT, {"body": {"tip": 1}}, [], id="a field may be younger"),
        pytest.param(PAYMENT, {"body": {"psp_reference": "4de2"}}, [], id="the field that is meant is there too"),
        pytest.param(PAYMENT, {"status": 201}, ["response-status-impossible"], id="nothing is created by reading"),
        pytest.param(PAYMENT, {"status": 400, "body": [GROUPS]}, ["error-response-malformed"], id="errors of eCom"),
        pytest.param(PAYMENT, {"status": 400, "body": PROBLEM}, [], id="a problem"),
        pytest.param(PAYMENT, {"status": 400, "body": ["Bad Request"]}, [], id="errors of a gateway"),
        pytest.param(DETAILS, {"body": {"tip": 1}}, ["response-field-unknown"], id="no field of eCom is younger"),
        pytest.param(DETAILS, {"status": 400, "body": PROBLEM}, ["error-response-malformed"], id="eCom has no problems"),
        pytest.param(DETAILS, {"status": 400, "body": GROUPS}, ["error-response-malformed"], id="errors are a list"),
        pytest.param(DETAILS, {"status": 400, "body": [GROUPS]}, [], id="errors of eCom by eCom"),
        pytest.param(DETAILS, {"status": 502, "body": {"title": "Bad Gateway"}}, [], id="a gateway may say anything"),
        pytest.param(MERCHANT, {"body": {"logo": "iVBO"}}, ["merchant-logo-removed"], id="a logo, years later"),
        pytest.param(MERCHANT, {"body": {"logo": None}}, [], id="no logo"),
    ],
)
def test_an_answer(operation: str, response: dict[str, Any], found: list[str]) -> None:
    assert [one.rule for one in judged(operation, response)] == found
    assert not judged(operation, response, genuine=YES), "what Vipps itself answers is right"
    assert [one.rule for one in judged(operation, response, genuine=NO)] == found


@pytest.mark.parametrize(
    ("operation", "response", "without", "said"),
    [
        pytest.param(
            TOKEN,
            {"body": {"expires_in": 3599}},
            (),
            "`expires_in` in the answer of `POST /accesstoken/get` is `3599`, and Vipps answers with text",
            id="a type",
        ),
        pytest.param(
            PAYMENT,
            {"body": {"state": "CAPTURED"}},
            (),
            "`state` of `GET /epayment/v1/payments/{reference}` never is `\"CAPTURED\"`",
            id="a value",
        ),
        pytest.param(
            PAYMENT,
            {"body": {"psp_reference": "4de2"}},
            ("response.body.pspReference",),
            "has no field `psp_reference`",
            id="a name",
        ),
        pytest.param(TOKEN, {"body": []}, (), "the answer of `POST /accesstoken/get` is an array", id="the whole answer"),
        pytest.param(PAYMENT, {}, ("response.body.state",), "has no `state`, which Vipps", id="a missing field"),
        pytest.param(
            PAYMENT,
            {},
            ("response.body.state", "response.body.amount", "response.body.profile"),
            "has no `amount`, `state` and `profile`, which Vipps",
            id="missing fields",
        ),
        pytest.param(
            "recurring-v3.get-agreement",
            {"body": {"price": 49900}},
            ("response.body.pricing",),
            "has no field `price`",
            id="a field of the version before",
        ),
        pytest.param(
            "epayment.create-payment",
            {"status": 200},
            (),
            "`POST /epayment/v1/payments` never answers 200: its success is 201",
            id="a status",
        ),
        pytest.param(
            "recurring-v3.cancel-charge", {"status": 200}, (), "its success is 202 or 204", id="one of two statuses"
        ),
    ],
)
def test_what_is_said_of_an_answer(
    operation: str, response: dict[str, Any], without: tuple[str, ...], said: str
) -> None:
    assert any(said in one.message for one in judged(operation, response, without))


def test_items_of_an_array_that_are_wrong_alike_are_one_finding() -> None:
    items = [{"operation": "CAPTURE", "operationSuccess": "yes", "amount": 1, "transactionText": "Socks"}] * 3
    found = judged(DETAILS, {"body": {"transactionLogHistory": [*items, {**items[0], "amount": "49900"}]}})
    assert [one.pointer.partition("transactionLogHistory.")[2] for one in found] == ["0.operationSuccess", "3.amount"]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        pytest.param(date(2022, 5, 29), [], id="while it was deprecated, answers had it"),
        pytest.param(date(2022, 5, 30), ["merchant-logo-removed"], id="since it was removed they have not"),
    ],
)
def test_answers_have_a_field_until_it_is_removed(day: date, found: list[str]) -> None:
    assert [one.rule for one in judged(MERCHANT, {"body": {"logo": "iVBO"}}, day=day)] == found
