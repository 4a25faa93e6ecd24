"""Calls: the project's own functions are followed, methods of known values are asked, all else is outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vipps_lint.document import YES
from vipps_lint.read.source import (
    answers,
    classes,
    clients,
    comprehensions,
    dumping,
    exact,
    expressions,
    functions,
    handing,
    ir,
    outside,
    selves,
)
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.library import is_logging
from vipps_lint.read.source.machine import DEPTH, Machine
from vipps_lint.read.source.methods import data_method, dict_method, list_method
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.values import (
    Answer,
    Class,
    Client,
    Data,
    Dict,
    Encoded,
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


def call(machine: Machine, it: ir.CallOf, scope: Scope) -> Known:
    """The value of a call expression, with all its effects."""
    around, machine.logging = machine.logging, False
    result = _call(machine, it, scope)
    machine.logging = around
    return result


def _call(machine: Machine, it: ir.CallOf, scope: Scope) -> Known:
    match it.function:
        case ir.Attribute(value=owner, name=name):
            if isinstance(owner, ir.CallOf) and owner.function == ir.Name(owner.function.node, "super"):
                return _super(machine, it, name, scope)
            receiver = expressions.evaluate(machine, owner, scope)
            arguments = evaluate_arguments(machine, it, scope)
            return each_way(machine, receiver, lambda one: _on(machine, one, it, name, arguments))
        case _:
            callee = expressions.evaluate(machine, it.function, scope)
            arguments = evaluate_arguments(machine, it, scope)
            return each_way(machine, callee, lambda one: _of(machine, one, it, arguments))


def each_way(machine: Machine, value: Known, follow: Callable[[Known], Known]) -> Known:
    """Follow something for each of the values that one may be, on paths of their own that meet afterwards."""
    several = each(value)
    if len(several) == 1:
        return follow(several[0])
    before, after, results = machine.state, None, []
    machine.choosing += 1
    for one in several:
        machine.state = before.fork()
        results.append(follow(one))
        after = machine.state if after is None else after.joined(machine.state)
    assert after is not None
    machine.choosing -= 1
    machine.state, machine.dead = after, False
    return choose(results)


def _super(machine: Machine, it: ir.CallOf, name: str, scope: Scope) -> Known:
    """`super().method(...)`: the method of a known base, on the same instance."""
    arguments = evaluate_arguments(machine, it, scope)
    around = [frame.definition for frame in machine.frames if isinstance(frame.definition, ir.FunctionDefinition)]
    definition = around[-1] if around and around[-1].parameters else None
    bound = machine.lookup(scope, definition.parameters[0].name, it.node) if definition is not None else unknown()
    thing = machine.thing(bound)
    of = thing.of if isinstance(thing, Instance) else bound
    if isinstance(of, Class):
        found = classes.above(machine, definition, of, name, bound)
        if isinstance(found, Function):
            return _follow(machine, found, it, arguments)
    if isinstance(thing, Instance) and isinstance(bound, Ref) and functions.has_unknown_parts(thing.of):
        machine.put(bound, replace(thing, open=True))
    return outside.unseen(machine, None, it, name, arguments)


def evaluate_arguments(machine: Machine, it: ir.CallOf, scope: Scope) -> Arguments:
    """The arguments of a call, stars spread where they are known."""
    found = Arguments()
    machine.logging = is_logging(source_of(it.function))
    for argument in it.arguments:
        given = argument.value
        if isinstance(given, ir.Comprehension) and given.kind == "generator" and comprehensions.consumed(it):
            given = replace(given, kind="list")
        value = expressions.evaluate(machine, given, scope)
        if argument.star == "":
            if argument.keyword is None and found.shifted:
                machine.escape(value)  # after `*unknown` nobody knows which position this is
            elif argument.keyword is None:
                found.positional.append(value)
            else:
                found.named[argument.keyword] = value
            continue
        match machine.thing(value):
            case List(items, False) if argument.star == "*":
                found.positional += items
            case Dict(fields, is_open) if argument.star == "**":
                found.named.update(
                    {
                        key: slot.value if slot.sure is YES else choose((slot.value, unknown()))
                        for key, slot in fields.items()
                    }
                )
                is_open = is_open or any(slot.sure is not YES for slot in fields.values())
                found.keys.update({key: slot.key for key, slot in fields.items() if slot.key is not None})
                found.open = found.open or is_open
            case _:
                found.open = True
                found.shifted = found.shifted or argument.star == "*"
                machine.escape(value)
    machine.logging = False
    return found


def _on(machine: Machine, receiver: Known, it: ir.CallOf, name: str, arguments: Arguments) -> Known:
    """A method call on one value."""
    assert isinstance(it.function, ir.Attribute)
    thing = machine.thing(receiver)
    machine.beside.outside += [thing.name] if isinstance(thing, Client) else []
    found: Known | None = None
    match receiver, thing:
        case Answer(), _:
            return answers.method(machine, receiver, name, arguments.all(), it.node)
        case External(), _:
            return _of(machine, External(f"{receiver.name}.{name}", it.function.node), it, arguments)
        case Ref(), Instance() | None:
            found = expressions.thing_attribute(machine, receiver, name)
            if found is None and isinstance(thing, Instance):
                known = dumping.method(machine, receiver, thing, name, arguments, it.node)
                if known is not None:
                    return known
        case Class(), _:
            found = classes.attribute(machine, receiver, name, None)
        case Module(), _:
            found = machine.member(receiver, name)
        case Ref(), Dict() as inner:
            return dict_method(machine, receiver, inner, name, arguments, it.node) or unknown()
        case Ref(), List() as items:
            return list_method(machine, receiver, items, name, arguments) or unknown()
        case Encoded(), _ if name in ("encode", "decode", "strip"):
            return receiver
        case Exact(), _:
            return exact.method(machine, receiver, name, arguments, it.node) or unknown(source_of(it), None, it.node)
        case Data(), _:
            found = selves.of_unknown(machine, receiver, name)
            if found is None:
                return _on_plain(machine, receiver, it, name, arguments)
    if found is None:
        return outside.unseen(machine, receiver, it, name, arguments)
    return _of(machine, found, it, arguments)


def _on_plain(machine: Machine, receiver: Data, it: ir.CallOf, name: str, arguments: Arguments) -> Known:
    """A method of text, of a number, or of something unknown."""
    known = exact.method(machine, receiver, name, arguments, it.node) or _called_at_once(machine, name, it, arguments)
    known = known or data_method(machine, receiver, name, arguments, it.node)
    return known if known is not None else outside.unseen(machine, receiver, it, name, arguments)


def _of(machine: Machine, callee: Known, it: ir.CallOf, arguments: Arguments) -> Known:
    """The call of one value that is no method of a known kind."""
    match callee:
        case Function():
            return _follow(machine, callee, it, arguments)
        case Class():
            return functions.instantiate(machine, callee, arguments, it.node)
        case Ref() if isinstance(thing := machine.thing(callee), Instance):
            found = classes.attribute(machine, thing.of, "__call__", callee)
            if isinstance(found, Function):
                return _follow(machine, found, it, arguments)
            return outside.unseen(machine, callee, it, _callee_name(it), arguments)
        case External(name):
            return _called_at_once(machine, name, it, arguments) or outside.external(machine, name, it, arguments)
        case Prepared(name=handing.PARTIAL):
            first, given = handing.completed(callee, arguments)
            return each_way(machine, first, lambda one: _of(machine, one, it, given))
        case Prepared() if (sending := handing.sender(machine, callee)) is not None:
            return outside.unseen(machine, sending[0], it, sending[1], arguments)
        case _:
            return outside.unseen(machine, callee, it, _callee_name(it), arguments)


def _called_at_once(machine: Machine, name: str, it: ir.CallOf, arguments: Arguments) -> Known | None:
    """What a function gives that code of outside calls; None where that calls none."""
    found = handing.called_at_once(name, arguments)
    return each_way(machine, found[0], lambda one: _of(machine, one, it, found[1])) if found is not None else None


def _callee_name(it: ir.CallOf) -> str:
    match it.function:
        case ir.Name(id=name) | ir.Attribute(name=name):
            return name
        case _:
            return ""


def _follow(machine: Machine, function: Function, it: ir.CallOf, arguments: Arguments) -> Known:
    """A function of the project: what it does, or, where that shows no call, a call that its arguments spell."""
    before = len(machine.records)
    result = functions.inline(machine, function, arguments, it.node)
    if isinstance(result, Ref):
        machine.handed.setdefault(result.id, []).append(it.node)
    if len(machine.records) == before and len(machine.frames) <= DEPTH:
        recognised = clients.recognised(machine, None, _callee_name(it), arguments, it)
        if recognised is not None:
            return recognised
    for answer in each(result):
        if isinstance(answer, Answer) and answer.kind == "response":
            answer.record.surface = it.node
    return result
