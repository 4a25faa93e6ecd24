"""Expressions to values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vipps_lint.document import ALTERNATIVES, MAYBE, NO, YES, Hole, Template
from vipps_lint.read.source import answers, calls, ir
from vipps_lint.read.source.freeze import scalar
from vipps_lint.read.source.machine import Machine, hole_of, source_of
from vipps_lint.read.source.models import Arguments, merged, spread_unknown
from vipps_lint.read.source.text import arithmetic, day_after, joined, percent, pieced
from vipps_lint.read.source.values import (
    Answer,
    Choice,
    Class,
    Client,
    Data,
    Dict,
    Encoded,
    External,
    Function,
    Instance,
    Known,
    List,
    Ref,
    Scope,
    Slot,
    choose,
    each,
    unknown,
)


def evaluate(machine: Machine, expression: ir.Expression, scope: Scope) -> Known:
    """The value of an expression on the path that is being followed, with its effects on the state."""
    machine.step()
    return _EVALUATE[type(expression)](machine, expression, scope)


def _constant(machine: Machine, it: ir.Constant, scope: Scope) -> Known:
    return Data(it.value, it.node) if it.known else unknown(node=it.node)


def _name(machine: Machine, it: ir.Name, scope: Scope) -> Known:
    value = machine.lookup(scope, it.id, it.node)
    if isinstance(value, Answer) and value.kind in ("body", "text"):
        value.record.told = True
    return value


def _attribute(machine: Machine, it: ir.Attribute, scope: Scope) -> Known:
    value = evaluate(machine, it.value, scope)
    return choose(attribute_of(machine, one, it, source_of(it)) for one in each(value))


def attribute_of(machine: Machine, value: Known, it: ir.Attribute, source: str) -> Known:
    """The attribute of one value."""
    match value:
        case External(name):
            return External(f"{name}.{it.name}", it.node)
        case Answer():
            return answers.attribute(value, it.name, it.node)
        case Class():
            return class_attribute(machine, value, it.name, None) or unknown(source, node=it.node)
        case Ref(id):
            found = thing_attribute(machine, value, it.name)
            return found if found is not None else unknown(source, ("attribute", id, it.name), it.node)
        case Data(Hole(symbol=symbol)) if symbol is not None:
            return unknown(source, (symbol, it.name), it.node, f"`{source}` is not known in this file")
        case _:
            return unknown(source, None, it.node)


def thing_attribute(machine: Machine, ref: Ref, name: str) -> Known | None:
    """The attribute of an instance; None where it is not known."""
    match machine.thing(ref):
        case Instance(of, attributes):
            if name in attributes:
                return attributes[name]
            found = class_attribute(machine, of, name, ref)
            if isinstance(found, Function) and _decorated(found, "property", "cached_property"):
                return calls.inline(machine, found, Arguments(), found.definition.node)
            return found
        case Client(client, _):
            return External(f"{client}().{name}") if name in ("headers", "auth", "cookies", "hooks", "params") else None
        case _:
            return None


def _decorated(function: Function, *names: str) -> bool:
    decorators = getattr(function.definition, "decorators", ())
    return any(source_of(one).rpartition(".")[2] in names for one in decorators)


def class_attribute(machine: Machine, of: Class, name: str, instance: Ref | None) -> Known | None:
    """An attribute of a class or of its known bases; methods come bound to the instance (or the class)."""
    if name in of.attributes:
        value = of.attributes[name]
        if isinstance(value, Function) and isinstance(value.definition, ir.FunctionDefinition):
            if _decorated(value, "staticmethod"):
                return value
            if _decorated(value, "classmethod"):
                return replace(value, bound=(of,))
            return replace(value, bound=(instance,)) if instance is not None else value
        return value
    for base in of.bases:
        if isinstance(base, Class) and (found := class_attribute(machine, base, name, instance)) is not None:
            return found
    return None


def _subscript(machine: Machine, it: ir.Subscript, scope: Scope) -> Known:
    value = evaluate(machine, it.value, scope)
    index = evaluate(machine, it.index, scope) if it.index is not None else unknown()
    return choose(_item(machine, one, index, it) for one in each(value))


def _item(machine: Machine, value: Known, index: Known, it: ir.Subscript) -> Known:
    key = index.value if isinstance(index, Data) else None
    source = source_of(it)
    match value, machine.thing(value), key:
        case Answer(), _, _:
            return answers.subscript(machine, value, index, it.node)
        case _, Dict(fields), str() if key in fields:
            return fields[key].value
        case _, List(items, False), int() if -len(items) <= key < len(items):
            return items[key]
        case External(name="os.environ"), _, _:
            return unknown(source, ("environment", key), it.node, f"`{key}` is read from the environment")
        case Data(Hole(symbol=symbol)), _, str() | int() if symbol is not None:
            return unknown(source, (symbol, key), it.node, f"`{source}` is not known in this file")
        case Data(Hole(fresh=True)), _, _:
            return value
        case _:
            return unknown(source, None, it.node)


def _call(machine: Machine, it: ir.CallOf, scope: Scope) -> Known:
    return calls.call(machine, it, scope)


def _format(machine: Machine, it: ir.Format, scope: Scope) -> Known:
    pieces: list[tuple[Any, ...]] = []
    values: list[Known] = []
    for part, plain in zip(it.parts, it.plain, strict=True):
        if isinstance(part, str):
            pieces.append((part,))
            continue
        value = evaluate(machine, part, scope)
        values += each(value)
        for answer in machine.answers(value):
            answer.record.told = answer.record.told or answer.kind not in ("status", "ok", "failed")
        if plain:
            pieces.append(tuple(_named(scalar(one), part) for one in each(value)))
        else:
            pieces.append((Hole("string", source=source_of(part), fresh=_is_fresh(value)),))
    return choose(pieced(text, values) for text in _combined(pieces, it.node))


def _is_fresh(value: Known) -> bool:
    hole = hole_of(value)
    return hole is not None and hole.fresh


def _named(value: Any, part: ir.Expression) -> Any:
    if isinstance(value, Hole) and not value.source:
        return replace(value, source=source_of(part))
    return value


def _combined(pieces: list[tuple[Any, ...]], node: int) -> list[Data]:
    """The texts of pieces that may each be one of a few."""
    texts: list[list[Any]] = [[]]
    for piece in pieces:
        few = piece if len(texts) * len(piece) <= ALTERNATIVES else (Hole("string"),)
        texts = [[*text, one] for text in texts for one in few]
    return [joined(text, node) for text in texts]


def _binary(machine: Machine, it: ir.Binary, scope: Scope) -> Known:
    left, right = evaluate(machine, it.left, scope), evaluate(machine, it.right, scope)
    results = [_operate(machine, it, one, other) for one in each(left) for other in each(right)]
    return choose(results[:9])


def _operate(machine: Machine, it: ir.Binary, left: Known, right: Known) -> Known:
    match it.operator, left, right, machine.thing(left), machine.thing(right):
        case "|", _, _, Dict() as one, other:
            return machine.new(replace(merged(machine, one, other), node=it.node))
        case "+", _, _, List(items, is_open), List(more, more_open):
            return machine.new(List((*items, *more), is_open or more_open, it.node))
        case "%", Data(str() as template), _, _, _:
            values = _tuple(machine, right)
            made = percent(template, values, it.node) if values is not None else None
            return made or Data(Hole("string"), it.node)
        case ("+" | "/"), _, _, _, _ if _is_text(left) or _is_text(right):
            separator = ("/",) if it.operator == "/" else ()
            text = joined([_named(scalar(left), it.left), *separator, _named(scalar(right), it.right)], it.node)
            return pieced(text, (left, right))
        case ("+" | "-"), Data(one), Data(other), _, _:
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
    match machine.thing(value):
        case List(items, False):
            return [scalar(one) for one in items]
        case None:
            return [scalar(value)]
        case _:
            return None


def _is_text(value: Known) -> bool:
    match value:
        case Data(str() | Template() | Hole(type="string")):
            return True
        case _:
            return False


def _logical(machine: Machine, it: ir.Logical, scope: Scope) -> Known:
    left = evaluate(machine, it.left, scope)
    verdict, _ = answers.condition(machine, left) if any(True for _ in machine.answers(left)) else (answers.truth(left), None)
    stop = (verdict is YES) if it.operator == "or" else (verdict is NO)
    if stop:
        return left
    before = machine.state.fork()
    right = evaluate(machine, it.right, scope)
    if verdict is MAYBE:
        machine.state = before.joined(machine.state)
    match left, right:
        case Answer(kind=one), Answer(kind=other) if left.record is right.record and one == other:
            return left if (one, it.operator) in (("ok", "and"), ("failed", "or")) else replace(left, kind="part")
        case Answer(), _:
            return left if verdict is YES and it.operator == "or" else _either(left, right)
        case _, Answer():
            return _either(right, left)
    passed = left if it.operator == "or" else None
    if verdict is not MAYBE:
        return right
    return choose((passed, right)) if passed is not None else choose((unknown(source_of(it)), right))


def _either(answer: Answer, other: Known) -> Known:
    return Choice((replace(answer, kind="part"), other)) if not isinstance(other, Choice) else replace(answer, kind="part")


def _unary(machine: Machine, it: ir.Unary, scope: Scope) -> Known:
    value = evaluate(machine, it.operand, scope)
    if it.operator == "not":
        if isinstance(value, Answer):
            return answers.negated(value) if value.kind != "response" else replace(value, kind="failed")
        verdict = answers.truth(value)
        found = list(machine.answers(value))
        if found:
            return replace(found[0], kind="part")
        return unknown() if verdict is MAYBE else Data(verdict is NO, it.node)
    if it.operator == "-" and isinstance(value, Data) and isinstance(value.value, int | float):
        return Data(-value.value, it.node)
    return unknown(source_of(it), None, it.node)


def _compare(machine: Machine, it: ir.Compare, scope: Scope) -> Known:
    left, right = evaluate(machine, it.left, scope), evaluate(machine, it.right, scope)
    if isinstance(left, Answer):
        return answers.compared(left, it.operator, _members(machine, right), it.node, swapped=False)
    if isinstance(right, Answer):
        return answers.compared(right, it.operator, left, it.node, swapped=True)
    found = [*machine.answers(left), *machine.answers(right)]
    if found:
        return replace(found[0], kind="part")
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
        equal = _equal(left, right)
        return None if equal is None else equal is (operator in ("is", "=="))
    match operator, left, machine.thing(right):
        case ("in" | "not in"), Data(str() as key), Dict(fields, False) if all(one.sure is YES for one in fields.values()):
            return (key in fields) is (operator == "in")
        case ("in" | "not in"), Data(str() | int()), List(items, False) if all(_plain(one) for one in items):
            return any(_equal(left, one) for one in items) is (operator == "in")
        case _:
            return None


def _plain(value: Known) -> bool:
    return isinstance(value, Data) and not isinstance(value.value, Hole | Template)


def _equal(left: Known, right: Known) -> bool | None:
    if _plain(left) and _plain(right):
        return bool(left.value == right.value)  # type: ignore[union-attr]
    none = Data(None)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Data) and one.value is none.value and isinstance(other, Ref | Function | Class | Encoded):
            return False
    return None


def _conditional(machine: Machine, it: ir.Conditional, scope: Scope) -> Known:
    test = evaluate(machine, it.test, scope)
    verdict, _ = answers.condition(machine, test)
    if verdict is not MAYBE:
        return evaluate(machine, it.body if verdict is YES else it.otherwise, scope)
    before = machine.state.fork()
    body = evaluate(machine, it.body, scope)
    after, machine.state = machine.state, before
    otherwise = evaluate(machine, it.otherwise, scope)
    machine.state = machine.state.joined(after)
    return choose((body, otherwise))


def _dict(machine: Machine, it: ir.DictDisplay, scope: Scope) -> Known:
    thing = Dict({}, False, it.node)
    for key, value in it.items:
        inner = evaluate(machine, value, scope)
        if key is None:
            spread = machine.thing(inner)
            thing = replace(merged(machine, thing, spread), node=it.node)
            continue
        thing = put(thing, evaluate(machine, key, scope), inner)
    return machine.new(thing)


def put(thing: Dict, key: Known, value: Known) -> Dict:
    """The dict after `thing[key] = value`; a key that is not known may be any."""
    match key:
        case Data(str() as name):
            return replace(thing, fields={**thing.fields, name: Slot(value, key.node)})
        case Data(int() | float() | None):
            return replace(thing, open=True)
        case Choice(values) if all(isinstance(one, Data) and isinstance(one.value, str) for one in values):
            return spread_unknown(thing)
        case _:
            return spread_unknown(thing)


def _list(machine: Machine, it: ir.ListDisplay, scope: Scope) -> Known:
    items: list[Known] = []
    is_open = False
    for one, spread in zip(it.items, it.spreads, strict=True):
        value = evaluate(machine, one, scope)
        if not spread:
            items.append(value)
            continue
        match machine.thing(value):
            case List(inner, inner_open) if not inner_open:
                items += inner
            case _:
                is_open = True
    return machine.new(List(tuple(items), is_open, it.node))


def _comprehension(machine: Machine, it: ir.Comprehension, scope: Scope) -> Known:
    inner = machine.scope(scope)
    for target, iterable, tests in it.clauses:
        over = evaluate(machine, iterable, inner)
        bind(machine, target, element(machine, over), inner)
        for test in tests:
            answers.condition(machine, evaluate(machine, test, inner))
    if it.key is not None:
        evaluate(machine, it.key, inner)
    value = evaluate(machine, it.element, inner)
    for answer in machine.answers(value):
        answer.record.told = True
    if it.kind == "dict":
        return machine.new(Dict({}, True, it.node))
    return machine.new(List((value,), True, it.node)) if isinstance(value, Answer) else machine.new(List((), True, it.node))


def element(machine: Machine, value: Known) -> Known:
    """What a loop over a value binds, one for all rounds."""
    match value, machine.thing(value):
        case Answer(), _:
            return answers.item(value)
        case _, List(items, False) if items:
            return choose(items)
        case _:
            return unknown()


def bind(machine: Machine, target: ir.Expression, value: Known, scope: Scope) -> None:
    """Assign a value to a target: a name, an attribute, a subscript, or several of them."""
    match target:
        case ir.Name(id=name):
            machine.assign(scope, name, value)
        case ir.Attribute(value=owner, name=name):
            _set_attribute(machine, evaluate(machine, owner, scope), name, value)
        case ir.Subscript(value=owner, index=index):
            key = evaluate(machine, index, scope) if index is not None else unknown()
            _set_item(machine, evaluate(machine, owner, scope), key, value)
        case ir.ListDisplay(items=items):
            _unpack(machine, items, value, scope)
        case _:
            machine.escape(value)


def _set_attribute(machine: Machine, owner: Known, name: str, value: Known) -> None:
    machine.escape(value)
    for one in each(owner):
        match one, machine.thing(one):
            case Ref(), Instance(attributes=attributes) as instance:
                machine.put(one, replace(instance, attributes={**attributes, name: value}))
            case Ref(), Client() as client if name not in ("headers", "auth", "verify", "cert", "params", "cookies", "timeout"):
                machine.put(one, replace(client, plain=False))


def _set_item(machine: Machine, owner: Known, key: Known, value: Known) -> None:
    owners = each(owner)
    for one in owners:
        match one, machine.thing(one):
            case Ref(), Dict() as thing:
                changed = put(thing, key, value)
                machine.put(one, changed if len(owners) == 1 else spread_unknown(changed))
            case Ref(), List() as items:
                machine.put(one, replace(items, items=(), open=True))
                machine.escape(value)
            case _:
                machine.escape(value)


def _unpack(machine: Machine, targets: tuple[ir.Expression, ...], value: Known, scope: Scope) -> None:
    match machine.thing(value):
        case List(items, False) if len(items) == len(targets):
            pieces: tuple[Known, ...] = items
        case _:
            pieces = tuple(replace(value, kind="part") if isinstance(value, Answer) else unknown() for _ in targets)
            if not isinstance(value, Answer):
                machine.escape(value)
    for target, piece in zip(targets, pieces, strict=True):
        bind(machine, target, piece, scope)


def _lambda(machine: Machine, it: ir.Lambda, scope: Scope) -> Known:
    return Function(it, scope, name="lambda")


def _await(machine: Machine, it: ir.Await, scope: Scope) -> Known:
    return evaluate(machine, it.value, scope)


def _walrus(machine: Machine, it: ir.Walrus, scope: Scope) -> Known:
    value = evaluate(machine, it.value, scope)
    machine.assign(scope, it.name, value)
    return value


def _yield(machine: Machine, it: ir.Yield, scope: Scope) -> Known:
    value = evaluate(machine, it.value, scope) if it.value is not None else Data(None)
    machine.frames[-1].yields.append(value)
    machine.escape(value)
    return unknown()


def _other(machine: Machine, it: ir.Other, scope: Scope) -> Known:
    for part in it.parts:
        machine.escape(evaluate(machine, part, scope))
    return unknown("…", None, it.node)


_EVALUATE: dict[type, Callable[[Machine, Any, Scope], Known]] = {
    ir.Constant: _constant, ir.Name: _name, ir.Attribute: _attribute, ir.Subscript: _subscript, ir.CallOf: _call,
    ir.Format: _format, ir.Binary: _binary, ir.Logical: _logical, ir.Unary: _unary, ir.Compare: _compare,
    ir.Conditional: _conditional, ir.DictDisplay: _dict, ir.ListDisplay: _list, ir.Comprehension: _comprehension,
    ir.Lambda: _lambda, ir.Await: _await, ir.Walrus: _walrus, ir.Yield: _yield, ir.Other: _other,
}  # fmt: skip
