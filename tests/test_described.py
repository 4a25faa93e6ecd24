"""Calls against what is described of their operations: typing errors, and what an answer of Vipps proves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.checks.shape import misspelled
from vipps_lint.document import MAYBE, NO, YES, Hole, Object, Template, Truth, Value, get, one_of
from vipps_lint.engine import judge, verdicts
from vipps_lint.examples import requests
from vipps_lint.ledger import Ledger
from vipps_lint.read.request import read_call
from vipps_lint.read.routes import Routes
from vipps_lint.rulefiles import ExampleFile

CATALOG = catalog()
ROUTES = Routes(CATALOG.operations.values())


@pytest.mark.parametrize(
    ("name", "right", "same"),
    [
        pytest.param("fallback", "fallBack", True, id="capitals"),
        pytest.param("merchant_serial_number", "merchantSerialNumber", True, id="underscores"),
        pytest.param("orderLine", "orderLines", True, id="one letter too few"),
        pytest.param("referrence", "reference", True, id="one letter too many"),
        pytest.param("refarence", "reference", True, id="one wrong letter"),
        pytest.param("receiptUrl", "receipt", False, id="another word behind it"),
        pytest.param("rference2", "reference", False, id="two slips"),
        pytest.param("sub", "sum", False, id="short names are names of their own"),
        pytest.param("name", "id", False, id="another name"),
    ],
)
def test_a_misspelled_name(name: str, right: str, same: bool) -> None:
    assert misspelled(name, right) is same


NO_KEY = ("headers.Ocp-Apim-Subscription-Key",)
NO_REFERENCE = ("body.reference",)


@pytest.mark.parametrize(
    ("without", "status", "genuine", "found"),
    [
        pytest.param(NO_KEY, 401, YES, ["required-header-missing"], id="Vipps refused the call for it"),
        pytest.param(NO_KEY, 201, YES, [], id="Vipps took the call: only the log lacks the header"),
        pytest.param(NO_KEY, 500, YES, [], id="Vipps failed, which has nothing to do with it"),
        pytest.param(NO_KEY, 201, MAYBE, ["required-header-missing"], id="a double takes anything"),
        pytest.param(NO_REFERENCE, 400, YES, ["body-field-missing"], id="Vipps refused the body"),
        pytest.param(NO_REFERENCE, 201, YES, [], id="Vipps took the body"),
        pytest.param(NO_REFERENCE, 201, MAYBE, ["body-field-missing"], id="a double takes any body"),
    ],
)
def test_what_vipps_answers_outweighs_the_description(
    without: tuple[str, ...], status: int, genuine: Truth, found: list[str]
) -> None:
    response: dict[str, Any] = {"status": status}
    example = ExampleFile(operation="epayment.create-payment", without=without, response=response)
    call = read_call(requests(CATALOG, example)[-1].exchange(), ROUTES, Place("log", record=1), genuine)
    assert call is not None
    assert [one.rule for one in judge(call, Ledger(), CATALOG, date(2026, 11, 22))] == found


SIX = dict.fromkeys(("one", "two", "three", "four", "five", "six"), "text")


@pytest.mark.parametrize(
    ("operation", "body", "said"),
    [
        pytest.param(
            "psp-signup.add-merchant",
            {"mccCode": "561"},
            "`mccCode` has 3 characters; send 4 digits",
            id="a length that is exact",
        ),
        pytest.param(
            "order-management.set-category",
            {"imageId": "socks 12"},
            "`imageId` has a space; send 1 to 128 characters: letters, digits, `-`, `_`, `.`",
            id="a sign",
        ),
        pytest.param(
            "psp-signup.add-merchant",
            {"address": {"postCode": "N-0150"}},
            "`address.postCode` has `-`; send at most 10 characters: letters, digits, spaces",
            id="spaces are allowed",
        ),
        pytest.param(
            "epayment.create-payment",
            {"metadata": SIX},
            "`metadata` has 6 fields; send at most 5 fields",
            id="too many fields",
        ),
        pytest.param(
            "recurring-v3.draft-agreement",
            {"interval": {"unit": "Month", "count": 0}},
            "`interval.unit` has no value `Month`; send `MONTH`\n`interval.count` is 0; send a number of 1 to 31",
            id="capitals and a range",
        ),
        pytest.param(
            "epayment.create-payment",
            {"amount": "499.00"},
            "`amount` is `\"499.00\"`, not of the type object; send a JSON object",
            id="text where an object is",
        ),
        pytest.param(
            "recurring-v3.draft-agreement",
            {"pricing": {"currency": "SEK"}},
            "`pricing.currency` has no value `SEK`; send one of `NOK`, `DKK` or `EUR`",
            id="nothing that is alike",
        ),
    ],
)
def test_a_value_that_is_not_described_and_the_cure(operation: str, body: dict[str, Any], said: str) -> None:
    example = ExampleFile(operation=operation, body=body)
    call = read_call(requests(CATALOG, example)[-1].exchange(), ROUTES, Place("log", record=1))
    assert call is not None
    found = [f"{one.message}; {one.help}" for one in judge(call, Ledger(), CATALOG, date(2026, 11, 22))]
    assert sorted(found, reverse=True) == said.split("\n")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        pytest.param("transactionType", ["`transactionType` is `null`, not of the type string"], id="required"),
        pytest.param("externalId", [], id="null is taken for a field that is not sent"),
    ],
)
def test_a_null(field: str, said: list[str]) -> None:
    example = ExampleFile(operation="recurring-v3.create-charge")
    request = requests(CATALOG, example)[-1]
    call = read_call(replace(request, body={**request.body, field: None}).exchange(), ROUTES, Place("log", record=1))
    assert call is not None
    assert [one.message for one in judge(call, Ledger(), CATALOG, date(2026, 11, 22))] == said


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        pytest.param(Template(("WEB_", Hole())), MAYBE, id="the end is not known"),
        pytest.param(Template(("WEB", Hole(), "X")), YES, id="no value begins and ends so"),
        pytest.param(one_of(("WEB_REDIRECT", "QR")), NO, id="each of two is a value"),
        pytest.param(one_of(("WEB", "PUSH")), YES, id="neither of two is a value"),
        pytest.param(one_of(("WEB_REDIRECT", "PUSH")), MAYBE, id="one of two is a value"),
        pytest.param(Hole(type="integer"), NO, id="a number is another rule's"),
    ],
)
def test_a_value_that_is_partly_known(value: Value, answer: Truth) -> None:
    example = ExampleFile(operation="epayment.create-payment")
    call = read_call(requests(CATALOG, example)[-1].exchange(), ROUTES, Place("log", record=1))
    assert call is not None
    body = get(call.document, ("body",))
    assert isinstance(body, Object)
    known = replace(body, fields={**body.fields, "userFlow": value})
    call = replace(call, document=replace(call.document, fields={**call.document.fields, "body": known}))
    verdict = next(
        one for one in verdicts(call, Ledger(), CATALOG, date(2026, 11, 22)) if one.rule == "body-value-unknown"
    )
    asked = [one.at for one in verdict.undecided if one.at == ("body", "userFlow")]
    assert (YES if verdict.findings else MAYBE if asked else NO) is answer
