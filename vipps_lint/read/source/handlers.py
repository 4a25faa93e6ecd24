"""What exception handlers do with the errors of Vipps calls: get them or not, drop them, or tell nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vipps_lint.read.source import expressions, ir
from vipps_lint.read.source.answers import is_sleep
from vipps_lint.read.source.exceptions import EVERYTHING, GENERAL, client_of, is_general, is_of_status, known_as
from vipps_lint.read.source.library import is_logging
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.records import Raised, Record
from vipps_lint.read.source.values import Class, External, Known, List, Scope, each

WEB = frozenset({"jsonify", "JsonResponse", "JSONResponse", "Response", "HttpResponse"})
"""Calls that make an answer to a browser."""

ANSWERING = WEB | {"redirect", "render", "dict"}
"""Calls that make an answer to one's own user, and log nothing."""

@dataclass
class Tried:
    """What was tried: the calls that may fail, what the project has raised, and which functions of outside it used."""

    inside: list[Record]
    raised: list[Raised] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def classes(machine: Machine, handler: ir.Handler, scope: Scope) -> list[Known]:
    """The classes that a handler names; a constant may stand for several."""
    values = [_evaluated(machine, dotted, handler, scope) for dotted in handler.classes]
    return [one for value in values for one in _each_class(machine, value)]


def _evaluated(machine: Machine, dotted: str, handler: ir.Handler, scope: Scope) -> Known:
    first, *rest = dotted.split(".")
    expression: ir.Expression = ir.Name(handler.node, first)
    for name in rest:
        expression = ir.Attribute(handler.node, expression, name)
    return expressions.evaluate(machine, expression, scope)


def _each_class(machine: Machine, value: Known) -> Iterator[Known]:
    for one in each(value):
        match machine.thing(one):
            case List(items):
                yield from items
            case _:
                yield one


def gets(handler: ir.Handler, named: list[Known], record: Record, raised: Iterable[Raised]) -> bool:
    """Whether a handler gets errors of a call, or what the project has made of them; no class catches everything."""
    made = [kind for kind, failed in raised if id(record) in failed]
    for one in named if handler.classes else [External("builtins.BaseException")]:
        match one:
            case External(name):
                if (made and name in EVERYTHING) or (not record.contained and _stands_for(known_as(name), record)):
                    return True
            case Class():
                if any(is_a(kind, one) for kind in made):
                    return True
    return False


def _stands_for(name: str, record: Record) -> bool:
    """Whether errors of a call are of a class; the status of an answer is one only where something asks for it."""
    asked = record.strict or record.raises or not record.plain
    return is_general(name, record.client) or (asked and is_of_status(name, record.client))


def is_a(kind: Class, other: Class) -> bool:
    """Whether a class is another, or is made of it."""
    return kind is other or any(isinstance(base, Class) and is_a(base, other) for base in kind.bases)


def contain(machine: Machine, handler: ir.Handler, named: list[Known], tried: Tried) -> None:
    """Errors that a handler ends are none for those who call."""
    if _raises_again(handler):
        return
    names = [known_as(one.name) for one in named if isinstance(one, External)]
    for record in tried.inside:
        everything = not handler.classes or any(is_general(name, record.client) for name in names)
        record.contained = record.contained or everything
    kinds = [kind for kind in named if isinstance(kind, Class)]
    for raised in tried.raised:
        if raised in machine.beside.raised and any(is_a(raised[0], kind) for kind in kinds):
            machine.beside.raised.remove(raised)


def _raises_again(handler: ir.Handler) -> bool:
    """Whether a handler lets the error that it gets go on."""
    return any(isinstance(part, ir.Raise) and _is_same(part, handler.name) for part in ir.walk(handler.body))


def _is_same(it: ir.Raise, name: str | None) -> bool:
    match it.value:
        case None:
            return True
        case ir.Name(id=raised):
            return raised == name
        case _:
            return False


def judge(handler: ir.Handler, named: list[Known], tried: Tried) -> None:
    """Note on the last call whose errors a handler gets what it does with them."""
    got = [one for one in tried.inside if gets(handler, named, one, tried.raised)]
    kind = _treatment(handler) if got else None
    if kind is not None:
        got[-1].lapse(kind, handler.node)


def _treatment(handler: ir.Handler) -> str | None:
    """What is wrong with how a handler treats an error; None where it tells somebody, or where something may."""
    if _tells(handler):
        return None
    if any(isinstance(part, ir.Name) and part.id == handler.name for part in ir.walk(handler.body)):
        return "answered" if _only_answers(handler.body, WEB | {"str", "repr"}) else None
    if _is_empty(handler.body):
        return "swallowed"
    return "unlogged" if _only_answers(handler.body, ANSWERING) else None


def misdirected(handlers: list[tuple[ir.Handler, list[Known]]], tried: Tried) -> None:
    """Note where handlers wait for the errors of another client than the one that sends, and none for its own."""
    for record in tried.inside:
        if record.contained or record.client not in GENERAL:
            continue
        if any(gets(handler, named, record, ()) or _is_of(named, record.client) for handler, named in handlers):
            continue
        for handler, named in handlers:
            foreign = [name for name in map(_foreign, named) if name and client_of(name) != record.client]
            if foreign and not any(_may_raise(client_of(name), tried.outside) for name in foreign):
                record.lapse("misdirected", handler.node, exception=foreign[0], client=record.client)


def _is_of(named: list[Known], client: str) -> bool:
    return any(isinstance(one, External) and client_of(known_as(one.name)) == client for one in named)


def _foreign(value: Known) -> str | None:
    """The name of a class of a client that others do not raise."""
    name = known_as(value.name) if isinstance(value, External) else ""
    return name if client_of(name) in ("requests", "httpx", "aiohttp", "urllib") else None


def _may_raise(client: str | None, outside: list[str]) -> bool:
    """Whether something of a client's library was used in what was tried."""
    prefixes = ("urllib.request.", "urllib.error.") if client == "urllib" else (f"{client}.",)
    return any(name.startswith(prefixes) for name in outside)


def suppressed(expression: ir.Expression) -> tuple[str, ...]:
    """The classes in `contextlib.suppress(...)`."""
    match expression:
        case ir.CallOf(arguments=arguments):
            return tuple(source_of(argument.value) for argument in arguments)
        case _:
            return ("?",)


def _tells(handler: ir.Handler) -> bool:
    """Whether the handler logs or raises."""
    for part in ir.walk(handler.body):
        match part:
            case ir.Raise():
                return True
            case ir.CallOf() if is_logging(source_of(part.function)):
                return True
    return False


def _is_empty(body: ir.Block) -> bool:
    """Whether nothing is done: pass, continue, a pause, or a constant given back."""
    return all(_does_nothing(statement) for statement in body)


def _does_nothing(statement: ir.Statement) -> bool:
    match statement:
        case ir.Jump() | ir.Return(None) | ir.Return(ir.Constant()) | ir.Do(ir.Constant()):
            return True
        case ir.Return(ir.DictDisplay(items=()) | ir.ListDisplay(items=())):
            return True
        case ir.Do(value=value):
            return is_sleep(value)
        case _:
            return False


def _only_answers(body: ir.Block, allowed: frozenset[str]) -> bool:
    """Whether the handler ends with an answer to somebody, and calls nothing else that might log."""
    calls = [part for part in ir.walk(body) if isinstance(part, ir.CallOf)]
    ends = bool(body) and isinstance(body[-1], ir.Return)
    names = [source_of(one.function).rpartition(".")[2] for one in calls if not is_sleep(one)]
    return ends and set(names) <= allowed and (allowed is ANSWERING or bool(WEB & set(names)))
