"""Statements: paths fork at branches, meet again after them, and end at `return` and `raise`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vipps_lint.document import MAYBE, NO, YES, Truth
from vipps_lint.read.source import answers, assignment, expressions, ir, trying
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.state import State
from vipps_lint.read.source.things import merged
from vipps_lint.read.source.values import Answer, Class, Data, Dict, External, Function, List, Ref, Scope, unknown


def run(machine: Machine, block: ir.Block, scope: Scope) -> bool:
    """Follow a block; False where its end is not reached."""
    for statement in block:
        machine.step()
        if not _RUN[type(statement)](machine, statement, scope):
            return False
    return True


def _do(machine: Machine, it: ir.Do, scope: Scope) -> bool:
    expressions.evaluate(machine, it.value, scope)
    return True


def _assign(machine: Machine, it: ir.Assign, scope: Scope) -> bool:
    value = expressions.evaluate(machine, it.value, scope)
    for target in it.targets:
        assignment.bind(machine, target, value, scope)
    return True


def _augment(machine: Machine, it: ir.Augment, scope: Scope) -> bool:
    value = expressions.evaluate(machine, it.value, scope)
    target = expressions.evaluate(machine, it.target, scope)
    match target, machine.thing(target):
        case Ref(), Dict() as thing if it.operator == "|":
            machine.put(target, merged(machine, thing, machine.thing(value)))
        case Ref(), List() as items if it.operator == "+":
            machine.put(target, replace(items, open=True))
        case _:
            joined = expressions.evaluate(machine, ir.Binary(it.node, it.target, it.operator, it.value), scope)
            assignment.bind(machine, it.target, joined, scope)
    return True


def _delete(machine: Machine, it: ir.Delete, scope: Scope) -> bool:
    for target in it.targets:
        match target:
            case ir.Subscript(value=owner, index=ir.Constant(value=str() as key)):
                value = expressions.evaluate(machine, owner, scope)
                match value, machine.thing(value):
                    case Ref(), Dict(fields) as thing:
                        machine.put(
                            value, replace(thing, fields={name: one for name, one in fields.items() if name != key})
                        )
            case ir.Subscript(value=owner):
                machine.havoc(expressions.evaluate(machine, owner, scope))
            case _:
                pass
    return True


def _return(machine: Machine, it: ir.Return, scope: Scope) -> bool:
    value = expressions.evaluate(machine, it.value, scope) if it.value is not None else Data(None)
    for answer in machine.answers(value):
        # Handing the answer on is telling of the error where the call is known to have failed.
        failed = machine.state.outcomes.get(id(answer.record)) is NO
        answer.record.told = answer.record.told or (failed and answer.kind not in ("status", "ok", "failed"))
    machine.frames[-1].returns.append((machine.state.fork(), value))
    return False


def _raise(machine: Machine, it: ir.Raise, scope: Scope) -> bool:
    for part in (it.value, it.cause):
        if part is not None:
            machine.escape(expressions.evaluate(machine, part, scope))
    machine.throws[-1].append(machine.state.fork())
    return False


def _jump(machine: Machine, it: ir.Jump, scope: Scope) -> bool:
    loops = machine.frames[-1].loops
    if loops:
        loops[-1].append(machine.state.fork())
    return False


def _if(machine: Machine, it: ir.If, scope: Scope) -> bool:
    test = expressions.evaluate(machine, it.test, scope)
    verdict, learned = answers.condition(machine, test)
    if verdict is YES:
        return run(machine, it.body, scope)
    if verdict is NO:
        return run(machine, it.otherwise, scope)
    before = machine.state
    after_body = _branch(machine, before.fork(), it, it.body, scope, [(one, truth) for one, truth in learned])
    after_else = _branch(machine, before, it, it.otherwise, scope, [(one, ~truth) for one, truth in learned])
    return meet(machine, after_body, after_else)


def _branch(
    machine: Machine, state: State, it: ir.If, block: ir.Block, scope: Scope, learned: list[tuple[Answer, Truth]]
) -> State | None:
    """One branch, with what its test has taught of the calls in it; None where it does not reach its end."""
    for answer, truth in learned:
        state.outcomes[id(answer.record)] = truth
    machine.state = state
    failed = [answer.record for answer, truth in learned if truth is NO]
    told = [record.told for record in failed]
    for record in failed:
        record.told = False
    alive = run(machine, block, scope)
    for record, before in zip(failed, told, strict=True):
        if not alive and block and not record.told and not before:
            record.lapses.append(("unlogged", _node_of(it.test, record.node)))
        record.told = record.told or before
    return machine.state if alive else None


def _node_of(expression: ir.Expression, otherwise: int) -> int:
    return getattr(expression, "node", otherwise)


def meet(machine: Machine, one: State | None, other: State | None) -> bool:
    """Go on where two paths meet, or with the one that is left; False if none is."""
    met = one.joined(other) if one is not None and other is not None else one or other
    if met is None:
        return False
    machine.state = met
    return True


def _for(machine: Machine, it: ir.For, scope: Scope) -> bool:
    over = expressions.evaluate(machine, it.iterable, scope)
    sure = isinstance(thing := machine.thing(over), List) and bool(thing.items) and not thing.open
    assignment.bind(machine, it.target, assignment.element(machine, over), scope)
    return _loop(machine, it.body, it.otherwise, scope, runs=YES if sure else MAYBE)


def _while(machine: Machine, it: ir.While, scope: Scope) -> bool:
    test = expressions.evaluate(machine, it.test, scope)
    verdict, _ = answers.condition(machine, test)
    if verdict is NO:
        return run(machine, it.otherwise, scope)
    endless = verdict is YES and isinstance(it.test, ir.Constant)
    return _loop(machine, it.body, it.otherwise, scope, runs=verdict, endless=endless)


def _loop(
    machine: Machine, body: ir.Block, otherwise: ir.Block, scope: Scope, runs: Truth, endless: bool = False
) -> bool:
    """A loop's body runs once and joins; an endless loop is left by `break` alone."""
    before = machine.state.fork() if runs is not YES else None
    exits: list[State] = []
    machine.frames[-1].loops.append(exits)
    alive = run(machine, body, scope)
    machine.frames[-1].loops.pop()
    ends = exits + ([machine.state] if alive and not endless else []) + ([before] if before is not None else [])
    if not ends:
        return False
    machine.state = ends[0]
    for other in ends[1:]:
        machine.state = machine.state.joined(other)
    return run(machine, otherwise, scope)


def _match(machine: Machine, it: ir.Match, scope: Scope) -> bool:
    subject = expressions.evaluate(machine, it.subject, scope)
    answers.condition(machine, subject)
    before = machine.state
    ends: list[State] = [] if it.exhaustive else [before.fork()]
    for names, guard, body in it.cases:
        machine.state = before.fork()
        for name in names:
            machine.assign(scope, name, unknown(name))
        if guard is not None:
            answers.condition(machine, expressions.evaluate(machine, guard, scope))
        if run(machine, body, scope):
            ends.append(machine.state)
    if not ends:
        return False
    machine.state = ends[0]
    for other in ends[1:]:
        machine.state = machine.state.joined(other)
    return True


def _function(machine: Machine, it: ir.FunctionDefinition, scope: Scope) -> bool:
    function = Function(it, scope, name=it.name)
    for decorator in it.decorators:
        expressions.evaluate(machine, decorator, scope)
    machine.assign(scope, it.name, function)
    if scope.is_class:
        return True
    (machine.entries if len(machine.frames) == 1 else machine.inner).append(function)
    return True


def _class(machine: Machine, it: ir.ClassDefinition, scope: Scope) -> bool:
    bases = tuple(expressions.evaluate(machine, one, scope) for one in it.bases)
    inner = machine.scope(scope, is_class=True)
    run(machine, it.body, inner)
    attributes = {name: value for (number, name), value in machine.state.variables.items() if number == inner.number}
    of = Class(it, scope, bases, attributes)
    machine.assign(scope, it.name, of)
    if len(machine.frames) == 1:
        machine.classes[it.node] = of
    return True


def _import(machine: Machine, it: ir.Import, scope: Scope) -> bool:
    for name, dotted in it.bindings:
        machine.assign(scope, name, External(dotted))
    return True


def _shared(machine: Machine, it: ir.Shared, scope: Scope) -> bool:
    scope.shared |= set(it.names)
    return True


_RUN: dict[type, Callable[[Machine, Any, Scope], bool]] = {
    ir.Do: _do, ir.Assign: _assign, ir.Augment: _augment, ir.Delete: _delete, ir.Return: _return, ir.Raise: _raise,
    ir.Jump: _jump, ir.If: _if, ir.For: _for, ir.While: _while, ir.Try: trying.try_, ir.With: trying.with_,
    ir.Match: _match,
    ir.FunctionDefinition: _function, ir.ClassDefinition: _class, ir.Import: _import, ir.Shared: _shared,
}  # fmt: skip
