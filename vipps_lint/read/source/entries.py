"""Each function and method on its own, with unknown arguments, as if somebody had called it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vipps_lint.diagnostic import Note
from vipps_lint.read.source import functions, owing, selves
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.frames import Frame
from vipps_lint.read.source.machine import ExhaustedError, Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.state import State
from vipps_lint.read.source.values import Class, Function, Instance, Known


def functions_of(machine: Machine) -> Iterator[tuple[Function, Class | None]]:
    """The functions of all modules, and the methods with their classes."""
    for function in list(machine.entries):  # modules that are read meanwhile add to it
        yield function, None
    for of in list(machine.classes.values()):
        for value in of.attributes.values():
            if isinstance(value, Function) and value.definition in of.definition.body:
                yield value, of
        for method in selves.inherited(of):
            yield method, of


def follow(machine: Machine, function: Function, owner: Class | None, notes: list[Note]) -> list[Record]:
    """The calls of one function. Where the budget ends first, what was found stays, and its answers are not judged."""
    machine.state, machine.frames, machine.throws = State(below=machine.base), [Frame(None)], [[]]
    machine.records, machine.logging, machine.choosing = [], False, 0
    machine.beside.tests, machine.beside.failing = [], []
    machine.beside.raised, machine.beside.outside = [], []
    machine.memory.examined.clear()
    machine.memory.given.clear()
    complete = True
    try:
        _enter(machine, function, owner)
    except (ExhaustedError, RecursionError):
        complete = False
        notes.append(_note(machine, function, "is too complex to follow to its end"))
    except Exception as error:  # noqa: BLE001 - a bug of ours in one function must not end the run
        complete = False
        why = (
            f"could not be followed to its end ({type(error).__name__}: {error}; please report this bug of vipps-lint)"
        )
        notes.append(_note(machine, function, why))
    if complete:
        owing.present(state.debts for state in (machine.state, *machine.throws[0]))
    for record in machine.records:
        conclude(record, complete)
    return machine.records


def _note(machine: Machine, function: Function, what: str) -> Note:
    path = machine.place(function.definition.node).path
    return Note(path, f"`{function.name}` {what}; what was found up to there is reported")


CERTAIN = frozenset({"swallowed", "misdirected", "falsy"})
"""Lapses that do not depend on what a client does that is not known."""


def conclude(record: Record, complete: bool) -> None:
    """At the end of a function it is known whether anything has looked at the answer."""
    if not record.plain:
        record.lapses = [lapse for lapse in record.lapses if lapse[0] in CERTAIN]
    if complete and record.plain and not record.raises:
        if not (record.checked or record.escaped):
            record.lapse("unchecked", record.surface)
        if record.judged is not None and not (record.told or record.lapses):
            record.lapse("unlogged", record.judged)
    record.unfollowed = _unfollowed(record, complete)


def _unfollowed(record: Record, complete: bool) -> str:
    """Why it is not known whether anything looks at the answer, where that is so."""
    if record.checked or record.raises:
        return ""
    if not complete:
        return "the budget was used up before the end of the function"
    if not record.plain:
        return "whatever sends the request may look at the answer"
    return "the answer is given to code that is not seen" if record.escaped else ""


def _enter(machine: Machine, function: Function, owner: Class | None) -> None:
    """Evaluate a function as if somebody had called it, and the functions inside it that nothing calls."""
    if owner is not None and function.name != "__init__":
        decorators = [source_of(one) for one in getattr(function.definition, "decorators", ())]
        if "staticmethod" not in decorators:
            bound: Known = owner if "classmethod" in decorators else selves.found_by_methods(machine, owner)
            function = replace(function, bound=(bound,))
    elif owner is not None:
        function = replace(function, bound=(machine.new(Instance(owner, {}, True)),))
    machine.frames.append(Frame(None))
    result = functions.inline(machine, function, Arguments(open=True), function.definition.node)
    _leave(machine, result)
    machine.frames.pop()
    _nested(machine)


def _leave(machine: Machine, result: Known) -> None:
    """What is returned goes to a caller that is not seen; what the paths owe that return something else stays."""
    debts = machine.state.debts
    machine.escape(result)
    machine.state.debts = debts


def _nested(machine: Machine) -> None:
    pending, machine.inner = machine.inner, []
    for function in pending:
        machine.state.trace = ()  # it may have been called before any of the calls around it
        if function.definition.node not in machine.called:
            machine.frames.append(Frame(None))
            _leave(machine, functions.inline(machine, function, Arguments(open=True), function.definition.node))
            machine.frames.pop()
