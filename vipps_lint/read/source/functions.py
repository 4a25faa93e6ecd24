"""The functions and classes of the project: followed with their parameters bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vipps_lint.document import Hole
from vipps_lint.read.source import classes, disguise, expressions, instances, ir, models, statements, views
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.frames import Frame
from vipps_lint.read.source.machine import DEPTH, Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.sessions import CLIENTS
from vipps_lint.read.source.state import State, together
from vipps_lint.read.source.telling import explains
from vipps_lint.read.source.things import dict_from
from vipps_lint.read.source.values import (
    Answer,
    Choice,
    Class,
    Client,
    Data,
    Dict,
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

TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
"""Annotations that say the JSON type of a parameter."""


def inline(machine: Machine, function: Function, arguments: Arguments, node: int | None) -> Known:
    """What a function of the project returns for these arguments, with its effects; unknown where it goes too deep."""
    definition = function.definition
    running = any(frame.definition is definition for frame in machine.frames)
    unseen = function.overridden or _is_abstract(definition)
    if unseen or running or len(machine.frames) > DEPTH:
        for value in (*arguments.all(), *(function.bound if unseen else ())):
            machine.havoc(value)
        return machine.unknown_result(node or definition.node, f"{function.name}(…)")
    machine.called.add(definition.node)
    if function.wrapped:
        arguments = _doubted(arguments)
    scope = machine.scope(function.scope)
    _bind(machine, function, arguments, scope)
    given = frozenset(number for one in arguments.all() for number in _text_nodes(one))
    if isinstance(definition, ir.Lambda):
        machine.frames.append(Frame(definition, node, given))
        value = expressions.evaluate(machine, definition.body, scope)
        machine.frames.pop()
        return value
    first = len(machine.records)
    result = _run(machine, definition, scope, Frame(definition, node, given))
    if function.wrapped:
        result = choose((result, unknown()))
    if function.watched:
        machine.escape(result)
        for record in machine.records[first:]:
            record.escaped = True
            machine.state.tell(record)
    return result


def _is_abstract(definition: ir.FunctionDefinition | ir.Lambda) -> bool:
    """Whether a method is only there to be overridden."""
    if isinstance(definition, ir.Lambda):
        return False
    match [one for one in definition.body if not (isinstance(one, ir.Do) and isinstance(one.value, ir.Constant))]:
        case [ir.Raise(value=ir.Name(id="NotImplementedError"))]:
            return True
        case [ir.Raise(value=ir.CallOf(function=ir.Name(id="NotImplementedError")))]:
            return True
        case _:
            return any(source_of(one).rpartition(".")[2] == "abstractmethod" for one in definition.decorators)


def _doubted(arguments: Arguments) -> Arguments:
    """Arguments that may be others when they arrive."""
    positional = [choose((one, unknown())) for one in arguments.positional]
    named = {name: choose((one, unknown(name))) for name, one in arguments.named.items()}
    return replace(arguments, positional=positional, named=named)


def _text_nodes(value: Known) -> Iterator[int]:
    for one in each(value):
        if isinstance(one, Data):
            yield from (number for number, _ in one.written())


def _run(machine: Machine, definition: ir.FunctionDefinition, scope: Scope, frame: Frame) -> Known:
    before = machine.state.fork() if definition.is_generator else None
    thrown = len(machine.throws[-1])
    machine.frames.append(frame)
    alive = statements.run(machine, definition.body, scope)
    machine.frames.pop()
    ends: list[tuple[State, Known]] = [*frame.returns]
    if alive:
        ends.append((machine.state, Data(None)))
    for state in (machine.state, *(one for one, _ in frame.returns), *machine.throws[-1][thrown:]):
        state.leave(scope.number, machine.lasting)
    if not ends:
        # It always raises: the path ends in the callee, and the caller's handler (if any) has its state.
        machine.dead = True
        return unknown(reason=f"`{definition.name}` always raises")
    disguise.note(ends)
    state = together([one for one, _ in ends])
    machine.state = state if before is None else before.joined(state)  # it runs when somebody asks
    if definition.is_generator:
        managed = any("contextmanager" in source_of(one) for one in definition.decorators)
        return choose(frame.yields) if managed and frame.yields else unknown()
    return choose(_outcome(value) for _, value in ends)


def _outcome(value: Known) -> Known:
    """A value that is returned; who only gets to know whether all is well has nothing to tell of an error."""
    return replace(value, passed=True) if isinstance(value, Answer) and not explains(value) else value


def _bind(machine: Machine, function: Function, arguments: Arguments, scope: Scope) -> None:
    """Bind parameters to arguments, defaults, or holes."""
    positional = [*function.bound, *map(_passed, arguments.positional)]
    named = {**dict(function.given), **{name: _passed(value) for name, value in arguments.named.items()}}
    for parameter in function.definition.parameters:
        value: Known
        if parameter.kind == "*":
            value, positional = machine.new(List(tuple(positional), arguments.open, parameter.node)), []
        elif parameter.kind == "**":
            slots = {name: Slot(one, arguments.keys.get(name)) for name, one in named.items()}
            value, named = machine.new(Dict(slots, arguments.open, parameter.node)), {}
        elif parameter.kind == "" and positional:
            value = positional.pop(0)
        elif parameter.name in named:
            value = named.pop(parameter.name)
        elif parameter.default is not None:
            default = expressions.evaluate(machine, parameter.default, function.scope)
            if isinstance(default, Ref):
                machine.havoc(default)  # it is made once, and every call may change it
            if arguments.open:
                machine.beside.note_default(default)
            value = default
            if arguments.open:
                hole = hole_for(machine, parameter)
                views.passed(machine, function, parameter, hole)
                value = choose((default, hole))
        else:
            value = hole_for(machine, parameter)
            if arguments.open:
                views.passed(machine, function, parameter, value)
            if models.is_seen(machine, parameter.annotation, function.scope):
                value = views.arrived(machine, function, parameter, value)
        models.annotate(machine, value, parameter.annotation, function.scope)
        machine.assign(scope, parameter.name, believed(value, parameter.annotation))


def believed(value: Known, annotation: str | None) -> Known:
    """A value with what an annotation says of it, where nothing else is known: that it is a `float`."""

    if annotation != "float":
        return value
    return choose(
        replace(one, value=replace(one.value, type="number"))
        if isinstance(one, Data) and isinstance(one.value, Hole) and one.value.type is None
        else one
        for one in each(value)
    )


def _passed(value: Known) -> Known:
    """A value as the function has it that gets it; an answer knows that others may be passed in its place."""
    match value:
        case Answer():
            return replace(value, passed=True)
        case Choice(values):
            return replace(value, values=tuple(map(_passed, values)))
        case _:
            return value


def hole_for(machine: Machine, parameter: ir.Parameter) -> Known:
    """A parameter that no call gives: a hole with a symbol, typed by a plain annotation."""
    if parameter.annotation in CLIENTS:
        return machine.new(Client(parameter.annotation, {}, plain=False))
    type_ = TYPES.get(parameter.annotation or "") if parameter.default is None else None
    reason = f"`{parameter.name}` comes from the caller"
    return Data(Hole(type_, ("parameter", parameter.node, machine.number()), False, parameter.name, reason), None)


HARMLESS_BASES = frozenset({
    "builtins.object", "abc.ABC", "typing.Protocol", "typing.Generic", "builtins.Exception", "builtins.BaseException",
})  # fmt: skip


def instantiate(machine: Machine, of: Class, arguments: Arguments, node: int) -> Known:
    """A new instance, after its `__init__`. What a foreign base makes of it is not known."""
    if of.kind == "dict":
        return dict_from(machine, arguments, node)
    ref = machine.new(Instance(of, {}, has_unknown_parts(of)))
    initialise = classes.attribute(machine, of, "__init__", ref)
    if isinstance(initialise, Function):
        inline(machine, initialise, arguments, node)
        return ref
    for value in arguments.all():
        views.looked_at(machine, value)  # a model may validate its fields
    if of.kind in instances.FILLED:
        return instances.made(machine, of, arguments, node)
    for value in arguments.all():
        machine.escape(value)
    if has_unknown_parts(of) or of.kind in classes.ENUMS:
        # Fields are filled by code that is not seen: a dataclass, a model that validates, a metaclass.
        machine.put(
            ref, Instance(of, {name: choose((one, unknown(name))) for name, one in arguments.named.items()}, True)
        )
    return ref


def has_unknown_parts(of: Class) -> bool:
    """Whether a base or decorator that is not seen may set attributes of the instances."""
    foreign = [base for base in of.ancestors if not isinstance(base, Class)]
    known = HARMLESS_BASES | instances.BASES.keys()
    return of.kind == "?" or not all(isinstance(base, External) and base.name in known for base in foreign)
