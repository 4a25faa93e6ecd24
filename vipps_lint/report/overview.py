"""The health of recorded calls in a few lines of a terminal.

For each operation: how many calls, how many of them failed, and a sparkline of the calls a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vipps_lint.report.days import Span, placed, spans
from vipps_lint.report.frame import visible, width
from vipps_lint.report.health import CLASSES, FAILED
from vipps_lint.report.numbers import counted, grouped, share
from vipps_lint.report.text import Screen

MOST = 20
"""How many operations are listed; the page and the JSON report have all."""

NARROWEST, WIDEST, NAME = 12, 62, 16
"""How many columns a sparkline takes at least, where there is room, and at most; how many a name at least."""

GAP = "  "
Paint = Callable[[str, str], str]


def overview(health: Mapping[str, Any], screen: Screen, paint: Paint) -> Iterator[str]:
    """The lines, none wider than the screen if that has 40 columns; `health` is as the JSON report has it.

    The highest sign of a sparkline is the most calls that the operation had on a day, and a day with a failed call is
    painted.
    """
    shown, more = health["operations"][:MOST], health["operations"][MOST:]
    rows = [(visible(one["operation"]), grouped(one["calls"]), share(one["failed"], one["calls"])) for one in shown]
    if not rows:
        return
    heads = ("operation", "calls", "failed")
    longest, *numbers = (max(width(row[index]) for row in (heads, *rows)) for index in range(3))
    room = screen.width - sum(numbers) - 3 * len(GAP)
    covered = spans(health["first_day"], health["last_day"], _most_signs(room, longest))
    columns = [min(longest, max(NAME, room - len(covered))), *numbers]
    yield paint("frame", f"{_cells(heads, columns, screen)}{GAP}{_period(covered, room - columns[0])}".rstrip())
    for one, row in zip(shown, rows, strict=True):
        drawn = "".join(_sparkline(one["days"], covered, screen.scale, paint))
        yield f"{_cells(row, columns, screen)}{GAP}{drawn}".rstrip()
    if more:
        yield f"… and {counted(len(more), 'more operation')}"


def _most_signs(room: int, longest: int) -> int:
    """How long a sparkline may be: what the operations leave, but not too short to tell anything."""
    return max(1, min(WIDEST, max(room - longest, NARROWEST), room - NAME))


def _period(covered: list[Span], room: int) -> str:
    """The days from the first to the last, as exactly as there is room."""
    if not covered:
        return ""
    first, last = covered[0].first, covered[-1].last
    whole = f"{first} to {last}" if first != last else f"{first}"
    step = f", {covered[0].days} days each" if covered[0].days > 1 else ""
    return next((text for text in (f"{whole}{step}", whole, f"{first}") if len(text) <= room), "")


def _cells(row: tuple[str, str, str], columns: list[int], screen: Screen) -> str:
    name, *numbers = row
    fitting = _shortened(name, columns[0], "…" if screen.blocks else "..")
    padded = (one.rjust(room) for one, room in zip(numbers, columns[1:], strict=True))
    return GAP.join([fitting + " " * (columns[0] - width(fitting)), *padded])


def _shortened(name: str, room: int, mark: str) -> str:
    """A name that fits: the end of a route tells most, so its beginning is left out; the method stays."""
    if width(name) <= room:
        return name
    method, _, route = name.partition(" ")
    head = f"{method} {mark}" if route and width(method) < room // 2 else mark
    route = route or name
    while route and width(head + route) > room:
        route = route[1:]
    return head + route


def _sparkline(days: list[Mapping[str, Any]], covered: list[Span], scale: str, paint: Paint) -> Iterator[str]:
    """A sign for each span: nothing where there was no call, the highest where there were most."""
    calls, failed = Counter[int](), Counter[int]()
    for index, one in placed(days, covered):
        calls[index] += sum(one.get(kind, 0) for kind in CLASSES)
        failed[index] += sum(one.get(kind, 0) for kind in FAILED)
    highest = max(calls.values(), default=0)
    for index in range(len(covered)):
        sign = scale[-(-calls[index] * len(scale) // highest) - 1] if calls[index] else " "
        yield paint("error", sign) if failed[index] else sign
