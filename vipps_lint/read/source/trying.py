"""`try` and `with`: where an exception may come from, and who gets it."""

from __future__ import annotations

import re
from typing import Any

from vipps_lint.document import MAYBE
from vipps_lint.read.source import assignment, expressions, handlers, ir, loops, statements
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.state import State
from vipps_lint.read.source.values import Answer, Caught, External, Known, Ref, Scope, each, unknown


def try_(machine: Machine, it: ir.Try, scope: Scope) -> bool:
    before, first = machine.state.fork(), len(machine.records)
    frame = machine.frames[-1]
    returned = len(frame.returns)
    machine.throws.append([])
    alive = statements.run(machine, it.body, scope)
    after: State | None = machine.state if alive else None
    thrown = machine.throws.pop()
    inside = machine.records[first:]
    ends = [*thrown, *([after] if after is not None else []), *(state for state, _ in frame.returns[returned:])]
    entry = loops.widened(before, ends)
    for state in ends:
        entry = entry.joined(state)
    for record in inside:
        entry.outcomes[id(record)] = MAYBE
    if after is not None:
        machine.state = after
        after = machine.state if statements.run(machine, it.otherwise, scope) else None
    for handler in it.handlers:
        after = _handle(machine, handler, entry.fork(), inside, after, scope)
    if not it.handlers:
        machine.throws[-1] += thrown
    for index in range(returned, len(frame.returns)) if it.final else ():
        machine.state, value = frame.returns[index]
        statements.run(machine, it.final, scope)
        frame.returns[index] = machine.state, value
    return _finally(machine, it.final, entry, after, scope)


def _handle(
    machine: Machine, it: ir.Handler, entry: State, inside: list[Any], after: State | None, scope: Scope
) -> State | None:
    machine.state = entry
    if it.name is not None:
        machine.assign(scope, it.name, Caught(it.node))
    around = machine.frames[-1].loops
    if not (around and around[-1].retries):
        handlers.judge(it, inside)
    alive = statements.run(machine, it.body, scope)
    if not alive:
        return after
    return machine.state if after is None else after.joined(machine.state)


def _finally(machine: Machine, block: ir.Block, entry: State, after: State | None, scope: Scope) -> bool:
    if after is None:
        if block:
            machine.state = entry
            statements.run(machine, block, scope)
        return False
    machine.state = after
    return statements.run(machine, block, scope)


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
    before = machine.state.fork()
    if suppressed is None:
        alive = statements.run(machine, it.body, scope)
        if not foreign:
            return alive
        after = machine.state if alive else None
        state = before.joined(loops.widened(before, [after])) if after is not None else before
        for record in machine.records[first:]:
            state.outcomes[id(record)] = MAYBE  # it may have ended an exception
        return statements.meet(machine, after, state)
    node = it.items[0][0].node
    alive = statements.run(machine, it.body, scope)
    handlers.judge(ir.Handler(node, suppressed, None, ()), machine.records[first:])
    after = machine.state if alive else None
    return statements.meet(machine, after, loops.widened(before, [after]) if after is not None else before)


def _entered(machine: Machine, context: Known) -> Known:
    """What `with ... as` binds: clients and responses give themselves, anything else of outside is like itself."""
    match context:
        case Answer() | Ref() | External():
            return context
        case _:
            return context if any(isinstance(one, Answer) for one in each(context)) else unknown()
