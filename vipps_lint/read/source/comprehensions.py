"""Comprehensions: item by item where the items are known, else one round that stands for all."""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.document import MAYBE, NO, YES, Truth
from vipps_lint.read.source import answers, assignment, expressions, ir, rounds
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.state import merge_dicts
from vipps_lint.read.source.things import Item, items_of, put
from vipps_lint.read.source.values import Answer, Dict, Known, List, Scope

MOST = 40
"""So many known items are followed one by one."""


def comprehension(machine: Machine, it: ir.Comprehension, scope: Scope) -> Known:
    """The dict or list that a comprehension makes."""
    inner = machine.scope(scope)
    inner.is_comprehension = True
    over = expressions.evaluate(machine, it.clauses[0][1], scope)
    items = items_of(machine, over)
    if items is None or len(it.clauses) > 1 or len(items) > MOST or it.kind == "generator":
        return _any_number(machine, it, over, inner)
    return _dict(machine, it, items, inner) if it.kind == "dict" else _list(machine, it, items, inner)


def _any_number(machine: Machine, it: ir.Comprehension, over: Known, scope: Scope) -> Known:
    before = machine.state.fork()
    machine.loops.append(it.node)
    value = rounds.until_stable(machine, lambda: _round(machine, it, over, scope), lambda _: [machine.state])
    machine.loops.pop()
    machine.state = before.joined(machine.state)
    if it.kind == "dict":
        return machine.new(Dict({}, True, it.node))
    return machine.new(List((value,) if isinstance(value, Answer) else (), True, it.node))


def _round(machine: Machine, it: ir.Comprehension, over: Known, scope: Scope) -> Known:
    for number, (target, iterable, tests) in enumerate(it.clauses):
        each = over if number == 0 else expressions.evaluate(machine, iterable, scope)
        assignment.bind(machine, target, assignment.element(machine, each), scope)
        for test in tests:
            answers.condition(machine, expressions.evaluate(machine, test, scope))
    if it.key is not None:
        machine.escape(expressions.evaluate(machine, it.key, scope))
    value = expressions.evaluate(machine, it.element, scope)
    machine.escape(value)
    return value


def _dict(machine: Machine, it: ir.Comprehension, items: list[Item], scope: Scope) -> Known:
    made = Dict({}, False, it.node)
    for item, there in items:
        before, sure = machine.state.fork(), _passes(machine, it, item, there, scope)
        if sure is not NO:
            assert it.key is not None
            key = expressions.evaluate(machine, it.key, scope)
            value = expressions.evaluate(machine, it.element, scope)
            machine.escape(value)
            more = put(made, key, value)
            made = more if sure is YES else merge_dicts(made, more)
        if sure is MAYBE:
            machine.state = before.joined(machine.state)
    return machine.new(made)


def _list(machine: Machine, it: ir.Comprehension, items: list[Item], scope: Scope) -> Known:
    made = List((), False, it.node)
    for item, there in items:
        before, sure = machine.state.fork(), _passes(machine, it, item, there, scope)
        value = expressions.evaluate(machine, it.element, scope) if sure is not NO else None
        if value is not None and sure is YES and not made.open:
            made = replace(made, items=(*made.items, value))
        elif value is not None:
            machine.escape(value)
            made = replace(made, open=True)  # from here on nobody knows which item stands where
        if sure is MAYBE:
            machine.state = before.joined(machine.state)
    return machine.new(made)


def _passes(machine: Machine, it: ir.Comprehension, item: Known, there: Truth, scope: Scope) -> Truth:
    """Whether an item is there and passes all tests."""
    (target, _, tests) = it.clauses[0]
    assignment.bind(machine, target, item, scope)
    verdict = there
    for test in tests:
        verdict &= answers.condition(machine, expressions.evaluate(machine, test, scope))[0]
        if verdict is NO:
            break
    return verdict


def consumed(it: ir.CallOf) -> bool:
    """Whether a call goes through a generator among its arguments at once: `"&".join(... for ...)`, `dict(...)`."""
    match it.function:
        case ir.Name(id="dict" | "list" | "tuple" | "sorted" | "sum"):
            return True
        case ir.Attribute(value=ir.Constant(), name="join"):
            return True
        case _:
            return False
