"""Reports as JSON and as workflow commands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from findings import OPERATION, PHONE, RECORD, checked

from vipps_lint.call import Call, Place
from vipps_lint.diagnostic import Diagnostic, Note, Related, Severity
from vipps_lint.report import Report
from vipps_lint.report.github import github
from vipps_lint.report.json import document, json_text
from vipps_lint.report.summary import sentence


def test_json_has_the_documented_shape() -> None:
    related = Related(Place("shop/checkout.py", 1, 5, 1, 8), "here")
    found = json.loads(
        "".join(json_text(checked(replace(PHONE, related=(related,)), notes=(Note("a.py", "no Python", line=3),))))
    )
    assert found == {
        "version": 1,
        "face": "check",
        "diagnostics": [
            {
                "rule": "phone-number-not-msisdn",
                "severity": "error",
                "message": PHONE.message,
                "help": PHONE.help,
                "path": "shop/checkout.py",
                "line": 2,
                "column": 22,
                "end_line": 2,
                "end_column": 41,
                "operation": "POST /epayment/v1/payments",
                "pointer": "body.customer.phoneNumber",
                "instead": "47{order.phone}",
                "related": [
                    {
                        "path": "shop/checkout.py",
                        "line": 1,
                        "column": 5,
                        "end_line": 1,
                        "end_column": 8,
                        "message": "here",
                    }
                ],
                "chain": [],
            }
        ],
        "calls": [
            {
                "operation": "POST /epayment/v1/payments",
                "id": "epayment.create-payment",
                "method": "POST",
                "route": "/epayment/v1/payments",
                "path": "shop/checkout.py",
                "line": 2,
                "column": 5,
                "end_line": None,
                "end_column": None,
                "host": "api.vipps.no",
                "environment": "production",
                "at": None,
            }
        ],
        "errors": [],
        "notes": [{"path": "a.py", "line": 3, "message": "no Python"}],
        "summary": {
            "error": 1, "warning": 0, "info": 0, "calls": 1, "operations": 1, "scanned": 3, "suppressed": 0,
        },
    }  # fmt: skip


def test_json_names_records_instead_of_lines() -> None:
    at = datetime(2022, 4, 1, tzinfo=UTC)
    call = Call(OPERATION.api, None, "GET", "/epayment/v1/x", at=at, place=Place("calls.har", record=17))
    found = document(Report("audit", [RECORD], [call], [Note("calls.har", "no URL", record=18)], 20))
    assert {"path": "calls.har", "record": 17}.items() <= found["diagnostics"][0].items()
    assert "line" not in found["diagnostics"][0]
    assert found["calls"][0] | {"record": 17, "id": None, "at": "2022-04-01T00:00:00+00:00"} == found["calls"][0]
    assert found["notes"] == [{"path": "calls.har", "record": 18, "message": "no URL"}]


def test_json_is_ascii_even_for_paths_that_are_no_text() -> None:
    odd = "".join(json_text(checked(replace(PHONE, place=Place("sk\udcf8.py", 1)))))
    assert odd.isascii()
    assert json.loads(odd)["diagnostics"][0]["path"] == "sk\udcf8.py"


@pytest.mark.parametrize(
    ("diagnostic", "line"),
    [
        pytest.param(
            replace(PHONE, help=""),
            "::error file=shop/checkout.py,line=2,col=22,endLine=2,endColumn=41,"
            "title=vipps-lint(phone-number-not-msisdn)::phone number `+47{order.phone}` is not an MSISDN",
            id="an error",
        ),
        pytest.param(
            replace(
                PHONE,
                severity=Severity.INFO,
                place=Place("a,b:c%.py", 1),
                message="100%\r\nsure",
                help="do: this, that",
            ),
            "::notice file=a%2Cb%3Ac%25.py,line=1,title=vipps-lint(phone-number-not-msisdn)"
            "::100%25%0D%0Asure%0Ahelp: do: this, that",
            id="what the format uses itself is escaped",
        ),
        pytest.param(
            replace(PHONE, severity=Severity.WARNING, place=Place("./a.py", 1, 5, 3, 2), message="m", help=""),
            "::warning file=a.py,line=1,endLine=3,title=vipps-lint(phone-number-not-msisdn)::m",
            id="a token on several lines has no columns",
        ),
        pytest.param(
            replace(RECORD, message="m", help=""),
            "::warning file=calls.har,title=vipps-lint(phone-number-not-msisdn)::"
            "calls.har#17 body.customer.phoneNumber: m",
            id="a record",
        ),
    ],
)
def test_github(diagnostic: Diagnostic, line: str) -> None:
    report = checked(diagnostic)
    assert github(report).splitlines() == [line, sentence(report)]


def test_github_shows_what_was_not_read() -> None:
    line = "::notice file=a.py,line=3,title=vipps-lint::a.py:3: not valid Python"
    assert line in github(checked(notes=(Note("a.py", "not valid Python", line=3),))).splitlines()
