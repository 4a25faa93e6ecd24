"""Calls of what is outside the project: known libraries are modelled, calls of Vipps recognised, the rest unknown."""

from __future__ import annotations

from vipps_lint.document import Hole
from vipps_lint.read.source import (
    clients,
    dumping,
    exact,
    expected,
    fallbacks,
    handing,
    instances,
    ir,
    models,
    prepared,
    reflection,
    sessions,
    uses,
    views,
)
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.leaks import note_logged
from vipps_lint.read.source.library import HARMLESS, MODELS, is_logging, of
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.telling import explains
from vipps_lint.read.source.timeouts import TIMEOUTS
from vipps_lint.read.source.values import Caught, Client, Data, External, Known, Prepared

PASSING = frozenset({"builtins.str", "builtins.dict", "json.dumps", "builtins.print"})
"""Functions that do not look at what they are given."""

GIVING = frozenset({"get", "json", "form", "get_json", "getlist", "pop", "dict", "model_dump", "copy"})
"""Methods of requests, and of what is in them, that give a part of it."""


def external(machine: Machine, name: str, it: ir.CallOf, arguments: Arguments) -> Known:
    """The call of a function by its dotted name."""
    name = name.removesuffix("()")
    machine.beside.outside.append(name)
    if name == handing.PARTIAL and (kept := handing.partial(machine, arguments, it.node)) is not None:
        return kept
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
    if name in sessions.CLIENTS:
        return sessions.made(machine, name, arguments, sessions.is_new(machine))
    if name in clients.REQUESTS or name in TIMEOUTS or name in instances.FIELDS:
        pairs: list[tuple[str | int, Known]] = [*enumerate(arguments.positional), *arguments.named.items()]
        return prepared.made(machine, Prepared(tuple(pairs), name, it.node), arguments.open)
    recognised = clients.recognised(machine, External(name.rpartition(".")[0]), name.rpartition(".")[2], arguments, it)
    if recognised is not None:
        return recognised
    note_logged(machine, name, it, arguments)
    _give(machine, name, arguments, it.node, sends=name in clients.OPENERS)
    return (
        External(f"{name}()", it.node)
        if not name.startswith("builtins.")
        else machine.unknown_result(it.node, source_of(it))
    )


def _give(machine: Machine, name: str, arguments: Arguments, node: int, sends: bool = False) -> None:
    """What becomes of values that are given to code that is not seen, or that `sends` requests somewhere."""
    for value in arguments.all():
        handing.follow(machine, value, node)
        if is_logging(name):
            _tell(machine, value)
        elif sends and isinstance(value, Prepared):
            machine.escape(value)  # it is sent as it is, and may be made again for another path
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
        answer.record.stated = answer.record.stated or answer.kind == "status"


def unseen(machine: Machine, receiver: Known | None, it: ir.CallOf, name: str, arguments: Arguments) -> Known:
    """A call of something that is not known."""
    recognised = clients.recognised(machine, receiver, name, arguments, it)
    recognised = recognised or prepared.method(machine, receiver, name, arguments)
    if recognised is not None:
        return recognised
    expected.demanded(machine, name, arguments)
    is_client = receiver is not None and isinstance(machine.thing(receiver), Client)
    if is_client and sessions.mounts(name, arguments):
        return Data(None, it.node)
    note_logged(machine, name, it, arguments)
    _give(machine, name if is_logging(name) else "?", arguments, it.node, sends=is_client and name == "send")
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
