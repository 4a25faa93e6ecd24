"""`try` and `with`: where an exception may come from, and who gets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from vipps_lint.document import MAYBE
from vipps_lint.read.source import assignment, classes, expected, expressions, functions, handlers, ir, statements
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.state import Journal, State, together
from vipps_lint.read.source.values import (
    Answer,
    Arguments,
    Caught,
    External,
    Function,
    Instance,
    Known,
    Ref,
    Scope,
    each,
    unknown,
)


def try_(machine: Machine, it: ir.Try, scope: Scope) -> bool:
    """Follow a `try`; False where its end is not reached."""
    first, exits = len(machine.records), Exits(machine)
    alive, left = _attempt(machine, it.body, scope)
    inside = machine.records[first:]
    after: State | None = machine.state if alive else None
    if after is not None:
        after = machine.state if statements.run(machine, it.otherwise, scope) else None
    for handler in it.handlers:
        after = _handle(machine, handler, left.fork(), inside, after, scope)
    if not it.final:
        return statements.meet(machine, after, None)
    exits.pass_through(lambda: statements.run(machine, it.final, scope))
    machine.state = left  # an exception that no handler ends goes on after this
    statements.run(machine, it.final, scope)
    return statements.meet(machine, after, None) and statements.run(machine, it.final, scope)


def _attempt(machine: Machine, block: ir.Block, scope: Scope) -> tuple[bool, State]:
    """Follow what an exception may leave at any point: whether its end is reached, and the state where it was left."""
    before, first = machine.state.fork(), len(machine.records)
    exits = Exits(machine)
    journal = Journal()
    machine.journals.append(journal)
    machine.throws.append([])
    alive = statements.run(machine, block, scope)
    machine.journals.pop()
    thrown = machine.throws.pop()
    machine.throws[-1] += thrown
    left = journal.left(before)
    ends = together([left, *thrown, *exits.states(), *([machine.state] if alive else [])])
    left.outcomes, left.trace, left.touched = ends.outcomes, ends.trace, ends.touched
    past = {id(record) for record, _ in left.trace}
    for record in machine.records[first:]:
        left.outcomes[id(record)] = MAYBE
        if id(record) not in past:
            left.trace = (*left.trace, (record, MAYBE))
    return alive, left


class Exits:
    """The ways out of a block by `return`, `break` and `continue`, from now on."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        frame = machine.frames[-1]
        self.returns, self.first = frame.returns, len(frame.returns)
        loops = frame.loops[-1:]
        self.jumps = [(ends, len(ends)) for loop in loops for ends in (loop.breaks, loop.continues)]

    def states(self) -> list[State]:
        """The states in which it was left like that."""
        return [state for state, _ in self.returns[self.first :]] + [
            state for ends, first in self.jumps for state in ends[first:]
        ]

    def pass_through(self, follow: Callable[[], object]) -> None:
        """Follow something on each of the ways."""
        for index in range(self.first, len(self.returns)):
            self.machine.state, value = self.returns[index]
            follow()
            self.returns[index] = self.machine.state, value
        for ends, first in self.jumps:
            for index in range(first, len(ends)):
                self.machine.state = ends[index]
                follow()
                ends[index] = self.machine.state


def _handle(
    machine: Machine, it: ir.Handler, entry: State, inside: list[Any], after: State | None, scope: Scope
) -> State | None:
    machine.state = entry
    if it.name is not None:
        machine.assign(scope, it.name, Caught(it.node))
    around = machine.frames[-1].loops
    if not (around and around[-1].retries):
        handlers.judge(it, inside)
    machine.beside.handling += 1
    alive = statements.run(machine, it.body, scope)
    machine.beside.handling -= 1
    if not alive:
        return after
    return machine.state if after is None else after.joined(machine.state)


HARMLESS = re.compile(
    r"open|lock|atomic|span|trace|timer|session|client|connect|cursor|override|freeze|nullcontext|"
    r"post|get|put|patch|delete|request|semaphore|limit",
    re.IGNORECASE,
)
"""Context managers that end no exception."""


def with_(machine: Machine, it: ir.With, scope: Scope) -> bool:
    first = len(machine.records)
    suppressed: tuple[str, ...] | None = None
    foreign = False
    for value, target in it.items:
        context = expressions.evaluate(machine, value, scope)
        foreign = foreign or not (
            isinstance(context, Ref | Answer) or source_of(value).startswith(("open(", "self._lock"))
        )
        if isinstance(context, External) and context.name == "contextlib.suppress()":
            suppressed = handlers.suppressed(value)
        if target is not None:
            assignment.bind(machine, target, _entered(machine, context), scope)
    if suppressed is None and not foreign:
        return statements.run(machine, it.body, scope)
    alive, left = _attempt(machine, it.body, scope)
    expected.raised(it, machine.records[first:])
    if suppressed is not None:
        handlers.judge(ir.Handler(it.items[0][0].node, suppressed, None, ()), machine.records[first:])
    return statements.meet(machine, machine.state if alive else None, left)  # it may have ended an exception


def _entered(machine: Machine, context: Known) -> Known:
    """What `with ... as` binds: clients and responses give themselves, anything else of outside is like itself."""
    match context:
        case Ref() if isinstance(thing := machine.thing(context), Instance):
            for name in ("__enter__", "__aenter__"):
                enter = classes.attribute(machine, thing.of, name, context)
                if isinstance(enter, Function):
                    return functions.inline(machine, enter, Arguments(), enter.definition.node)
            return context
        case Answer() | Ref() | External():
            return context
        case _:
            return context if any(isinstance(one, Answer) for one in each(context)) else unknown()
