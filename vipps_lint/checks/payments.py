"""Cancels, captures and refunds against what is known of the payment (or charge) that they meet.

Vipps itself judges these calls, so an answer of Vipps that accepts one proves that our knowledge of the payment was
incomplete, and nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from vipps_lint.call import Call, Effect
from vipps_lint.checks.base import STRICT, Evidence
from vipps_lint.diagnostic import Related, Violation
from vipps_lint.document import ABSENT, NO, YES, Pointer, Value
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


@dataclass(frozen=True)
class PaymentBreach:
    """A call that the state of its payment does not allow, in one of the six ways that `breach` names."""

    breach: Breach
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.HISTORY})
    words: ClassVar[frozenset[str]] = frozenset({"key", "limit", "amount"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        effect = next((one for one in _effects(call) if one.entity in ("payment", "charge")), None)
        if effect is None or accepted(call) is not NO:
            return
        state = history.payment(call)
        kind, question = _BREACHES[self.breach]
        if effect.kind != kind or state.repeated(call) is not NO:
            return
        if (limit := question(state, call, effect)) is not None:
            asked = fact(call, effect, "amount")
            facts: dict[str, Value] = {"key": call[effect.key], "limit": int(limit), "amount": asked}
            yield Violation(_place(self.breach, effect, at), facts, related=tuple(_related(state, self.breach)))


def _effects(call: Call) -> tuple[Effect, ...]:
    return call.operation.effects if call.operation else ()


def fact(call: Call, effect: Effect, name: str) -> Value:
    """The value of one of the effect's facts; ABSENT where the operation has no such fact."""
    at = effect.facts.get(name)
    return call[at] if at else ABSENT


def _place(breach: Breach, effect: Effect, at: Pointer) -> Pointer:
    """The smallest thing that is wrong: the amount where it is too high, the flag where it is missing."""
    if breach in ("capture-above-reserved", "refund-above-captured"):
        return effect.facts.get("amount", at)
    return effect.facts.get("release", at) if breach == "cancel-without-release" else at


def _flag_is_not_set(call: Call, effect: Effect) -> bool:
    return not effect.releases and is_true(fact(call, effect, "release")) is NO


def _without_release(state: Payment, call: Call, effect: Effect) -> float | None:
    partly = state.capturing is YES and state.taken.low > 0 and state.remaining.low > 0
    return state.remaining.low if partly and _flag_is_not_set(call, effect) else None


def _after_full_capture(state: Payment, call: Call, effect: Effect) -> float | None:
    return 0 if state.capturing is YES and state.remaining.high == 0 and state.released is NO else None


def _not_reserved(state: Payment, call: Call, effect: Effect) -> float | None:
    return 0 if state.released is YES or state.ended is YES else None


def _after_release(state: Payment, call: Call, effect: Effect) -> float | None:
    return 0 if state.released is YES else None


def _above_reserved(state: Payment, call: Call, effect: Effect) -> float | None:
    """A capture of a known amount that is more than can be left; after a release that is another breach."""
    return _excess(amount(fact(call, effect, "amount")), state.remaining) if state.released is NO else None


def _above_captured(state: Payment, call: Call, effect: Effect) -> float | None:
    return _excess(amount(fact(call, effect, "amount")), state.captured - state.refunded)


def _excess(asked: Range, limit: Range) -> float | None:
    return limit.high if asked.low > limit.high else None


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
