"""The health of recorded calls in numbers: how they were answered, and what was wrong with them, since when.

The numbers of one log and those of the next add up to the numbers of both, in any order, and no call is kept. The
JSON report and the HTML page show the same ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vipps_lint.call import Call, Place
from vipps_lint.diagnostic import Diagnostic, Severity
from vipps_lint.immutable import immutable
from vipps_lint.report.ahead import Ahead

SHOWN = 3
"""How many examples there are of a rule: the first, no two with the same words."""

CLASSES = ("2xx", "3xx", "4xx", "5xx", "other", "none")
"""Kinds of answers: `none` is a call whose status was not recorded."""

FAILED = frozenset({"4xx", "5xx", "other"})


@immutable(frozen=True, slots=True, order=True)
class Answer:
    """What calls of one operation were answered on one day; `day` is empty and `status` 0 where they are not known."""

    operation: str
    day: str
    status: int

    @property
    def kind(self) -> str:
        """One of `CLASSES`."""
        if self.status == 0:
            return "none"
        name = f"{self.status // 100}xx"
        return name if name in CLASSES else "other"


@immutable(frozen=True, slots=True, order=True)
class Example:
    """A finding as people read it; `seen` is its moment, or `UNDATED`."""

    seen: str
    path: str
    record: int
    message: str
    help: str


UNDATED = "~"
"""Stands behind every moment in the order of time."""


@dataclass
class Breach:
    """What was found of one rule: how often, in how many calls of which operations, when, and examples."""

    severities: Counter[Severity] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    first: str = UNDATED
    last: str = ""
    examples: tuple[Example, ...] = ()

    @property
    def severity(self) -> Severity:
        """How severe the worst finding is."""
        return max(self.severities, key=lambda one: one.rank, default=Severity.INFO)

    @property
    def count(self) -> int:
        """How many findings there are."""
        return self.severities.total()

    def add(self, other: Breach) -> None:
        """Take in what was found of the rule elsewhere."""
        self.severities += other.severities
        self.calls += other.calls
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.examples = tuple(_first({*self.examples, *other.examples}))


@dataclass
class Health:
    """The numbers. `reserved` says per currency how many payments have money left that was never released, and how
    much in minor units; `ahead` is what changes within `horizon` days for the operations that were called, `files` how
    many recordings have calls, `rules` which ones were asked. `callsites` has the places in the source that make the
    calls of each operation, by its id, where that is known.
    """

    answers: Counter[Answer] = field(default_factory=Counter)
    ids: dict[str, str] = field(default_factory=dict)
    breaches: dict[str, Breach] = field(default_factory=dict)
    reserved: dict[str, tuple[int, int]] = field(default_factory=dict)
    ahead: list[Ahead] = field(default_factory=list)
    horizon: int = 0
    files: int = 0
    rules: tuple[str, ...] | None = None
    callsites: Mapping[str, tuple[Place, ...]] | None = None

    def answered(self, label: str, operation: str | None, day: str, status: int, count: int = 1) -> None:
        """Count calls by their answer; `day` is empty and `status` 0 where they are not known."""
        self.answers[Answer(label, day, status)] += count
        if operation:
            self.ids[label] = operation

    def found(self, label: str, at: datetime | None, findings: Iterable[Diagnostic]) -> None:
        """Take in what is wrong with a call that was made at some moment. The findings must be masked."""
        each: dict[str, list[Diagnostic]] = {}
        for one in findings:
            each.setdefault(one.rule, []).append(one)
        for rule, these in each.items():
            self.breaches.setdefault(rule, Breach()).add(_breach(at, label, these))

    def add(self, other: Health) -> None:
        """Take in the numbers of other calls; a payment must not have calls in both."""
        self.answers += other.answers
        self.ids |= other.ids
        for rule, breach in other.breaches.items():
            self.breaches.setdefault(rule, Breach()).add(breach)
        for currency, (payments, amount) in other.reserved.items():
            before = self.reserved.get(currency, (0, 0))
            self.reserved[currency] = (before[0] + payments, before[1] + amount)

    def severities(self) -> Counter[Severity]:
        """How many findings there are of each severity."""
        return sum((breach.severities for breach in self.breaches.values()), Counter[Severity]())

    def as_data(self) -> dict[str, Any]:
        """The numbers as plain data: what is most called, and found most often, first."""
        days = sorted({one.day for one in self.answers if one.day})
        by_operation = _by_operation(self.answers)
        calls = Counter({label: answers.total() for label, answers in by_operation.items()})
        return {
            "first_day": days[0] if days else None,
            "last_day": days[-1] if days else None,
            "calls": self.answers.total(),
            **_shares(self.answers),
            "operations": [self._operation(label, by_operation[label]) for label, _ in _largest_first(calls)],
            "findings": [self._finding(rule, calls) for rule in self._rules()],
            "reserved": [
                {"currency": currency, "payments": payments, "amount": amount}
                for currency, (payments, amount) in sorted(self.reserved.items())
            ],
            "horizon_days": self.horizon,
            "ahead": [one.as_data() for one in self.ahead],
            **({} if self.rules is None else {"rules": [*self.rules]}),
        }

    def _operation(self, label: str, answers: Counter[Answer]) -> dict[str, Any]:
        days: dict[str, Counter[str]] = {}
        for one, number in sorted(answers.items()):
            days.setdefault(one.day, Counter())[one.kind] += number
        statuses = Counter[int]()
        for one, number in answers.items():
            statuses[one.status] += number
        return {
            "operation": label,
            "id": self.ids.get(label),
            "calls": answers.total(),
            **_shares(answers),
            "statuses": [{"status": one or None, "count": statuses[one]} for one in sorted(statuses)],
            "days": [{"day": day or None, **kinds} for day, kinds in days.items()],
            **self._called_in(label),
        }

    def _called_in(self, label: str) -> dict[str, Any]:
        """The places in the source that make the calls of an operation; nothing where no source has been looked at."""
        if self.callsites is None or label not in self.ids:
            return {}
        places = self.callsites.get(self.ids[label], ())
        return {"callsites": [{"path": one.path, "line": one.line, "column": one.column} for one in places]}

    def _rules(self) -> list[str]:
        """The rules, the worst and most frequent first."""
        return sorted(
            self.breaches, key=lambda rule: (-self.breaches[rule].severity.rank, -self.breaches[rule].count, rule)
        )

    def _finding(self, rule: str, calls: Counter[str]) -> dict[str, Any]:
        breach = self.breaches[rule]
        return {
            "rule": rule,
            "severity": breach.severity.value,
            "count": breach.count,
            "calls": breach.calls.total(),
            "of": sum(calls[label] for label in breach.calls),
            "first": None if breach.first == UNDATED else breach.first,
            "last": breach.last or None,
            "operations": [
                {"operation": label, "calls": number, **self._called_in(label)}
                for label, number in _largest_first(breach.calls)
            ],
            "examples": [_example(one) for one in breach.examples],
        }


def label(call: Call) -> str:
    """The operation; paths that are none are counted together, because there is no end of them."""
    return call.label if call.operation else f"{call.method}, no operation of {call.api.title}"


def _breach(at: datetime | None, label: str, found: list[Diagnostic]) -> Breach:
    """What one call tells of a rule."""
    seen = at.isoformat(timespec="seconds") if at else UNDATED
    return Breach(
        severities=Counter(one.severity for one in found),
        calls=Counter([label]),
        first=seen,
        last="" if seen == UNDATED else seen,
        examples=tuple(_first({_seen(one, seen) for one in found})),
    )


def _seen(one: Diagnostic, at: str) -> Example:
    return Example(at, one.place.path, one.place.record or 0, one.message, one.help)


def _first(examples: Iterable[Example]) -> list[Example]:
    """The first examples; of those with the same words the first."""
    earliest = {one.message: one for one in sorted(examples, reverse=True)}
    return sorted(earliest.values())[:SHOWN]


def _example(one: Example) -> dict[str, Any]:
    seen = None if one.seen == UNDATED else one.seen
    return {"at": seen, "path": one.path, "record": one.record, "message": one.message, "help": one.help}


def _by_operation(answers: Counter[Answer]) -> dict[str, Counter[Answer]]:
    found: dict[str, Counter[Answer]] = {}
    for one, number in answers.items():
        found.setdefault(one.operation, Counter())[one] = number
    return found


def _shares(answers: Counter[Answer]) -> dict[str, int]:
    """How many calls succeeded, failed, and have an answer that is not known."""
    kinds = Counter[str]()
    for one, number in answers.items():
        kinds["failed" if one.kind in FAILED else "unknown" if one.kind == "none" else "succeeded"] += number
    return {name: kinds[name] for name in ("succeeded", "failed", "unknown")}


def _largest_first(counts: Counter[str]) -> Iterator[tuple[str, int]]:
    yield from sorted(counts.items(), key=lambda item: (-item[1], item[0]))
