"""Calls against what is described of their operations: typing errors, and what an answer of Vipps proves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.checks.shape import misspelled
from vipps_lint.document import MAYBE, YES, Truth
from vipps_lint.engine import judge
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
