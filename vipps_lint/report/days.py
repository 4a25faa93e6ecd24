"""Days in equal pieces: as many as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from vipps_lint.immutable import immutable


@immutable(frozen=True, slots=True)
class Span:
    """Some days, the first and the last included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def name(self) -> str:
        """The day, or the first and the last."""
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


def spans(first: str | None, last: str | None, most: int) -> list[Span]:
    """The days from the first to the last in at most so many spans, as few days to each as possible."""
    if first is None or last is None:
        return []
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    step = -(-((end - start).days + 1) // most)
    starts = (start + timedelta(days=number) for number in range(0, (end - start).days + 1, step))
    return [Span(one, min(end, one + timedelta(days=step - 1))) for one in starts]


def placed(days: Iterable[Mapping[str, Any]], covered: list[Span]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Each of some days that is known, after the number of the span that it is in."""
    for one in days:
        if one["day"] is not None:
            yield (date.fromisoformat(one["day"]) - covered[0].first).days // covered[0].days, one
