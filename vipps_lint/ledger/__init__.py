"""Calls folded into what is known of each payment, charge and agreement.

The same ledger serves all faces: the auditor folds records in time order, the guard calls as they come, the source
reader the calls of one path of execution. What may have happened widens a state, what certainly happened changes it,
and a life that began before the first call is unknown, not empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vipps_lint.call import Call, Effect
from vipps_lint.document import ABSENT, MAYBE, NO, YES, Truth, Value, ask, certain, get
from vipps_lint.immutable import immutable
from vipps_lint.ledger.agreement import Agreement
from vipps_lint.ledger.book import Book, Key, State
from vipps_lint.ledger.payment import Payment
from vipps_lint.ledger.ranges import Range, amount
from vipps_lint.ledger.trail import Trail, is_genuine

__all__ = [
    "Agreement",
    "Ledger",
    "Payment",
    "Range",
    "Thread",
    "Trail",
    "accepted",
    "amount",
    "changes_all",
    "sales_unit",
    "succeeded",
    "threads",
]


def succeeded(call: Call, success: frozenset[int]) -> Truth:
    """Whether Vipps accepted the call: by its status, or by what the reader takes for granted without one.

    A mock is seldom exact, so any 2xx is success unless Vipps itself has certainly answered.
    """

    def question(status: Value) -> Truth:
        if isinstance(status, int):
            return certain(status in success or (call.genuine is not YES and 200 <= status < 300))
        return call.succeeded

    return ask(call.status(), question)


def accepted(call: Call) -> Truth:
    """Whether an answer of Vipps itself proves that the call was right about the state it met.

    An answer that is not certainly Vipps' own (a mock in a test) proves nothing: NO. One of Vipps with a status that
    is not known may prove it: MAYBE.
    """

    def question(status: Value) -> Truth:
        return certain(200 <= status < 300) if isinstance(status, int) else MAYBE if status is not ABSENT else NO

    return ask(call.status(), question) if call.genuine is YES else NO


def sales_unit(call: Call) -> Value:
    """The merchant serial number that a call names, in its body or its headers."""
    named = get(call.document, ("body", "merchantInfo", "merchantSerialNumber"))
    return named if isinstance(named, str | int) else call.header("merchant-serial-number")


@dataclass
class Ledger:
    """What the calls so far say of every payment, charge and agreement.

    `trails` are kept where the ledger begins with some: when the calls of each payment came, and what came again.
    """

    payments: Book[Payment] = field(default_factory=lambda: Book(Payment))
    agreements: Book[Agreement] = field(default_factory=lambda: Book(Agreement))
    trails: dict[tuple[object, ...], Trail] | None = None

    def fold(self, call: Call, happened: Truth = YES, only: str = "") -> None:
        """Add one call. Calls must come in the order of time; `happened` is MAYBE for one that may not be reached.

        With `only`, the states of one entity are changed.
        """
        if changes_all(call):
            self.payments.doubt()
            self.agreements.doubt()
        for effect in call.operation.effects if call.operation else ():
            if only and _entity(effect) != only:
                continue
            self._follow(call, effect)
            sure = happened & succeeded(call, effect.success)
            if sure is NO:
                continue
            if effect.entity == "agreement":
                self.agreements.fold(_key(call, effect), call, effect, sure)
            else:
                self.payments.fold(_key(call, effect), call, effect, sure)

    def _follow(self, call: Call, effect: Effect) -> None:
        if self.trails is not None and (name := _trail(call, effect)) is not None:
            if (trail := self.trails.get(name)) is None:
                trail = self.trails[name] = Trail()
            trail.follow(call, effect)

    def payment(self, call: Call) -> Payment:
        """The state that a call of a payment or charge operation meets; all unknown where nothing is known."""
        return _met(self.payments, Payment(), call, "payment", "charge")

    def trail(self, call: Call) -> Trail | None:
        """The calls before one of the same payment or charge; None where nobody keeps them, or none was seen."""
        for effect in call.operation.effects if call.operation and self.trails else ():
            if (name := _trail(call, effect)) is not None:
                return (self.trails or {}).get(name)
        return None

    def agreement(self, call: Call) -> Agreement:
        """The state that a call of an agreement operation meets."""
        return _met(self.agreements, Agreement(), call, "agreement")


@immutable(frozen=True, slots=True)
class Thread:
    """Calls that are judged together: those about one payment, say. The id may not be known."""

    entity: str
    id: Value


def changes_all(call: Call) -> bool:
    """Whether a call may have changed any state: it is not known which operation it was."""
    return call.operation is None and call.known is not NO and call.method != "GET"


def threads(call: Call) -> tuple[Thread, ...]:
    """The threads whose states a call changes, or is judged by."""
    found = {}
    for effect in call.operation.effects if call.operation else ():
        if (name := get(call.document, effect.key)) is not ABSENT:
            found[_entity(effect)] = Thread(_entity(effect), name)
    return tuple(found.values())


def _entity(effect: Effect) -> str:
    return "agreement" if effect.entity == "agreement" else "payment"


def _trail(call: Call, effect: Effect) -> tuple[object, ...] | None:
    """Whose trail a call belongs to: one payment of one sales unit at one host, all plainly known."""
    if effect.entity == "agreement" or not is_genuine(call):
        return None
    key, msn, host = call[effect.key], sales_unit(call), call.host
    known = isinstance(key, str | int) and isinstance(host, str) and (isinstance(msn, str | int) or msn is ABSENT)
    return (effect.entity, str(key), str(msn), host) if known else None


def _met(book: Book[State], unknown: State, call: Call, *entities: str) -> State:
    for effect in call.operation.effects if call.operation else ():
        if effect.entity in entities:
            return book.find(_key(call, effect))
    return unknown


def _key(call: Call, effect: Effect) -> Key:
    if effect.entity == "agreement":
        return Key(effect.entity, call[effect.key], ABSENT, call.host)  # Vipps makes these ids, one for each agreement
    return Key(effect.entity, call[effect.key], sales_unit(call), call.host)
