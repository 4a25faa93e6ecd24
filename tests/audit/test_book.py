"""The ledger finds states by id; comparing each call with every state, one by one, must give the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from vipps_lint.call import Call, Place
from vipps_lint.catalog import catalog
from vipps_lint.document import MAYBE, NO, YES, Hole, Object, Truth, Value, equal
from vipps_lint.ledger import Ledger, Payment

OPERATIONS = catalog().operations
KINDS = ["initiate", "capture", "cancel", "refund"]
IDS: list[Value] = ["a", "b", "1", 1, Hole(), Hole(symbol="x"), Hole(symbol="y"), Hole("integer", symbol="n")]


def call(kind: str, order: Value, amount: int, number: int) -> Call:
    operation = OPERATIONS[f"ecom.{kind}-payment"]
    body = {"transaction": Object({"orderId": order, "amount": amount})}
    parts = {"path": Object({"orderId": order}), "headers": Object({}), "body": Object(body)}
    document = Object({**parts, "response": Object({"status": 200})})
    return Call(
        operation.api, operation, operation.method, "", document, "api.vipps.no", place=Place("x", record=number)
    )


@dataclass
class Plain:
    """One state for each id, in a list."""

    states: list[tuple[Value, Payment]] = field(default_factory=list)

    def fold(self, one: Call) -> None:
        assert one.operation is not None
        (effect,) = one.operation.effects
        key = text(one[effect.key])
        if not any(equal(known, key) is YES for known, _ in self.states):
            self.states.append((key, Payment()))
        self.states = [(known, step(state, equal(known, key), one)) for known, state in self.states]

    def payment(self, one: Call) -> Payment:
        assert one.operation is not None
        key = text(one[one.operation.effects[0].key])
        found = [state for known, state in self.states if equal(known, key) is YES]
        return found[0] if len(found) == 1 else Payment()


def text(value: Value) -> Value:
    return str(value) if isinstance(value, int) else value


def step(state: Payment, same: Truth, one: Call) -> Payment:
    assert one.operation is not None
    if same is NO:
        return state
    after = state.after(one, one.operation.effects[0])
    return after if same is YES and state.repeated(one) is NO else state.joined(after)


CALLS = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(IDS), st.sampled_from([100, 200])), max_size=12)


@given(CALLS)
def test_the_book_agrees_with_a_plain_list(calls: list[tuple[str, Value, int]]) -> None:
    ledger, plain = Ledger(), Plain()
    for number, (kind, order, amount) in enumerate(calls):
        one = call(kind, order, amount, number)
        ledger.fold(one)
        plain.fold(one)
    for order in IDS:
        asked = call("capture", order, 100, 99)
        assert ledger.payment(asked) == plain.payment(asked)


def test_an_unknown_id_widens_states_that_are_asked_for_later() -> None:
    ledger = Ledger()
    ledger.fold(call("initiate", "a", 200, 1))
    ledger.fold(call("capture", Hole(), 100, 2))
    state = ledger.payment(call("capture", "a", 100, 3))
    assert (state.remaining.low, state.remaining.high, state.capturing) == (100, 200, MAYBE)


def test_a_state_that_is_forgotten_is_unknown() -> None:
    ledger = Ledger()
    ledger.fold(call("initiate", "a", 200, 1))
    ledger.fold(call("initiate", "b", 200, 2))
    ledger.payments.forget_first()
    assert len(ledger.payments) == 1
    assert ledger.payment(call("capture", "a", 1, 3)) == Payment()
    assert ledger.payment(call("capture", "b", 1, 3)).reserved.high == 200


def test_a_call_that_may_be_of_two_sales_units_changes_neither_for_sure() -> None:
    ledger = Ledger()
    for number, unit in enumerate(["111111", "222222"]):
        ledger.fold(of(unit, call("initiate", "a", 200, number)))
    ledger.fold(call("capture", "a", 200, 3))
    for unit in ["111111", "222222"]:
        state = ledger.payment(of(unit, call("cancel", "a", 0, 4)))
        assert (state.remaining.low, state.remaining.high, state.capturing) == (0, 200, MAYBE)
    assert ledger.payment(call("cancel", "a", 0, 4)) == Payment()


def of(unit: str, one: Call) -> Call:
    """The call with the header that names its sales unit."""
    headers = Object({"merchant-serial-number": unit})
    return replace(one, document=Object({**one.document.fields, "headers": headers}))
