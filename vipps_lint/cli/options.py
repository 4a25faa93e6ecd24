"""The options that several commands have."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, datetime
from glob import has_magic
from pathlib import Path
from typing import Any, TypeVar

import click

from vipps_lint.cli.reports import LEVELS
from vipps_lint.immutable import immutable

Command = TypeVar("Command", bound=Callable[..., Any])
STYLES = ["text", "json", "github", "markdown"]
EXISTING = click.Path(exists=True, path_type=Path)


class Recordings(click.Path):
    """A file or folder that exists, a pattern that may stand for some, or `-`."""

    def __init__(self) -> None:
        super().__init__(exists=True, allow_dash=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a pattern as it is written, for shells that do not fill it in."""
        return Path(value) if has_magic(str(value)) else super().convert(value, param, ctx)


def day(text: str) -> date:
    """The day that is written."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter(f"`{text}`: no such day; write YYYY-MM-DD") from None


def days(text: str) -> int:
    """The number of days that is written."""
    number = text.removesuffix("d")
    if not (number.isascii() and number.isdigit() and len(number) <= 5):
        raise click.BadParameter(f"`{text}`: no number of days; write 90d")
    return int(number)


def as_of(words: str) -> Callable[[Command], Command]:
    """The option that names the day."""
    return click.option("--as-of", type=day, metavar="DATE", help=f"{words} (YYYY-MM-DD).")


@immutable(frozen=True)
class Options:
    """What the commands that report findings have in common."""

    as_of: date | None
    style: str
    output: Path | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: str
    color: str
    config: Path | None
    no_config: bool
    quiet: bool


SHARED = (
    click.option("--format", "style", type=click.Choice(STYLES), default="text", show_default=True),
    click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to this file."),
    click.option("--select", multiple=True, metavar="RULE", help="Only these rules; comma lists and `charge-*` work."),
    click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules."),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True),
    click.option("--config", type=click.Path(dir_okay=False, path_type=Path), help="Read this TOML file's settings."),
    click.option("--no-config", is_flag=True, help="Read no settings."),
    click.option("-q", "--quiet", is_flag=True, help="Print the findings only: no notes, no numbers."),
)


def reporting(*more: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command the shared options, as one `Options`; `more` is what else may make it fail."""
    fail_on = click.option(
        "--fail-on",
        type=click.Choice([*LEVELS, *more]),
        default="warning",
        show_default=True,
        help="What makes the exit code 1.",
    )

    def given(command: Callable[..., int]) -> Callable[..., int]:
        return _gathered(command, "options", Options, (*SHARED, fail_on))

    return given


def _gathered(
    command: Callable[..., int], name: str, kind: type[Any], options: tuple[Callable[..., Any], ...]
) -> Callable[..., int]:
    """The command with some options, which it gets as one value."""

    @functools.wraps(command)
    def wrapped(**given: Any) -> int:
        gathered = kind(**{field: given.pop(field) for field in kind.__dataclass_fields__})
        return command(**{name: gathered}, **given)

    return functools.reduce(lambda found, option: option(found), reversed(options), wrapped)


WRITTEN = click.Path(dir_okay=False, path_type=Path)


@immutable(frozen=True)
class Health:
    """What the auditor makes beside its findings, and of what."""

    html: Path | None
    horizon: int
    compare: Path | None
    callsites: Path | None
    prometheus: Path | None
    follow: Path | None
    interval: int


HEALTH = (
    click.option("--html", type=WRITTEN, help="Write a health report, one page, here."),
    click.option(
        "--horizon",
        type=days,
        default="90d",
        show_default=True,
        metavar="DAYS",
        help="How far ahead changes are told of.",
    ),
    click.option("--compare", type=WRITTEN, metavar="OLD.json", help="Say what has changed since this JSON report."),
    click.option(
        "--callsites",
        type=WRITTEN,
        metavar="CHECK.json",
        help="Say where the source makes the calls, by this report of check.",
    ),
    click.option("--prometheus", type=WRITTEN, help="Write the numbers here, as Prometheus reads them."),
    click.option("--follow", type=WRITTEN, metavar="FILE", help="Judge JSON Lines as they are written, until Ctrl-C."),
    click.option(
        "--interval",
        type=click.IntRange(1, 86_400),
        default=15,
        show_default=True,
        metavar="SECONDS",
        help="With --follow, how often the file of --prometheus is written.",
    ),
)


def health(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of the health report, as one `Health`."""
    return _gathered(command, "wanted", Health, HEALTH)
