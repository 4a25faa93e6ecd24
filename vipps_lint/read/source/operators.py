"""Operators: arithmetic and text, `and` and `or`, comparisons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vipps_lint.document import ALTERNATIVES, MAYBE, NO, YES, Hole, Template
from vipps_lint.read.source import answers, exact, expressions, fallbacks, ir, uses, views
from vipps_lint.read.source.freeze import printed, scalar
from vipps_lint.read.source.leaks import holding
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.text import arithmetic, day_after, joined, percent, pieced
from vipps_lint.read.source.things import listed, merged
from vipps_lint.read.source.values import (
    Answer,
    Choice,
    Class,
    Data,
    Dict,
    Encoded,
    Function,
    Instance,
    Known,
    List,
    Ref,
    Scope,
    choose,
    each,
    is_none,
    unknown,
)


def binary(machine: Machine, it: ir.Binary, scope: Scope) -> Known:
    left, right = expressions.evaluate(machine, it.left, scope), expressions.evaluate(machine, it.right, scope)
    return combined(machine, it, left, right)


def combined(machine: Machine, it: ir.Binary, left: Known, right: Known) -> Known:
    """The result of an operator on two values, each of which may be one of a few."""
    others = each(right)
    if len(each(left)) * len(others) > ALTERNATIVES:
        others = (Data(Hole("string" if all(map(_is_text, others)) else None, source=source_of(it.right))),)
    return choose(_operate(machine, it, one, other) for one in each(left) for other in others)


def _operate(machine: Machine, it: ir.Binary, left: Known, right: Known) -> Known:
    uses.reckoned(machine, it.operator, left, right)
    for side, beside in ((left, right), (right, left)):
        if isinstance(side, Answer) and not (side.kind == "body" and it.operator in "+%" and _is_text(beside)):
            side.record.checked = side.record.checked or (side.kind == "status" and not machine.logging)
            side.record.stated = side.record.stated or side.kind == "status"
            return replace(side, kind="part", node=it.node)
    exactly = exact.operated(machine, it.operator, left, right, it.node)
    if exactly is not None:
        return pieced(exactly, (left, right)) if isinstance(exactly, Data) else exactly
    match it.operator, left, right, machine.thing(left), machine.thing(right):
        case "|", _, _, Dict() as one, other:
            return machine.new(replace(merged(machine, one, other), node=it.node))
        case "+", _, _, List(items, is_open), List(more, more_open):
            return machine.new(listed((*items, *more), is_open or more_open, it.node))
        case "%", Data(str() as template), _, _, _:
            is_tuple = isinstance(it.right, ir.ListDisplay) and it.right.is_tuple
            printed_now = exact.percent(machine, template, right, is_tuple, it.node)
            if printed_now is not None:
                return pieced(printed_now, (left, *_each_item(machine, right)))
            values = _tuple(machine, right) if is_tuple or not isinstance(machine.thing(right), List) else None
            made = percent(template, values, it.node) if values is not None else None
            given = left, *_each_item(machine, right)
            filled = pieced(made, given) if made else Data(Hole("string"), it.node)
            return holding(machine, filled, given)
        case (("+" | "/"), _, _, _, _) if _is_text(left) or _is_text(right):
            if it.operator == "/" and str(getattr(right, "value", "")).startswith("/"):
                return Data(Hole("string"), it.node)  # an absolute path replaces what is before it
            separator = ("/",) if it.operator == "/" else ()
            text = joined([named(scalar(left), it.left), *separator, named(scalar(right), it.right)], it.node)
            return holding(machine, pieced(text, (left, right)), (left, right))
        case (("+" | "-"), Data(one), Data(other), _, _):
            moved = day_after(one, other, 1 if it.operator == "+" else -1)
            return Data(moved if moved is not None else _reckon(it, one, other), it.node)
        case _, Data(one), Data(other), _, _:
            return Data(_reckon(it, one, other), it.node)
        case _:
            return unknown(source_of(it), None, it.node)


def _reckon(it: ir.Binary, one: Any, other: Any) -> Any:
    result = arithmetic(it.operator, one, other)
    return replace(result, source=source_of(it)) if isinstance(result, Hole) else result


def _tuple(machine: Machine, value: Known) -> list[Any] | None:
    """The values that `%` fills in; None where how many there are is not known."""
    match machine.thing(value):
        case List(open=False) | None:
            return [printed(one) for one in _each_item(machine, value)]
        case _:
            return None


def _each_item(machine: Machine, value: Known) -> tuple[Known, ...]:
    match machine.thing(value):
        case List(items, False):
            return items
        case _:
            return (value,)


def _is_text(value: Known) -> bool:
    match value:
        case Data(str() | Template() | Hole(type="string")):
            return True
        case _:
            return False


def logical(machine: Machine, it: ir.Logical, scope: Scope) -> Known:
    left = expressions.evaluate(machine, it.left, scope)
    asked = any(True for _ in machine.answers(left))
    verdict = answers.condition(machine, left)[0] if asked else answers.truth(machine, left)
    stop = (verdict is YES) if it.operator == "or" else (verdict is NO)
    if stop:
        return left
    before = machine.state.fork()
    right = expressions.evaluate(machine, it.right, scope)
    if verdict is MAYBE:
        machine.state, machine.dead = before.joined(machine.state), False
    match left, right:
        case Answer(kind="body"), _ if it.operator == "or":
            return choose((left, right))
        case Answer(kind=one), Answer(kind=other) if left.record is right.record and one == other:
            return left if (one, it.operator) in (("ok", "and"), ("failed", "or")) else replace(left, kind="part")
        case Answer(), _:
            return left if verdict is YES and it.operator == "or" else _either(left, right)
        case _, Answer():
            return _either(right, left)
    passed = left if it.operator == "or" else None
    if verdict is not MAYBE:
        return right
    if passed is not None:
        machine.beside.note_default(right)
        right = fallbacks.instead(machine, right, left, it, it.left)
    return choose((passed, right)) if passed is not None else choose((unknown(source_of(it)), right))


def _either(answer: Answer, other: Known) -> Known:
    return (
        Choice((replace(answer, kind="part"), other)) if not isinstance(other, Choice) else replace(answer, kind="part")
    )


def unary(machine: Machine, it: ir.Unary, scope: Scope) -> Known:
    value = expressions.evaluate(machine, it.operand, scope)
    if it.operator == "not":
        if isinstance(value, Answer):
            return answers.negated(value) if value.kind != "response" else replace(value, kind="failed")
        verdict = answers.truth(machine, value)
        found = list(machine.answers(value))
        if found:
            return replace(found[0], kind="part")
        return unknown() if verdict is MAYBE else Data(verdict is NO, it.node)
    return exact.signed(machine, it.operator, value, it.node) or unknown(source_of(it), None, it.node)


def compare(machine: Machine, it: ir.Compare, scope: Scope) -> Known:
    left, right = expressions.evaluate(machine, it.left, scope), expressions.evaluate(machine, it.right, scope)
    uses.compared(machine, it.operator, left, right, it.node)
    uses.reckoned(machine, it.operator, left, right)
    for side in (left, right):
        views.looked_at(machine, side)
    if isinstance(left, Answer):
        return answers.compared(left, it.operator, _members(machine, right), it.node, swapped=False)
    if isinstance(right, Answer):
        return answers.compared(right, it.operator, left, it.node, swapped=True)
    found = [*machine.answers(left), *machine.answers(right)]
    if found:
        return replace(found[0], kind="compared" if all(one.kind == "body" for one in found) else "part")
    verdict = _holds(machine, it.operator, left, right)
    return unknown() if verdict is None else Data(verdict, it.node)


def _members(machine: Machine, value: Known) -> Known:
    match machine.thing(value):
        case List(items, False) if items:
            return choose(items)
        case _:
            return value


def _holds(machine: Machine, operator: str, left: Known, right: Known) -> bool | None:
    """The truth of a comparison of known values."""
    if operator in ("is", "is not", "==", "!="):
        identity = operator.startswith("is") and not (is_none(left) or is_none(right))
        equal = None if identity and not _are_flags(left, right) else _equal(machine, left, right)
        return None if equal is None else equal is (operator in ("is", "=="))
    match exact.operated(machine, operator, left, right, 0):
        case Data(bool() as verdict):
            return verdict
    match operator, left, machine.thing(right):
        case (("in" | "not in"), Data(str() as key), Dict(fields, False)) if all(
            one.sure is YES for one in fields.values()
        ):
            return (key in fields) is (operator == "in")
        case (("in" | "not in"), Data(str() | int()), List(items, False)) if all(_plain(one) for one in items):
            return any(_equal(machine, left, one) for one in items) is (operator == "in")
        case _:
            return None


def _are_flags(left: Known, right: Known) -> bool:
    return all(isinstance(one, Data) and isinstance(one.value, bool) for one in (left, right))


def _plain(value: Known) -> bool:
    return isinstance(value, Data) and not isinstance(value.value, Hole | Template)


def _equal(machine: Machine, left: Known, right: Known) -> bool | None:
    mine, theirs = _member(machine, left), _member(machine, right)
    if (mine or theirs) and (mine or _plain(left)) and (theirs or _plain(right)):
        return mine == theirs
    if _plain(left) and _plain(right):
        return bool(left.value == right.value)  # type: ignore[union-attr]
    for one, other in ((left, right), (right, left)):
        if is_none(one) and isinstance(other, Ref | Function | Class | Encoded):
            return False
    return None


def _member(machine: Machine, value: Known) -> tuple[Class, object] | None:
    """The enum and the value of a member that is equal to nothing but itself."""
    match machine.thing(value):
        case Instance(of, attributes) if of.kind == "enum":
            inner = attributes.get("_value_")
            return (of, inner.value) if isinstance(inner, Data) and _plain(inner) else None
        case _:
            return None


def named(value: Any, part: ir.Expression) -> Any:
    if isinstance(value, Hole) and not value.source:
        return replace(value, source=source_of(part))
    return value
