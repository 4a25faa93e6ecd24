"""`try` and `with`: where an exception may come from, and who gets it."""

from __future__ import annotations

import re
from collections.abc import Callable

from vipps_lint.document import MAYBE
from vipps_lint.read.source import assignment, classes, expected, expressions, functions, handlers, ir, statements
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.state import Journal, State, together
from vipps_lint.read.source.values import (
    Answer,
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
    mark, exits = _mark(machine), Exits(machine)
    alive, left = _attempt(machine, it.body, scope)
    tried = _since(machine, mark)
    after: State | None = machine.state if alive else None
    if after is not None:
        after = machine.state if statements.run(machine, it.otherwise, scope) else None
    for handler, named in _named(machine, it, tried, scope):
        machine.state = left.fork()
        ended = machine.state if _handle(machine, handler, named, tried, scope) else None
        after = after.joined(ended) if after is not None and ended is not None else after or ended
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
    paths = [left, *thrown, *exits.states(), *([machine.state] if alive else [])]
    ends = together([path.history() for path in paths])
    left.outcomes, left.trace, left.touched = ends.outcomes, ends.trace, ends.touched
    left.debts = ends.debts
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


Mark = tuple[int, int, int]


def _mark(machine: Machine) -> Mark:
    return len(machine.records), len(machine.beside.raised), len(machine.beside.outside)


def _since(machine: Machine, mark: Mark) -> handlers.Tried:
    """What has happened since a mark."""
    records, raised, outside = mark
    return handlers.Tried(machine.records[records:], machine.beside.raised[raised:], machine.beside.outside[outside:])


def _named(machine: Machine, it: ir.Try, tried: handlers.Tried, scope: Scope) -> list[tuple[ir.Handler, list[Known]]]:
    """The handlers with their classes, after what is to be said of all of them together."""
    named = [(handler, handlers.classes(machine, handler, scope)) for handler in it.handlers]
    handlers.misdirected(named, tried)
    return named


def _handle(machine: Machine, it: ir.Handler, named: list[Known], tried: handlers.Tried, scope: Scope) -> bool:
    """Follow a handler; what it raises says that the calls have failed whose errors it gets."""
    got = [one for one in tried.inside if handlers.gets(it, named, one, tried.raised)]
    if it.name is not None:
        machine.assign(scope, it.name, Caught(it.node, tuple(got)))
    around = machine.frames[-1].loops
    if not (around and around[-1].retries):
        handlers.judge(it, named, tried)
    handlers.contain(machine, it, named, tried)
    machine.beside.failing.append(frozenset(map(id, got)))
    alive = statements.run(machine, it.body, scope)
    machine.beside.failing.pop()
    return alive


HARMLESS = re.compile(
    r"open|lock|atomic|span|trace|timer|session|client|connect|cursor|override|freeze|nullcontext|"
    r"post|get|put|patch|delete|request|semaphore|limit",
    re.IGNORECASE,
)
"""Context managers that end no exception."""


def with_(machine: Machine, it: ir.With, scope: Scope) -> bool:
    mark = _mark(machine)
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
    expected.raised(it, machine.records[mark[0] :])
    if suppressed is not None:
        handler = ir.Handler(it.items[0][0].node, suppressed, None, ())
        handlers.judge(handler, handlers.classes(machine, handler, scope), _since(machine, mark))
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
