"""A report in the format that is asked for; only the code of that format is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vipps_lint.report import Report
from vipps_lint.report.mask import concealed

if TYPE_CHECKING:
    from vipps_lint.report.text import Screen


def render(
    report: Report, style: str, *, screen: Screen | None = None, quiet: bool = False, undecided: bool = False
) -> str:
    """The report as text to write; the options are for people, programs always get everything."""
    return "".join(pieces(report, style, screen=screen, quiet=quiet, undecided=undecided))


def pieces(
    report: Report, style: str, *, screen: Screen | None = None, quiet: bool = False, undecided: bool = False
) -> Iterator[str]:
    """The text that `render` makes, in pieces: of millions of findings few are in memory."""
    report = concealed(report) if report.secrets else report
    match style:
        case "json":
            from vipps_lint.report.json import json_text

            yield from json_text(report)
        case "github":
            from vipps_lint.report.github import github

            yield github(report)
        case "markdown":
            from vipps_lint.report.markdown import markdown

            yield markdown(report)
        case _:
            from vipps_lint.report.text import PAPER, text

            yield text(report, screen=screen or PAPER, quiet=quiet, undecided=undecided)
