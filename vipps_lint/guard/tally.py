"""What the tests of a run did, counted from their reports: calls and errors of each operation, findings of each rule.

Findings ride on the reports as plain data, so that it does not matter in which process a test ran.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any, TypedDict

from vipps_lint.call import Call
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.guard.recording import record
from vipps_lint.guard.trails import Trail
from vipps_lint.guard.verdicts import shown
from vipps_lint.report.failures import as_data, failures, from_data
from vipps_lint.report.summary import Failures, errors

SHOWN = 5
"""How many places of one finding the summary names."""


class Finding(TypedDict):
    """One finding as it rides on a report."""

    rule: str
    severity: str
    message: str
    help: str
    operation: str
    place: str


class Freight(TypedDict):
    """What rides on the report of one phase of a test: calls, errors and findings, and what is wanted beside."""

    calls: dict[str, int]
    errors: list[dict[str, Any]]
    findings: list[Finding]
    records: list[dict[str, Any]]
    trails: list[dict[str, Any]]


def freight(
    calls: Sequence[Call], found: Sequence[Diagnostic], recorded_as: str | None, trails: Iterable[Trail] = ()
) -> Freight:
    """Calls and findings as plain data; with records where there is a name to record the calls by."""
    return {
        "calls": dict(Counter(call.label for call in calls)),
        "errors": as_data(failures(calls)),
        "findings": [_finding(one) for one in found],
        "records": [record(call, recorded_as) for call in calls] if recorded_as is not None else [],
        "trails": [trail.plain() for trail in trails],
    }


def _finding(one: Diagnostic) -> Finding:
    return {
        "rule": one.rule,
        "severity": one.severity.value,
        "message": one.message,
        "help": one.help,
        "operation": one.operation,
        "place": shown(one.place),
    }


@dataclass
class Tally:
    """The sums of a run; `root` is how the paths of its own files begin."""

    root: str = ""
    calls: Counter[str] = field(default_factory=Counter)
    errors: Failures = field(default_factory=Counter)
    findings: list[dict[str, str]] = field(default_factory=list)
    tests: set[str] = field(default_factory=set)

    def add(self, load: Mapping[str, Any], test: str = "") -> None:
        """Count what rides on one report of a test, if it was one."""
        self.calls.update(load["calls"])
        self.errors.update(from_data(load["errors"]))
        if test and load["calls"]:
            self.tests.add(test)
        for one in load["findings"]:
            self.findings.append({**one, "place": one["place"].removeprefix(self.root), "test": test})

    def document(self) -> dict[str, Any]:
        """The sums as plain data."""
        return {
            "calls": dict(_largest_first(self.calls)),
            "tests": len(self.tests),
            "errors": as_data(self.errors),
            "findings": self.findings,
        }

    def lines(self, width: int = 80) -> Iterator[str]:
        """The sums as text, the largest first."""
        if not self.calls:
            yield "no test called a Vipps API"
            return
        calls, operations = counted(self.calls.total(), "call"), counted(len(self.calls), "operation")
        yield f"{calls} of {operations}" + (f" in {counted(len(self.tests), 'test')}" if self.tests else "")
        yield from (f"{number:6}  {label}" for label, number in _largest_first(self.calls))
        yield from errors(self.errors)
        yield counted(len(self.findings), "finding") if self.findings else "no findings"
        for kind, number in _largest_first(Counter(map(_kind, self.findings))):
            found = [one for one in self.findings if _kind(one) == kind]
            yield f"{number:6}  {kind}"
            yield from indented(found[0]["message"], width)
            yield from _listed(Counter(one["place"] for one in found))


def _kind(finding: Mapping[str, str]) -> str:
    return f"{finding['severity']}[{finding['rule']}]"


def _listed(places: Counter[str]) -> Iterator[str]:
    """The places where something was found most often."""
    found = _largest_first(places)
    yield from (f"{'':12}--> {place}" for place, _ in found[:SHOWN])
    if len(found) > SHOWN:
        yield f"{'':12}and {counted(len(found) - SHOWN, 'more place')}"


def _largest_first(sums: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def counted(number: int, noun: str) -> str:
    """A number of things, in words."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def indented(text: str, width: int) -> list[str]:
    """Text below the line of a number."""
    return wrap(text, width, initial_indent=" " * 12, subsequent_indent=" " * 12, break_on_hyphens=False)
