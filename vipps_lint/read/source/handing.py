"""Functions that are kept or handed over to be called: `partial`, methods of clients as values, threads.

A function of the project knows its own bound arguments; here are those that are not the project's. They are kept as the
call of outside that makes them: `functools.partial(requests.post, timeout=5)`, `getattr(client, "post")`.
"""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.read.source import functions, ir
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.reaching import SENDING
from vipps_lint.read.source.values import Client, Data, Function, Known, Prepared, Ref

PARTIAL = "functools.partial"
METHOD = "builtins.getattr"

WITH_KEYWORDS = frozenset({
    "asyncio.to_thread", "starlette.concurrency.run_in_threadpool", "fastapi.concurrency.run_in_threadpool",
})  # fmt: skip
WITHOUT_KEYWORDS = frozenset({"anyio.to_thread.run_sync", "trio.to_thread.run_sync"})
"""What calls a function in a thread and gives what it returns; keywords of some are their own."""

IN_EXECUTOR = "run_in_executor"
"""The method of event loops whose first argument says where, before the function and its arguments."""


def partial(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    """A function with some arguments that it will be called with; None where it is not known which function."""
    if arguments.open or not arguments.positional:
        return None
    first, *rest = arguments.positional
    if isinstance(first, Function):
        bound, given = (*first.bound, *rest), {**dict(first.given), **arguments.named}
        return replace(first, bound=bound, given=tuple(given.items()))
    for value in arguments.all():
        machine.escape(value)
    return Prepared((*enumerate(arguments.positional), *arguments.named.items()), PARTIAL, node)


def method_of(ref: Ref, name: str) -> Known | None:
    """A method of a client as a value; None for what does not send."""
    return Prepared(((0, ref), (1, Data(name))), METHOD, None) if name in SENDING else None


def completed(kept: Prepared, arguments: Arguments) -> tuple[Known, Arguments]:
    """What `partial` has kept a function of, and all arguments that it gets in a call."""
    positional = [value for key, value in kept.arguments if isinstance(key, int)]
    named = {key: value for key, value in kept.arguments if isinstance(key, str)}
    given = replace(arguments, positional=[*positional[1:], *arguments.positional], named={**named, **arguments.named})
    return positional[0], given


def sender(machine: Machine, kept: Prepared) -> tuple[Ref, str] | None:
    """The client and the name of its method, where that is what was kept."""
    match dict(kept.arguments):
        case {0: Ref() as ref, 1: Data(str() as name)} if kept.name == METHOD and isinstance(
            machine.thing(ref), Client
        ):
            return ref, name
        case _:
            return None


def called_at_once(name: str, arguments: Arguments) -> tuple[Known, Arguments] | None:
    """The function that a call of outside calls, and with which arguments."""
    first = 1 if name.rpartition(".")[2] == IN_EXECUTOR else 0
    if first == 0 and name not in WITH_KEYWORDS | WITHOUT_KEYWORDS:
        return None
    if len(arguments.positional) <= first:
        return None
    named = arguments.named if name in WITH_KEYWORDS else {}
    return arguments.positional[first], replace(arguments, positional=arguments.positional[first + 1 :], named=named)


def follow(machine: Machine, value: Known, node: int) -> None:
    """Code that is not seen gets a value, and may call the functions in it that a function has made, at once or later.

    Where it is later, a variable may be another by then: what such a function sends is only known to have been sent.
    """
    around = machine.frames[-1].definition
    if around is None:
        return
    for part in [one for one in machine.parts(value) if isinstance(one, Function)]:
        if _is_made_inside(machine, part) and _calls(machine, part):
            before, first, called = machine.state.fork(), len(machine.records), set(machine.called)
            machine.escape(functions.inline(machine, replace(part, watched=True), Arguments(open=True), node))
            machine.state, machine.dead = before.joined(machine.state), False
            if not _is_settled(part.definition, around):
                del machine.records[first:]
                machine.called = called  # it is followed by itself in the end


def _is_made_inside(machine: Machine, function: Function) -> bool:
    return function.scope.number not in machine.origins and not function.scope.is_class


def _calls(machine: Machine, function: Function) -> bool:
    calling = machine.memory.calling
    node = function.definition.node
    if node not in calling:
        calling[node] = any(isinstance(one, ir.CallOf) for one in ir.walk(function.definition.body))
    return calling[node]


def _is_settled(made: ir.FunctionDefinition | ir.Lambda, around: ir.FunctionDefinition | ir.Lambda) -> bool:
    """Whether all variables that a function uses are set in one place of the function around it."""
    used = {one.id for one in ir.walk(made.body) if isinstance(one, ir.Name)}
    roots = [ir.root(one) for one in ir.changed(around.body)]
    names = [*(one.name for one in around.parameters), *(one.id for one in roots if isinstance(one, ir.Name))]
    return all(names.count(name) < 2 for name in used)
