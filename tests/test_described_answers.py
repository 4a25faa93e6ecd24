"""Whatever an answer is made of, it is judged without a crash; one made as described breaks no rule."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.engine import judge
from vipps_lint.examples import good_request
from vipps_lint.ledger import Ledger
from vipps_lint.read.request import read_call
from vipps_lint.read.routes import Routes
from vipps_lint.shape import GONE, Shape

CATALOG = catalog()
ROUTES = Routes(CATALOG.operations.values())
DESCRIBED = [name for name, one in CATALOG.operations.items() if one.reference.answer is not None]
PATIENT = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text("abc", min_size=1, max_size=6),
    "integer": st.integers(0, 10**6),
    "number": st.integers(0, 10**6) | st.floats(0, 1000),
    "boolean": st.booleans(),
    "object": st.dictionaries(st.text("abc", max_size=4), st.integers(), max_size=2),
    "any": ANYTHING,
}


def answers(shape: Shape) -> st.SearchStrategy[Any]:
    """Documents that are as described."""
    if shape.items is not None:
        return st.lists(answers(shape.items), max_size=2)
    if shape.fields is None:
        return st.sampled_from(shape.options) if shape.options else PLAIN[shape.type]
    there = {name: answers(one) for name, one in shape.fields.items() if one.type != GONE}
    required = {name: there[name] for name in there if shape.fields[name].required}
    return st.fixed_dictionaries(required, optional={name: one for name, one in there.items() if name not in required})


def judged(operation: str, status: int, body: Any) -> list[Diagnostic]:
    """What is said of an answer of an operation."""
    good = good_request(CATALOG, operation).exchange()
    call = read_call(replace(good, status=status, response_body=json.dumps(body)), ROUTES, Place("log", record=1))
    assert call is not None and call.at is not None
    return [one for one in judge(call, Ledger(), CATALOG, call.at.date()) if one.pointer.startswith("response")]


@pytest.mark.parametrize("operation", DESCRIBED)
@PATIENT
@given(st.data())
def test_an_answer_that_is_as_described_breaks_no_rule(operation: str, data: st.DataObject) -> None:
    reference = CATALOG.operations[operation].reference
    assert reference.answer is not None
    body = data.draw(answers(reference.answer))
    assert judged(operation, (reference.success or (200,))[0], body) == []


@pytest.mark.parametrize("operation", DESCRIBED)
@PATIENT
@given(st.sampled_from([200, 201, 204, 400, 500, 999]), ANYTHING, st.data())
def test_no_answer_makes_a_rule_crash(operation: str, status: int, body: Any, data: st.DataObject) -> None:
    answer = CATALOG.operations[operation].reference.answer
    names = [*(answer.fields if answer and answer.fields else {"any": None})]
    whole = data.draw(st.one_of(st.just(body), st.dictionaries(st.sampled_from(names), ANYTHING, max_size=3)))
    assert not [one for one in judged(operation, status, whole) if one.internal]
