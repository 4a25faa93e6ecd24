"""What the command `audit` makes of the numbers of calls, beside its findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from vipps_lint.call import Place
from vipps_lint.catalog import Catalog
from vipps_lint.cli.options import Health, Options
from vipps_lint.cli.reports import WORSE, emit
from vipps_lint.immutable import immutable
from vipps_lint.report import Report

Written = TypeVar("Written")


def check(paths: Sequence[Path], wanted: Health, options: Options) -> None:
    """Say at once what could not be done in the end. Raises `UsageError`."""
    if wanted.follow is not None and paths:
        raise click.UsageError("--follow reads one file that grows; audit others without it.")
    if wanted.follow is None and not paths:
        raise click.UsageError("Missing argument 'FILES...': name the HAR or JSON Lines files to audit.")
    for option, path in (("--html", wanted.html), ("--prometheus", wanted.prometheus)):
        if path is not None and not path.absolute().parent.is_dir():
            raise click.UsageError(f"{option}: there is no folder {path.parent}; make it first.")
    if options.fail_on == WORSE and wanted.compare is None:
        raise click.UsageError("--fail-on worse: worse than what? Name an earlier JSON report with --compare.")


@immutable(frozen=True)
class Other:
    """What other runs have written, where it is asked for: an earlier audit, and where the source makes the calls.

    It is read first, because this run may overwrite it.
    """

    audit: Mapping[str, Any] | None
    callsites: Mapping[str, tuple[Place, ...]] | None


def other(wanted: Health) -> Other:
    """The reports that options name. Raises `UsageError` for what is none."""
    from vipps_lint.audit import written

    return Other(
        _read("--compare", written.earlier, wanted.compare), _read("--callsites", written.callsites, wanted.callsites)
    )


def _read(option: str, read: Callable[[Path], Written], path: Path | None) -> Written | None:
    from vipps_lint.audit.written import ReportFileError

    try:
        return read(path) if path else None
    except ReportFileError as error:
        raise click.UsageError(f"{option}: {error}.") from None


def complete(report: Report, known: Other) -> None:
    """Put into the report of an audit what is known of other runs."""
    if report.health is None:
        return
    report.health.callsites = known.callsites
    if known.audit is not None:
        from vipps_lint.report.comparison import comparison
        from vipps_lint.report.failures import as_data

        now = {"health": report.health.as_data(), "errors": as_data(report.failures)}
        report.comparison = comparison(known.audit, now)


def write(report: Report, wanted: Health, whole: Catalog, day: date) -> None:
    """Write what is to be written beside the report itself."""
    if wanted.html is not None:
        from vipps_lint.report.html import page

        emit(page(report, whole, day), wanted.html, "--html")
    if wanted.prometheus is not None:
        from vipps_lint.report.prometheus import prometheus

        emit(prometheus(report), wanted.prometheus, "--prometheus")
