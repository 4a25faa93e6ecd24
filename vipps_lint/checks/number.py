"""Amounts in minor units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from vipps_lint.call import Call, pointer
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence, judged
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import (
    ABSENT,
    MAYBE,
    NO,
    YES,
    Pointer,
    Truth,
    Value,
    alternatives,
    ask,
    certain,
    closed,
    equal,
    is_a,
    present,
    quoted,
)
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger


@immutable(frozen=True)
class WholeNumber:
    """A JSON integer: `100.0`, `1e2`, `"100"` and `true` are none. `null` is allowed where it has a meaning."""

    null: bool = False
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        value = call[at]
        answer = ask(value, self._is_wrong)
        return judged(answer, at, lambda: Violation(at, {"value": quoted(value)}, _whole(value)))

    def _is_wrong(self, value: Value) -> Truth:
        allowed = is_a(value, "null") if self.null else NO
        return present(value) & ~is_a(value, "integer") & ~allowed


def _whole(value: Value) -> str | None:
    """The integer that is meant, where the value can mean only one: `499.0` may well be kroner."""
    if isinstance(value, str):
        return value if re.fullmatch(r"[1-9][0-9]{0,14}", value) else None
    if not isinstance(value, float) or value.is_integer() or not abs(value) < 10**15:
        return None
    return str(round(value)) if abs(value - round(value)) < 0.001 else None


@immutable(frozen=True)
class Minimum:
    """The least amount for each currency; `currency` is where the call says it, `assumed` what holds if it does not.

    `zero` allows 0, where it means "all that is left". What is no integer is another rule's.
    """

    minimum: Mapping[str, int]
    currency: str | None = None
    assumed: str = "NOK"
    zero: bool = False
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"minimum"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        limits = _limits(call, self.minimum, self.currency, self.assumed)
        allowed = equal(call[at], 0) if self.zero else NO
        if limits and below(call[at], min(limits)) is YES and allowed is NO:
            yield Violation(at, {"minimum": min(limits)})
        elif allowed is not YES and below(call[at], max(self.minimum.values())) is not NO:
            yield from _open(at, self.currency)


@immutable(frozen=True)
class Maximum:
    """The largest amount for each currency, as `Minimum` has the least."""

    maximum: Mapping[str, int]
    currency: str | None = None
    assumed: str = "NOK"
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"maximum"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        limits = _limits(call, self.maximum, self.currency, self.assumed)
        if limits and below(call[at], max(limits) + 1) is NO and is_a(call[at], "integer") is YES:
            yield Violation(at, {"maximum": max(limits)})
        elif below(call[at], min(self.maximum.values()) + 1) is not YES and is_a(call[at], "integer") is not NO:
            yield from _open(at, self.currency)


def _limits(call: Call, table: Mapping[str, int], currency: str | None, assumed: str) -> list[int]:
    """The limits of all currencies that the call may be in; none where one of them is not in the table."""
    said = call[pointer(currency)] if currency else ABSENT
    named = alternatives(assumed if said is ABSENT else said)
    known = [table[one] for one in named if isinstance(one, str) and one in table]
    return known if len(known) == len(named) else []


def _open(at: Pointer, currency: str | None) -> Iterator[Undecided]:
    yield Undecided(at)
    if currency:
        yield Undecided(pointer(currency))


def below(value: Value, limit: float) -> Truth:
    """Whether an integer is less than `limit`; what is no integer is not asked."""

    def question(alternative: Value) -> Truth:
        if isinstance(alternative, int) and not isinstance(alternative, bool):
            return certain(alternative < limit)
        return NO if closed(alternative) else MAYBE

    return ask(value, question)
