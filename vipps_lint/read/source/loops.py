"""Loops: over a few known items round by round, else one round in which all is unknown that a round may change."""

from __future__ import annotations

import re

from vipps_lint.document import MAYBE, NO, YES, Truth
from vipps_lint.read.source import answers, assignment, expressions, ir, rounds, statements
from vipps_lint.read.source.frames import Loop
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.state import State, together
from vipps_lint.read.source.things import items_of
from vipps_lint.read.source.values import (
    Known,
    Scope,
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

    loop, normal = rounds.until_stable(machine, follow, lambda found: [*found[0].breaks, *found[1]])
    if endless:
        normal = []
    elif runs is not YES:
        normal.append(before)
    return _after(machine, normal, loop.breaks, it.otherwise, scope)


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
