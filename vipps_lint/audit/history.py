"""Records of several files as one history: each once, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter

from vipps_lint.diagnostic import Note
from vipps_lint.read.record import Record


@dataclass
class _Tally:
    """How many records of a file have something to be said of, and the first of them."""

    first: int
    count: int = 0


@dataclass
class History:
    """Takes records as they are read. A record that is written down a second time is counted and left out."""

    records: list[Record] = field(default_factory=list)
    _known: set[bytes] = field(default_factory=set)
    _twice: dict[str, _Tally] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Take in the next record of the files."""
        if record.identity is None or record.identity not in self._known:
            self.records.append(record)
            if record.identity is not None:
                self._known.add(record.identity)
        else:
            _count(self._twice, record)

    def in_time(self) -> list[Record]:
        """The records by time; one without a time stays behind the one that it follows in its file."""
        moments = list(_moments(self.records))
        order = sorted(zip(moments, range(len(moments)), strict=True), key=itemgetter(0, 1))
        return [self.records[index] for _, index in order]

    def notes(self, today: date) -> Iterator[Note]:
        """What has to be said of whole files: records without a time, and records that are there twice."""
        undated: dict[str, _Tally] = {}
        for record in self.records:
            if record.sent and record.exchange.at is None:
                _count(undated, record)
        for path, tally in undated.items():
            yield Note(
                path,
                f"{_records(tally)} no time; judged as of {today}, in the order of the file; record the time of calls",
                record=tally.first,
            )
        for path, tally in self._twice.items():
            yield Note(path, f"{_records(tally)} been read before, word for word; counted once", record=tally.first)


def _count(tallies: dict[str, _Tally], record: Record) -> None:
    tallies.setdefault(record.place.path, _Tally(record.place.record or 0)).count += 1


def _records(tally: _Tally) -> str:
    return "this record has" if tally.count == 1 else f"{tally.count} records, this one first, have"


def _moments(records: Iterable[Record]) -> Iterator[datetime]:
    """A time for each record to be sorted by: its own, or that of the dated one before it (after it, at the start)."""
    listed = list(records)
    latest = next((record.exchange.at for record in listed if record.exchange.at), datetime.min)
    for record in listed:
        latest = record.exchange.at or latest
        yield latest
