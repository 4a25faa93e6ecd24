"""The second half of an audit: rows of the same threads become findings and numbers.

Each record counts once, and the calls are judged in the order of time, by what the calls before them tell.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from vipps_lint.audit.mapping import TOGETHER, Setting
from vipps_lint.audit.reserved import Reserved
from vipps_lint.audit.rows import EPOCH, Row, Tally, unpacked
from vipps_lint.call import Call, Place
from vipps_lint.catalog import Catalog, Rule
from vipps_lint.diagnostic import Diagnostic, Failure, Note
from vipps_lint.engine import at_the_end, judge
from vipps_lint.immutable import changed, immutable
from vipps_lint.ledger import Ledger
from vipps_lint.report.health import Health, label
from vipps_lint.report.mask import masked


@immutable(frozen=True, slots=True)
class Where:
    """What the whole recording says of a portion: its file, how many records of that stand before it, and the moment
    of its first records if they have none.
    """

    path: str
    before: int
    moment: float


@immutable(frozen=True, slots=True)
class Recording:
    """What all portions tell together: where each stands, and the last moment of all; None where that is not known, or
    the recording is not whole.
    """

    where: Mapping[int, Where]
    until: datetime | None = None
    whole: bool = True


@dataclass
class Outcome:
    """What some rows tell: findings, errors, numbers, how many records of a file were read twice (and the first of
    them), and what went wrong. Outcomes of different threads add up.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list)
    failures: Counter[Failure] = field(default_factory=Counter)
    health: Health = field(default_factory=Health)
    twice: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Take in what other rows tell."""
        self.diagnostics += other.diagnostics
        self.failures.update(other.failures)
        self.health.add(other.health)
        self.notes += other.notes
        for path, (first, count) in other.twice.items():
            known = self.twice.get(path, (first, 0))
            self.twice[path] = min(first, known[0]), count + known[1]


class Reducer:
    """Judges rows by what they tell together. All rows of a thread must come in one go."""

    def __init__(self, setting: Setting, recording: Recording) -> None:
        self._setting = setting
        self._recording = recording
        self._where = recording.where
        self._rules: dict[str, Catalog] = {}

    def outcome(self, rows: Iterable[Row]) -> Outcome:
        """What the rows of some threads tell, with those that every state must be told of."""
        outcome, ledger, reserved = Outcome(), Ledger(trails={}), Reserved()
        counted: Counter[tuple[Any, ...]] = Counter()
        for row in self._once(rows, outcome):
            if row.tally is not None:
                counted[row.tally[:4]] += 1
                if len(row.tally) > 4:
                    self._note(row, Tally(*row.tally), outcome)
            if row.call:
                call = unpacked(row.call, self._setting.rules, self._place(row))
                self._found(call, self._judged(call, ledger, row.entity), outcome)
                outcome.notes += _folded(call, ledger, row.entity)
                reserved.note(call, row.entity)
        for (name, operation, day, status), count in counted.items():
            outcome.health.answered(name, operation, day, status, count)
        outcome.health.reserved = reserved.left(ledger)
        if self._recording.until is not None:
            for call, found in at_the_end(ledger, self._setting.rules, self._recording.until):
                self._found(call, [found], outcome)
        return outcome

    def _found(self, call: Call, found: Iterable[Diagnostic], outcome: Outcome) -> None:
        if not (found := list(found)):
            return
        chosen = [*self._setting.chosen(map(masked, found))]
        outcome.diagnostics += chosen
        outcome.health.found(label(call), call.at, chosen)

    def _once(self, rows: Iterable[Row], outcome: Outcome) -> Iterator[Row]:
        """The rows by time, without those of records that were written down before."""
        known: set[tuple[bytes, str]] = set()
        for row in sorted(rows, key=self._order):
            name = (row.identity, row.entity) if row.identity else None
            if name is None or name not in known:
                yield row
            elif row.tally is not None:
                place = self._place(row)
                number = place.record or 0
                first, count = outcome.twice.get(place.path, (number, 0))
                outcome.twice[place.path] = min(first, number), count + 1
            known |= {name} if name else set()

    def _order(self, row: Row) -> tuple[float, int, int]:
        """By time; a record without a time stays behind the one that it follows in its file."""
        moment = self._where[row.portion].moment if row.moment is None else row.moment
        return moment, row.portion, row.number

    def _place(self, row: Row) -> Place:
        where = self._where[row.portion]
        line = None if where.before else row.line or None  # of later portions only the records are counted
        return Place(where.path, line=line, record=where.before + row.number)

    def _note(self, row: Row, tally: Tally, outcome: Outcome) -> None:
        """Note the errors in a call, and what was found of it by itself."""
        outcome.failures.update(Failure(*one) for one in tally.failures)
        if tally.found:
            place = self._place(row)
            found = [changed(one, place=place) for one in pickle.loads(tally.found)]
            outcome.diagnostics += found
            at = EPOCH + timedelta(seconds=row.moment) if tally.day and row.moment is not None else None
            outcome.health.found(tally.label, at, found)

    def _judged(self, call: Call, ledger: Ledger, entity: str) -> Iterable[Diagnostic]:
        day = call.at.date() if call.at else self._setting.today
        return judge(call, ledger, self._together(entity), day) if entity else ()

    def _together(self, entity: str) -> Catalog:
        """The rules that ask for the state of an entity."""
        if entity not in self._rules:
            rules = self._setting.rules
            self._rules[entity] = rules.only(name for name, rule in rules.rules.items() if _asks(rule, entity))
        return self._rules[entity]


def _asks(rule: Rule, entity: str) -> bool:
    """Whether a rule asks for the state of an entity."""
    spots = (spot for each in rule.spots.values() for spot in each)
    return not rule.needs.isdisjoint(TOGETHER) and any(getattr(spot.check, "entity", "") == entity for spot in spots)


def _folded(call: Call, ledger: Ledger, entity: str) -> Iterator[Note]:
    """Make the call part of the history that later calls are judged by."""
    try:
        ledger.fold(call, only=entity)
    except Exception as error:  # noqa: BLE001 - a bug of ours must not hide the findings of the other calls
        place = call.place or Place("?")
        message = f"`{call.label}` could not be taken into the history ({type(error).__name__}); please report this bug"
        yield Note(place.path, message, place.line, place.record)
