"""What the accounts of all portions tell together: where each record stands, and what has to be said of whole files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from vipps_lint.audit.mapping import SPOKEN, Account
from vipps_lint.audit.reducing import Recording, Where
from vipps_lint.audit.rows import EPOCH
from vipps_lint.diagnostic import Note
from vipps_lint.immutable import changed

BEGINNING = float("-inf")
"""Before every moment: when records are sorted of a file in which none has a time."""


def whereabouts(accounts: Iterable[Account]) -> dict[int, Where]:
    """What the whole recording says of each portion."""
    found: dict[int, Where] = {}
    for path, mine in _by_file(accounts).items():
        before = 0
        latest = next((one.first for one in mine if one.first is not None), BEGINNING)
        for one in mine:
            found[one.portion] = Where(path, before, latest)
            before += one.scanned
            latest = latest if one.last is None else one.last
    return found


def recording(accounts: Sequence[Account], whole: bool) -> Recording:
    """What all portions tell together; they are not the `whole` recording where there was no room for the rest."""
    moments = [one.last for one in accounts if one.last is not None]
    until = EPOCH + timedelta(seconds=max(moments)) if moments and whole else None
    return Recording(whereabouts(accounts), until, whole)


def notes(accounts: Sequence[Account]) -> Iterator[Note]:
    """What could not be read."""
    where = whereabouts(accounts)
    for path, mine in _by_file(accounts).items():
        spoken = [_placed(note, where[one.portion].before) for one in mine for note in one.notes]
        single = [note for note in spoken if note.record is not None]
        yield from (note for note in spoken if note.record is None or note in single[:SPOKEN])
        more = len(single[SPOKEN:]) + sum(one.unspoken for one in mine)
        if more:
            yield Note(path, f"{more} more notes about records of this file are left out")


def undated(accounts: Sequence[Account], today: date) -> Iterator[Note]:
    """Which files have records without a time."""
    where = whereabouts(accounts)
    for path, mine in _by_file(accounts).items():
        found = [(where[one.portion].before + one.undated[0], one.undated[1]) for one in mine if one.undated[1]]
        if found:
            told = records(sum(count for _, count in found))
            message = f"{told} no time; judged as of {today}, in the order of the file; record the time of calls"
            yield Note(path, message, record=found[0][0])


def repeated(twice: Mapping[str, tuple[int, int]]) -> Iterator[Note]:
    """Which records of which files have been read before."""
    for path, (first, count) in sorted(twice.items()):
        yield Note(path, f"{records(count)} been read before, word for word; counted once", record=first)


def records(count: int) -> str:
    """The beginning of a sentence about a record and those like it."""
    return "this record has" if count == 1 else f"{count} records, this one first, have"


def _placed(note: Note, before: int) -> Note:
    return note if note.record is None or not before else changed(note, record=before + note.record, line=None)


def _by_file(accounts: Iterable[Account]) -> dict[str, list[Account]]:
    found: dict[str, list[Account]] = {}
    for one in accounts:
        found.setdefault(one.path, []).append(one)
    return found
