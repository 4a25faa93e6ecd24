"""What the calls of one payment tell by when they came and what came again.

Kept only of real traffic, where somebody asks for it: a few numbers and requests for each payment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from vipps_lint.call import Call, Effect
from vipps_lint.document import ABSENT, NO, YES, Array, Object, Truth, Value, equal, get
from vipps_lint.immutable import immutable
from vipps_lint.ledger.payment import idempotency_key

TIMES = 128
"""How many moments of an operation are kept: a few more than Vipps allows in a minute."""

REQUESTS = 16
"""How many requests with an idempotency key are kept of an operation."""


CODES = ("errorGroup", "errorCode", "code", "type", "title")
"""What APIs call the fields that tell one error from another."""


@immutable(frozen=True, slots=True)
class Sent:
    """A request as far as it must be known when it comes again; `errors` are the codes in its answer."""

    call: Call
    key: Value
    status: int | None
    errors: tuple[str, ...] = ()

    def is_as(self, call: Call) -> Truth:
        """Whether another call asks for the same."""
        same = equal(get(self.call.document, ("path",)), get(call.document, ("path",)))
        return same & equal(get(self.call.document, ("body",)), get(call.document, ("body",)))


@dataclass(slots=True)
class Trail:
    """The calls of one payment: moments (in seconds since 1970) by operation, the last request of each operation, those
    with an idempotency key, what created it, and its last capture.
    """

    times: dict[str, deque[float]] = field(default_factory=dict)
    last: dict[str, Sent] = field(default_factory=dict)
    keyed: dict[str, deque[Sent]] = field(default_factory=dict)
    created: Sent | None = None
    captured: Call | None = None

    def follow(self, call: Call, effect: Effect) -> None:
        """Take in the next call, with what it does to the payment."""
        assert call.operation is not None
        name = call.operation.id
        if call.at is not None:
            if name not in self.times:
                self.times[name] = deque(maxlen=TIMES)
            self.times[name].append(call.at.timestamp())
        if call.method == "GET":
            return
        status = call.status()
        one = Sent(call, idempotency_key(call), status if isinstance(status, int) else None, errors(call))
        self.last[name] = one
        if one.key is not ABSENT:
            if name not in self.keyed:
                self.keyed[name] = deque(maxlen=REQUESTS)
            self.keyed[name].append(one)
        if one.status in effect.success:
            if effect.kind == "initiate" and self.created is None:
                self.created = one
            elif effect.kind == "capture":
                self.captured = call

    def moments(self, call: Call) -> Iterator[float]:
        """How many seconds before this call each of the same operation was made, the last first."""
        if call.at is not None and call.operation is not None:
            now = call.at.timestamp()
            yield from (now - one for one in reversed(self.times.get(call.operation.id, ())))


def errors(call: Call) -> tuple[str, ...]:
    """The codes of the errors that a call was answered with, as its API names them."""
    if call.succeeded is not NO:
        return ()
    body = get(call.document, ("response", "body"))
    each = body.items if isinstance(body, Array) else (body,)
    fields = (one.fields for one in each if isinstance(one, Object))
    return tuple(str(one[name]) for one in fields for name in CODES if name in one)


def is_genuine(call: Call) -> bool:
    """Whether Vipps itself has answered the call, at a moment that is known."""
    return call.genuine is YES and isinstance(call.at, datetime)
