"""Where the source makes the calls that were recorded: all places that a report of `check` names, and no other."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pages import parsed

from vipps_lint.audit import audit
from vipps_lint.audit.written import ReportFileError, callsites
from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.report import Report
from vipps_lint.report.html import page
from vipps_lint.report.json import SCHEMA, document
from vipps_lint.report.markdown import markdown

CATALOG = catalog()
EXAMPLES = Path(__file__).parents[2] / "examples"
CANCEL, PAY, NONE = (
    "PUT /ecomm/v2/payments/{orderId}/cancel", "POST /epayment/v1/payments", "GET, no operation of eCom API v2",
)  # fmt: skip
SITES = {
    "ecom.cancel-payment": (Place("shop/a.py", 7, 3), Place("shop/<b>.py", 9)),
    "ecom.refund-payment": (Place("shop/refund.py", 1, 1),),
}


def source(path: Path, *calls: dict[str, Any], **more: Any) -> Path:
    path.write_text(json.dumps({"version": 1, "face": "check", "calls": calls, **more}), "utf-8")
    return path


def call(id: str | None, path: str, line: int | None, column: int | None = 1) -> dict[str, Any]:
    return {"id": id, "path": path, "line": line, "column": column, "operation": "X"}


def test_all_places_of_an_operation_are_read_once_and_in_order(tmp_path: Path) -> None:
    file = source(
        tmp_path / "source.json",
        call("b", "z.py", 3), call("a", "z.py", 20), call("a", "z.py", 3, 9), call("a", "a.py", 90, None),
        call("a", "z.py", 3, 9), call(None, "z.py", 1), call("a", "nowhere.py", None),
    )  # fmt: skip
    assert callsites(file) == {
        "a": (Place("a.py", 90), Place("z.py", 3, 9), Place("z.py", 20, 1)),
        "b": (Place("z.py", 3, 1),),
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("{", "is no report of `vipps-lint check`: it is no JSON object", id="no JSON"),
        pytest.param('{"version": 1, "face": "audit", "calls": []}', "face: input should be 'check'", id="of an audit"),
        pytest.param('{"version": 1, "face": "check"}', "calls: missing; `vipps-lint check --format", id="no calls"),
        pytest.param(
            '{"version": 1, "face": "check", "calls": [{"id": 1, "path": "", "line": 1}]}', "calls.0.id", id="no id"
        ),
    ],
)
def test_what_is_no_report_of_source_is_said_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "source.json").write_text(text, "utf-8")
    with pytest.raises(ReportFileError) as raised:
        callsites(tmp_path / "source.json")
    assert sentence in str(raised.value) and "\n" not in str(raised.value)


@pytest.fixture
def report() -> Report:
    made = audit([EXAMPLES / "calls.har", EXAMPLES / "calls.jsonl"], CATALOG)
    assert made.health is not None
    made.health.callsites = SITES
    return made


def test_json_names_the_places_of_operations_and_of_findings(report: Report) -> None:
    data = json.loads(json.dumps(document(report)))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(data)
    places = {one["operation"]: one.get("callsites") for one in data["health"]["operations"]}
    assert places[CANCEL] == [
        {"path": "shop/a.py", "line": 7, "column": 3},
        {"path": "shop/<b>.py", "line": 9, "column": None},
    ]
    assert places[PAY] == []
    assert NONE in places and places[NONE] is None  # several paths are counted as one there
    for finding in data["health"]["findings"]:
        for used in finding["operations"]:
            assert used.get("callsites") == places[used["operation"]]


def test_the_page_and_markdown_name_them_too(report: Report) -> None:
    shown = parsed(page(report, CATALOG, date(2026, 11, 22)))
    named = [one.text for one in shown.all("code", "data-site")]
    assert {*named} == {"shop/a.py:7:3", "shop/<b>.py:9", "shop/refund.py:1:1"}
    broken = sum(
        CANCEL in {used["operation"] for used in one["operations"]} for one in document(report)["health"]["findings"]
    )
    assert named.count("shop/a.py:7:3") == 1 + broken > 1
    table = markdown(report).split("## Where the calls are made\n\n")[1].split("\n\n")[0]
    row = next(line for line in table.splitlines() if "/cancel</code>" in line)
    assert "<code>shop/a.py:7:3</code>, <code>shop/&#60;b&#62;.py:9</code>" in row and "cancel-without-release" in row
    assert "no call of it was found" in table and "no operation" not in table


def test_without_a_report_of_source_nothing_is_said_of_it() -> None:
    made = audit([EXAMPLES / "calls.har"], CATALOG)
    assert "callsites" not in json.dumps(document(made))
    assert "In the source" not in page(made, CATALOG, date(2026, 11, 22))
    assert "Where the calls are made" not in markdown(made)
