"""Loops: over a few known items round by round, else one round in which all is unknown that a round may change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from vipps_lint.document import MAYBE, NO, YES, Truth
from vipps_lint.read.source import answers, assignment, expressions, ir, statements
from vipps_lint.read.source.frames import Loop
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.state import State, differing, together
from vipps_lint.read.source.things import items_of
from vipps_lint.read.source.values import (
    Client,
    Dict,
    Instance,
    Known,
    List,
    Scope,
    Slot,
    Thing,
    choose,
    each,
    hole_of,
    same,
    unknown,
)

ROUNDS = 8
"""A loop over so many known items is followed round by round."""


def for_(machine: Machine, it: ir.For, scope: Scope) -> bool:
    """Follow a `for`; False where its end is not reached."""
    over = expressions.evaluate(machine, it.iterable, scope)
    items = items_of(machine, over)
    sure = [item for item, there in items or () if there is YES]
    if items is not None and len(sure) == len(items) <= (1 if _is_inside(machine) else ROUNDS):
        return _each_item(machine, it, sure, scope)
    assignment.bind(machine, it.target, assignment.element(machine, over), scope)
    return _loop(machine, it, scope, YES if sure else MAYBE)


def _is_inside(machine: Machine) -> bool:
    return any(loop.unrolled for frame in machine.frames for loop in frame.loops)


def _each_item(machine: Machine, it: ir.For, items: list[Known], scope: Scope) -> bool:
    """One round for each item, in order."""
    breaks: list[State] = []
    for item in items:
        assignment.bind(machine, it.target, item, scope)
        loop, alive = _round(machine, it, scope, unrolled=True)
        breaks += loop.breaks
        ends = [*loop.continues, *([machine.state] if alive else [])]
        if not ends:
            return _after(machine, [], breaks, it.otherwise, scope)
        machine.state = together(ends)
    return _after(machine, [machine.state], breaks, it.otherwise, scope)


def while_(machine: Machine, it: ir.While, scope: Scope) -> bool:
    """Follow a `while`; an endless one is left by `break` alone."""
    test = expressions.evaluate(machine, it.test, scope)
    verdict, _ = answers.condition(machine, test)
    if verdict is NO:
        return statements.run(machine, it.otherwise, scope)
    return _loop(machine, it, scope, verdict)


def _loop(machine: Machine, it: ir.For | ir.While, scope: Scope, runs: Truth) -> bool:
    endless = isinstance(it, ir.While) and isinstance(it.test, ir.Constant) and runs is YES
    before = machine.state.fork()

    def follow() -> tuple[Loop, list[State]]:
        loop, alive = _round(machine, it, scope)
        return loop, [*loop.continues, *([machine.state] if alive else [])]

    loop, normal = until_stable(machine, follow, lambda found: [*found[0].breaks, *found[1]])
    if endless:
        normal = []
    elif runs is not YES:
        normal.append(before)
    return _after(machine, normal, loop.breaks, it.otherwise, scope)


def until_stable(machine: Machine, follow: Callable[[], Found], ends: Callable[[Found], list[State]]) -> Found:
    """Follow rounds until one begins with all that another may change; that one stands for all.

    What the rounds before it have found is forgotten, and their calls may have been made any number of times.
    """
    earlier: dict[tuple[tuple[int, str], ...], Record] = {}
    for _ in range(TRIALS):
        before, mark = machine.state.fork(), machine.mark()
        found = follow()
        made = {one.chain: one for one in machine.records[mark[0] :] if one.chain not in earlier}
        changed = widened(before, ends(found))
        if changed is None and not made:
            return found
        machine.forget(mark)
        earlier |= made
        machine.state = changed or before
        machine.state.trace += tuple((replace(one, loops=(EARLIER,)), MAYBE) for one in made.values())
    return follow()


Found = TypeVar("Found")

TRIALS = 10
"""So many rounds are tried; changes that only later rounds would show are not expected."""

EARLIER = -1
"""The loop of calls that were made in earlier rounds."""


def _round(machine: Machine, it: ir.For | ir.While, scope: Scope, unrolled: bool = False) -> tuple[Loop, bool]:
    inside = [] if unrolled else [id(it)]
    loop = Loop(_tries_again(it), unrolled)
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


def widened(before: State, ends: list[State]) -> State | None:
    """The state when some of what led from it to the ends may have been done, any number of times; None if it is it."""
    state = before.fork()
    changed = False
    for end in ends:
        for key in differing(end.variables, state.variables):
            old, value = state.variable(*key), end.variables.get(key)
            if old is None or value is None or same(old, value):
                continue
            if (new := _maybe(old)) is not old:
                state.variables[key], changed = new, True
        for id in differing(end.heap, state.heap):
            past, thing = state.thing(id), end.heap.get(id)
            if past is None or thing is None or past is thing:
                continue
            if (wider := _widened_thing(past, thing)) != past:
                state.heap[id], changed = wider, True
    return state if changed else None


def _maybe(value: Known) -> Known:
    """The value, or any other."""
    is_any = any((hole := hole_of(one)) is not None and hole.symbol is None for one in each(value))
    return value if is_any else choose((value, unknown()))


def _widened_thing(old: Thing, new: Thing) -> Thing:
    match old, new:
        case Dict(), Dict():
            fields = dict(old.fields)
            for key in [*old.fields, *new.fields]:
                mine, theirs = old.fields.get(key), new.fields.get(key)
                if mine != theirs:
                    fields[key] = Slot(_maybe(mine.value) if mine else unknown(), (mine or theirs).key, MAYBE)  # type: ignore[union-attr]
            ordered = old.ordered and fields.keys() == old.fields.keys()
            return Dict(fields, old.open or new.open, old.node, ordered)
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
