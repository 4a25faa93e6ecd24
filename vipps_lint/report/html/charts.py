"""Bars of days as rectangles: what is drawn, not how it looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vipps_lint.immutable import immutable
from vipps_lint.report.days import Span, placed
from vipps_lint.report.health import CLASSES

MOST = 92
"""How many bars a chart has at most; a longer log has more than one day in each."""

WIDTH, HEIGHT = 920, 100
"""The size of a chart; a page may stretch it either way."""

GAP = 2
WIDEST = 40


@immutable(frozen=True, slots=True)
class Piece:
    """A rectangle: the calls of one bar that were answered alike."""

    kind: str
    count: int
    y: float
    height: float


@immutable(frozen=True, slots=True)
class Bar:
    """All calls of some days; `x` and `width` are those of its pieces."""

    name: str
    x: float
    width: float
    counts: Mapping[str, int]
    pieces: tuple[Piece, ...]

    @property
    def total(self) -> int:
        """How many calls it stands for."""
        return sum(self.counts.values())


@immutable(frozen=True, slots=True)
class Chart:
    """The bars that are there, the highest of them in calls, the days at both ends, and how many days a bar has."""

    bars: tuple[Bar, ...]
    highest: int
    first: str
    last: str
    days: int
    kinds: tuple[str, ...]
    size: tuple[int, int] = (WIDTH, HEIGHT)


def bars(days: Iterable[Mapping[str, Any]], covered: list[Span]) -> Chart | None:
    """The chart of an operation's days; none where no call has a time."""
    counts = _counts(days, covered)
    if not counts:
        return None
    highest = max(one.total() for one in counts.values())
    room = WIDTH / len(covered)
    width = min(WIDEST, max(1.0, room - GAP))
    drawn = tuple(
        Bar(
            covered[index].name,
            round(index * room + (room - width) / 2, 2),
            round(width, 2),
            one,
            (*_stack(one, highest),),
        )
        for index, one in sorted(counts.items())
    )
    seen = tuple(kind for kind in CLASSES if any(one[kind] for one in counts.values()))
    return Chart(drawn, highest, f"{covered[0].first}", f"{covered[-1].last}", covered[0].days, seen)


def _counts(days: Iterable[Mapping[str, Any]], covered: list[Span]) -> dict[int, Counter[str]]:
    """The calls of each bar that has any."""
    counts: dict[int, Counter[str]] = {}
    for index, one in placed(days, covered):
        counts.setdefault(index, Counter()).update({kind: one.get(kind, 0) for kind in CLASSES})
    return counts


def _stack(counts: Mapping[str, int], highest: int) -> Iterator[Piece]:
    """The pieces of a bar, from the bottom up."""
    below = 0
    for kind in CLASSES:
        if number := counts.get(kind, 0):
            below += number
            yield Piece(kind, number, round(HEIGHT - below * HEIGHT / highest, 2), round(number * HEIGHT / highest, 2))
