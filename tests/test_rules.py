"""Every example of every rule through every face with the evidence: an invalid one breaks its own rule and no other.

The same examples run as records (time and answer known, Vipps answered), as live requests (whoever answered) and as
Python source (code known, time and answers not).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from vipps_lint.call import Place
from vipps_lint.catalog import Rule, catalog
from vipps_lint.checks import FACES, Evidence
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.document import MAYBE, YES, Truth
from vipps_lint.engine import at_the_end, judge
from vipps_lint.examples import good_request, moment, requests, source
from vipps_lint.ledger import Ledger
from vipps_lint.read.request import Exchange, read_call
from vipps_lint.read.routes import Routes
from vipps_lint.rulefiles import ExampleFile

CATALOG = catalog()
ROUTES = Routes(CATALOG.operations.values())

RECORDED = FACES["audit"]
WRITTEN = FACES["check"]


@pytest.mark.parametrize(
    ("rule", "operation", "body", "said"),
    [
        pytest.param(
            "release-flag-not-boolean",
            "ecom.cancel-payment",
            {"shouldReleaseRemainingFunds": "true"},
            '`shouldReleaseRemainingFunds` is `"true"`, which is not a JSON boolean',
            id="text for a boolean",
        ),
        pytest.param(
            "release-flag-not-boolean",
            "ecom.cancel-payment",
            {"shouldReleaseRemainingFunds": 1},
            "`shouldReleaseRemainingFunds` is `1`, which is not a JSON boolean",
            id="a number for a boolean",
        ),
        pytest.param(
            "amount-not-integer",
            "ecom.capture-payment",
            {"transaction": {"amount": "49900"}},
            'amount `"49900"` is not a whole number of minor units',
            id="text for a number",
        ),
    ],
)
def test_a_message_about_a_type_shows_the_type(rule: str, operation: str, body: dict[str, Any], said: str) -> None:
    example = ExampleFile(operation=operation, body=body)
    call = read_call(requests(CATALOG, example)[-1].exchange(), ROUTES, Place("log", record=1))
    assert call is not None
    assert [one.message for one in judge(call, Ledger(), CATALOG, date(2026, 11, 22)) if one.rule == rule] == [said]


@dataclass(frozen=True)
class Case:
    """One example of one rule."""

    rule: Rule
    example: ExampleFile
    breaks: bool

    @property
    def expected(self) -> list[str]:
        return [self.rule.name] if self.breaks else []


def cases() -> Iterator[object]:
    for rule in CATALOG.rules.values():
        for kind, examples in (("valid", rule.valid), ("invalid", rule.invalid)):
            for number, example in enumerate(examples, 1):
                yield pytest.param(Case(rule, example, kind == "invalid"), id=f"{rule.name}: {kind} example {number}")


def heard(exchanges: list[Exchange], genuine: Truth, until: datetime | None = None) -> list[Diagnostic]:
    """All findings of the calls, each judged on its own day and after those before it; then of what did not happen."""
    history, found = Ledger(trails={}), []
    for number, exchange in enumerate(exchanges, 1):
        call = read_call(exchange, ROUTES, Place("example", record=number), genuine)
        assert call is not None and call.at is not None
        found += judge(call, history, CATALOG, call.at.astimezone(UTC).date())
        history.fold(call)
    late = at_the_end(history, CATALOG, until) if until else ()
    return [*found, *(one for _, one in late)]


def explained(found: list[Diagnostic]) -> str:
    return "\n".join(f"{one.severity.value}[{one.rule}] {one.operation}: {one.message} ({one.help})" for one in found)


def told(evidence: frozenset[Evidence], of_answer: bool) -> frozenset[Evidence]:
    """The evidence of one form of an example: the answer and the code that reads it are not in each of them."""
    return evidence if of_answer else evidence - {Evidence.ANSWER}


def assert_as_promised(case: Case, found: list[Diagnostic], evidence: frozenset[Evidence]) -> None:
    expected = case.expected if case.rule.needs <= evidence else []
    assert [one.rule for one in found] == expected, explained(found)
    for one in found:
        assert one.instead == (case.example.instead or one.instead)
        assert one.severity.value == (case.example.severity or one.severity.value)


@pytest.mark.parametrize("genuine", [pytest.param(YES, id="record"), pytest.param(MAYBE, id="live request")])
@pytest.mark.parametrize("case", list(cases()))
def test_example_as_traffic(case: Case, genuine: Truth) -> None:
    exchanges = [request.exchange() for request in requests(CATALOG, case.example, case.rule)]
    found = heard(exchanges, genuine, case.example.until)
    changed = bool(case.example.response) or any(one.startswith("response.") for one in case.example.without)
    of_answer = changed and genuine is not YES
    evidence = told(RECORDED, of_answer) - (frozenset() if genuine is YES else {Evidence.TRAFFIC})
    assert_as_promised(case, found, evidence if exchanges else frozenset())


@pytest.mark.parametrize("case", list(cases()))
def test_example_as_source(case: Case) -> None:
    from vipps_lint.check import check_source

    day: date = moment(CATALOG, case.example, case.rule).astimezone(UTC).date()
    report = check_source(source(CATALOG, case.example, case.rule), case.example.file, day)
    assert not report.notes
    assert_as_promised(case, report.diagnostics, told(WRITTEN, bool(case.example.reads or case.example.python)))


@pytest.mark.parametrize("operation", CATALOG.operations)
def test_good_request_and_response_break_no_rule(operation: str) -> None:
    found = heard([good_request(CATALOG, operation).exchange()], YES)
    assert not found, explained(found)


@pytest.mark.parametrize("rule", CATALOG.rules.values(), ids=lambda rule: rule.name)
def test_rule_has_both_kinds_of_examples_and_a_source(rule: Rule) -> None:
    assert rule.valid and rule.invalid
    assert rule.source.startswith("https://developer.vippsmobilepay.com/")
    assert min(stage.since for stage in rule.timeline) <= rule.verified
