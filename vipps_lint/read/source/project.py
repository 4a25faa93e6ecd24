"""The files of a project: those with routes are read first, then those that use what leads to the routes."""

from __future__ import annotations

from collections.abc import Mapping

from vipps_lint.diagnostic import Note
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import Library, Source, Workshop, entries, keeping
from vipps_lint.read.source.feeding import feed
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.modules import Modules
from vipps_lint.read.source.paths import Paths
from vipps_lint.read.source.reach import Reach
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.resolving import resolve

FILE_STEPS = 400_000
"""How many expressions all functions of a file may evaluate together."""

ROUNDS = 2
"""How many files away from a route its users are looked for."""


def read_project(texts: Mapping[str, bytes], library: Library, routes: Routes, workshop: Workshop) -> Source:
    """The calls in some files, `texts` being those that spell a route, and in the files that use what these offer."""
    machine, notes = Machine(routes), list[Note]()
    modules = Modules(machine, library, workshop, notes)
    reach = Reach(routes)
    modules.prepare(texts.values())
    for path, text in texts.items():
        modules.load(path, text, noted=True)
    checked = set(texts)
    for _ in range(ROUNDS):
        for path, lowered in modules.lowered.items():
            reach.add(path, lowered.block)
        offering = frozenset(checked & set(modules.lowered))
        further = [path for path in library.importing(offering, reach.names()) if path not in checked]
        modules.prepare(given for path in further if (given := library.text(path)) is not None)
        for path in further:
            modules.load(path, noted=True)
        checked |= set(further)
        if not further:
            break
    for path, lowered in modules.lowered.items():
        reach.add(path, lowered.block)
    return _followed(machine, modules, reach, checked, notes)


def _followed(machine: Machine, modules: Modules, reach: Reach, checked: set[str], notes: list[Note]) -> Source:
    keeping.settle(machine, machine.base)
    worth, machine.memory.mentioned = reach.worth(), reach.mentioned()
    found: list[Record] = []
    spent: dict[str, int] = {}
    for function, owner in entries.functions_of(machine):
        node = function.definition.node
        path = machine.place(node).path
        before = spent.get(path, 0)
        if node not in worth or path not in checked or before > FILE_STEPS:
            continue
        found += entries.follow(machine, function, owner, notes)
        spent[path] = before + machine.state.effort.steps
        if spent[path] > FILE_STEPS:
            notes.append(Note(path, f"has too much code to follow it all; nothing after `{function.name}` was checked"))
    for records, complete in modules.records:
        for record in records:
            entries.conclude(record, complete)
    in_modules = [record for records, _ in modules.records for record in records]
    feed(found)
    resolve(machine, found, {path: lowered.block for path, lowered in modules.lowered.items()})
    paths = Paths(machine)
    called = [paths.path(record) for record in (*in_modules, *found)]
    found_in = [one for one in called if one.call.place and one.call.place.path in checked]
    return Source(found_in, notes, modules.lowered)
