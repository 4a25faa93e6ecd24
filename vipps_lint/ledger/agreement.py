"""The state of an agreement of the Recurring API: what was agreed, and what has been charged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, date

from vipps_lint.call import Call, Effect, Place
from vipps_lint.document import ABSENT, NO, YES, Hole, Object, Pointer, Truth, Value, closed, equal
from vipps_lint.immutable import immutable
from vipps_lint.ledger.calendar import day_of
from vipps_lint.ledger.payment import KEPT, remembered, retry
from vipps_lint.ledger.ranges import NOTHING, Range, amount

UNKNOWN = Hole(reason="the agreement is not known")
TERMS = (
    "status", "pricing", "price", "suggested_maximum", "maximum", "currency", "interval_unit", "interval_count",
    "campaign", "campaign_type", "campaign_price", "campaign_end", "campaign_event_date",
    "campaign_unit", "campaign_count", "campaign_interval_unit", "campaign_interval_count", "initial_amount",
)  # fmt: skip


@immutable(frozen=True, slots=True)
class Charge:
    """A charge that was created: what it may amount to (nothing, where it may not have happened) and when it is due."""

    id: Value
    amount: Range
    due: Value
    place: Place | None


@immutable(frozen=True, slots=True)
class Agreement:
    """What is agreed, as far as the calls say: `agreement["price"]` is `ABSENT` where there certainly is none.

    `start` is the first day of the agreement where a response has said it, `drafted` the day it was offered.
    """

    terms: Mapping[str, Value] = field(default_factory=dict)
    start: date | None = None
    drafted: date | None = None
    place: Place | None = None
    charges: tuple[Charge, ...] = ()
    requests: tuple[tuple[str, Value], ...] = ()

    def __getitem__(self, term: str) -> Value:
        return self.terms.get(term, UNKNOWN)

    def repeated(self, call: Call) -> Truth:
        """Whether the call is a retry of one that is already counted."""
        return retry(self.requests, call)

    def after(self, call: Call, effect: Effect) -> Agreement:
        """The state after the call has succeeded."""
        match effect.kind:
            case "draft":
                state = replace(_told(NOTHING_AGREED, call, effect, complete=True), place=call.place)
                state = replace(state, drafted=call.at.astimezone(UTC).date() if call.at else None)
            case "observe":
                state = _told(self, call, effect, complete=True)
            case "update":
                state = replace(_told(self, call, effect, complete=False), place=call.place)
            case "charge":
                state = replace(self, charges=(*self.charges, _charge(call, effect))[-64:])
            case "cancel-charge":
                state = replace(self, charges=tuple(_cancelled(self.charges, call, effect)))
            case _:
                state = self
        return replace(state, requests=remembered(self.requests, call))

    def joined(self, other: Agreement) -> Agreement:
        """The state when it may be either: what differs is unknown, charges of only one may have been made."""
        return Agreement(
            {name: self[name] for name in TERMS if equal(self[name], other[name]) is YES},
            self.start if self.start == other.start else None,
            self.drafted if self.drafted == other.drafted else None,
            self.place if self.place == other.place else None,
            charges=tuple(_possible(self.charges, other.charges)),
            requests=tuple(dict.fromkeys(self.requests + other.requests))[-KEPT:],
        )


NOTHING_AGREED = Agreement(dict.fromkeys(TERMS, ABSENT) | {"status": UNKNOWN, "maximum": UNKNOWN})
"""An agreement before its first call says what is agreed; only the user knows the own maximum."""


def _told(state: Agreement, call: Call, effect: Effect, complete: bool) -> Agreement:
    """The state with the terms that the call carries; in a `complete` account what is absent is not agreed.

    An account that we cannot read (a response that is not known) does not change what was agreed before it.
    """
    terms: dict[str, Value] = {}
    for name, at in effect.facts.items():
        if name in TERMS and not _untold(call, at) and (complete or call[at] is not ABSENT):
            terms[name] = call[at]
    if complete and "pricing" not in effect.facts:
        terms["pricing"] = ABSENT  # Recurring v2 has no types of pricing
    start = effect.facts.get("start")
    day = day_of(call[start]) if start else None
    return replace(state, terms={**state.terms, **terms}, start=day or state.start)


def _untold(call: Call, at: Pointer) -> bool:
    """Whether the place is in a response that we cannot read there."""
    if at[0] != "response":
        return False
    return not isinstance(call["response", "body"], Object) or not closed(call[at])


def _charge(call: Call, effect: Effect) -> Charge:
    facts = {name: call[at] for name, at in effect.facts.items()}
    return Charge(
        facts.get("charge", UNKNOWN), amount(facts.get("amount", UNKNOWN)), facts.get("due", UNKNOWN), call.place
    )


def _cancelled(charges: tuple[Charge, ...], call: Call, effect: Effect) -> list[Charge]:
    """The charges after one was cancelled: what may be the cancelled one may come to nothing."""
    cancelled = call[effect.facts["charge"]] if "charge" in effect.facts else UNKNOWN
    return [
        charge if equal(charge.id, cancelled) is NO else replace(charge, amount=charge.amount.joined(NOTHING))
        for charge in charges
    ]  # fmt: skip


def _possible(one: tuple[Charge, ...], other: tuple[Charge, ...]) -> list[Charge]:
    """All charges of both; those that only one has may not have been made."""
    shared = set(one) & set(other)
    every = tuple(dict.fromkeys(one + other))
    return [charge if charge in shared else replace(charge, amount=charge.amount.joined(NOTHING)) for charge in every]

