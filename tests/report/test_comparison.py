"""Two audits compared: what is called a change, and what chance or small numbers make is not."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from fractions import Fraction
from math import comb
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import parsed

from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Failure, Severity
from vipps_lint.report import Report
from vipps_lint.report.chance import FEWEST, Part, chance, differ
from vipps_lint.report.comparison import comparison, told, unsaid
from vipps_lint.report.failures import as_data
from vipps_lint.report.health import Answer, Breach, Health
from vipps_lint.report.html import page
from vipps_lint.report.json import SCHEMA, document
from vipps_lint.report.markdown import markdown
from vipps_lint.report.text import Screen, text

PAY, GET = "POST /pay", "GET /pay"


def exact(before: Part, now: Part) -> Fraction:
    """The likelihood by counting all ways, with whole numbers."""
    whole, marked = before.of + now.of, before.count + now.count
    ways = [comb(marked, one) * comb(whole - marked, now.of - one) for one in range(min(marked, now.of) + 1)]
    up = now.count * whole >= marked * now.of
    tail = ways[now.count :] if up else ways[: now.count + 1]
    return min(Fraction(1), Fraction(2 * sum(tail), comb(whole, now.of)))


PARTS = st.integers(0, 60).flatmap(lambda of: st.builds(Part, st.integers(0, of), st.just(of)))


@given(PARTS, PARTS)
def test_the_likelihood_is_that_of_counting(before: Part, now: Part) -> None:
    assert chance(before, now) == pytest.approx(float(exact(before, now)), rel=1e-9)


@given(PARTS, PARTS)
def test_a_difference_is_one_in_both_directions(before: Part, now: Part) -> None:
    assert differ(before, now) is differ(now, before)


@pytest.mark.parametrize(
    ("before", "now", "differs"),
    [
        pytest.param(Part(240, 12_000), Part(459, 9_000), True, id="2 % and 5 % of thousands"),
        pytest.param(Part(2, 100), Part(5, 100), False, id="2 % and 5 % of hundreds"),
        pytest.param(Part(0, 19), Part(10_000, 10_000), False, id="too few before"),
        pytest.param(Part(0, 1000), Part(19, 19), False, id="too few now"),
        pytest.param(Part(0, 20), Part(20, 20), True, id="none and all of just enough"),
        pytest.param(Part(0, 0), Part(0, 0), False, id="nothing"),
        pytest.param(
            Part(500_000, 10**7), Part(510_000, 10**7), False, id="more than chance, but too little to matter"
        ),
        pytest.param(Part(0, 10**8), Part(10**8, 10**8), True, id="very many"),
    ],
)
def test_what_is_more_than_chance(before: Part, now: Part, differs: bool) -> None:
    assert differ(before, now) is differs


def audited(
    calls: dict[str, tuple[int, int]],
    broken: dict[str, tuple[str, int]] | None = None,
    failures: dict[Failure, int] | None = None,
    severity: Severity = Severity.WARNING,
) -> Report:
    """An audit of calls (fine and failed) with the rules that some of them broke."""
    health = Health()
    for label, (fine, failed) in calls.items():
        health.answers += Counter({Answer(label, "2026-11-01", 200): fine, Answer(label, "2026-11-02", 400): failed})
    for rule, (label, count) in (broken or {}).items():
        breach = Breach(Counter({severity: count}))
        breach.calls[label] = count
        health.breaches[rule] = breach
    return Report("audit", health=health, scanned=1, failures=Counter(failures or {}))


def numbers(report: Report) -> dict[str, Any]:
    assert report.health is not None
    return {"health": report.health.as_data(), "errors": as_data(report.failures)}


def compared(before: Report, now: Report) -> dict[str, Any]:
    made = comparison(json.loads(json.dumps(numbers(before))), numbers(now))
    now.comparison = made
    return made


CALLS = {PAY: (1000, 10), GET: (5000, 0)}


@pytest.mark.parametrize(
    ("before", "now", "verdict", "calls", "worse"),
    [
        pytest.param(CALLS, CALLS, "same", "same", False, id="as before"),
        pytest.param(CALLS, {PAY: (10_000, 100), GET: (50_000, 0)}, "same", "same", False, id="ten times as long"),
        pytest.param(CALLS, {PAY: (1000, 80), GET: (5000, 0)}, "worse", "same", True, id="more failures"),
        pytest.param(CALLS, {PAY: (9000, 5), GET: (45_000, 0)}, "better", "same", False, id="fewer failures"),
        pytest.param(CALLS, {PAY: (1000, 13), GET: (5000, 0)}, "same", "same", False, id="a few more failures"),
        pytest.param(CALLS, {PAY: (1, 1)}, "too few calls", "too few calls", False, id="two calls"),
        pytest.param(CALLS, {PAY: (5000, 50), GET: (5000, 0)}, "same", "more", False, id="more calls"),
        pytest.param(CALLS, {PAY: (100, 1), GET: (5000, 0)}, "same", "fewer", False, id="fewer calls"),
        pytest.param({GET: (5000, 0)}, CALLS, "new", "more", False, id="a new operation"),
        pytest.param(CALLS, {GET: (5000, 0)}, "gone", "fewer", False, id="an operation that is not called any more"),
    ],
)
def test_operations(before: Any, now: Any, verdict: str, calls: str, worse: bool) -> None:
    made = compared(audited(before), audited(now))
    (one,) = (one for one in made["operations"] if one["operation"] == PAY)
    assert (one["verdict"], one["calls"], one["worse"]) == (verdict, calls, worse)
    assert made["worse"] == worse


@pytest.mark.parametrize(
    ("before", "now", "verdict", "worse"),
    [
        pytest.param(0, 1, "new", True, id="one finding is new"),
        pytest.param(100, 300, "worse", True, id="three times as many"),
        pytest.param(300, 100, "better", False, id="a third"),
        pytest.param(300, 0, "gone", False, id="none any more"),
        pytest.param(100, 104, "same", False, id="a few more"),
    ],
)
def test_rules(before: int, now: int, verdict: str, worse: bool) -> None:
    sides = [audited(CALLS, {"a-rule": (PAY, number)} if number else {}) for number in (before, now)]
    (one,) = compared(*sides)["rules"]
    assert (one["verdict"], one["worse"]) == (verdict, worse)
    assert one["before"] == {"calls": before, "of": 1010} and one["now"] == {"calls": now, "of": 1010}


def test_a_rule_is_not_gone_where_nothing_is_called_any_more() -> None:
    (one,) = compared(audited(CALLS, {"a-rule": (PAY, 300)}), audited({GET: (5000, 0)}))["rules"]
    assert one["verdict"] == "too few calls"


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        pytest.param(None, ("a-rule",), "new", id="nobody knows what an older report has asked"),
        pytest.param(("a-rule",), ("a-rule",), "new", id="both have asked it"),
        pytest.param(("b-rule",), ("a-rule", "b-rule"), "not asked", id="the rule is younger"),
    ],
)
def test_a_rule_that_was_not_asked_before_is_not_new(before: Any, now: Any, verdict: str) -> None:
    sides = audited(CALLS), audited(CALLS, {"a-rule": (PAY, 30)})
    for side, asked in zip(sides, (before, now), strict=True):
        assert side.health is not None
        side.health.rules = asked
    made = compared(*sides)
    assert (made["rules"][0]["verdict"], made["worse"]) == (verdict, verdict == "new")


def test_a_rule_that_is_turned_off_is_not_gone() -> None:
    sides = audited(CALLS, {"a-rule": (PAY, 300)}), audited(CALLS)
    for side, asked in zip(sides, (("a-rule",), ()), strict=True):
        assert side.health is not None
        side.health.rules = asked
    assert compared(*sides)["rules"][0]["verdict"] == "not asked"


def test_an_operation_that_is_new_is_told_by_its_share_of_the_calls() -> None:
    (one, *_) = told(compared(audited({GET: (5000, 0)}), audited(CALLS)))
    assert (one.verdict, one.subject, one.measure, one.now) == (
        "new",
        "`POST /pay`",
        "calls of all",
        "16.8 % of 6\u202f010",
    )


def test_advice_is_never_worse() -> None:
    made = compared(audited(CALLS), audited(CALLS, {"a-rule": (PAY, 900)}, severity=Severity.INFO))
    assert (made["rules"][0]["verdict"], made["worse"]) == ("new", 0)


FAILURE = Failure(PAY, 400, "Payment", "61", "", "ecom")


@pytest.mark.parametrize(
    ("before", "now", "verdict", "worse"),
    [
        pytest.param(0, 1, "new", False, id="one customer's card is no trend"),
        pytest.param(0, 100, "new", True, id="many of a new one are"),
        pytest.param(20, 100, "worse", True, id="more"),
        pytest.param(100, 0, "gone", False, id="none"),
        pytest.param(20, 22, "same", False, id="as before"),
    ],
)
def test_errors(before: int, now: int, verdict: str, worse: bool) -> None:
    sides = [audited(CALLS, failures={FAILURE: number} if number else {}) for number in (before, now)]
    (one,) = compared(*sides)["errors"]
    assert (one["verdict"], one["worse"], one["group"], one["code"]) == (verdict, worse, "Payment", "61")


def test_an_error_with_another_title_is_the_same_and_with_another_code_is_not() -> None:
    told_so = Failure(PAY, 400, "", "6080", "Too early", "epayment")
    again = Failure(PAY, 400, "", "6080", "Reworded", "epayment")
    other = Failure(PAY, 400, "", "6090", "Too early", "epayment")
    made = compared(audited(CALLS, failures={told_so: 9}), audited(CALLS, failures={again: 9, other: 9}))
    assert [(one["code"], one["title"], one["verdict"]) for one in made["errors"]] == [
        ("6080", "Reworded", "same"),
        ("6090", "Too early", "new"),
    ]


def test_an_error_of_a_path_that_is_no_operation_is_a_share_of_all_calls() -> None:
    failure = Failure("GET /nowhere", 404)
    made = compared(audited(CALLS), audited(CALLS, failures={failure: 300}))
    assert (made["errors"][0]["now"], made["errors"][0]["worse"]) == ({"count": 300, "of": 6010}, True)


def changed() -> Report:
    before = audited({**CALLS, "PUT /x": (3, 0)}, {"a-rule": (PAY, 300)}, {FAILURE: 20})
    now = audited({PAY: (1000, 80), GET: (5000, 0), "PUT /x": (3, 0)}, {"b-rule": (PAY, 3)}, {FAILURE: 20})
    compared(before, now)
    return now


def test_a_report_tells_what_has_changed_the_worst_first() -> None:
    shown = text(changed())
    block = next(one for one in shown.split("\n\n") if one.startswith("compared"))
    assert block.splitlines() == [
        "compared with 2026-11-01 to 2026-11-02 (6\u202f013 calls)",
        "new    b-rule: 0.3 % of 1\u202f080 calls break it, was 0 % of 1\u202f010",
        "worse  `POST /pay`: 7.4 % of 1\u202f080 calls failed, was 1.0 % of 1\u202f010",
        "gone   a-rule: 0 % of 1\u202f080 calls break it, was 29.7 % of 1\u202f010",
        "Of 1 more operation, rule or error there are too few calls to tell.",
    ]
    assert "\x1b[1;31mworse\x1b[0m  `POST" in text(changed(), screen=Screen(color=True))
    assert "compared" not in text(changed(), quiet=True)


def test_all_formats_tell_the_same() -> None:
    report = changed()
    data = json.loads(json.dumps(document(report)))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(data)
    assert data["comparison"] == report.comparison
    rows = [one.verdict for one in told(data["comparison"])]
    assert rows == ["new", "worse", "gone"]
    table = markdown(report).split("## What has changed\n\n")[1].split("\n\n")[0].splitlines()[2:]
    assert [row.split(" | ")[0].strip("| ") for row in table] == rows
    shown = parsed(page(report, catalog(), date(2026, 11, 22)))
    assert [row.attributes["data-change"] for row in shown.all("tr", "data-change")] == rows
    assert unsaid(data["comparison"]) in shown.text and unsaid(data["comparison"]) in markdown(report)


def test_without_an_earlier_audit_nothing_is_compared() -> None:
    report = audited(CALLS)
    assert "comparison" not in document(report)
    assert "changed" not in markdown(report)


def test_the_same_audit_twice_has_not_changed() -> None:
    report = audited(CALLS, {"a-rule": (PAY, 300)}, {FAILURE: 20})
    made = compared(report, report)
    assert told(made) == [] and made["worse"] == 0
    assert "compared with 2026-11-01 to 2026-11-02 (6\u202f010 calls): nothing has changed" in text(report)
    assert FEWEST <= 1010
