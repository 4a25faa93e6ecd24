"""The auditor: recorded calls, judged in the order of time, each as of its own day. Says which of them were wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from vipps_lint.audit.files import STDIN
from vipps_lint.audit.mapping import Account, Chosen, Setting, decidable
from vipps_lint.audit.portions import Portion
from vipps_lint.audit.reducing import Outcome
from vipps_lint.audit.running import ALONE, Job, Runner, shelves
from vipps_lint.audit.whole import Whole
from vipps_lint.catalog import Catalog
from vipps_lint.diagnostic import Note
from vipps_lint.immutable import immutable
from vipps_lint.read.fields import Fields
from vipps_lint.report import Report
from vipps_lint.short.run import cores


class Progress(Protocol):
    """Is told how many records have been read so far, and which share of the work is done (0 where nobody knows)."""

    def __call__(self, done: int, /, *, share: float) -> None: ...


HORIZON = 90
"""How many days ahead changes are told of."""


@immutable(frozen=True, slots=True)
class Intake:
    """How recordings are read: what is said of the lines of other logs, who is told how far it is, and in how many
    processes (None: as many as there are processors, where that pays).
    """

    fields: Fields = field(default_factory=Fields)
    progress: Progress = lambda done, share: None
    jobs: int | None = None


def audit(
    paths: Sequence[Path | str],
    catalog: Catalog,
    *,
    as_of: date | None = None,
    intake: Intake | None = None,
    chosen: Chosen = list,
    horizon: int = HORIZON,
) -> Report:
    """Judge the calls that HAR files and JSON Lines record; `-` is the standard input. All files are one history.

    Of a folder, or of a pattern such as `logs/**/*.har`, those files are read that are recordings. The requests of a
    Postman collection are judged, too, each by itself.

    A record is judged on the day that it was made, one without a time on `as_of` (by default, today). `scanned` counts
    every record, whether or not it is a call of Vipps and could be read. `health` has the numbers of the calls.
    """
    intake = intake or Intake()
    setting = Setting(decidable(catalog), as_of or datetime.now(UTC).date(), intake.fields, chosen)
    whole = Whole(paths, setting, horizon)
    report, reading = whole.report, Reading(whole.work, intake.progress)
    with TemporaryDirectory(prefix="vipps-lint-") as folder:
        job = Job(setting, Path(folder), shelves(whole.work), reading.inside)
        with Runner(job, _processes(whole.work, intake.jobs)) as runner:
            accounts = list(reading.watched(runner.map(whole.work)))
            if accounts and accounts[-1].failure:
                report.incomplete = True
                report.notes.append(_no_room(accounts.pop(), Path(folder).parent))
            outcomes = runner.reduce(whole.read(accounts, not report.incomplete))
            for outcome in reading.joined(outcomes, job.shelves):
                whole.take(outcome)
    return whole.finished(catalog)


def schema() -> str:
    """The JSON Schema of a record of JSON Lines, as text."""
    return Path(__file__).with_name("record.schema.json").read_text(encoding="utf-8")


def _processes(work: Sequence[Portion], jobs: int | None) -> int:
    """In how many processes to work: the standard input can only be read in this one."""
    if any(one.source.path == STDIN for one in work):
        return 1
    if jobs is not None:
        return jobs
    return 1 if sum(one.size for one in work) < ALONE else cores()


class Reading:
    """Tells how far a run is. Reading takes about two thirds of the time."""

    PART = 0.65

    def __init__(self, work: Sequence[Portion], progress: Progress) -> None:
        self._sizes = [one.size for one in work]
        self._whole = 0 if 0 in self._sizes else sum(self._sizes)
        self._progress = progress
        self._scanned = 0
        self._done = 0

    def inside(self, count: int) -> None:
        """So many records of the present portion have been read."""
        self._tell(self._scanned + count)

    def watched(self, accounts: Iterable[Account]) -> Iterator[Account]:
        """The accounts; the last is one of a portion whose rows could not be kept, if there is one."""
        for account, size in zip(accounts, self._sizes, strict=False):
            self._scanned += account.scanned
            self._done += size
            self._tell(self._scanned)
            yield account
            if account.failure:
                break

    def joined(self, outcomes: Iterable[Outcome], whole: int) -> Iterator[Outcome]:
        """The outcomes of so many shelves."""
        for index, outcome in enumerate(outcomes, 1):
            self._progress(self._scanned, share=self.PART + (1 - self.PART) * index / whole)
            yield outcome

    def _tell(self, scanned: int) -> None:
        self._progress(scanned, share=self.PART * self._done / self._whole if self._whole else 0)


def _no_room(account: Account, folder: Path) -> Note:
    """What is said of a run that has no more room for what it has read."""
    return Note(
        account.path,
        f"what is read from here on cannot be kept in {folder} ({account.failure}), so this report is not complete and "
        "each call was judged by itself; set TMPDIR to a folder with more room and audit again",
    )


__all__ = ["Intake", "audit", "schema"]
