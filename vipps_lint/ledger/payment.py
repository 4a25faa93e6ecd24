"""The state of a payment (eCom, ePayment, PSP) or of a charge, which is captured, cancelled and refunded alike."""

from __future__ import annotations

from vipps_lint.call import Call, Effect, Place
from vipps_lint.document import ABSENT, MAYBE, NO, YES, Hole, Truth, Value, ask, certain, equal, get
from vipps_lint.immutable import changed, immutable
from vipps_lint.ledger.ranges import ANYTHING, NOTHING, Range, amount, everything_left

ENDED = frozenset({"TERMINATED", "ABORTED", "EXPIRED", "CANCELLED", "CANCEL", "VOID", "REJECTED", "FAILED"})
"""State words after which nothing is reserved any more."""

KEPT = 64
"""How many steps and requests are kept when states join: calls that may be about any payment must not pile up."""

IDEMPOTENCY_HEADERS = tuple(("headers", name) for name in ("idempotency-key", "x-request-id", "idempotent-key"))


@immutable(frozen=True, slots=True)
class Payment:
    """Amounts in minor units. Until calls tell, everything is unknown.

    `taken` is what captures took, `remaining` what can still be captured, `capturing` whether a capture has been seen.
    `released` says whether a cancel has given the remainder back, `ended` whether the payment came to nothing.
    `steps` are the calls that made the state what it is.
    """

    reserved: Range = ANYTHING
    taken: Range = ANYTHING
    refunded: Range = ANYTHING
    remaining: Range = ANYTHING
    capturing: Truth = NO
    released: Truth = MAYBE
    ended: Truth = MAYBE
    steps: tuple[tuple[str, Place], ...] = ()
    requests: tuple[tuple[str, Value], ...] = ()

    @property
    def captured(self) -> Range:
        """What has been captured; a direct capture needs no call, so before the first capture it may be everything."""
        return self.taken if self.capturing is YES else Range(self.taken.low, max(self.taken.high, self.reserved.high))

    def repeated(self, call: Call) -> Truth:
        """Whether the call is a retry of one that is already counted: same operation, same idempotency key."""
        return retry(self.requests, call)

    def after(self, call: Call, effect: Effect) -> Payment:
        """The state after the call has succeeded; a success that it does not allow shows that we did not know it."""
        before = Payment(steps=self.steps, requests=self.requests) if _belied(self, call, effect) else self
        state = _KINDS[effect.kind](before, call, effect) if effect.kind in _KINDS else before
        state = _corrected(state, call, effect)
        steps, requests = _step(self.steps, call, effect), remembered(self.requests, call)
        return Payment(
            state.reserved,
            state.taken,
            state.refunded,
            state.remaining,
            state.capturing,
            state.released,
            state.ended,
            steps,
            requests,
        )

    def joined(self, other: Payment) -> Payment:
        """The state when it is not known which of the two it is."""
        return Payment(
            self.reserved.joined(other.reserved),
            self.taken.joined(other.taken),
            self.refunded.joined(other.refunded),
            self.remaining.joined(other.remaining),
            either(self.capturing, other.capturing),
            either(self.released, other.released),
            either(self.ended, other.ended),
            tuple(dict.fromkeys(self.steps + other.steps))[-KEPT:],
            tuple(dict.fromkeys(self.requests + other.requests))[-KEPT:],
        )


def either(one: Truth, other: Truth) -> Truth:
    """The answer when it is not known which of the two holds."""
    return one if one is other else MAYBE


def retry(requests: tuple[tuple[str, Value], ...], call: Call) -> Truth:
    """Whether a call repeats one of `requests`, by its idempotency key."""
    if not requests or call.operation is None or (key := idempotency_key(call)) is ABSENT:
        return NO
    answer = NO
    for operation, earlier in requests:
        if operation == call.operation.id:
            answer |= equal(earlier, key) if earlier is not ABSENT else NO
    return answer


def remembered(requests: tuple[tuple[str, Value], ...], call: Call) -> tuple[tuple[str, Value], ...]:
    """The requests with this one; the last sixteen are enough to know a retry."""
    assert call.operation is not None
    return (*requests, (call.operation.id, idempotency_key(call)))[-16:]


def idempotency_key(call: Call) -> Value:
    """What a request says it is, so that Vipps knows it when it comes again; ABSENT where it does not."""
    for at in IDEMPOTENCY_HEADERS:
        if (value := get(call.document, at)) is not ABSENT:
            return value
    return ABSENT


def _step(steps: tuple[tuple[str, Place], ...], call: Call, effect: Effect) -> tuple[tuple[str, Place], ...]:
    if call.place is None or effect.kind == "observe":
        return steps
    return (*steps, (effect.kind, call.place))[-16:]


def _fact(call: Call, effect: Effect, name: str) -> Value:
    at = effect.facts.get(name)
    return get(call.document, at) if at else ABSENT


def _belied(state: Payment, call: Call, effect: Effect) -> bool:
    asked = amount(_fact(call, effect, "amount"))
    match effect.kind:
        case "capture":
            return state.released is YES or state.remaining.high == 0 or asked.low > state.remaining.high
        case "cancel":
            return state.released is YES or state.ended is YES
        case "refund":
            return asked.low > (state.captured - state.refunded).high
        case _:
            return False


def _initiate(state: Payment, call: Call, effect: Effect) -> Payment:
    """A new payment. `plus` is a field that adds to the amount where it is sent: delivery that the customer chooses."""
    total = amount(_fact(call, effect, "amount"))
    if _fact(call, effect, "plus") is not ABSENT:
        total = Range(total.low)
    return Payment(total, NOTHING, NOTHING, total, NO, NO, NO)


def _capture(state: Payment, call: Call, effect: Effect) -> Payment:
    value = _fact(call, effect, "amount")
    everything = everything_left(value)
    taken = state.remaining if everything else amount(value)
    if everything is None:
        taken = taken.joined(state.remaining)
    taken = Range(max(1, taken.low), taken.high)  # a capture that succeeds takes something
    remaining = NOTHING if everything else state.remaining - taken
    return changed(state, taken=state.taken + taken, remaining=remaining, capturing=YES, released=NO, ended=NO)


def _cancel(state: Payment, call: Call, effect: Effect) -> Payment:
    flagged = YES if effect.releases else is_true(_fact(call, effect, "release"))
    if flagged is YES or state.capturing is NO:
        return changed(state, remaining=NOTHING, released=YES)
    return changed(state, remaining=Range(0, state.remaining.high), released=MAYBE)


def is_true(value: Value) -> Truth:
    """Whether a flag is JSON's `true` and nothing else."""
    return ask(value, lambda flag: MAYBE if isinstance(flag, Hole) else certain(flag is True))


def _refund(state: Payment, call: Call, effect: Effect) -> Payment:
    return changed(state, refunded=state.refunded + amount(_fact(call, effect, "amount")))


_KINDS = {"initiate": _initiate, "capture": _capture, "cancel": _cancel, "refund": _refund}


def _number(call: Call, effect: Effect, name: str) -> Range | None:
    if name not in effect.facts:
        return None
    value = _fact(call, effect, name)
    return amount(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


TOLD = frozenset({"refunded", "reserved", "captured", "remaining", "cancelled", "status"})
"""The facts of a response that tell the state itself."""


def _corrected(state: Payment, call: Call, effect: Effect) -> Payment:
    """What the response says itself is better than what we reckoned."""
    if TOLD.isdisjoint(effect.facts):
        return state
    refunded = _number(call, effect, "refunded") or state.refunded
    reserved = _number(call, effect, "reserved")
    if reserved is None or reserved == NOTHING:  # before the customer accepts, nothing is reserved yet
        reserved = state.reserved
    captured = _number(call, effect, "captured")
    remaining = _number(call, effect, "remaining") or state.remaining
    released, capturing = state.released, state.capturing
    if captured is not None:
        capturing = certain(captured.high > 0)
    if (cancelled := _number(call, effect, "cancelled")) is not None:
        released = certain(cancelled.high > 0)
        remaining = NOTHING if cancelled.high else reserved - (captured or state.taken)
    ended = state.ended
    if isinstance(status := _fact(call, effect, "status"), str):
        ended = certain(status in ENDED) & ~capturing
    taken = captured or state.taken
    return Payment(
        reserved, taken, refunded, remaining, capturing, released, ended, state.steps, state.requests
    )  # much faster than `replace`, and every call of a payment comes here
