"""Calls: the project's own functions are followed, known library functions modelled, calls of Vipps recognised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vipps_lint.document import YES, Hole
from vipps_lint.read.source import (
    answers,
    classes,
    clients,
    dumping,
    exact,
    expressions,
    fallbacks,
    functions,
    instances,
    ir,
    models,
    reflection,
    uses,
    views,
)
from vipps_lint.read.source.comprehensions import consumed
from vipps_lint.read.source.leaks import note_logged
from vipps_lint.read.source.library import HARMLESS, MODELS, is_logging, of
from vipps_lint.read.source.machine import DEPTH, Machine
from vipps_lint.read.source.methods import data_method, dict_method, list_method
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.telling import explains
from vipps_lint.read.source.timeouts import TIMEOUTS
from vipps_lint.read.source.values import (
    Answer,
    Arguments,
    Caught,
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

PASSING = frozenset({"builtins.str", "builtins.dict", "json.dumps", "builtins.print"})
"""Functions that do not look at what they are given."""

GIVING = frozenset({"get", "json", "form", "get_json", "getlist", "pop", "dict", "model_dump", "copy"})
"""Methods of requests, and of what is in them, that give a part of it."""


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
    return _outside(machine, None, it, name, arguments)


def evaluate_arguments(machine: Machine, it: ir.CallOf, scope: Scope) -> Arguments:
    """The arguments of a call, stars spread where they are known."""
    found = Arguments()
    machine.logging = is_logging(source_of(it.function))
    for argument in it.arguments:
        given = argument.value
        if isinstance(given, ir.Comprehension) and given.kind == "generator" and consumed(it):
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
            known = exact.method(machine, receiver, name, arguments, it.node)
            known = known or data_method(machine, receiver, name, arguments, it.node)
            return known if known is not None else _outside(machine, receiver, it, name, arguments)
        case _:
            found = None
    if found is None:
        return _outside(machine, receiver, it, name, arguments)
    return _of(machine, found, it, arguments)


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
            return _outside(machine, callee, it, _callee_name(it), arguments)
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


def _external(machine: Machine, name: str, it: ir.CallOf, arguments: Arguments) -> Known:
    name = name.removesuffix("()")
    machine.beside.outside.append(name)
    if name == "functools.partial" and arguments.positional and isinstance(arguments.positional[0], Function):
        first = arguments.positional[0]
        return replace(first, bound=(*first.bound, *arguments.positional[1:]), given=tuple(arguments.named.items()))
    machine.beside.waits_by_default = machine.beside.waits_by_default or name == "socket.setdefaulttimeout"
    uses.given(machine, name, arguments)
    if (input_ := views.sent(machine, name, it.node)) is not None:
        return input_
    if (exactly := exact.called(machine, name, arguments, it.node)) is not None:
        return exactly
    model = MODELS.get(name) or dumping.MODELS.get(name)
    if model is not None and (known := model(machine, arguments, it.node)) is not None:
        for value in arguments.all() if name not in PASSING else ():
            views.looked_at(machine, value)
        return known
    if name in reflection.BY_NAME and (known := reflection.by_name(machine, name, it, arguments)) is not None:
        return known
    if name in clients.CLIENTS:
        return machine.new(Client(name, dict(arguments.named), clients.is_plain(arguments), it.node))
    if name in clients.REQUESTS or name in TIMEOUTS or name in instances.FIELDS:
        pairs: list[tuple[str | int, Known]] = [*enumerate(arguments.positional), *arguments.named.items()]
        return Prepared(tuple(pairs), name, it.node)
    recognised = clients.recognised(machine, External(name.rpartition(".")[0]), name.rpartition(".")[2], arguments, it)
    if recognised is not None:
        return recognised
    note_logged(machine, name, it, arguments)
    _give(machine, name, arguments)
    return (
        External(f"{name}()", it.node)
        if not name.startswith("builtins.")
        else machine.unknown_result(it.node, source_of(it))
    )


def _give(machine: Machine, name: str, arguments: Arguments) -> None:
    """What becomes of values that are given to code that is not seen."""
    for value in arguments.all():
        if is_logging(name):
            _tell(machine, value)
        elif name == "builtins.setattr":
            machine.havoc(value)
        elif of(name, HARMLESS):
            machine.escape(value)
            machine.unsettle(value)  # `map(f, rows)` calls what it is given
            views.looked_at(machine, value)
        else:
            machine.havoc(value)
            views.looked_at(machine, value)


def _tell(machine: Machine, value: Known) -> None:
    for answer in machine.answers(value):
        if explains(answer):
            machine.state.tell(answer.record)


def _outside(machine: Machine, receiver: Known | None, it: ir.CallOf, name: str, arguments: Arguments) -> Known:
    """A call of something that is not known."""
    recognised = clients.recognised(machine, receiver, name, arguments, it)
    if recognised is not None:
        return recognised
    note_logged(machine, name, it, arguments)
    _give(machine, name if is_logging(name) else "?", arguments)
    if receiver is not None and not isinstance(receiver, Caught) and not is_logging(name):
        machine.havoc(receiver)
    match receiver:
        case Data(Hole(fresh=True)):
            return receiver
        case _:
            # ``order.total()`` twice is taken for different values: it may be computed anew
            if receiver is not None and name not in GIVING:
                views.looked_at(machine, receiver)
            result = models.queried(machine, receiver, name, machine.unknown_result(it.node, source_of(it)))
            part = views.part(machine, receiver, name, result) if name in GIVING else result
            return fallbacks.got(machine, receiver, it, arguments, part)
