"""The command line: `check`, `audit`, `rules`, `explain`.

Reports go to standard output, everything else to standard error. Exit codes: 0 nothing to complain about, 1 findings,
2 usage, configuration or internal error, 3 nothing was checked, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vipps_lint import __version__
from vipps_lint.cli.options import EXISTING, Health, Options, Recordings, as_of, health, reporting
from vipps_lint.cli.reports import CLEAN, FINDINGS, INTERRUPTED, PIPE_CLOSED, WORSE, WRONG, deliver, emit, rendered
from vipps_lint.output import PipeClosedError, complain, say

if TYPE_CHECKING:
    from vipps_lint.catalog import Catalog
    from vipps_lint.config import Config
    from vipps_lint.report import Report
    from vipps_lint.short.run import Run

EPILOG = """\b
Exit codes:
  0  nothing found that counts
  1  findings (see --fail-on)
  2  usage, configuration or internal error
  3  nothing was checked"""


class InterruptedRunError(Exception):
    """Somebody pressed Ctrl-C."""


class Commands(click.Group):
    """The commands; an interrupt leaves them as an exception of ours, which click does not answer on its own."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command that is named."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            raise InterruptedRunError from None


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="vipps-lint %(version)s")
def commands() -> None:
    """Find wrong calls of the Vipps MobilePay APIs: in source, and in recorded traffic."""


@commands.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, type=EXISTING)
@click.option("--undecided", is_flag=True, help="List which rules could not be decided for which call, and why.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a report and stop.")
@click.option("--jobs", type=click.IntRange(1, 999), metavar="NUMBER", help="How many processes may read files.")
@click.option("--no-cache", is_flag=True, help="Remember nothing of this run, and use nothing of earlier ones.")
@click.option(
    "--cache-dir", type=click.Path(file_okay=False), help="Where to remember, instead of the user's folder for caches."
)
@as_of("Judge by the rules of this day")
@reporting()
@click.pass_obj
def check(
    run: Run | None, /, paths: tuple[Path, ...], undecided: bool, schema: bool, options: Options, **remembering: Any
) -> int:
    """Check Python source. PATHS are files and folders; the default is the current folder."""
    if schema:
        from vipps_lint.report.json import SCHEMA

        emit(SCHEMA.read_text("utf-8"), options.output)
        return CLEAN
    from vipps_lint.catalog import catalog
    from vipps_lint.check import check_files
    from vipps_lint.check.files import Files
    from vipps_lint.progress import Progress
    from vipps_lint.report.sources import add_sources

    where = paths or (Path(),)
    known = run or begun(where, **remembering)
    whole = catalog(kept=known.cache)
    source = settings_file(where[0], options)
    config = settings(source, options, whole)
    day = config.as_of or today()
    known.keep_settings(str(source or ""), config.exclude)
    progress = Progress(sys.stderr, "files")
    files = Files(known.look(config.exclusion, progress))
    report = check_files(files, config.catalog(whole), day, known.workshop)
    progress.finish()
    unread = {note.path for note in report.notes}
    unwanted = all(config.exclusion(str(path)) for path in where)
    if unwanted and not options.quiet:
        complain("everything that is named is excluded by the settings")
    looked = bool(report.calls) or report.scanned > len(unread) or unwanted
    add_sources(report)
    config.silence(report, whole, day, unread)
    text = "".join(rendered(report, options, undecided=undecided))
    code = deliver((text,), report, options, looked, f"no Python that can be read in {', '.join(map(str, where))}")
    if code in (CLEAN, FINDINGS) and not unwanted:
        known.keep(code, text, files.consulted)
    return code


def begun(paths: tuple[Path, ...], jobs: int | None, no_cache: bool, cache_dir: str | None) -> Run:
    """A run whose words the short way does not understand: its answer is not remembered, what it sees of files is."""
    from vipps_lint.short.request import Request
    from vipps_lint.short.run import Run

    options = {"--jobs": str(jobs or ""), "--cache-dir": cache_dir or "", **({"--no-cache": ""} if no_cache else {})}
    return Run(Request((), [str(path) for path in paths], options))


@commands.command(epilog=EPILOG)
@click.argument("paths", metavar="FILES", nargs=-1, type=Recordings())
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a record and stop.")
@health
@as_of("Judge records without a time by the rules of this day")
@click.option("--jobs", type=click.IntRange(1, 999), metavar="NUMBER", help="How many processes may read and judge.")
@reporting(WORSE)
def audit(paths: tuple[Path, ...], schema: bool, jobs: int | None, wanted: Health, options: Options) -> int:
    """Audit recorded calls: HAR 1.2, JSON Lines (see --schema), access logs in JSON; packed with gzip or zstd, too.

    FILES are files, folders, patterns such as 'logs/**/*.har', and `-` for standard input. Postman collections are
    judged as well.
    """
    from vipps_lint.audit import schema as record_schema
    from vipps_lint.catalog import catalog
    from vipps_lint.cli.health import check, complete, other, write

    if schema:
        emit(record_schema(), options.output)
        return CLEAN
    check(paths, wanted, options)
    others = other(wanted)
    whole = catalog()
    files = (wanted.follow,) if wanted.follow else paths
    config = settings(settings_file(files[0], options), options, whole)
    if wanted.follow:
        from vipps_lint.cli.following import followed, untold

        report = followed(wanted, options, config, whole)
    else:
        report = _audited(paths, jobs, wanted, config, whole)
    complete(report, others)
    write(report, wanted, whole, config.as_of or today())
    text = rendered(untold(report, options) if wanted.follow else report, options)
    looked = report.health is not None and report.health.files > 0
    return deliver(text, report, options, looked, f"no calls of a Vipps API in {', '.join(map(str, files))}")


def _audited(paths: tuple[Path, ...], jobs: int | None, wanted: Health, config: Config, whole: Catalog) -> Report:
    """The audit of recordings that are complete."""
    from vipps_lint.audit import Intake
    from vipps_lint.audit import audit as audit_files
    from vipps_lint.cli.ending import ending_tidily
    from vipps_lint.progress import Progress
    from vipps_lint.read.fields import Fields

    progress = Progress(sys.stderr, "records")
    intake = Intake(Fields(config.fields), progress, jobs)
    known, chosen = config.catalog(whole), config.apply
    with ending_tidily():
        report = audit_files(paths, known, as_of=config.as_of, intake=intake, chosen=chosen, horizon=wanted.horizon)
    progress.finish()
    return report


@commands.command()
@as_of("Show the severities of this day")
@click.option("--operations", is_flag=True, help="List the operations of the APIs instead.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules(as_of: date | None, operations: bool, style: str) -> int:
    """List the rules: how severe each is, who can decide it, and what it says."""
    from vipps_lint.catalog import catalog
    from vipps_lint.report import rules as tables

    found, day = catalog(), as_of or today()
    if operations:
        say(tables.operations_json(found) if style == "json" else tables.operations_text(found))
    else:
        say(tables.rules_json(found, day) if style == "json" else tables.rules_text(found, day))
    return CLEAN


@commands.command()
@click.argument("rule")
@as_of("Say how severe the rule is on this day")
@click.option("--python", is_flag=True, help="Show the examples as Python.")
def explain(rule: str, as_of: date | None, python: bool) -> int:
    """Explain one RULE: why, since when, who says so, with examples."""
    from vipps_lint.catalog import catalog
    from vipps_lint.config import ConfigError, unknown
    from vipps_lint.report.explain import explain as page

    found = catalog()
    if rule not in found.rules:
        raise ConfigError(unknown(rule, found.rules))
    say(page(found.rules[rule], found, as_of or today(), python=python))
    return CLEAN


@commands.command(short_help="Print where the addon of mitmproxy is.")
def mitmproxy() -> int:
    """Print the path of an addon that judges the traffic of programs in any language:
    mitmdump -s "$(vipps-lint mitmproxy)" --set vipps_record=calls.jsonl"""
    from vipps_lint.guard.proxy import ADDON

    say(f"{ADDON}\n")
    return CLEAN


@commands.command(short_help="Print where the audit for Apache Spark is.")
def spark() -> int:
    """Print the path of the audit for Apache Spark: spark-submit "$(vipps-lint spark)" logs/"""
    say(str(Path(__file__).parents[1] / "audit" / "spark" / "submit.py") + "\n")
    return CLEAN


def today() -> date:
    """The day by which source is judged when nobody names one: as Vipps' own clocks, in UTC."""
    return datetime.now(UTC).date()


def settings_file(start: Path, options: Options) -> Path | None:
    """Where the project's settings are: the file that is named, or the nearest one."""
    from vipps_lint import config

    if options.config or options.no_config:
        return options.config
    return config.find(start if start.is_dir() else start.parent)


def settings(source: Path | None, options: Options, whole: Catalog) -> Config:
    """The project's settings as the options change them."""
    from vipps_lint import config

    found = config.read(source, whole.rules) if source else config.Config(frozenset(whole.rules))
    return config.combine(found, whole.rules, options.select, options.ignore, options.as_of)


def main(arguments: Sequence[str] | None = None, run: Run | None = None) -> int:
    """Run the command line; the exit code. Never raises for anything that a user can cause.

    `run` is what the short way has found out; without it no answer is remembered.
    """
    try:
        return int(commands.main(arguments, prog_name="vipps-lint", standalone_mode=False, obj=run) or CLEAN)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, InterruptedRunError, KeyboardInterrupt):
        complain("interrupted")
        return INTERRUPTED
    except PipeClosedError:
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the last line of defence: one sentence, never a traceback
        return failed(error)


def failed(error: Exception) -> int:
    """Say in one sentence what went wrong: the user's files in our own words, a bug of ours with how to report it."""
    from vipps_lint.config import ConfigError
    from vipps_lint.rulefiles import RuleFileError

    if os.environ.get("VIPPS_LINT_DEBUG"):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, ConfigError | RuleFileError):
        complain(str(error))
    elif isinstance(error, OSError):
        complain(f"{error.filename or 'input or output'}: {error.strerror or error}")
    else:
        complain(
            f"internal error: {type(error).__name__}: {error}. This is a bug in vipps-lint, not in your code; "
            "please report it with what `VIPPS_LINT_DEBUG=1` in the environment makes this command print"
        )
    return WRONG
