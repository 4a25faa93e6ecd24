"""A log that grows, judged as it grows: each call in the order of arrival, by what the calls before it tell.

Shares with the audit of whole recordings what a record is (`read_line`), what a call is (`Mapper.call`), the judge, the
ledger and the numbers. Remembers so much and no more: what is forgotten is unknown, and that is never a finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import islice

from vipps_lint.audit.mapping import SPOKEN, Mapper, Setting
from vipps_lint.audit.reserved import Reserved
from vipps_lint.audit.tail import Line
from vipps_lint.call import Call, Place
from vipps_lint.diagnostic import Diagnostic, Failure, Note, Severity
from vipps_lint.engine import at_the_end, judge
from vipps_lint.immutable import changed
from vipps_lint.ledger import Ledger, Trail, changes_all, threads
from vipps_lint.read.jsonl import BLANKS, read_line
from vipps_lint.read.record import Record, note
from vipps_lint.read.redaction import without_redactions
from vipps_lint.read.stream import Passed
from vipps_lint.report import Report
from vipps_lint.report.ahead import ahead
from vipps_lint.report.failures import failures
from vipps_lint.report.health import Health, label
from vipps_lint.report.mask import masked

LIVES, TRAILS = 50_000, 10_000
"""How many payments, and how many agreements, are followed; of how many it is known when their calls came."""

VAGUE = 10_000
"""After how many calls that may be about any of them the history begins anew."""

RECENT = 10_000
"""How many records are remembered, so that one that comes twice is counted once."""

KEPT = 100
"""How many findings of a rule and a severity the report has in the end; all are counted."""

KINDS = 10_000
"""How many kinds of errors are told apart."""


class History:
    """The payments and agreements that came last, and the money that is reserved in them."""

    def __init__(self) -> None:
        self._trails: dict[tuple[object, ...], Trail] = {}
        self.ledger = Ledger(trails=self._trails)
        self._reserved = Reserved()
        self._vague = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin anew: vague calls wait until each state has taken them in."""
        return self._vague > VAGUE

    def fold(self, call: Call) -> None:
        """Take in a call; what was met first is forgotten where there is too much."""
        self._vague += changes_all(call) or any(not isinstance(one.id, str | int) for one in threads(call))
        self.ledger.fold(call)
        self._reserved.note(call, "payment")
        for book in (self.ledger.payments, self.ledger.agreements):
            while len(book) > LIVES:
                self._reserved.forget(next(iter(book)))
                book.forget_first()
        while len(self._trails) > TRAILS:
            del self._trails[next(iter(self._trails))]

    def reserved(self) -> dict[str, tuple[int, int]]:
        """Payments with money left, and how much, by currency, of those that are remembered."""
        return self._reserved.left(self.ledger)


class Follower:
    """Takes the lines of a log as they come. `clock` says which day it is: that of records without a time."""

    def __init__(self, setting: Setting, clock: Callable[[], date], path: str, horizon: int) -> None:
        self._setting = setting
        self._clock = clock
        self._path = path
        self._mapper = Mapper(setting)
        self._history = History()
        self._recent: dict[bytes, None] = {}
        self._number = 0
        self._until = datetime.min.replace(tzinfo=UTC)
        self._notes = 0
        self._kept = Counter[tuple[str, Severity, bool]]()
        self._found: list[Diagnostic] = []
        self._health = Health(horizon=horizon, rules=tuple(sorted(setting.rules.rules)))
        self._report = Report("audit", self._found, health=self._health)

    def take(self, line: Line) -> list[Diagnostic]:
        """What is wrong with the call that a line records; a line that cannot be read is a note of the report."""
        if line.number == 1:  # of a new file
            self._number = 0
        text = None if line.text is None else line.text.strip(BLANKS)
        if text == "":
            return []
        self._number += 1
        self._report.scanned += 1
        place = Place(self._path, line=line.number, record=self._number)
        if text is not None:
            return list(self._read(text, place))
        self._report.unread += 1
        self._noted(note(place, f"the line is {Passed.LONG.value}; it was passed over"))
        return []

    def end(self) -> list[Diagnostic]:
        """What only the end tells: what has not happened since a call. To be asked once."""
        told: list[Diagnostic] = []
        for call, found in at_the_end(self._history.ledger, self._setting.rules, self._until):
            chosen = [*self._setting.chosen(map(masked, [found]))]
            self._health.found(label(call), call.at, chosen)
            self._keep(chosen)
            told += chosen
        return told

    def report(self) -> Report:
        """The report so far. The first findings of each rule are in it, and all are counted in its `health`."""
        self._health.reserved = self._history.reserved()
        self._health.ahead = ahead(self._setting.rules, self._health.ids.values(), self._clock(), self._health.horizon)
        return changed(self._report, notes=[*self._report.notes, *self._left_out(), *self._setting.fields.notes()])

    def _left_out(self) -> Iterator[Note]:
        if (more := self._notes - SPOKEN) > 0:
            yield Note(self._path, f"{more} more notes about records of this file are left out")
        if (more := self._kept.total() - len(self._found)) > 0:
            yield Note(self._path, f"{more} more findings are counted, and not listed")

    def _read(self, text: str, place: Place) -> Iterator[Diagnostic]:
        read = False
        for reading in read_line(text, place, self._setting.fields):
            if isinstance(reading, Record):
                read = True
                yield from self._recorded(reading)
            else:
                self._noted(reading)
        self._report.unread += not read

    def _recorded(self, record: Record) -> Iterator[Diagnostic]:
        if (name := record.identity) is not None:
            if name in self._recent:
                return
            self._recent[name] = None
            if len(self._recent) > RECENT:
                for oldest in [*islice(self._recent, RECENT // 2)]:
                    del self._recent[oldest]
        self._until = max(self._until, record.exchange.at or self._until)
        call = self._mapper.call(record)
        if call is not None:
            yield from self._judged(changed(call, document=without_redactions(call.document)))

    def _judged(self, call: Call) -> list[Diagnostic]:
        day, status = call.at.date() if call.at else None, call.status()
        found = judge(call, self._history.ledger, self._setting.rules, day or self._clock())
        chosen = [*self._setting.chosen(map(masked, found))]
        name, operation = label(call), call.operation.id if call.operation else None
        self._health.files = 1
        self._health.answered(name, operation, str(day or ""), status if isinstance(status, int) else 0)
        self._health.found(name, call.at, chosen)
        for failure in failures([call]):
            known = failure in self._report.failures or len(self._report.failures) < KINDS
            self._report.failures[failure if known else Failure(name, failure.status)] += 1
        self._keep(chosen)
        self._fold(call)
        return chosen

    def _keep(self, found: list[Diagnostic]) -> None:
        for one in found:
            kind = (one.rule, one.severity, one.internal)
            self._kept[kind] += 1
            if self._kept[kind] <= KEPT:
                self._found.append(one)

    def _fold(self, call: Call) -> None:
        if self._history.is_full:
            self._history = History()
        try:
            self._history.fold(self._mapper.kept(call))
        except Exception as error:  # noqa: BLE001 - a bug of ours must not end a run that has been watching for days
            message = (
                f"`{call.label}` could not be taken into the history ({type(error).__name__}); please report this bug"
            )
            self._noted(Note(self._path, message, record=call.place.record if call.place else None))

    def _noted(self, said: Note) -> None:
        self._notes += 1
        if self._notes <= SPOKEN:
            self._report.notes.append(said)
