"""A report as Markdown: its tables have the numbers of the report, and text stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from findings import PHONE, RECORD, checked

from vipps_lint.audit import audit
from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Failure, Note
from vipps_lint.report import Report
from vipps_lint.report.ahead import Ahead
from vipps_lint.report.health import Health
from vipps_lint.report.markdown import MOST, cell, markdown
from vipps_lint.report.render import render
from vipps_lint.report.summary import sentence

EXAMPLES = Path(__file__).parents[2] / "examples"


def tables(text: str) -> dict[str, list[list[str]]]:
    """The rows of the tables below their headings, as a reader sees them."""
    found: dict[str, list[list[str]]] = {}
    for block in re.findall(r"^## (.*)\n\n((?:\|.*\|\n)+)", text, re.MULTILINE):
        rows = [re.split(r" \| ", row[2:-2]) for row in block[1].splitlines()]
        assert {len(row) for row in rows} == {len(rows[0])}
        found[block[0]] = [[unescape(re.sub("</?code>", "", one)) for one in row] for row in rows[2:]]
    return found


def test_a_report_by_rule() -> None:
    text = render(checked(PHONE, PHONE, RECORD), "markdown")
    assert text.startswith(f"# vipps-lint check\n\n{sentence(checked(PHONE, PHONE, RECORD))}\n\n")
    assert tables(text) == {
        "What is wrong": [
            ["error", PHONE.rule, "3", "calls.har#17: phone number +47{order.phone} is not an MSISDN"],
        ]
    }


def test_a_report_without_findings_has_no_tables() -> None:
    report = checked()
    assert markdown(report) == f"# vipps-lint check\n\n{sentence(report)}\n"


def test_the_numbers_of_recorded_calls() -> None:
    report = audit([EXAMPLES / "calls.har"], catalog())
    assert report.health is not None
    report.health.reserved = {"NOK": (2, 59800)}
    report.health.ahead = [Ahead("2027-01-01", "", "stops working", "use `that`", ("GET /a", "GET /b"))]
    shown, health = tables(markdown(report)), report.health.as_data()
    assert [(row[0], row[1]) for row in shown["Operations"]] == [
        (one["operation"], f"{one['calls']}") for one in health["operations"]
    ]
    assert [int(row[2]) for row in shown["What is wrong"]] == [one["count"] for one in health["findings"]]
    assert [int(row[-1]) for row in shown["Errors that were answered"]] == sorted(
        report.failures.values(), reverse=True
    )
    assert shown["Money left reserved after a capture"] == [["2", "598.00 NOK"]]
    assert shown["What comes"] == [["2027-01-01", "GET /a, GET /b", "stops working", "use that"]]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a | b", id="a column"),
        pytest.param("<script>alert(1)</script>", id="a script"),
        pytest.param("[link](https://example.com) ![image](x)", id="a link"),
        pytest.param("**bold** _it_ ~~gone~~ \\| `", id="marks"),
        pytest.param("`<b>|` and ``two``", id="in backticks"),
        pytest.param("one\n\n# two\r## three", id="lines"),
        pytest.param("&lt;b&gt;", id="an entity"),
    ],
)
def test_text_stays_text(text: str) -> None:
    made = cell(text)
    assert not re.search(r"[\\`*_\[\]|~\n\r]", made)
    assert {*re.findall("<[^>]*>", made)} <= {"<code>", "</code>"}
    finding = replace(PHONE, message=text, rule=text)
    report = Report("audit", [finding], [], [Note(text, text)], health=Health())
    report.failures[Failure(text, 400, text, text, text)] = 1
    assert {name: len(rows) for name, rows in tables(markdown(report)).items()} == {
        "What is wrong": 1, "Errors that were answered": 1, "Notes": 1,
    }  # fmt: skip


def test_a_long_table_is_cut_and_says_so() -> None:
    report = checked(*(replace(PHONE, rule=f"rule-{number}") for number in range(MOST + 3)))
    text = markdown(report)
    assert len(tables(text)["What is wrong"]) == MOST
    assert text.endswith("\n\nand 3 more\n")
