"""Charges against the agreement that they are made on: the rules of 2022, the interval limit, the variable maximum.

Limits are compared with what was agreed when the charge is created; a campaign counts by the charge's due date, the
day when money moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from vipps_lint.call import Call, Effect
from vipps_lint.checks.base import STRICT, Evidence
from vipps_lint.checks.dates import day
from vipps_lint.checks.payments import fact
from vipps_lint.diagnostic import Related, Undecided, Violation
from vipps_lint.document import ABSENT, MAYBE, NO, YES, Pointer, Truth, Value, certain, equal
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Agreement, Ledger, Range, accepted, amount
from vipps_lint.ledger.calendar import day_of, later, next_window, window

TIMES = 5
"""The charges of one interval may come to this many times the price."""

Limit = Literal["agreement-price", "campaign-price", "interval", "variable-maximum", "campaign-interval"]


@immutable(frozen=True)
class Charge:
    """What the call asks for: an amount (a range, where it is not known) and a due date."""

    amount: Range
    due: Value

    @property
    def day(self) -> date | None:
        return day(self.due) if isinstance(self.due, str) else None


@immutable(frozen=True)
class ChargeLimit:
    """A charge that is above one of the limits of its agreement, or too early for its campaign."""

    limit: Limit
    times: int = TIMES
    entity: ClassVar[str] = "agreement"
    words: ClassVar[frozenset[str]] = frozenset({"amount", "limit", "price", "total", "until"})
    __pydantic_config__: ClassVar = STRICT

    @property
    def needs(self) -> frozenset[Evidence]:
        """The day of the draft counts for intervals, and only a response tells the user's own maximum."""
        extra = {"campaign-interval": Evidence.TIME, "variable-maximum": Evidence.RESPONSE}.get(self.limit)
        return frozenset({Evidence.HISTORY, extra} if extra else {Evidence.HISTORY})

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        for effect in call.operation.effects if call.operation else ():
            agreement = history.agreement(call)
            repeated = agreement.repeated(call)
            if effect.kind != "charge" or repeated is YES:
                continue
            charge = Charge(amount(fact(call, effect, "amount")), fact(call, effect, "due"))
            facts = _QUESTIONS[self.limit](agreement, charge, self.times)
            allowed = accepted(call) if self.limit in _JUDGED else NO
            if facts is None:
                yield from _open(agreement, effect)
            elif allowed | repeated is MAYBE:
                yield Undecided(("response", "status") if repeated is NO else ("headers",))
            elif allowed is NO:
                place = effect.facts["due" if self.limit == "campaign-interval" else "amount"]
                yield Violation(place, {"amount": fact(call, effect, "amount"), **facts}, related=_agreed(agreement))


_JUDGED = ("interval", "variable-maximum")
"""The limits that Vipps enforces: an accepted charge was within them."""

Facts = dict[str, Value] | None


def _open(agreement: Agreement, effect: Effect) -> Iterator[Undecided]:
    """What of the agreement or the charge is not known, so that the limit is not certainly kept."""
    if agreement.place is None:
        yield Undecided(effect.key, "what was agreed is not known")
    else:
        yield from (Undecided(effect.facts[name]) for name in ("amount", "due") if name in effect.facts)


def _agreed(agreement: Agreement) -> tuple[Related, ...]:
    return (Related(agreement.place, "agreed here"),) if agreement.place else ()


def _price(agreement: Agreement) -> Range | None:
    """The price, where the agreement certainly has one (LEGACY pricing, or any agreement of v2 without a maximum)."""
    legacy = agreement["pricing"] in ("LEGACY", ABSENT) and agreement["suggested_maximum"] is ABSENT
    known = agreement["pricing"] == "LEGACY" or legacy
    price = amount(agreement["price"])
    return price if known and isinstance(agreement["price"], int | float) else None


def _whole(number: float) -> Value:
    return int(number)


def _agreement_price(agreement: Agreement, charge: Charge, times: int) -> Facts:
    """Above the price; above five times the price it is the interval limit that is broken."""
    price = _price(agreement)
    if price is None or not price.high < charge.amount.low <= charge.amount.high <= times * price.low:
        return None
    return {"limit": _whole(price.high), "price": _whole(price.high)}


def _campaign_price(agreement: Agreement, charge: Charge, times: int) -> Facts:
    """Above the campaign's price but not above the agreement's, while the campaign runs."""
    price, reduced = _price(agreement), agreement["campaign_price"]
    if price is None or not isinstance(reduced, int) or running(agreement, charge.day) is not YES:
        return None
    above = reduced < charge.amount.low and charge.amount.high <= price.low
    return {"limit": reduced, "price": _whole(price.high)} if above else None


def running(agreement: Agreement, due: date | None) -> Truth:
    """Whether the campaign's price holds on the due date."""
    if agreement["campaign"] is ABSENT or agreement["campaign_price"] is ABSENT:
        return NO
    end = campaign_end(agreement)
    return MAYBE if due is None or end is None else certain(due < end)


def campaign_end(agreement: Agreement) -> date | None:
    """The first day on which the campaign's price does not hold any more."""
    for term in ("campaign_end", "campaign_event_date"):
        if isinstance(agreement[term], str):
            return day_of(agreement[term])
    start = agreement.start or agreement.drafted
    unit, count = agreement["campaign_unit"], agreement["campaign_count"]
    if start and isinstance(unit, str) and isinstance(count, int):
        return later(start, unit, count)
    return None


def _campaign_interval(agreement: Agreement, charge: Charge, times: int) -> Facts:
    """Due before the campaign's next interval, where the initial charge has paid the first one."""
    start, due = agreement.start or agreement.drafted, charge.day
    initial = agreement["initial_amount"]
    paid = initial is not ABSENT and equal(initial, agreement["campaign_price"]) is YES
    if not paid or start is None or due is None or running(agreement, due) is not YES:
        return None
    until = next_interval(agreement, start)
    return {"until": until.isoformat()} if until and due < until else None


def next_interval(agreement: Agreement, start: date) -> date | None:
    """The first day of the campaign's second interval (the whole campaign is one, for a period or an event)."""
    match agreement["campaign_type"]:
        case "PERIOD_CAMPAIGN" | "EVENT_CAMPAIGN":
            return campaign_end(agreement)
        case "FULL_FLEX_CAMPAIGN":
            unit, count = agreement["campaign_interval_unit"], agreement["campaign_interval_count"]
        case "PRICE_CAMPAIGN" | "LEGACY_CAMPAIGN":
            unit, count = agreement["interval_unit"], agreement["interval_count"]
        case _ if agreement["campaign_type"] is ABSENT:
            unit, count = agreement["interval_unit"], agreement["interval_count"]
        case _:
            return None
    return next_window(start, unit, count) if isinstance(unit, str) and isinstance(count, int) else None


def _interval(agreement: Agreement, charge: Charge, times: int) -> Facts:
    """The charges that are certainly in the same interval come to more than five times the price."""
    price = _price(agreement)
    if price is None:
        return None
    limit = times * price.high
    earlier = (one.amount.low for one in agreement.charges if _together(agreement, one.due, charge))
    total = charge.amount.low + sum(earlier)
    return {"limit": _whole(limit), "price": _whole(price.high), "total": _whole(total)} if total > limit else None


def _together(agreement: Agreement, due: Value, charge: Charge) -> bool:
    other = day(due) if isinstance(due, str) else None
    unit, count = agreement["interval_unit"], agreement["interval_count"]
    if other is None or charge.day is None or not isinstance(unit, str) or not isinstance(count, int):
        return False
    windows = (window(one, unit, count, agreement.start) for one in (other, charge.day))
    first, second = windows
    return first is not None and first == second


def _variable_maximum(agreement: Agreement, charge: Charge, times: int) -> Facts:
    """Above both the suggested maximum and the user's own."""
    agreed = [one for one in (agreement["suggested_maximum"], agreement["maximum"]) if one is not ABSENT]
    known = [limit for limit in agreed if isinstance(limit, int)]
    if agreement["pricing"] not in ("VARIABLE", ABSENT) or len(known) < len(agreed):
        return None
    return {"limit": max(known)} if known and charge.amount.low > max(known) else None


_QUESTIONS = {
    "agreement-price": _agreement_price,
    "campaign-price": _campaign_price,
    "campaign-interval": _campaign_interval,
    "interval": _interval,
    "variable-maximum": _variable_maximum,
}
