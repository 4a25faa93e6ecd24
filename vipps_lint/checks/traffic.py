"""Calls against those of the same payment before them: how many there were, how fast they come, and what comes again.

What Vipps has accepted is right about the limits of Vipps, so nothing is said of it; only a poll is wrong all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise, takewhile
from typing import ClassVar, Literal

from vipps_lint.call import Call
from vipps_lint.checks.base import STRICT, Evidence
from vipps_lint.checks.environment import environment
from vipps_lint.checks.payments import left
from vipps_lint.diagnostic import Related, Undecided, Violation
from vipps_lint.document import ABSENT, NO, YES, Pointer, Value, equal
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger, accepted
from vipps_lint.ledger.payment import idempotency_key
from vipps_lint.ledger.trail import Sent, errors

NEEDS = frozenset({Evidence.HISTORY, Evidence.TRAFFIC})
TOO_MANY = 429
LASTING = frozenset({400, 402, 422})
"""Answers that the same request gets again: nothing but the request itself was wrong."""


@immutable(frozen=True)
class Rate:
    """More calls of an operation for one payment within a minute than `most`.

    Another answer than 429 shows that this one was not rejected for that.
    """

    most: int
    entity: ClassVar[str] = "payment"
    needs: ClassVar[frozenset[Evidence]] = NEEDS
    words: ClassVar[frozenset[str]] = frozenset({"count", "most"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        trail = history.trail(call)
        if trail is None or call.status() not in (ABSENT, TOO_MANY):
            return
        before = sum(1 for _ in takewhile(lambda ago: ago <= 59, trail.moments(call)))  # clocks may cut off a second
        if before >= self.most:
            yield Violation(at, {"count": before + 1, "most": self.most})


@immutable(frozen=True)
class Pace:
    """So many calls of an operation for one payment in a row, each less than some seconds after the one before."""

    calls: int
    seconds: int
    entity: ClassVar[str] = "payment"
    needs: ClassVar[frozenset[Evidence]] = NEEDS
    words: ClassVar[frozenset[str]] = frozenset({"calls", "seconds"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        trail = history.trail(call)
        if trail is None:
            return
        ago = [0.0, *trail.moments(call)]
        row = 1 + sum(1 for _ in takewhile(lambda one: one < self.seconds, map(_apart, pairwise(ago))))
        if row == self.calls:  # said once: the next is one more of the same row
            yield Violation(at, {"calls": row, "seconds": self.seconds})


def _apart(pair: tuple[float, float]) -> float:
    """The most seconds that two moments can be apart: a clock of whole seconds cuts off nearly one."""
    apart = pair[1] - pair[0]
    return apart + 1 if apart.is_integer() else apart


@immutable(frozen=True)
class Again:
    """What comes again and must not: an `order` that exists, an idempotency `key` of another request, or a request that
    was wrong, `unchanged`. Where Vipps has accepted it, it is none of these.
    """

    what: Literal["order", "key", "unchanged"]
    entity: ClassVar[str] = "payment"
    needs: ClassVar[frozenset[Evidence]] = NEEDS
    words: ClassVar[frozenset[str]] = frozenset({"id", "status"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        trail, operation = history.trail(call), call.operation
        if trail is None or operation is None or accepted(call) is not NO:
            return
        key = idempotency_key(call)
        match self.what:
            case "order":
                created = (trail.created,) if trail.created else ()
                earlier = next((one for one in created if key is ABSENT or equal(one.key, key) is NO), None)
                text: Value = call[at]
            case "key":
                earlier = next(_others(trail.keyed.get(operation.id, ()), key, call), None)
                text = key
            case "unchanged":
                last = trail.last.get(operation.id)
                earlier = last if last and _is_wrong_again(last, call) else None
                text = ABSENT
        if earlier is not None and earlier.call.place is not None:
            facts: dict[str, Value] = {"id": text, "status": earlier.status or 0}
            yield Violation(at, facts, related=(Related(earlier.call.place, "first sent here"),))


def _others(known: Iterable[Sent], key: Value, call: Call) -> Iterator[Sent]:
    """The requests with the same idempotency key that were accepted and asked for something else."""
    taken = (one for one in known if one.status is not None and 200 <= one.status < 300)
    return (one for one in taken if equal(one.key, key) is YES and one.is_as(call) is NO)


def _is_wrong_again(last: Sent, call: Call) -> bool:
    wrong = last.status in LASTING and call.status() == last.status and errors(call) == last.errors
    return wrong and last.is_as(call) is YES


@immutable(frozen=True)
class TooLate:
    """A call that comes more than some days after the payment was created, and that Vipps does not accept."""

    days: int
    entity: ClassVar[str] = "payment"
    needs: ClassVar[frozenset[Evidence]] = NEEDS
    words: ClassVar[frozenset[str]] = frozenset({"ago"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        trail = history.trail(call)
        created = trail.created.call if trail and trail.created else None
        if created is None or created.at is None or call.at is None or accepted(call) is not NO:
            return
        ago = (call.at - created.at).days
        if ago > self.days and created.place is not None:
            yield Violation(at, {"ago": ago}, related=(Related(created.place, "created here"),))


@immutable(frozen=True)
class LeftReserved:
    """Money that was left of a payment after a capture, and of which nothing has become in some days.

    Only the end of a recording tells; until then there is nothing to say of a call.
    """

    days: int
    entity: ClassVar[str] = "payment"
    needs: ClassVar[frozenset[Evidence]] = NEEDS
    words: ClassVar[frozenset[str]] = frozenset({"left", "days"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        yield from ()

    def at_the_end(self, history: Ledger, until: datetime) -> Iterator[tuple[Call, Violation]]:
        """The captures in production that left something, when all calls until some moment are known."""
        for trail in (history.trails or {}).values():
            call = trail.captured
            if call is None or call.at is None or environment(call) != "production":
                continue
            rest = left(history.payment(call))
            if rest and until - call.at > timedelta(days=self.days):
                yield call, Violation(("body",), {"left": rest, "days": self.days})



