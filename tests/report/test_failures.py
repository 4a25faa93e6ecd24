"""The errors that were answered, counted: one implementation for the guard, the plugin and the auditor."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.catalog.errors import meaning
from vipps_lint.diagnostic import Failure
from vipps_lint.examples import requests
from vipps_lint.read.request import read_call
from vipps_lint.read.routes import Routes
from vipps_lint.report import Report
from vipps_lint.report.failures import as_data, failures, from_data
from vipps_lint.report.json import document
from vipps_lint.report.summary import KINDS, errors
from vipps_lint.report.text import text
from vipps_lint.rulefiles import ExampleFile

CATALOG = catalog()
ROUTES = Routes(CATALOG.operations.values())
CAPTURE = "ecom.capture-payment"


def answered(body: Any, status: int = 400, operation: str = CAPTURE) -> Any:
    example = ExampleFile(operation=operation, response={"status": status, "body": body})
    return read_call(requests(CATALOG, example)[-1].exchange(), ROUTES, Place("log", record=1))


def error(code: str, group: str = "Payment") -> dict[str, str]:
    return {"errorGroup": group, "errorCode": code, "errorMessage": "Call Kari on +47 91 23 45 67"}


CODE = {"name": "ErrorCode", "reason": "6080"}
PROBLEMS = "https://developer.vippsmobilepay.com/docs/APIs/recurring-api/recurring-api-problems"


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        pytest.param([error("61")], ["Payment 61"], id="group and code"),
        pytest.param([error("61"), error("35", "Merchant")], ["Merchant 35", "Payment 61"], id="two errors"),
        pytest.param([error("61"), error("61")], ["Payment 61"], id="one error, twice"),
        pytest.param(
            {"type": f"{PROBLEMS}#charge-amount-too-high", "title": "Bad Request", "status": 400},
            ["Bad Request (charge-amount-too-high)"],
            id="a problem with a name",
        ),
        pytest.param({"type": "about:blank", "title": "Bad Request"}, ["Bad Request"], id="a problem without"),
        pytest.param([{"code": "invalid_agreement", "message": "Kari"}], ["invalid_agreement"], id="a code alone"),
        pytest.param(
            {
                "type": "https://httpstatuses.io/400",
                "title": "Early",
                "extraDetails": [{"name": "x", "reason": "1"}, CODE],
            },
            ["Early (6080)"],
            id="a problem of ePayment",
        ),
        pytest.param({"title": "Bad", "extraDetails": [{"name": "ErrorCode"}, 1, None]}, ["Bad"], id="other details"),
        pytest.param({"error": "invalid_client"}, ["invalid_client"], id="an error of OAuth"),
        pytest.param({"statusCode": 401, "message": "Access denied"}, ["Access denied"], id="a gateway"),
        pytest.param(
            {"responseInfo": {"responseCode": 401, "responseMessage": "Unauthorized"}, "result": {}},
            ["Unauthorized"],
            id="another gateway",
        ),
        pytest.param({"title": "No such number: +47 91 23 45 67"}, ["No such number: +47 … … … 67"], id="masked"),
        pytest.param({"title": "long " * 1000}, [("long " * 20)], id="cut off"),
        pytest.param("down", [""], id="text"),
        pytest.param([], [""], id="no error in the list"),
        pytest.param({"title": {"no": "text"}, "errorCode": True}, [""], id="something else"),
        pytest.param(None, [""], id="no body"),
    ],
)
def test_what_an_error_is(body: Any, reasons: list[str]) -> None:
    found = failures([answered(body)])
    assert sorted(one.reason for one in found) == reasons
    assert {(one.operation, one.status) for one in found} == {("POST /ecomm/v2/payments/{orderId}/capture", 400)}


@pytest.mark.parametrize("status", [200, 202, 302])
def test_what_succeeded_is_no_error(status: int) -> None:
    assert not failures([answered([error("61")], status)])


EXPLAINED = [
    (f"        {known.meaning}", f"        help: {known.cure}")
    for known in (meaning(Failure("", 400, "Payment", "61", "", "ecom")), meaning(Failure("", 500, api="ecom")))
]
CALLS = [answered([error("61")]), answered([error("999")]), answered([error("61")]), answered(None, 500)]
LINES = [
    "4 errors were answered",
    "     2  POST /ecomm/v2/payments/{orderId}/capture: 400 Payment 61",
    *EXPLAINED[0],
    "     1  POST /ecomm/v2/payments/{orderId}/capture: 400 Payment 999",
    "     1  POST /ecomm/v2/payments/{orderId}/capture: 500",
    *EXPLAINED[1],
]


def test_the_errors_as_text_the_most_frequent_first() -> None:
    found = failures(CALLS)
    assert list(errors(found)) == LINES
    assert not list(errors(failures([])))
    assert next(errors(failures(CALLS[:1]))) == "1 error was answered"


def test_what_an_error_means_is_told_once() -> None:
    found = failures([answered([error("61")]), answered([error("61")], operation="ecom.refund-payment")])
    assert [one for one in errors(found) if one == EXPLAINED[0][0]] == [EXPLAINED[0][0]]


def test_many_kinds_of_errors_are_cut_and_counted() -> None:
    found = failures([answered([error(f"{number}")]) for number in range(1000, 1000 + KINDS + 2)])
    assert [*errors(found)][-1] == "… and 2 more kinds of errors"
    assert len([one for one in errors(found) if one.startswith("     1  ")]) == KINDS


def test_the_errors_as_plain_data_and_back() -> None:
    found = failures(CALLS)
    data = as_data(found)
    assert data[0] == {
        "operation": "POST /ecomm/v2/payments/{orderId}/capture",
        "status": 400,
        "group": "Payment",
        "code": "61",
        "title": "",
        "api": "ecom",
        "count": 2,
        "meaning": "more is captured than was reserved",
        "cure": "compare with the details of the payment; round amounts once, in minor units",
    }
    assert (data[1]["code"], data[1]["meaning"], data[1]["cure"]) == ("999", None, None)
    assert from_data(json.loads(json.dumps(data))) == found


def test_a_report_lists_the_errors_before_its_numbers() -> None:
    report = Report("audit", calls=CALLS, scanned=4, failures=failures(CALLS))
    assert "\n".join(LINES) + "\n\nNo findings" in text(report)
    assert not text(report, quiet=True)
    assert document(report)["errors"] == as_data(report.failures)
