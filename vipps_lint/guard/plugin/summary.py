"""What the terminal says at the end: the reports of all tests, in whatever process they ran, added up."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vipps_lint.guard.plugin.settings import as_of, mode_of, sources

if TYPE_CHECKING:
    from vipps_lint.guard.callsites import CallSites
    from vipps_lint.guard.recording import Recorder
    from vipps_lint.guard.tally import Tally

ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
VERSION = 1
"""Of the JSON summary; keys are only added."""


class Summary:
    """Adds up what rides on the reports, in the process that has the terminal.

    Raises `UsageError` where a file that was asked for cannot be read or written.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.tally: Tally | None = None
        self.recorder = _recorder(config)
        self.trails: Counter[str] = Counter()
        self.sources = sources(config)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one phase of one test."""
        load = getattr(report, "vipps_guard", None)
        if load is None:
            return
        self._sums().add(load, report.nodeid)
        self.trails.update(map(json.dumps, load["trails"]))
        if self.recorder:
            self.recorder.add(load["records"])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """Say what was called and what was found; that nothing was called too, where the guard was asked for."""
        ran = exitstatus in ENDED and not self.config.option.collectonly
        asked = ran and mode_of(self.config) is not None
        if asked or (self.tally and self.tally.calls):
            terminalreporter.write_sep("=", "vipps-guard")
            for line in self._lines(terminalreporter):
                terminalreporter.write_line(line)

    def _lines(self, terminal: pytest.TerminalReporter) -> Iterator[str]:
        sums, width = self._sums(), terminal._tw.fullwidth
        document = sums.document()
        yield from sums.lines(width)
        if self.sources:
            try:
                sites = self._sites()
            except pytest.UsageError as error:
                yield str(error)
            else:
                document |= sites.document()
                yield from sites.lines(width, self.config.option.verbose > 0)
        if self.recorder:
            yield self.recorder.close()
        if path := self.config.getoption("vipps_summary"):
            yield _written(Path(path), document)

    def _sites(self) -> CallSites:
        """The call sites, with the calls of all tests."""
        from vipps_lint.guard.plugin.callsites import load

        sites, files = load(self.sources, self.config.rootpath, as_of(self.config))
        for trail, number in self.trails.items():
            sites.add(json.loads(trail), files.that_ran, number)
        return sites

    def _sums(self) -> Tally:
        from vipps_lint.guard.tally import Tally

        self.tally = self.tally or Tally(f"{self.config.rootpath}{os.sep}")
        return self.tally


def _recorder(config: pytest.Config) -> Recorder | None:
    path = config.getoption("vipps_record")
    if path is None:
        return None
    from vipps_lint.guard.recording import Recorder

    try:
        return Recorder(path)
    except OSError as error:
        raise pytest.UsageError(f"--vipps-record: {path} cannot be written: {error.strerror or error}") from None


def _written(path: Path, document: dict[str, Any]) -> str:
    """Write the summary as JSON; gives the line that says so."""
    try:
        path.write_text(json.dumps({"version": VERSION, **document}, indent=2) + "\n", "ascii")
    except OSError as error:
        return f"--vipps-summary: {path} cannot be written: {error.strerror or error}"
    return f"the summary is in {path}"
