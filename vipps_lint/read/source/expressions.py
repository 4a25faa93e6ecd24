"""Expressions to values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

from vipps_lint.document import MAYBE, YES, Hole
from vipps_lint.read.source import (
    answers,
    attributes,
    calls,
    classes,
    comprehensions,
    exact,
    fallbacks,
    formatting,
    functions,
    handing,
    ir,
    models,
    operators,
    prepared,
    selves,
    sessions,
    views,
)
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.state import merge_dicts
from vipps_lint.read.source.table import Table
from vipps_lint.read.source.text import LONGEST, endless
from vipps_lint.read.source.things import listed, merged, put
from vipps_lint.read.source.values import (
    Answer,
    Caught,
    Choice,
    Class,
    Client,
    Data,
    Dict,
    Exact,
    External,
    Function,
    Instance,
    Known,
    List,
    Module,
    Prepared,
    Ref,
    Scope,
    choose,
    each,
    unknown,
)


def evaluate(machine: Machine, expression: ir.Expression, scope: Scope) -> Known:
    """The value of an expression on the path that is being followed, with its effects on the state."""
    machine.step()
    return _EVALUATE[type(expression)](machine, expression, scope)


def _constant(machine: Machine, it: ir.Constant, scope: Scope) -> Known:
    if isinstance(it.value, str) and len(it.value) > LONGEST:
        return endless(it.node)
    return Data(it.value, it.node) if it.known else unknown(node=it.node)


def _name(machine: Machine, it: ir.Name, scope: Scope) -> Known:
    value = machine.lookup(scope, it.id, it.node)
    if isinstance(value, Answer) and value.kind in ("body", "text"):
        machine.state.tell(value.record)
    return value


def _attribute(machine: Machine, it: ir.Attribute, scope: Scope) -> Known:
    value, source = evaluate(machine, it.value, scope), source_of(it)
    if type(value) is not Choice:
        return attribute_of(machine, value, it, source)
    return choose(attribute_of(machine, one, it, source) for one in value.values)


def attribute_of(machine: Machine, value: Known, it: ir.Attribute, source: str) -> Known:
    """The attribute of one value."""
    match value:
        case External(name):
            dotted = f"{name}.{it.name}"
            return views.sent(machine, dotted, it.node) or External(dotted, it.node)
        case Module():
            return machine.member(value, it.name) or unknown(source, node=it.node)
        case Answer() | Caught():
            return answers.attribute(machine, value, it.name, it.node)
        case Class():
            known = classes.attribute(machine, value, it.name, None) or models.manager(machine, value, it.name, it.node)
            return known or unknown(source, node=it.node)
        case Ref(id):
            found = thing_attribute(machine, value, it.name)
            return found if found is not None else unknown(source, ("attribute", id, it.name), it.node)
        case Prepared():
            prepared.touch(machine, value, it.name)
            return unknown(source, None, it.node)
        case Data(member=member) if member and it.name in ("value", "name"):
            return replace(value, member="", prints=True) if it.name == "value" else Data(member, it.node)
        case Data(Hole()) if (client := attributes.client(machine, it.name)) is not None:
            return client
        case Data(Hole()) if (method := selves.of_unknown(machine, value, it.name)) is not None:
            return _asked(machine, method)
        case Data(Hole(symbol=symbol) as hole) if symbol is not None:
            reason = f"`{source}` is not known in this project"
            part = unknown(source, machine.part_of(symbol, it.name), it.node, reason)
            found = models.attribute(machine, hole, it.name, part)
            return found if models.validates(machine, hole, it.name) else views.part(machine, value, it.name, found)
        case _:
            return unknown(source, None, it.node)


def thing_attribute(machine: Machine, ref: Ref, name: str) -> Known | None:
    """The attribute of an instance; None where it is not known."""
    match machine.thing(ref):
        case Instance(of, attributes, is_open):
            found = attributes.get(name)
            if name == "__dict__":
                machine.havoc(ref)
            if found is None:
                found = classes.attribute(machine, of, name, ref)
                if isinstance(found, Function):
                    return _asked(machine, found)
            if found is not None and is_open:
                found = choose((found, unknown(name)))
            elif found is not None and machine.is_shared(ref):
                found = machine.shared(found, machine.others.attribute(of, name), unknown(name))
            return found if found is None else models.field(machine, of, name, found)
        case Client(client, _) as thing:
            if name in ("hooks", "event_hooks"):
                machine.put(ref, replace(thing, plain=False))
            if name == "headers" and (own := sessions.headers(machine, thing)) is not None:
                return own
            if name in ("headers", "auth"):  # what is done with it is not followed
                machine.put(ref, replace(thing, arguments={**thing.arguments, name: unknown(name)}))
            if name in ("headers", "auth", "cookies", "hooks", "params"):
                return External(f"{client}().{name}")
            return handing.method_of(ref, name) if name not in thing.arguments else None
        case _:
            return None


def _asked(machine: Machine, method: Function) -> Known:
    """A method as an attribute, or what a property gives."""
    is_property = classes.decorated(method, "property", "cached_property")
    return functions.inline(machine, method, Arguments(), method.definition.node) if is_property else method


def _subscript(machine: Machine, it: ir.Subscript, scope: Scope) -> Known:
    value = evaluate(machine, it.value, scope)
    index = evaluate(machine, it.index, scope) if it.index is not None else unknown()
    return choose(_item(machine, one, index, it) for one in each(value))


def _item(machine: Machine, value: Known, index: Known, it: ir.Subscript) -> Known:
    key = index.value if isinstance(index, Data) else None
    source = source_of(it)
    exactly = exact.item(machine, value, index, it.node)
    if exactly is not None:
        return exactly
    match value, machine.thing(value), key:
        case Answer(), _, _:
            return answers.subscript(machine, value, index, it.node)
        case _, Dict(fields), str() if key in fields:
            return fields[key].value
        case _, List(items, False), int() if -len(items) <= key < len(items):
            return items[key]
        case External(name="os.environ"), _, str():
            return unknown(source, ("environment", key), it.node, f"`{key}` is read from the environment")
        case Data(Hole(symbol=symbol)), _, str() | int() if symbol is not None:
            part = unknown(source, machine.part_of(symbol, key), it.node, f"`{source}` is not known in this project")
            return views.part(machine, value, key, part)
        case Data(Hole(fresh=True)), _, _:
            return value
        case _:
            return unknown(source, None, it.node)


def _slice(machine: Machine, it: ir.Slice, scope: Scope) -> Known:
    ends = [Data(None) if one is None else evaluate(machine, one, scope) for one in it.parts]
    known = [exact.python_of(machine, one) for one in ends]
    return unknown() if any(one is exact.UNKNOWN for one in known) else Exact(slice(*known), it.node)


def _call(machine: Machine, it: ir.CallOf, scope: Scope) -> Known:
    return calls.call(machine, it, scope)


def _conditional(machine: Machine, it: ir.Conditional, scope: Scope) -> Known:
    test = evaluate(machine, it.test, scope)
    verdict, _ = answers.condition(machine, test)
    if verdict is not MAYBE:
        return evaluate(machine, it.body if verdict is YES else it.otherwise, scope)
    before = machine.state.fork()
    body = evaluate(machine, it.body, scope)
    after, machine.state = machine.state, before
    otherwise = evaluate(machine, it.otherwise, scope)
    machine.state, machine.dead = machine.state.joined(after), False
    return choose((body, fallbacks.otherwise(machine, it, body, otherwise)))


def _dict(machine: Machine, it: ir.DictDisplay, scope: Scope) -> Known:
    thing = Dict({}, False, it.node)
    for key, value in it.items:
        inner = evaluate(machine, value, scope)
        if key is None:
            several = [merged(machine, thing, machine.thing(one)) for one in each(inner)]
            thing = replace(reduce(merge_dicts, several), node=it.node)
            continue
        thing = put(thing, evaluate(machine, key, scope), inner)
    return machine.new(thing)


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
    return machine.new(listed(tuple(items), is_open, it.node))


def _comprehension(machine: Machine, it: ir.Comprehension, scope: Scope) -> Known:
    return comprehensions.comprehension(machine, it, scope)


def _lambda(machine: Machine, it: ir.Lambda, scope: Scope) -> Known:
    machine.outlive(scope)
    return Function(it, scope, name="lambda")


def _await(machine: Machine, it: ir.Await, scope: Scope) -> Known:
    return evaluate(machine, it.value, scope)


def _walrus(machine: Machine, it: ir.Walrus, scope: Scope) -> Known:
    value = evaluate(machine, it.value, scope)
    while scope.is_comprehension and scope.parent is not None:
        scope = scope.parent  # a comprehension's walrus sets the variable around it
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


_EVALUATE: Table[Callable[[Machine, Any, Scope], Known]] = Table(lambda: {
    ir.Constant: _constant, ir.Name: _name, ir.Attribute: _attribute, ir.Subscript: _subscript, ir.Slice: _slice,
    ir.CallOf: _call,
    ir.Format: formatting.formatted, ir.Binary: operators.binary, ir.Logical: operators.logical,
    ir.Unary: operators.unary, ir.Compare: operators.compare,
    ir.Conditional: _conditional, ir.DictDisplay: _dict, ir.ListDisplay: _list, ir.Comprehension: _comprehension,
    ir.Lambda: _lambda, ir.Await: _await, ir.Walrus: _walrus, ir.Yield: _yield, ir.Other: _other,
})  # fmt: skip
