"""What users ask of the plugin: options, ini settings and markers, checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vipps_lint.immutable import immutable

MODES = ("fail", "raise", "warn", "collect", "log")
OFF = "off"
HISTORIES = ("test", "session")
MARKER = (
    "vipps_guard(mode=..., ignore=[...], as_of=...): how the guard watches this test, rules that it does not judge "
    "here, and the day (a date or YYYY-MM-DD) that it judges by"
)


def add_options(parser: pytest.Parser) -> None:
    """The options and the ini settings."""
    group = parser.getgroup("vipps-lint", "watch calls of the Vipps MobilePay APIs")
    group.addoption(
        "--vipps-guard",
        metavar="MODE",
        nargs="?",
        const="fail",
        default=None,
        help="run every test under vipps_lint.Guard; fail (the default): a test with a wrong call fails; "
        "raise: the call raises; warn: it warns; log: it is logged; collect: count only; off. "
        "Before a path write --vipps-guard=fail",
    )
    group.addoption("--vipps-as-of", metavar="DATE", help="judge the calls as of this day (YYYY-MM-DD), not of today")
    group.addoption(
        "--vipps-record", metavar="FILE", help="write the calls, masked, as JSON Lines that `vipps-lint audit` reads"
    )
    group.addoption(
        "--vipps-history",
        metavar="SCOPE",
        choices=HISTORIES,
        default="test",
        help="test (the default): payments and agreements of one test are not those of another; "
        "session: the tests of a process go on where the one before ended",
    )
    group.addoption(
        "--vipps-obligations",
        metavar="PATH",
        action="append",
        help="say at the end which call sites of PATH (Python files or folders, or the JSON report of "
        "`vipps-lint check`) the tests called, and which rules that decided; may be given more than once",
    )
    group.addoption("--vipps-summary", metavar="FILE", help="write the summary of the calls as JSON, too")
    parser.addini("vipps_obligations", "paths for --vipps-obligations where the option is not given", "paths", [])
    parser.addini("vipps_guard", "the mode of --vipps-guard where the option is not given", default="")


@immutable(frozen=True)
class Settings:
    """How one test is watched."""

    mode: str
    ignore: tuple[str, ...]
    as_of: date | str | None


def settings_of(item: pytest.Item) -> Settings | None:
    """How an item is watched; None for not at all. Raises `UsageError` for a marker with a mistake."""
    markers = list(item.iter_markers("vipps_guard"))
    for marker in markers:
        if marker.args or not set(marker.kwargs) <= {"mode", "ignore", "as_of"}:
            raise pytest.UsageError(
                f"{item.nodeid}: the marker vipps_guard takes only mode=..., ignore=[...] and as_of=..."
            )
    mode = _nearest(markers, "mode", mode_of(item.config))
    if mode is None or _valid(mode, f"{item.nodeid}: marker vipps_guard") == OFF:
        return None
    names = [_names(marker.kwargs.get("ignore", ())) for marker in markers]
    found = Settings(mode, tuple(name for listed in names for name in listed), _nearest(markers, "as_of", None))
    if found.ignore or found.as_of is not None:
        _check(item, found)
    return found


def mode_of(config: pytest.Config) -> str | None:
    """The mode of the run; None where nobody asks for the guard."""
    option = config.getoption("vipps_guard")
    mode = option if option is not None else config.getini("vipps_guard")
    where = "--vipps-guard" if option is not None else "ini vipps_guard"
    if not mode and (config.getoption("vipps_record") or config.getoption("vipps_summary") or traced(config)):
        mode = "collect"
    return None if not mode or _valid(mode, where) == OFF else mode


def sources(config: pytest.Config) -> list[Path]:
    """The paths whose call sites the summary is about. Raises `UsageError` for one that is not there."""
    given = config.getoption("vipps_obligations")
    where = "--vipps-obligations" if given else "ini vipps_obligations"
    paths = [config.invocation_params.dir / one for one in given or ()] or list(config.getini("vipps_obligations"))
    for path in paths:
        if not path.exists():
            raise pytest.UsageError(f"{where}: there is no {path}")
    return paths


def traced(config: pytest.Config) -> bool:
    """Whether somebody wants to know which lines the calls passed."""
    return bool(config.getoption("vipps_obligations") or config.getini("vipps_obligations"))


def as_of(config: pytest.Config) -> date | None:
    """The day of the run; None for today."""
    text = config.getoption("vipps_as_of")
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise pytest.UsageError(f"--vipps-as-of: `{text}` is no day; write it as 2022-04-15") from None


def _nearest(markers: list[pytest.Mark], name: str, otherwise: Any) -> Any:
    return next((marker.kwargs[name] for marker in markers if name in marker.kwargs), otherwise)


def _names(ignore: Any) -> tuple[str, ...]:
    return (ignore,) if isinstance(ignore, str) else tuple(ignore)


def _check(item: pytest.Item, found: Settings) -> None:
    from vipps_lint.guard.guard import Guard

    try:
        Guard("collect", ignore=found.ignore, as_of=found.as_of)
    except ValueError as error:
        raise pytest.UsageError(f"{item.nodeid}: marker vipps_guard: {error}") from None


def _valid(mode: object, where: str) -> str:
    if mode in (*MODES, OFF):
        return str(mode)
    hint = "; before a path write `--vipps-guard=fail`" if where == "--vipps-guard" else ""
    raise pytest.UsageError(f"{where}: `{mode}` is no mode; there are {', '.join((*MODES, OFF))}{hint}")
