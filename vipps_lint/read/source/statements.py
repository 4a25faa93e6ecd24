"""Statements: paths fork at branches, meet again after them, and end at `return` and `raise`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vipps_lint.document import NO, YES, Truth
from vipps_lint.read.source import (
    answers,
    assignment,
    defining,
    expected,
    expressions,
    fallbacks,
    functions,
    ir,
    loops,
    operators,
    trying,
)
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.state import State
from vipps_lint.read.source.table import Table
from vipps_lint.read.source.telling import explains
from vipps_lint.read.source.things import extended, merged
from vipps_lint.read.source.values import (
    Answer,
    Class,
    Data,
    Dict,
    External,
    Function,
    Instance,
    Known,
    List,
    Module,
    Pending,
    Ref,
    Scope,
    choose,
    each,
    unknown,
)


def run(machine: Machine, block: ir.Block, scope: Scope) -> bool:
    """Follow a block; False where its end is not reached."""
    for statement in block:
        machine.step()
        alive = _RUN[type(statement)](machine, statement, scope)
        if machine.dead or not alive:
            machine.dead = False
            return False
    return True


EXITS = frozenset({"sys.exit()", "os._exit()", "os.abort()"})


def _do(machine: Machine, it: ir.Do, scope: Scope) -> bool:
    value = expressions.evaluate(machine, it.value, scope)
    called = source_of(it.value.function) if isinstance(it.value, ir.CallOf) else ""
    return not (called in ("exit", "quit") or (isinstance(value, External) and value.name in EXITS))


def _assign(machine: Machine, it: ir.Assign, scope: Scope) -> bool:
    value = functions.believed(expressions.evaluate(machine, it.value, scope), it.annotation)
    for target in it.targets:
        assignment.bind(machine, target, value, scope)
    return True


def _augment(machine: Machine, it: ir.Augment, scope: Scope) -> bool:
    target = expressions.evaluate(machine, it.target, scope)
    value = expressions.evaluate(machine, it.value, scope)
    match target, machine.thing(target):
        case Ref(), Dict() as thing if it.operator == "|":
            machine.put(target, merged(machine, thing, machine.thing(value)))
        case Ref(), List() as items if it.operator == "+":
            machine.put(target, extended(machine, items, value))
        case _:
            written = ir.Binary(it.node, it.target, it.operator, it.value)
            joined = operators.combined(machine, written, target, value)
            assignment.bind(machine, it.target, joined, scope)
    return True


def _delete(machine: Machine, it: ir.Delete, scope: Scope) -> bool:
    for target in (one for several in it.targets for one in ir.flat(several)):
        if isinstance(target, ir.Attribute):
            machine.havoc(expressions.evaluate(machine, target.value, scope))
        if isinstance(target, ir.Subscript):
            owner = expressions.evaluate(machine, target.value, scope)
            key = expressions.evaluate(machine, target.index, scope) if target.index is not None else unknown()
            match owner, machine.thing(owner), key:
                case Ref(), Dict(fields, is_open) as thing, Data(str() as name):
                    kept = {one: slot for one, slot in fields.items() if one != name}
                    machine.put(owner, replace(thing, fields=kept, open=is_open))
                case _:
                    machine.havoc(owner)
    return True


def _return(machine: Machine, it: ir.Return, scope: Scope) -> bool:
    value = expressions.evaluate(machine, it.value, scope) if it.value is not None else Data(None)
    for answer in machine.answers(value):
        if explains(answer):
            machine.state.debts = machine.state.debts.paying(answer.record)
    machine.frames[-1].returns.append((machine.state.fork(), value))
    return False


def _raise(machine: Machine, it: ir.Raise, scope: Scope) -> bool:
    for part in (it.value, it.cause):
        if part is not None:
            value = expressions.evaluate(machine, part, scope)
            machine.escape(value)
            if part is it.value:
                _note_raised(machine, value)
    machine.throws[-1].append(machine.state.fork())
    return False


def _note_raised(machine: Machine, value: Known) -> None:
    """An exception of the project is raised; the calls that have failed on this path are why."""
    failed = {id for id, outcome in machine.state.outcomes.items() if outcome is NO}.union(*machine.beside.failing)
    for one in each(value):
        thing = machine.thing(one)
        kind = thing.of if isinstance(thing, Instance) else one
        if isinstance(kind, Class):
            machine.beside.raised.append((kind, frozenset(failed)))


def _jump(machine: Machine, it: ir.Jump, scope: Scope) -> bool:
    inside = machine.frames[-1].loops
    if inside:
        inside[-1].ends(it.kind).append(machine.state.fork())
    return False


def _if(machine: Machine, it: ir.If, scope: Scope) -> bool:
    test = expressions.evaluate(machine, it.test, scope)
    expected.asserted(machine, it, scope)
    verdict, learned = answers.condition(machine, test)
    if verdict is YES:
        return run(machine, it.body, scope)
    if verdict is NO:
        return run(machine, it.otherwise, scope)
    texts = fallbacks.texts_before(machine, it, scope)
    taken, passed = machine.state.fork(), machine.state
    _learn(taken, it, learned, taken=True)
    _learn(passed, it, [(one, ~truth) for one, truth in learned], taken=False)
    after_body = _along(machine, taken, it, it.body, scope)
    alive = meet(machine, after_body, _along(machine, passed, it, it.otherwise, scope))
    if texts and after_body is not None and alive:
        fallbacks.kept(machine, it, scope, texts)
    return alive


def _learn(state: State, it: ir.If, learned: list[tuple[Answer, Truth]], *, taken: bool) -> None:
    """What a test has taught of the calls in it where its branch is taken, and where it is not."""
    asserted = any(isinstance(one, ir.Raise) and one.asserted for one in it.body[:1])
    for answer, truth in learned:
        record = answer.record
        state.outcomes[id(record)] = truth
        if answer.kind == ("expected" if taken else "unexpected"):
            state.debts = state.debts.excusing(record)
        elif asserted:
            state.tell(record)
        elif truth is NO and not (record.told or answer.passed):
            state.debts = state.debts.owing(record, _node_of(it.test, record.node))


def _along(machine: Machine, state: State, it: ir.If, block: ir.Block, scope: Scope) -> State | None:
    """The end of a branch that is followed from a state; None where it is not reached."""
    machine.state = state
    machine.beside.tests.append((it.test, block is it.body and isinstance(it.test, ir.Name | ir.Attribute)))
    alive = run(machine, block, scope)
    machine.beside.tests.pop()
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


def _import(machine: Machine, it: ir.Import, scope: Scope) -> bool:
    origin = machine.origin(scope)
    for name, dotted in it.bindings:
        if name == "*":
            _import_all(machine, Pending(dotted, origin), scope)
        else:
            machine.assign(scope, name, Pending(dotted, origin))
    return True


def _import_all(machine: Machine, module: Pending, scope: Scope) -> None:
    """`from x import *`: the names of a module of the project; any name may come from one that is not seen."""
    found = machine.resolve(module)
    names = machine.names(found) if isinstance(found, Module) else None
    if names is None:
        for (number, name), value in list(machine.state.variables.items()):
            if number == scope.number and not isinstance(value, Function | Class):
                machine.assign(scope, name, choose((value, unknown(name))))
    for name, value in (names or {}).items():
        if not name.startswith("_"):
            machine.assign(scope, name, value)


def _shared(machine: Machine, it: ir.Shared, scope: Scope) -> bool:
    scope.shared |= set(it.names)
    return True


def _declare(machine: Machine, it: ir.Declaration, scope: Scope) -> bool:
    return True


_RUN: Table[Callable[[Machine, Any, Scope], bool]] = Table(lambda: {
    ir.Do: _do, ir.Assign: _assign, ir.Declaration: _declare,
    ir.Augment: _augment, ir.Delete: _delete, ir.Return: _return, ir.Raise: _raise,
    ir.Jump: _jump, ir.If: _if, ir.For: loops.for_, ir.While: loops.while_, ir.Try: trying.try_, ir.With: trying.with_,
    ir.FunctionDefinition: defining.function, ir.ClassDefinition: defining.class_,
    ir.Import: _import, ir.Shared: _shared,
})  # fmt: skip
