"""Reports: written where they belong, and the exit codes that they deserve."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vipps_lint.output import colorful, complain, say, shows, write_file

if TYPE_CHECKING:
    from vipps_lint.cli.options import Options
    from vipps_lint.report import Report
    from vipps_lint.report.text import Screen

CLEAN, FINDINGS, WRONG, NOTHING, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141
LEVELS = ("info", "warning", "error")
WORSE = "worse"
"""What fails instead of a level where an audit is compared with an earlier one."""


def deliver(text: Iterable[str], report: Report, options: Options, looked: bool, missing: str) -> int:
    """Write a report where it belongs; the exit code that it deserves. `missing` says why nothing was looked at."""
    emit(text, options.output)
    code = verdict(report, options.fail_on)
    if code != CLEAN or (looked and not report.unread_files):
        return code
    unread = ", ".join(report.unread_files)
    complain(f"nothing was found, but not all was read: {unread}" if looked else f"nothing was checked: {missing}")
    return NOTHING


def rendered(report: Report, options: Options, *, undecided: bool = False) -> Iterator[str]:
    """The report in the format that is asked for, coloured for where it goes, in pieces."""
    from vipps_lint.report.render import pieces

    screen = screen_of(options, report.face) if options.style == "text" else None
    return pieces(report, options.style, screen=screen, quiet=options.quiet, undecided=undecided)


def screen_of(options: Options, face: str) -> Screen:
    """What text is written to: the terminal as it is now, or a file of ordinary width."""
    from vipps_lint.report.text import BLOCKS, PAPER, Screen

    color = (options.output is None or options.color == "always") and colorful(options.color, sys.stdout)
    if options.output is not None or face != "audit":  # only audits draw, and to ask for the width takes a while
        return Screen(color=color)
    from shutil import get_terminal_size

    columns = get_terminal_size((PAPER.width, 24)).columns
    return Screen(columns, color, shows(BLOCKS, sys.stdout))


def verdict(report: Report, fail_on: str) -> int:
    """The exit code for what was found; a report that breaks off, or a crash of ours, counts more than findings."""
    from vipps_lint.report.kept import crashed
    from vipps_lint.report.summary import summary

    if report.incomplete or crashed(report.diagnostics):
        return WRONG
    if fail_on == WORSE:
        return FINDINGS if report.comparison and report.comparison["worse"] else CLEAN
    found = summary(report).findings.items()
    return FINDINGS if any(number for one, number in found if one.rank >= LEVELS.index(fail_on)) else CLEAN


def emit(text: str | Iterable[str], output: Path | None, option: str = "--output") -> None:
    """Write to a file that an option names, else to standard output."""
    from vipps_lint.config import ConfigError

    if output is None:
        say(text)
        return
    try:
        write_file(text, output)
    except OSError as error:
        raise ConfigError(f"{option}: {output} cannot be written: {error.strerror}") from None
