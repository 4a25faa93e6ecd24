"""The health report as a page: its numbers are those of the JSON report, and nothing in it can run or leave it."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from pages import Element, parsed

from vipps_lint.audit import audit
from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Diagnostic, Failure, Note, Severity
from vipps_lint.examples import good_request
from vipps_lint.read.request import read_call
from vipps_lint.read.routes import Routes
from vipps_lint.report import Report
from vipps_lint.report.ahead import Ahead
from vipps_lint.report.days import spans
from vipps_lint.report.frame import visible
from vipps_lint.report.health import Health, label
from vipps_lint.report.html import page
from vipps_lint.report.html.charts import MOST, bars
from vipps_lint.report.html.words import code
from vipps_lint.report.json import document
from vipps_lint.report.numbers import money, share

CATALOG = catalog()
TODAY = date(2026, 11, 22)
EXAMPLES = ("examples/calls.har", "examples/calls.jsonl")


@pytest.fixture(scope="module")
def report() -> Report:
    """The audit of the examples, with a payment that has money left and a change that comes."""
    found = audit(EXAMPLES, CATALOG, as_of=TODAY)
    assert found.health is not None
    found.health.reserved = {"NOK": (2, 1234567), "EUR": (1, 5)}
    found.health.ahead = [Ahead("2027-01-01", "unknown-host", "becomes an error", "do `this`", ("GET /a", "GET /b"))]
    found.notes.append(Note("calls.har", "a note", record=3))
    return found


@pytest.fixture(scope="module")
def data(report: Report) -> dict[str, Any]:
    """The JSON report."""
    written: dict[str, Any] = json.loads(json.dumps(document(report)))
    return written


@pytest.fixture(scope="module")
def shown(report: Report) -> Element:
    """The page."""
    return parsed(page(report, CATALOG, TODAY))


def test_the_sums_are_those_of_the_report(shown: Element, data: dict[str, Any]) -> None:
    for name in ("calls", "succeeded", "failed"):
        assert shown.one("dd", id=name).number("data-value") == data["health"][name]
    assert shown.one("dd", id="found").number("data-value") == len(data["diagnostics"])
    assert data["health"]["calls"] == data["summary"]["calls"] > 10


def test_each_operation_has_its_numbers(shown: Element, data: dict[str, Any]) -> None:
    rows = {row.attributes["data-operation"]: row for row in shown.all("tr", "data-operation")}
    assert [*rows] == [one["operation"] for one in data["health"]["operations"]]
    for one in data["health"]["operations"]:
        row = rows[one["operation"]]
        assert [row.number(f"data-{name}") for name in ("calls", "succeeded", "failed")] == [
            one["calls"], one["succeeded"], one["failed"],
        ]  # fmt: skip
        assert [cell.text for cell in row.all("td")] == [
            f"{one['calls']}", share(one["succeeded"], one["calls"]), share(one["failed"], one["calls"]),
        ]  # fmt: skip


def test_each_operation_has_its_status_codes_and_its_bars(shown: Element, data: dict[str, Any]) -> None:
    articles = [one for one in shown.all("article") if one.all("svg")]
    for article, one in zip(articles, data["health"]["operations"], strict=True):
        codes = [(row.attributes["data-status"], row.number("data-count")) for row in article.all("tr", "data-status")]
        assert codes == [(str(each["status"]), each["count"]) for each in one["statuses"]]
        drawn = {
            bar.attributes["data-bar"]: {
                (piece.attributes["class"] or "")[2:]: piece.number("data-count") for piece in bar.all("rect")
            }
            for bar in article.all("g")
        }
        assert drawn == {day["day"]: {kind: n for kind, n in day.items() if kind != "day"} for day in one["days"]}


def test_findings_errors_money_and_changes_are_those_of_the_report(shown: Element, data: dict[str, Any]) -> None:
    rules = [(row.attributes["data-rule"], row.number("data-count")) for row in shown.all("tr", "data-rule")]
    assert rules == [(one["rule"], one["count"]) for one in data["health"]["findings"]]
    assert dict(rules) == Counter(one["rule"] for one in data["diagnostics"])
    errors = shown.one("section", aria_labelledby="errors").all("tr", "data-count")
    assert [row.number("data-count") for row in errors] == [one["count"] for one in data["errors"]]
    money_left = [
        (row.attributes["data-currency"], row.number("data-amount")) for row in shown.all("tr", "data-amount")
    ]
    assert money_left == [("EUR", 5), ("NOK", 1234567)]
    assert [row.attributes["data-day"] for row in shown.all("tr", "data-day")] == ["2027-01-01"]
    assert "12\u202f345.67 NOK" in shown.text
    assert "calls.har#3: a note" in shown.text


def test_every_finding_leads_to_its_rule_with_an_example(shown: Element, data: dict[str, Any]) -> None:
    for one in data["health"]["findings"]:
        link = shown.one("a", href=f"#rule-{one['rule']}")
        heading = shown.one("h3", id=(link.attributes["href"] or "")[1:])
        (article,) = (each for each in shown.all("article") if heading in each.all("h3"))
        assert [each.all("p")[0].text for each in article.all("div", "class")] == [
            each["message"].replace("`", "") for each in one["examples"]
        ]
        assert CATALOG.rules[one["rule"]].source in {each.attributes["href"] for each in article.all("a")}


def test_a_page_is_read_aloud_in_order(shown: Element) -> None:
    assert shown.one("html").attributes["lang"] == "en"
    levels = [int(one.name[1]) for one in shown.all() if re.fullmatch("h[1-6]", one.name)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert shown.all("a")[0].attributes["href"] == "#main"
    assert all(table.all("caption") and table.all("th", scope="col") for table in shown.all("table"))
    assert all(row.all("th", scope="row") for body in shown.all("tbody") for row in body.all("tr"))


def test_each_chart_has_a_title_and_a_description(shown: Element) -> None:
    for chart in shown.all("svg"):
        assert chart.attributes["role"] == "img"
        named = (chart.attributes["aria-labelledby"] or "").split()
        assert [chart.one(id=one).name for one in named] == ["title", "desc"]


def test_no_name_is_there_twice_and_each_link_leads_somewhere(shown: Element) -> None:
    names = Counter(one.attributes["id"] for one in shown.all("", "id"))
    assert set(names.values()) == {1}
    for link in shown.all("a"):
        target = link.attributes["href"] or ""
        assert target[1:] in names if target.startswith("#") else target.startswith("https://")


def test_nothing_runs_and_nothing_is_loaded(shown: Element) -> None:
    assert not {"script", "link", "img", "iframe", "object", "embed", "form"} & {one.name for one in shown.all()}
    assert not [name for one in shown.all() for name in one.attributes if name.startswith("on") or name == "style"]
    assert not {"src", "srcset", "data", "poster", "action"} & {name for one in shown.all() for name in one.attributes}
    style = shown.one("style").text
    assert "url(" not in style and "@import" not in style
    policy = shown.one("meta", http_equiv="Content-Security-Policy").attributes["content"] or ""
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy


HOSTILE = [
    pytest.param("<script>alert(1)</script>", id="a script"),
    pytest.param("\"><img src=x onerror='alert(1)'>", id="quotes"),
    pytest.param("`<b>`&amp;`' onload=1`", id="in backticks"),
    pytest.param("{{ 7*7 }}{% raw %}", id="a template"),
    pytest.param("--></title></style></svg></table>", id="closing tags"),
    pytest.param("x" * 100_000, id="a very long name"),
    pytest.param("\u202eabc\0\x1b[31m\ud800", id="control signs and half a sign"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    call = read_call(good_request(CATALOG, "ecom.capture-payment").exchange(), Routes(CATALOG.operations.values()), Place(text))
    assert call is not None
    api = replace(call.api, title=text)
    other = replace(call, api=api, operation=None, method=text)
    finding = Diagnostic(text, Severity.ERROR, text, text, Place(text, record=1), text, text)
    health = Health(reserved={"NOK": (1, 1)}, ahead=[Ahead("2027-01-01", text, text, text, (text,))])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for one in (call, other):
        health.answered(label(one), "", str(at.date()), 200)
        health.found(label(one), at, [finding])
    hostile = Report("audit", [finding], [], [Note(text, text)], health=health)
    hostile.failures[Failure(text, 400, text, text, text)] = 1
    html = page(hostile, CATALOG, TODAY)
    shown = parsed(html)
    assert "script" not in {one.name for one in shown.all()} and "img" not in {one.name for one in shown.all()}
    assert not [name for one in shown.all() for name in one.attributes if name.startswith("on")]
    assert not {"\0", "\x1b", "\u202e", "\ud800"} & {*html}
    assert shown.one("tr", "data-rule").attributes["data-rule"] == visible(text)


def test_an_empty_log_is_a_page_too() -> None:
    shown = parsed(page(Report("audit", health=Health(horizon=30)), CATALOG, TODAY))
    assert shown.one("dd", id="calls").number("data-value") == 0
    assert "There are no calls in it." in shown.text
    assert "There is no call that could break a rule." in shown.text
    assert "No call of a Vipps API was found" in shown.text
    assert [one for one in shown.all("tbody") if not one.all("tr")] == [], "no table is empty"
    assert "nothing changes in the next 30 days" in shown.text


@pytest.mark.parametrize(
    ("report", "said"),
    [
        pytest.param(Report("audit", health=Health()), [], id="a whole report"),
        pytest.param(Report("audit", health=Health(), incomplete=True), ["This report is not complete: see the notes."], id="no room"),
        pytest.param(
            Report("audit", health=Health(), notes=[Note("a", "b"), Note("c", "d", lost=True), Note("c", "e", lost=True)]),
            ["1 file could not be read, or not to the end: see the notes."],
            id="a file that breaks off",
        ),
    ],
)
def test_the_page_says_what_it_lacks(report: Report, said: list[str]) -> None:
    shown = parsed(page(report, CATALOG, TODAY))
    assert [one.text for one in shown.all("p", **{"class": "missing"})] == said


def test_what_could_not_be_read_is_the_first_note() -> None:
    notes = [*(Note("a", f"{number}") for number in range(60)), Note("half.har", "breaks off", lost=True)]
    shown = parsed(page(Report("audit", health=Health(), notes=notes), CATALOG, TODAY))
    assert shown.one("ul", **{"class": "notes"}).all("li")[0].text == "half.har: breaks off"


@pytest.mark.parametrize(
    ("first", "last", "number", "days"),
    [
        pytest.param("2026-01-01", "2026-01-01", 1, 1, id="one day"),
        pytest.param("2026-01-01", "2026-04-02", MOST, 1, id="as many days as there is room for"),
        pytest.param("2026-01-01", "2026-04-03", 47, 2, id="one day more"),
        pytest.param("2020-01-01", "2026-01-01", 92, 24, id="years"),
    ],
)
def test_a_bar_is_a_day_or_as_few_days_as_possible(first: str, last: str, number: int, days: int) -> None:
    covered = spans(first, last, MOST)
    assert len(covered) == number <= MOST
    assert covered[0].days == days
    assert str(covered[-1].last) == last
    chart = bars([{"day": first, "2xx": 3}, {"day": last, "2xx": 1, "5xx": 2}, {"day": None, "4xx": 9}], covered)
    assert chart is not None
    assert sum(bar.total for bar in chart.bars) == 6
    assert all(one.y >= 0 and one.y + one.height <= 100.01 for bar in chart.bars for one in bar.pieces)
    assert all(bar.x >= 0 and bar.x + bar.width <= 920 for bar in chart.bars)


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        pytest.param(0, 0, "0 %", id="nothing of nothing"),
        pytest.param(0, 5, "0 %", id="nothing"),
        pytest.param(1, 3, "33.3 %", id="a third"),
        pytest.param(1, 10_000, "< 0.1 %", id="little is more than nothing"),
        pytest.param(9_999, 10_000, "> 99.9 %", id="much is less than all"),
        pytest.param(7, 7, "100 %", id="all"),
    ],
)
def test_shares(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words


def test_amounts_and_code() -> None:
    assert money(5, "EUR") == "0.05 EUR"
    assert money(123456789, "NOK") == "1\u202f234\u202f567.89 NOK"
    assert code("send `a<b` & go") == "send <code>a&lt;b</code> &amp; go"
