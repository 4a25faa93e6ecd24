"""A whole audit, wherever its halves are worked on: the files that are read, and the report that they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from vipps_lint.audit.accounts import notes, recording, repeated, undated
from vipps_lint.audit.files import Source, sources
from vipps_lint.audit.formats import is_recording
from vipps_lint.audit.mapping import Account, Setting
from vipps_lint.audit.portions import laid_out
from vipps_lint.audit.reducing import Outcome, Recording
from vipps_lint.catalog import Catalog
from vipps_lint.diagnostic import Note
from vipps_lint.report import Report
from vipps_lint.report.ahead import ahead
from vipps_lint.report.health import Health
from vipps_lint.report.kept import Kept

FEW = 10_000
"""How many findings a report may have as a list."""

NO_ROOM = "not all findings can be kept, so this report is not complete: there is no room for more"
CURE = "set TMPDIR to a folder with more room and audit again"


class Whole:
    """The report of some files, in the making. `work` are the portions that are to be read."""

    def __init__(self, paths: Sequence[Path | str], setting: Setting, horizon: int) -> None:
        self._setting = setting
        self._found = list(sources(paths))
        self._health = Health(horizon=horizon, rules=tuple(sorted(setting.rules.rules)))
        self._total = Outcome(health=self._health)
        self._kept = Kept()
        self.report = Report("audit", health=self._health)
        self.work = laid_out(one for one in self._found if isinstance(one, Source) and self._is_wanted(one))

    def _is_wanted(self, source: Source) -> bool:
        """Whether a file is read: one that was named is, whatever it is."""
        return source.named or is_recording(source, self._setting.fields)

    def read(self, accounts: Sequence[Account], whole: bool = True) -> Recording:
        """Take in what the portions tell beside their rows; what all of them tell together."""
        self.report.scanned = sum(one.scanned for one in accounts)
        self.report.unread = sum(one.scanned - one.read for one in accounts)
        self.report.notes += [*self._in_order(notes(accounts)), *undated(accounts, self._setting.today)]
        self._health.files = len({one.path for one in accounts if one.calls})
        for one in accounts:
            self._setting.fields.join(one.fields)
        return recording(accounts, whole)

    def _in_order(self, said: Iterable[Note]) -> Iterator[Note]:
        """What is said of the files, in their order."""
        by_file: dict[str, list[Note]] = {}
        for note in said:
            by_file.setdefault(note.path, []).append(note)
        for one in self._found:
            yield from (one,) if isinstance(one, Note) else by_file.pop(one.path, ())

    def take(self, outcome: Outcome) -> None:
        """Take in what a shelf tells."""
        found, outcome.diagnostics = outcome.diagnostics, []
        self._total.add(outcome)
        try:
            self._kept.add(found)
        except OSError as error:
            if not self.report.incomplete:
                self.report.notes.append(Note("", f"{NO_ROOM} ({error.strerror or error}); {CURE}"))
            self.report.incomplete = True

    def finished(self, catalog: Catalog) -> Report:
        """The report, when all shelves have been taken in; the changes ahead are those of all rules."""
        self.report.diagnostics = [*self._kept] if len(self._kept) <= FEW else self._kept
        self.report.failures = self._total.failures
        self.report.notes += [*self._total.notes, *repeated(self._total.twice), *self._setting.fields.notes()]
        self._health.ahead = ahead(catalog, self._health.ids.values(), self._setting.today, self._health.horizon)
        return self.report
