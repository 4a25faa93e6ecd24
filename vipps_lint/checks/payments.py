"""Cancels, captures and refunds against what is known of the payment (or charge) that they meet.

Vipps itself judges these calls, so an answer of Vipps that accepts one proves that our knowledge of the payment was
incomplete, and nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from vipps_lint.call import Call, Effect, Operation
from vipps_lint.checks.base import STRICT, Evidence
from vipps_lint.diagnostic import Related, Undecided, Violation
from vipps_lint.document import ABSENT, MAYBE, NO, YES, Pointer, Truth, Value
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger, Payment, accepted, amount
from vipps_lint.ledger.payment import is_true
from vipps_lint.ledger.ranges import Range

Breach = Literal[
    "cancel-without-release",
    "cancel-after-full-capture",
    "cancel-not-reserved",
    "capture-after-release",
    "capture-above-reserved",
    "refund-above-captured",
]


@immutable(frozen=True)
class PaymentBreach:
    """A call that the state of its payment does not allow, in one of the six ways that `breach` names."""

    breach: Breach
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.HISTORY})
    entity: ClassVar[str] = "payment"
    words: ClassVar[frozenset[str]] = frozenset({"key", "limit", "amount"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        effect = self.effect(call.operation)
        if effect is None or accepted(call) is YES:
            return
        question = _BREACHES[self.breach][1]
        state = history.payment(call)
        fresh = ~state.repeated(call) & ~accepted(call)
        answer, limit = question(state, call, effect)
        if answer & fresh is YES:
            asked = fact(call, effect, "amount")
            facts: dict[str, Value] = {"key": call[effect.key], "limit": int(limit), "amount": asked}
            yield Violation(_place(self.breach, effect, at), facts, related=tuple(_related(state, self.breach)))
        elif answer & fresh is MAYBE:
            yield Undecided(effect.key, "what was reserved, captured and released before is not fully known")


    def effect(self, operation: Operation | None) -> Effect | None:
        """The effect of an operation that may be such a breach; None where it has none."""
        effects = (one for one in (operation.effects if operation else ()) if one.entity in ("payment", "charge"))
        effect = next(effects, None)
        return effect if effect is not None and effect.kind == _BREACHES[self.breach][0] else None


def fact(call: Call, effect: Effect, name: str) -> Value:
    """The value of one of the effect's facts; ABSENT where the operation has no such fact."""
    at = effect.facts.get(name)
    return call[at] if at else ABSENT


def _place(breach: Breach, effect: Effect, at: Pointer) -> Pointer:
    """The smallest thing that is wrong: the amount where it is too high, the flag where it is missing."""
    if breach in ("capture-above-reserved", "refund-above-captured"):
        return effect.facts.get("amount", at)
    return effect.facts.get("release", at) if breach == "cancel-without-release" else at


def left(payment: Payment) -> int:
    """What is certainly left. Only a capture proves that the customer has accepted, and that anything is reserved."""
    if not (payment.capturing is YES and payment.released is NO):
        return 0
    remaining = payment.remaining
    return int(remaining.low) if remaining.low == remaining.high else 0


Answer = tuple[Truth, float]
"""Whether a breach is certain, and the amount that its message quotes."""


def _capturing(state: Payment) -> Truth:
    """Whether something was captured; where the beginning was not seen, more may have happened than was seen."""
    begun = any(kind == "initiate" for kind, _ in state.steps)
    return state.capturing if begun or state.capturing is YES else MAYBE


def _without_release(state: Payment, call: Call, effect: Effect) -> Answer:
    flagged = YES if effect.releases else is_true(fact(call, effect, "release"))
    partly = _capturing(state) & _positive(state.taken) & _positive(state.remaining)
    return partly & ~flagged, state.remaining.low


def _after_full_capture(state: Payment, call: Call, effect: Effect) -> Answer:
    return _capturing(state) & ~_positive(state.remaining) & ~state.released, 0


def _not_reserved(state: Payment, call: Call, effect: Effect) -> Answer:
    return state.released | state.ended, 0


def _after_release(state: Payment, call: Call, effect: Effect) -> Answer:
    return state.released, 0


def _above_reserved(state: Payment, call: Call, effect: Effect) -> Answer:
    """A capture of a known amount that is more than can be left; after a release that is another breach."""
    answer, limit = _excess(amount(fact(call, effect, "amount")), state.remaining)
    return answer & ~state.released, limit


def _above_captured(state: Payment, call: Call, effect: Effect) -> Answer:
    return _excess(amount(fact(call, effect, "amount")), state.captured - state.refunded)


def _positive(known: Range) -> Truth:
    return YES if known.low > 0 else NO if known.high == 0 else MAYBE


def _excess(asked: Range, limit: Range) -> Answer:
    answer = YES if asked.low > limit.high else NO if asked.high <= limit.low else MAYBE
    return answer, limit.high if answer is YES else 0


_BREACHES = {
    "cancel-without-release": ("cancel", _without_release),
    "cancel-after-full-capture": ("cancel", _after_full_capture),
    "cancel-not-reserved": ("cancel", _not_reserved),
    "capture-after-release": ("capture", _after_release),
    "capture-above-reserved": ("capture", _above_reserved),
    "refund-above-captured": ("refund", _above_captured),
}


def _related(state: Payment, breach: Breach) -> Iterator[Related]:
    telling = {"refund-above-captured": ("capture", "refund"), "capture-above-reserved": ("initiate", "capture")}
    wanted = telling.get(breach, ("capture",) if breach.startswith("cancel-") else ("cancel",))
    if breach == "cancel-not-reserved":
        wanted = ("cancel",)
    words = {"initiate": "reserved", "capture": "captured", "cancel": "released", "refund": "refunded"}
    for kind, place in state.steps:
        if kind in wanted:
            yield Related(place, f"{words[kind]} here")
