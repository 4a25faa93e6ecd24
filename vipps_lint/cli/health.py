"""What the command `audit` makes of the numbers of calls, beside its findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from vipps_lint.cli.options import Health, Options
from vipps_lint.cli.reports import WORSE
from vipps_lint.report import Report


def check(wanted: Health, options: Options) -> None:
    """Say at once what could not be done in the end. Raises `UsageError`."""
    if wanted.html is not None and not wanted.html.absolute().parent.is_dir():
        raise click.UsageError(f"--html: there is no folder {wanted.html.parent}; make it first.")
    if options.fail_on == WORSE and wanted.compare is None:
        raise click.UsageError("--fail-on worse: worse than what? Name an earlier JSON report with --compare.")


def earlier(wanted: Health) -> Mapping[str, Any] | None:
    """The audit that this one is compared with; it is read first, because it may be overwritten by this one."""
    from vipps_lint.audit import written

    if wanted.compare is None:
        return None
    try:
        return written.earlier(wanted.compare)
    except written.ReportFileError as error:
        raise click.UsageError(f"--compare: {error}.") from None


def complete(report: Report, wanted: Health, before: Mapping[str, Any] | None) -> None:
    """Put into the report what is known of other runs."""
    if before is not None and report.health is not None:
        from vipps_lint.report.comparison import comparison
        from vipps_lint.report.failures import as_data

        now = {"health": report.health.as_data(), "errors": as_data(report.failures)}
        report.comparison = comparison(before, now)
