"""The auditor: recorded calls, judged in the order of time, each as of its own day. Says which of them were wrong."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from vipps_lint.audit.accounts import notes, recording, repeated, undated
from vipps_lint.audit.files import STDIN, Source, sources
from vipps_lint.audit.formats import is_recording
from vipps_lint.audit.mapping import Account, Chosen, Setting, decidable
from vipps_lint.audit.portions import Portion, laid_out
from vipps_lint.audit.reducing import Outcome
from vipps_lint.audit.running import ALONE, Job, Runner, shelves
from vipps_lint.catalog import Catalog
from vipps_lint.diagnostic import Note
from vipps_lint.immutable import immutable
from vipps_lint.read.fields import Fields
from vipps_lint.report import Report
from vipps_lint.report.ahead import ahead
from vipps_lint.report.health import Health
from vipps_lint.report.summary import reading_order


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
    today = as_of or datetime.now(UTC).date()
    health = Health(horizon=horizon)
    report = Report("audit", health=health)
    found = list(sources(paths))
    work = laid_out(one for one in found if isinstance(one, Source) and _is_wanted(one, intake.fields))
    reading = Reading(report, work, intake.progress)
    setting = Setting(decidable(catalog), today, intake.fields, chosen)
    health.rules = tuple(sorted(setting.rules.rules))
    with TemporaryDirectory(prefix="vipps-lint-") as folder:
        job = Job(setting, Path(folder), shelves(work), reading.inside)
        with Runner(job, _processes(work, intake.jobs)) as runner:
            accounts = list(reading.watched(runner.map(work)))
            if accounts and accounts[-1].failure:
                report.incomplete = True
                report.notes.append(_no_room(accounts.pop(), Path(folder).parent))
            report.notes += [*_in_order(found, notes(accounts)), *undated(accounts, today)]
            health.files = len({one.path for one in accounts if one.calls})
            outcomes = runner.reduce(recording(accounts, whole=not report.incomplete))
            _take(reading.joined(outcomes, job.shelves), report)
    report.notes += intake.fields.notes()
    health.ahead = ahead(catalog, health.ids.values(), today, horizon)
    return report


def schema() -> str:
    """The JSON Schema of a record of JSON Lines, as text."""
    return Path(__file__).with_name("record.schema.json").read_text(encoding="utf-8")


def _is_wanted(source: Source, fields: Fields) -> bool:
    """Whether a file is read: one that was named is, whatever it is."""
    return source.named or is_recording(source, fields)


def _in_order(found: Iterable[Source | Note], said: Iterable[Note]) -> Iterator[Note]:
    """What is said of the files, in their order."""
    by_file: dict[str, list[Note]] = {}
    for note in said:
        by_file.setdefault(note.path, []).append(note)
    for one in found:
        yield from (one,) if isinstance(one, Note) else by_file.pop(one.path, ())


def _processes(work: Sequence[Portion], jobs: int | None) -> int:
    """In how many processes to work: the standard input can only be read in this one."""
    if any(one.source.path == STDIN for one in work):
        return 1
    if jobs is not None:
        return jobs
    return 1 if sum(one.size for one in work) < ALONE else len(os.sched_getaffinity(0))


class Reading:
    """Counts the records of a run, and tells how far it is. Reading takes about two thirds of the time."""

    PART = 0.65

    def __init__(self, report: Report, work: Sequence[Portion], progress: Progress) -> None:
        self._report = report
        self._sizes = [one.size for one in work]
        self._whole = 0 if 0 in self._sizes else sum(self._sizes)
        self._progress = progress
        self._done = 0

    def inside(self, count: int) -> None:
        """So many records of the present portion have been read."""
        self._tell(self._report.scanned + count)

    def watched(self, accounts: Iterable[Account]) -> Iterator[Account]:
        """The accounts; the last is one of a portion whose rows could not be kept, if there is one."""
        for account, size in zip(accounts, self._sizes, strict=False):
            self._report.scanned += account.scanned
            self._report.unread += account.scanned - account.read
            self._done += size
            self._tell(self._report.scanned)
            yield account
            if account.failure:
                break

    def joined(self, outcomes: Iterable[Outcome], whole: int) -> Iterator[Outcome]:
        """The outcomes of so many shelves."""
        for index, outcome in enumerate(outcomes, 1):
            self._progress(self._report.scanned, share=self.PART + (1 - self.PART) * index / whole)
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


def _take(outcomes: Iterable[Outcome], report: Report) -> None:
    """Add up what the shelves tell."""
    twice: dict[str, tuple[int, int]] = {}
    health = report.health or Health()
    for outcome in outcomes:
        report.diagnostics += outcome.diagnostics
        report.failures.update(outcome.failures)
        report.notes += outcome.notes
        health.add(outcome.health)
        for path, (first, count) in outcome.twice.items():
            known = twice.get(path, (first, 0))
            twice[path] = min(first, known[0]), count + known[1]
    report.diagnostics = reading_order(report.diagnostics)
    report.notes += repeated(twice)


__all__ = ["Intake", "audit", "schema"]
