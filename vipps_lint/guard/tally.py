"""What the tests of a run did, counted from their reports: calls and errors of each operation, findings of each rule.

Findings ride on the reports as plain data, so that it does not matter in which process a test ran.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from vipps_lint.call import Call
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.guard.recording import record
from vipps_lint.guard.verdicts import shown
from vipps_lint.report.failures import as_data, failures, from_data
from vipps_lint.report.summary import Failures, errors


class Finding(TypedDict):
    """One finding as it rides on a report."""

    rule: str
    severity: str
    message: str
    help: str
    operation: str
    place: str


class Freight(TypedDict):
    """What rides on the report of one phase of a test: calls and errors of each operation, the findings, and records if
    wanted."""

    calls: dict[str, int]
    errors: list[dict[str, Any]]
    findings: list[Finding]
    records: list[dict[str, Any]]


def freight(calls: Sequence[Call], found: Sequence[Diagnostic], recorded_as: str | None) -> Freight:
    """Calls and findings as plain data; with records where there is a name to record the calls by."""
    return {
        "calls": dict(Counter(call.label for call in calls)),
        "errors": as_data(failures(calls)),
        "findings": [_finding(one) for one in found],
        "records": [record(call, recorded_as) for call in calls] if recorded_as is not None else [],
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
    """The sums of a run."""

    calls: Counter[str] = field(default_factory=Counter)
    errors: Failures = field(default_factory=Counter)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, load: Mapping[str, Any]) -> None:
        """Count what rides on one report."""
        self.calls.update(load["calls"])
        self.errors.update(from_data(load["errors"]))
        self.findings.update((one["rule"], one["severity"]) for one in load["findings"])

    def lines(self) -> Iterator[str]:
        """The sums as text, the largest first."""
        if not self.calls:
            yield "no test called a Vipps API"
            return
        yield f"{_count(self.calls.total(), 'call')} of {_count(len(self.calls), 'operation')}"
        yield from (f"{number:6}  {label}" for label, number in _largest_first(self.calls))
        yield from errors(self.errors)
        yield _count(self.findings.total(), "finding") if self.findings else "no findings"
        yield from (f"{number:6}  {severity}[{rule}]" for (rule, severity), number in _largest_first(self.findings))


def _largest_first(sums: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
