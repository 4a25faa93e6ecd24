"""Calls folded into what is known of each payment, charge and agreement.

The same ledger serves all faces: the auditor folds records in time order, the guard calls as they come, the source
reader the calls of one path of execution. What may have happened widens a state, what certainly happened changes it,
and a life that began before the first call is unknown, not empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from vipps_lint.call import Call, Effect
from vipps_lint.document import ABSENT, MAYBE, NO, YES, Hole, Template, Truth, Value, ask, certain, equal, get
from vipps_lint.ledger.agreement import Agreement
from vipps_lint.ledger.payment import Payment
from vipps_lint.ledger.ranges import Range, amount

__all__ = ["Agreement", "Ledger", "Payment", "Range", "amount", "succeeded"]

State = TypeVar("State", Payment, Agreement)


@dataclass(frozen=True, slots=True)
class Key:
    """Whose state it is: the id, and the sales unit (MSN) and host where the calls say them."""

    entity: str
    id: Value
    msn: Value
    host: Value


def succeeded(call: Call, success: frozenset[int]) -> Truth:
    """Whether Vipps accepted the call: by its status, or by what the reader takes for granted without one."""

    def question(status: Value) -> Truth:
        match status:
            case int():
                return certain(status in success)
            case _:
                return call.succeeded

    return ask(call.status(), question)


def accepted(call: Call) -> Truth:
    """Whether an answer of Vipps itself proves that the call was right about the state it met."""

    def question(status: Value) -> Truth:
        return certain(200 <= status < 300) if isinstance(status, int) else MAYBE if status is not ABSENT else NO

    return ask(call.status(), question) & call.genuine


@dataclass
class Ledger:
    """What the calls so far say of every payment, charge and agreement."""

    payments: dict[Key, Payment] = field(default_factory=dict)
    agreements: dict[Key, Agreement] = field(default_factory=dict)

    def fold(self, call: Call, happened: Truth = YES) -> None:
        """Add one call. Calls must come in the order of time; `happened` is MAYBE for a call that may not be reached."""
        for effect in call.operation.effects if call.operation else ():
            sure = happened & succeeded(call, effect.success)
            if sure is NO:
                continue
            if effect.entity == "agreement":
                _fold(self.agreements, Agreement(), call, effect, sure)
            else:
                _fold(self.payments, Payment(), call, effect, sure)

    def payment(self, call: Call) -> Payment:
        """The state that a call of a payment or charge operation meets; all unknown where nothing is known."""
        return _lookup(self.payments, Payment(), call, "payment", "charge")

    def agreement(self, call: Call) -> Agreement:
        """The state that a call of an agreement operation meets."""
        return _lookup(self.agreements, Agreement(), call, "agreement")


def _key(call: Call, effect: Effect) -> Key:
    msn = call.header("merchant-serial-number")
    if msn is ABSENT:
        msn = get(call.document, ("body", "merchantInfo", "merchantSerialNumber"))
    return Key(effect.entity, call[effect.key], msn, call.host)


def _same(one: Key, other: Key) -> Truth:
    if one.entity != other.entity:
        return NO
    return _same_id(one.id, other.id) & _compatible(one.msn, other.msn) & _compatible(one.host, other.host)


def _same_id(one: Value, other: Value) -> Truth:
    """Ids are text; a number in a body and its text in a path are the same id."""
    return equal(_text(one), _text(other)) if ABSENT not in (one, other) else NO


def _text(value: Value) -> Value:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _compatible(one: Value, other: Value) -> Truth:
    """Two calls that do not say, or cannot know, their sales unit or host are taken for calls of one integration."""
    known = (str, int)
    if isinstance(one, known) and isinstance(other, known):
        return certain(str(one) == str(other))
    return YES if _mute(one) or _mute(other) or equal(one, other) is YES else MAYBE


def _mute(value: Value) -> bool:
    return value is ABSENT or (isinstance(value, Hole | Template))


def _fold(states: dict[Key, State], unknown: State, call: Call, effect: Effect, sure: Truth) -> None:
    key = _key(call, effect)
    if key.id is ABSENT:
        return
    met = [(known, _same(known, key)) for known in states]
    if all(same is not YES for _, same in met):
        states[key] = unknown
        met.append((key, YES))
    several = sum(same is YES for _, same in met) > 1
    for known, same in met:
        if same is NO:
            continue
        before = states[known]
        repeated = before.repeated(call)
        certainly = sure is YES and same is YES and not several and repeated is NO
        after = before.after(call, effect) if repeated is not YES else before
        states[known] = after if certainly else before.joined(after)


def _lookup(states: dict[Key, State], unknown: State, call: Call, *entities: str) -> State:
    for effect in call.operation.effects if call.operation else ():
        if effect.entity in entities:
            key = _key(call, effect)
            met = [state for known, state in states.items() if _same(known, key) is YES]
            return met[0] if len(met) == 1 else unknown
    return unknown


