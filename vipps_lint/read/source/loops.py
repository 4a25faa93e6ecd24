"""Loops: the body is followed once, with everything unknown that an earlier round may have changed."""

from __future__ import annotations

import re
from dataclasses import replace

from vipps_lint.document import MAYBE, NO, YES, Truth
from vipps_lint.read.source import answers, assignment, expressions, ir, statements
from vipps_lint.read.source.frames import Loop
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.state import State, together
from vipps_lint.read.source.values import Client, Dict, Instance, Known, List, Scope, Slot, Thing, choose, same, unknown


def for_(machine: Machine, it: ir.For, scope: Scope) -> bool:
    """Follow a `for`; False where its end is not reached."""
    over = expressions.evaluate(machine, it.iterable, scope)
    thing = machine.thing(over)
    known = isinstance(thing, List) and bool(thing.items) and not thing.open
    assignment.bind(machine, it.target, assignment.element(machine, over), scope)
    once = isinstance(thing, List) and known and len(thing.items) == 1
    return _loop(machine, it, scope, YES if known else MAYBE, once)


def while_(machine: Machine, it: ir.While, scope: Scope) -> bool:
    """Follow a `while`; an endless one is left by `break` alone."""
    test = expressions.evaluate(machine, it.test, scope)
    verdict, _ = answers.condition(machine, test)
    if verdict is NO:
        return statements.run(machine, it.otherwise, scope)
    return _loop(machine, it, scope, verdict, once=False)


def _loop(machine: Machine, it: ir.For | ir.While, scope: Scope, runs: Truth, once: bool) -> bool:
    endless = isinstance(it, ir.While) and isinstance(it.test, ir.Constant) and runs is YES
    before, mark = machine.state.fork(), machine.mark()
    loop, alive = _round(machine, it, scope, once)
    ends = [*loop.breaks, *loop.continues, *([machine.state] if alive else [])]
    if not once and _changes(before, ends):
        machine.forget(mark)  # the first round only showed what a round changes
        machine.state = widened(before, ends)
        loop, alive = _round(machine, it, scope, once)
    normal = [*loop.continues, *([machine.state] if alive else [])]
    if endless:
        normal = []
    elif runs is not YES:
        normal.append(before)
    return _after(machine, normal, loop.breaks, it.otherwise, scope)


def _round(machine: Machine, it: ir.For | ir.While, scope: Scope, once: bool) -> tuple[Loop, bool]:
    retries = _tries_again(it)
    inside = [] if once else [id(it)]
    loop = Loop(retries)
    machine.frames[-1].loops.append(loop)
    machine.loops += inside
    alive = statements.run(machine, it.body, scope)
    del machine.loops[len(machine.loops) - len(inside) :]
    machine.frames[-1].loops.pop()
    return loop, alive


def _tries_again(it: ir.For | ir.While) -> bool:
    """Whether a loop makes one thing several times until it succeeds, rather than many things once."""
    if isinstance(it, ir.For):
        return source_of(it.iterable).startswith(("range(", "count(", "itertools.count("))
    names = " ".join(one.id for one in ir.walk(it.test) if isinstance(one, ir.Name))
    return isinstance(it.test, ir.Constant) or bool(re.search(r"attempt|retr|tries|try", names))


def _after(machine: Machine, normal: list[State], breaks: list[State], otherwise: ir.Block, scope: Scope) -> bool:
    """What comes after a loop: `else` where it was not left by `break`, and both ways together then."""
    alive = False
    if normal:
        machine.state = together(normal)
        alive = statements.run(machine, otherwise, scope)
    ends = [*breaks, *([machine.state] if alive else [])]
    if not ends:
        return False
    machine.state = together(ends)
    return True


def _changes(before: State, ends: list[State]) -> bool:
    return any(True for end in ends for _ in _changed_variables(before, end)) or any(
        True for end in ends for _ in _changed_things(before, end)
    )


def _changed_variables(before: State, end: State):  # type: ignore[no-untyped-def]
    for key, value in end.variables.items():
        old = before.variable(*key)
        if old is not None and old is not value and not same(old, value):
            yield key, old


def _changed_things(before: State, end: State):  # type: ignore[no-untyped-def]
    for id, thing in end.heap.items():
        old = before.thing(id)
        if old is not None and old is not thing and old != thing:
            yield id, old, thing


def widened(before: State, ends: list[State]) -> State:
    """The state when some of what led from `before` to the ends may have been done, any number of times."""
    state = before.fork()
    for end in ends:
        for key, old in _changed_variables(before, end):
            state.variables[key] = choose((old, unknown()))
        for id, _, new in _changed_things(before, end):
            now = state.thing(id)
            assert now is not None
            state.heap[id] = _widened_thing(now, new)
    return state


def _maybe(value: Known) -> Known:
    return choose((value, unknown()))


def _widened_thing(old: Thing, new: Thing) -> Thing:
    match old, new:
        case Dict(), Dict():
            fields = dict(old.fields)
            for key in [*old.fields, *new.fields]:
                mine, theirs = old.fields.get(key), new.fields.get(key)
                if mine != theirs:
                    fields[key] = Slot(_maybe(mine.value) if mine else unknown(), (mine or theirs).key, MAYBE)  # type: ignore[union-attr]
            return Dict(fields, old.open or new.open, old.node)
        case List(), List():
            kept = old.items if new.items[: len(old.items)] == old.items else ()
            return List(kept, True, old.node)
        case Instance(), Instance():
            changed = {name for name, value in new.attributes.items() if old.attributes.get(name) is not value}
            attributes = {name: _maybe(value) if name in changed else value for name, value in old.attributes.items()}
            return replace(old, attributes=attributes, open=True if changed - old.attributes.keys() else old.open)
        case Client(), Client():
            return replace(old, plain=old.plain and new.plain)
        case _:
            return old
