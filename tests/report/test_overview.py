"""The numbers of recorded calls on a terminal: the summary with its sparklines, and the first findings of each rule."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from findings import RECORD
from hypothesis import given
from hypothesis import strategies as st

from vipps_lint.call import Place
from vipps_lint.report import Report
from vipps_lint.report.frame import width
from vipps_lint.report.health import Answer, Health
from vipps_lint.report.overview import MOST, overview
from vipps_lint.report.render import render
from vipps_lint.report.summary import first_of_each, reading_order
from vipps_lint.report.text import BLOCKS, PLAIN, Paint, Screen, text
from vipps_lint.report.text import MOST as FINDINGS

START = date(2026, 11, 1)


def health(calls: dict[str, dict[int | None, tuple[int, int]]]) -> Health:
    """The numbers of calls that were answered 200, and 500, for each day after the start."""
    made = Health()
    for operation, days in calls.items():
        for day, (fine, failed) in days.items():
            at = "" if day is None else str(START + timedelta(days=day))
            made.answers.update({Answer(operation, at, 200): fine, Answer(operation, at, 500): failed})
    return made


def lines(made: Health, **screen: Any) -> list[str]:
    shown = Screen(**screen)
    return list(overview(made.as_data(), shown, Paint(shown.color)))


def test_each_operation_has_its_numbers_and_its_days() -> None:
    made = health({"GET /a": {0: (8, 0), 1: (0, 1), 3: (3, 1)}, "POST /b": {3: (1, 2)}})
    assert lines(made) == [
        "operation  calls  failed  2026-11-01 to 2026-11-04",
        "GET /a        13  15.4 %  █▁ ▄",
        "POST /b        3  66.7 %     █",
    ]


def test_days_with_failed_calls_are_painted() -> None:
    *_, line = lines(health({"GET /a": {0: (8, 0), 1: (0, 1)}}), color=True)
    assert line.endswith("█\x1b[1;31m▁\x1b[0m")


def test_a_terminal_without_blocks_gets_plain_ascii() -> None:
    made = health({"GET /a/very/long/route/that/has/no/room": {0: (8, 0), 1: (0, 1), 3: (3, 1)}})
    shown = lines(made, blocks=False, width=50)
    assert shown[1] == "GET ../route/that/has/no/room     13  15.4 %  @. ="
    assert all(line.isascii() for line in shown)
    assert len(BLOCKS) == len(PLAIN) == len({*PLAIN})


@pytest.mark.parametrize(
    ("calls", "shown"),
    [
        pytest.param({}, [], id="no calls"),
        pytest.param({"GET /a": {None: (1, 0)}}, ["operation  calls  failed", "GET /a         1     0 %"], id="no days"),
        pytest.param(
            {"GET /a": {0: (1, 0)}}, ["operation  calls  failed  2026-11-01", "GET /a         1     0 %  █"], id="one day"
        ),
        pytest.param(
            {"GET /a": {0: (1000, 0), 1: (1, 0)}},
            ["operation  calls  failed  2026-11-01 to 2026-11-02", "GET /a     1\u202f001     0 %  █▁"],
            id="one call is not nothing",
        ),
    ],
)  # fmt: skip
def test_what_is_there(calls: Any, shown: list[str]) -> None:
    assert lines(health(calls)) == shown


def test_years_are_drawn_in_pieces() -> None:
    head, line = lines(health({"GET /a": {0: (1, 0), 999: (2, 0)}}), width=100)
    assert head.endswith("2026-11-01 to 2029-07-27, 17 days each")
    assert line.endswith("▄" + " " * 57 + "█")


def test_many_operations_are_cut_and_counted() -> None:
    shown = lines(health({f"GET /{number}": {0: (1, 0)} for number in range(MOST + 3)}))
    assert len(shown) == MOST + 2 and shown[-1] == "… and 3 more operations"


DAYS = st.dictionaries(
    st.one_of(st.none(), st.integers(0, 3000)), st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=8
)
NAMES = st.one_of(
    st.sampled_from(["GET /a", "PUT /ecomm/v2/payments/{orderId}/cancel", "GET, no operation of eCom API v2"]),
    st.text(min_size=1, max_size=80),
)


@given(st.dictionaries(NAMES, DAYS, max_size=5), st.integers(40, 200), st.booleans())
def test_no_line_is_wider_than_the_screen(calls: Any, columns: int, blocks: bool) -> None:
    made = health({name: {day: (a + 1, b) for day, (a, b) in days.items()} for name, days in calls.items()})
    shown = lines(made, width=columns, blocks=blocks)
    assert max(map(width, shown), default=0) <= columns
    assert shown == [re.sub(r"[\x00-\x1f]", "", one) for one in shown]


def many(*numbers: tuple[str, int]) -> list[Any]:
    return [
        replace(RECORD, rule=rule, place=Place("calls.jsonl", record=number))
        for rule, count in numbers
        for number in range(count, 0, -1)
    ]


def test_a_report_of_thousands_shows_the_first_of_each_rule() -> None:
    report = Report("audit", many(("a", 5000), ("b", 3), ("c", FINDINGS)), scanned=5000)
    shown = text(report)
    assert len(re.findall(r"^warning\[", shown, re.MULTILINE)) == FINDINGS + 3 + FINDINGS
    assert re.findall(r"^… and.*", shown, re.MULTILINE) == [
        f"… and 4\u202f{5000 - 4000 - FINDINGS} more of a; `--format json` lists all"
    ]
    last = shown.index("… and")
    assert "calls.jsonl#20 " in shown[:last] and "calls.jsonl#21" not in shown
    assert "warning[a]" not in shown[last:]
    assert render(report, "json").count('"rule"') == 5000 + 3 + FINDINGS


def test_findings_in_source_are_all_shown() -> None:
    assert text(Report("check", many(("a", 50)), scanned=1)).count("warning[a]") == 50


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9)), max_size=60), st.integers(1, 5))
def test_the_first_are_those_of_the_reading_order(found: list[tuple[str, int]], most: int) -> None:
    made = [replace(RECORD, rule=rule, place=Place("log", record=number)) for rule, number in found]
    seen = Counter[str]()
    expected = []
    for one in reading_order(made):
        seen[one.rule] += 1
        expected += [one] if seen[one.rule] <= most else []
    shown, more = first_of_each(iter(made), most)
    assert shown == expected
    assert more == {rule: max(0, number - most) for rule, number in seen.items()}


def test_quiet_leaves_the_summary_out() -> None:
    report = Report("audit", many(("a", 1)), health=health({"GET /a": {0: (1, 0)}}), scanned=1)
    assert "GET /a " in text(report)
    assert "GET /a " not in text(report, quiet=True)
