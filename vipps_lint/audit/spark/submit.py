"""What `spark-submit` runs: a script of its own, because what workers do must have the name of a module."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from vipps_lint.audit.spark import audit
from vipps_lint.catalog import catalog
from vipps_lint.report import Report


def main(arguments: Sequence[str] | None = None) -> int:
    """What `spark-submit` runs: the exit code is 1 where something of severity `warning` or above was found."""
    wanted = parser().parse_args(arguments)

    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("vipps-lint").getOrCreate()
    audited = audit(spark, wanted.paths, as_of=wanted.as_of)
    if wanted.findings:
        audited.findings.write.mode("overwrite").parquet(wanted.findings)
    _write(audited.report, wanted)
    return 1 if any(one.severity.rank for one in audited.report.diagnostics) else 0


def parser() -> argparse.ArgumentParser:
    """The words that the script understands."""
    parser = argparse.ArgumentParser(description="Audits recorded calls of Vipps MobilePay on Apache Spark.")
    parser.add_argument("paths", nargs="+", help="recordings, folders, or patterns that every worker can read")
    parser.add_argument("--findings", help="write the table of all findings here, as Parquet")
    parser.add_argument("--html", type=Path, help="write the health report, one page, here")
    parser.add_argument("--json", type=Path, help="write the JSON report here")
    parser.add_argument("--as-of", type=date.fromisoformat, help="the day of records without a time (today)")
    return parser


def _write(report: Report, wanted: argparse.Namespace) -> None:
    from vipps_lint.output import say, write_file
    from vipps_lint.report.render import pieces

    if wanted.json:
        write_file(pieces(report, "json"), wanted.json)
    if wanted.html:
        from vipps_lint.report.html import page

        write_file(page(report, catalog(), wanted.as_of or datetime.now(UTC).date()), wanted.html)
    say(pieces(report, "text"))


if __name__ == "__main__":
    sys.exit(main())
