"""Whether two shares differ by more than chance: Fisher's exact test, so that few calls make no trend."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, lgamma

from vipps_lint.immutable import immutable

FEWEST = 20
"""With fewer calls on one side nothing is said."""

RARE = 0.001
"""How seldom chance alone may make such a difference."""

NOTICED = 1.1
"""By what factor shares must differ to matter: of a million calls the smallest difference is no chance."""


@immutable(frozen=True, slots=True)
class Part:
    """Some calls of so many."""

    count: int
    of: int

    @property
    def share(self) -> float:
        """The part of the whole, from 0 to 1."""
        return self.count / self.of if self.of else 0.0


def differ(before: Part, now: Part, factor: float = NOTICED) -> bool:
    """Whether the share is another one now: enough calls, more than chance, and by so much that it matters."""
    low, high = sorted((before.share, now.share))
    return enough(before, now) and high > low * factor and chance(before, now) < RARE


def enough(before: Part, now: Part) -> bool:
    """Whether there are enough calls to say anything."""
    return min(before.of, now.of) >= FEWEST


def chance(before: Part, now: Part) -> float:
    """How likely a difference of two parts of one and the same is as large as this, in either direction."""
    count, of, whole = now.count, now.of, before.of + now.of
    marked = before.count + now.count
    upwards = count * whole >= marked * of
    return min(1.0, 2 * sum(_tail(count, of, marked, whole, 1 if upwards else -1)))


def _tail(count: int, of: int, marked: int, whole: int, step: int) -> Iterator[float]:
    """The likelihood of exactly this, then of each that is more unlikely: `count` of the `marked` are among `of`."""
    likely = exp(_choices(marked, count) + _choices(whole - marked, of - count) - _choices(whole, of))
    total = 0.0
    while likely > total * 1e-12:
        yield likely
        total += likely
        if step > 0:
            likely *= (marked - count) * (of - count) / ((count + 1) * (whole - marked - of + count + 1))
        else:
            likely *= count * (whole - marked - of + count) / ((marked - count + 1) * (of - count + 1))
        count += step


def _choices(many: int, some: int) -> float:
    """The logarithm of how many ways there are to choose some of many."""
    return lgamma(many + 1) - lgamma(some + 1) - lgamma(many - some + 1)
