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
    click.option(
        "--fail-on", type=click.Choice(LEVELS), default="warning", show_default=True, help="What makes the exit code 1."
    ),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True),
    click.option("--config", type=click.Path(dir_okay=False, path_type=Path), help="Read this TOML file's settings."),
    click.option("--no-config", is_flag=True, help="Read no settings."),
    click.option("-q", "--quiet", is_flag=True, help="Print the findings only: no notes, no numbers."),
)


def reporting(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the shared options, as one `Options`."""

    @functools.wraps(command)
    def wrapped(**given: Any) -> int:
        shared = {name: given.pop(name) for name in Options.__dataclass_fields__}
        return command(options=Options(**shared), **given)

    return functools.reduce(lambda found, option: option(found), reversed(SHARED), wrapped)
