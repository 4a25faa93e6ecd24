"""Calls: the project's own functions are followed, known library functions modelled, calls of Vipps recognised."""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.document import Hole
from vipps_lint.read.source import answers, clients, expressions, ir, statements
from vipps_lint.read.source.freeze import scalar
from vipps_lint.read.source.machine import DEPTH, Frame, Machine, source_of
from vipps_lint.read.source.models import (
    HARMLESS,
    MODELS,
    Arguments,
    data_method,
    dict_method,
    is_logging,
    list_method,
)
from vipps_lint.read.source.values import (
    Answer,
    Caught,
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
    Prepared,
    Ref,
    Scope,
    Slot,
    State,
    choose,
    each,
    unknown,
)

TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}


def call(machine: Machine, it: ir.CallOf, scope: Scope) -> Known:
    """The value of a call expression, with all its effects."""
    match it.function:
        case ir.Attribute(value=owner, name=name):
            if isinstance(owner, ir.CallOf) and owner.function == ir.Name(owner.function.node, "super"):
                return _super(machine, it, name, scope)
            receiver = expressions.evaluate(machine, owner, scope)
            arguments = evaluate_arguments(machine, it, scope)
            return choose(_on(machine, one, it, name, arguments) for one in each(receiver))
        case _:
            callee = expressions.evaluate(machine, it.function, scope)
            arguments = evaluate_arguments(machine, it, scope)
            return choose(_of(machine, one, it, arguments) for one in each(callee))


def _super(machine: Machine, it: ir.CallOf, name: str, scope: Scope) -> Known:
    """`super().method(...)`: the method of a known base, on the same instance."""
    arguments = evaluate_arguments(machine, it, scope)
    instance = machine.lookup(scope, "self", it.node)
    match machine.thing(instance):
        case Instance(of) as thing if isinstance(instance, Ref):
            for base in of.bases:
                if isinstance(base, Class) and isinstance(
                    found := expressions.class_attribute(machine, base, name, instance), Function
                ):
                    return _follow(machine, found, it, arguments)
            machine.put(instance, replace(thing, open=True))
    return _outside(machine, None, it, name, arguments)


def evaluate_arguments(machine: Machine, it: ir.CallOf, scope: Scope) -> Arguments:
    """The arguments of a call, stars spread where they are known."""
    found = Arguments()
    for argument in it.arguments:
        value = expressions.evaluate(machine, argument.value, scope)
        if argument.star == "":
            if argument.keyword is None:
                found.positional.append(value)
            else:
                found.named[argument.keyword] = value
            continue
        match machine.thing(value):
            case List(items, False) if argument.star == "*":
                found.positional += items
            case Dict(fields, is_open) if argument.star == "**":
                found.named.update({key: slot.value for key, slot in fields.items()})
                found.keys.update({key: slot.key for key, slot in fields.items() if slot.key is not None})
                found.open = found.open or is_open
            case _:
                found.open = True
    return found


def _on(machine: Machine, receiver: Known, it: ir.CallOf, name: str, arguments: Arguments) -> Known:
    """A method call on one value."""
    assert isinstance(it.function, ir.Attribute)
    thing = machine.thing(receiver)
    match receiver, thing:
        case Answer(), _:
            return answers.method(machine, receiver, name, arguments.all(), it.node)
        case External(), _:
            return _of(machine, External(f"{receiver.name}.{name}", it.function.node), it, arguments)
        case Ref(), Instance() | None:
            found = expressions.thing_attribute(machine, receiver, name)
            return _outside(machine, receiver, it, name, arguments) if found is None else _of(machine, found, it, arguments)
        case Class(), _:
            attribute = expressions.class_attribute(machine, receiver, name, None)
            return _outside(machine, receiver, it, name, arguments) if attribute is None else _of(machine, attribute, it, arguments)
        case Ref(), Dict() as inner:
            return dict_method(machine, receiver, inner, name, arguments, it.node) or unknown()
        case Ref(), List() as items:
            return list_method(machine, receiver, items, name, arguments) or unknown()
        case Encoded(), _ if name in ("encode", "decode", "strip"):
            return receiver
        case Data(), _:
            known = data_method(machine, receiver, name, arguments, it.node)
            return known if known is not None else _outside(machine, receiver, it, name, arguments)
        case _:
            return _outside(machine, receiver, it, name, arguments)


def _of(machine: Machine, callee: Known, it: ir.CallOf, arguments: Arguments) -> Known:
    """The call of one value that is no method of a known kind."""
    match callee:
        case Function():
            return _follow(machine, callee, it, arguments)
        case Class():
            return instantiate(machine, callee, arguments, it.node)
        case External(name):
            return _external(machine, name, it, arguments)
        case _:
            return _outside(machine, callee, it, _callee_name(it), arguments)


def _callee_name(it: ir.CallOf) -> str:
    match it.function:
        case ir.Name(id=name) | ir.Attribute(name=name):
            return name
        case _:
            return ""


def _follow(machine: Machine, function: Function, it: ir.CallOf, arguments: Arguments) -> Known:
    """A function of the project: what it does, or, where that shows no call, a call that its arguments spell."""
    before = len(machine.records)
    result = inline(machine, function, arguments, it.node)
    if len(machine.records) == before and len(machine.frames) <= DEPTH:
        recognised = clients.recognised(machine, None, _callee_name(it), arguments, it)
        if recognised is not None:
            return recognised
    for answer in each(result):
        if isinstance(answer, Answer) and answer.kind == "response":
            answer.record.surface = it.node
    return result


def _external(machine: Machine, name: str, it: ir.CallOf, arguments: Arguments) -> Known:
    name = name.removesuffix("()")
    if name == "functools.partial" and arguments.positional and isinstance(arguments.positional[0], Function):
        first = arguments.positional[0]
        return replace(first, bound=(*first.bound, *arguments.positional[1:]), given=tuple(arguments.named.items()))
    model = MODELS.get(name)
    if model is not None and (known := model(machine, arguments, it.node)) is not None:
        return known
    if name in clients.CLIENTS:
        return machine.new(Client(name, dict(arguments.named), clients.is_plain(arguments)))
    if name in clients.REQUESTS:
        pairs: list[tuple[str | int, Known]] = [*enumerate(arguments.positional), *arguments.named.items()]
        return Prepared(tuple(pairs), name, it.node)
    recognised = clients.recognised(machine, External(name.rpartition(".")[0]), name.rpartition(".")[2], arguments, it)
    if recognised is not None:
        return recognised
    _give(machine, name, arguments)
    return External(f"{name}()", it.node) if not name.startswith("builtins.") else machine.unknown_result(it.node, source_of(it))


def _give(machine: Machine, name: str, arguments: Arguments) -> None:
    """What becomes of values that are given to code that is not seen."""
    for value in arguments.all():
        if is_logging(name):
            _tell(machine, value)
        elif name.startswith(HARMLESS):
            machine.escape(value)
        else:
            machine.havoc(value)


def _tell(machine: Machine, value: Known) -> None:
    for answer in machine.answers(value):
        answer.record.told = answer.record.told or answer.kind not in ("status", "ok", "failed")


def _outside(machine: Machine, receiver: Known | None, it: ir.CallOf, name: str, arguments: Arguments) -> Known:
    """A call of something that is not known."""
    recognised = clients.recognised(machine, receiver, name, arguments, it)
    if recognised is not None:
        return recognised
    _give(machine, name if is_logging(name) else "?", arguments)
    if receiver is not None and not isinstance(receiver, Data | Caught):
        machine.havoc(receiver)
    match receiver:
        case Data(Hole(fresh=True)):
            return receiver
        case Data(Hole(symbol=symbol)) if symbol is not None and not arguments.all():
            # ``order.total()`` twice is taken for different values: it may be computed anew
            return machine.unknown_result(it.node, source_of(it))
        case _:
            return machine.unknown_result(it.node, source_of(it))


def inline(machine: Machine, function: Function, arguments: Arguments, node: int | None) -> Known:
    """What a function of the project returns for these arguments, with all its effects; unknown where it goes too deep."""
    definition = function.definition
    running = any(frame.definition is definition for frame in machine.frames)
    if running or len(machine.frames) > DEPTH:
        for value in arguments.all():
            machine.havoc(value)
        return machine.unknown_result(node or definition.node, f"{function.name}(…)")
    machine.called.add(definition.node)
    scope = machine.scope(function.scope)
    _bind(machine, function, arguments, scope)
    if isinstance(definition, ir.Lambda):
        machine.frames.append(Frame(definition, node))
        value = expressions.evaluate(machine, definition.body, scope)
        machine.frames.pop()
        return value
    return _run(machine, definition, scope, node)


def _run(machine: Machine, definition: ir.FunctionDefinition, scope: Scope, node: int | None) -> Known:
    frame = Frame(definition, node)
    machine.frames.append(frame)
    alive = statements.run(machine, definition.body, scope)
    machine.frames.pop()
    ends: list[tuple[State, Known]] = [*frame.returns]
    if alive:
        ends.append((machine.state, Data(None)))
    if not ends:
        # It always raises: the path ends in the callee, and the caller's handler (if any) has its state.
        return unknown(reason=f"`{definition.name}` always raises")
    state = ends[0][0]
    for other, _ in ends[1:]:
        state = state.joined(other)
    machine.state = state
    if definition.is_generator:
        return choose(frame.yields) if frame.yields else unknown()
    return choose(value for _, value in ends)


def _bind(machine: Machine, function: Function, arguments: Arguments, scope: Scope) -> None:
    """Bind parameters to arguments, defaults, or holes."""
    positional = [*function.bound, *arguments.positional]
    named = {**dict(function.given), **arguments.named}
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
        elif parameter.default is not None and not arguments.open:
            value = expressions.evaluate(machine, parameter.default, function.scope)
        else:
            value = hole_for(machine, parameter)
        machine.assign(scope, parameter.name, value)


def hole_for(machine: Machine, parameter: ir.Parameter) -> Known:
    """A parameter that no call gives: a hole with a symbol, typed by a plain annotation."""
    type_ = TYPES.get(parameter.annotation or "") if parameter.default is None else None
    reason = f"`{parameter.name}` is a parameter"
    return Data(Hole(type_, ("parameter", parameter.node, machine.number()), False, parameter.name, reason), None)


def instantiate(machine: Machine, of: Class, arguments: Arguments, node: int) -> Known:
    """A new instance, after its `__init__`; arguments of a class without one go to its annotated fields unseen."""
    is_open = any(not isinstance(base, Class) and base != External("builtins.object", getattr(base, "node", None)) for base in of.bases)
    ref = machine.new(Instance(of, {}, is_open))
    initialise = expressions.class_attribute(machine, of, "__init__", ref)
    if isinstance(initialise, Function):
        inline(machine, initialise, arguments, node)
    else:
        for value in arguments.all():
            machine.escape(value)
        instance = machine.thing(ref)
        assert isinstance(instance, Instance)
        machine.put(ref, replace(instance, attributes={**instance.attributes, **arguments.named}))
    return ref


def text_of(value: Known | None) -> str | None:
    """The text of a value, where it is known."""
    known = scalar(value) if value is not None else None
    return known if isinstance(known, str) else None
