"""Amounts that are known to lie between two bounds, in minor units."""

from __future__ import annotations

from math import inf

from vipps_lint.document import ABSENT, Hole, Value, alternatives
from vipps_lint.immutable import immutable


@immutable(frozen=True, slots=True)
class Range:
    """An amount from `low` to `high`, both included."""

    low: float = 0
    high: float = inf

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        """What is left; amounts do not go below nothing."""
        high = inf if inf in (self.high,) else self.high - other.low
        low = 0.0 if other.high == inf else self.low - other.high
        return Range(max(0, low), max(0, high))

    def joined(self, other: Range) -> Range:
        """The smallest range that holds both."""
        return Range(min(self.low, other.low), max(self.high, other.high))


NOTHING = Range(0, 0)
MOST = 2**53
"""More than this is no amount of money, and floats cannot count it."""

ANYTHING = Range()


def exactly(number: float) -> Range:
    """The range of one known amount."""
    return Range(number, number)


def amount(value: Value) -> Range:
    """The range of an amount in a document; what is no number (or absent) may be anything."""
    if type(value) is int and 0 <= value <= MOST:  # most amounts
        return Range(value, value)
    joined: Range | None = None
    for alternative in alternatives(value):
        is_number = isinstance(alternative, int | float) and not isinstance(alternative, bool)
        one = exactly(alternative) if is_number and 0 <= alternative <= MOST else ANYTHING  # type: ignore[operator,arg-type]
        joined = one if joined is None else joined.joined(one)
    return joined or ANYTHING


def everything_left(value: Value) -> bool | None:
    """Whether a capture without an own amount takes all that is left: null, 0 or no amount; None where it may."""
    answers = {_is_everything(alternative) for alternative in alternatives(value)}
    return answers.pop() if len(answers) == 1 else None


def _is_everything(value: Value) -> bool | None:
    if isinstance(value, Hole):
        return None
    return value in (ABSENT, None, 0) and value is not False
