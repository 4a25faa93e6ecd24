"""A shortcut says that nothing is wrong only where its check finds nothing: in all examples, with every kind of hole in
them, and with any other value in the place of one of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_holes import CATALOG, EXAMPLES, changed, less_known, places, with_document

from vipps_lint.call import Call
from vipps_lint.checks.quick import always
from vipps_lint.checks.shortcuts import Shortcuts
from vipps_lint.diagnostic import Violation
from vipps_lint.document import ABSENT, MAYBE, Hole, Value, from_json, select
from vipps_lint.ledger import Ledger

DAYS = [date(2019, 1, 1), date(2026, 11, 1)]
CALLS = [calls[-1] for _, calls in EXAMPLES]

TEXTS = ["", " ", "0", "91234567", "4791234567", "+4791234567", "٣", "acme 1", "a" * 101, "Bearer", "Bearer  ", "bearer x",
         "http://localhost/x", "https://127.0.0.1/x", "HTTPS://shop.example", "2026-02-30", "2026-11-22", "NOK"]  # fmt: skip
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.sampled_from([None, True, False, 0, 1, 99, 100, -1, 1.0, 100.5, 10**20, ABSENT, Hole(), *TEXTS]),
    st.text(max_size=40),
    st.integers(),
    st.recursive(st.integers() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
                 max_leaves=4).map(from_json),
)  # fmt: skip


def wronged(call: Call, today: date) -> Iterator[str]:
    """The rules whose shortcut says that nothing is wrong although their check finds something."""
    shortcuts = Shortcuts(call.operation)
    for rule, spot in CATALOG.spots(call.operation.id if call.operation else None):
        shortcut = shortcuts.of(spot.check, spot.at)
        if shortcut is not None and shortcut(call, today):
            at_all = [at for at, _ in select(call.document, spot.at)]
            found = (one for at in at_all for one in spot.check.violations(call, Ledger(), at, today))
            if any(isinstance(one, Violation) for one in found):
                yield rule.name


def variants(call: Call) -> Iterator[Call]:
    yield call
    yield replace(call, host="localhost:8080", scheme="http")
    yield replace(call, host="api.vips.no")
    yield replace(call, scheme="http")
    yield from (less for _, less in less_known(call))


@pytest.mark.parametrize("call", CALLS, ids=[name for name, _ in EXAMPLES])
def test_a_shortcut_never_hides_a_finding(call: Call) -> None:
    days = [*DAYS, call.at.date()] if call.at else DAYS
    assert [found for one in variants(call) for day in days for found in wronged(one, day)] == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CALLS), st.data(), st.integers(0, 3000))
def test_a_shortcut_never_hides_a_finding_in_another_value(call: Call, data: st.DataObject, days: int) -> None:
    at = data.draw(st.sampled_from(sorted(places(call), key=str) or [("body",)]))
    value = data.draw(VALUES)
    other = with_document(call, changed(call.document, at, lambda _: value))
    assert list(wronged(replace(other, succeeded=MAYBE), date(2019, 1, 1) + timedelta(days))) == []


def test_most_questions_of_a_good_call_are_answered_shortly() -> None:
    """What a guard spends on a call depends on it: each check that is asked itself costs as much as ten shortcuts."""
    good = {name: calls[-1] for name, calls in EXAMPLES if name.startswith("mobile-number-not-national") and calls}
    call = next(one for one in good.values() if one.operation and one.operation.id == "ecom.initiate-payment")
    asked = CATALOG.questions("ecom.initiate-payment").every
    live = [(rule.name, shortcut) for rule, _, shortcut in asked if not any(one.value == "code" for one in rule.needs)]
    assert [name for name, shortcut in live if shortcut is None] == []
    assert call.operation is not None
    assert Shortcuts(call.operation).of(CATALOG.rules["operation-unknown"].spots["*"][0].check, ()) is always
