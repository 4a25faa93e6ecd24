"""The modules of a project: found by the names that imports use, read when a name of theirs is wanted."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from posixpath import dirname, join, normpath

from vipps_lint.diagnostic import Note
from vipps_lint.read.source import Library, Workshop, ir, owing, statements
from vipps_lint.read.source.elsewhere import changed_elsewhere
from vipps_lint.read.source.frames import Frame
from vipps_lint.read.source.lowered import Lowered, Unreadable, restored
from vipps_lint.read.source.machine import MODULE_STEPS, ExhaustedError, Machine
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.state import State
from vipps_lint.read.source.values import External, Known, Module, Pending, Scope, choose, unknown

MODULES = 400
"""How many modules are read on demand in one run; names of further ones are unknown."""

FOREIGN = sys.stdlib_module_names | {
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "django",
    "flask",
    "fastapi",
    "pydantic",
}
"""Packages that a project does not have itself, whatever its folders are called."""

SO_FAR = "what was found up to there is reported"


def making(texts: Sequence[bytes]) -> list[bytes]:
    """What the evaluation needs of texts, as bytes. libcst is imported here, only when there is a text to be read."""
    from vipps_lint.read.source.making import made

    return made(texts)


class Modules:
    """The modules that were read, each evaluated once into the state that all paths share."""

    def __init__(self, machine: Machine, library: Library, workshop: Workshop, notes: list[Note]) -> None:
        self.machine = machine
        self.library = library
        self.workshop = workshop
        self.notes = notes
        self.scopes: dict[str, Scope | None] = {}
        self.made: dict[bytes, bytes] = {}
        self.lowered: dict[str, Lowered] = {}
        self.looked_for: set[tuple[int, str]] = set()
        self.found: dict[tuple[str, str], str | None] = {}
        self.settings: dict[str, Known | None] = {}
        self.records: list[tuple[list[Record], bool]] = []
        machine.resolve, machine.member, machine.names = self.resolve, self.member, self.names
        machine.setting = self.setting
        machine.blocks = lambda: [lowered.block for lowered in self.lowered.values()]

    def load(self, path: str, text: bytes | None = None, noted: bool = False) -> Scope | None:
        """The scope of a module, evaluated if it is new; None (and a note, if one is asked for) if it is unreadable."""
        if path not in self.scopes:
            self.scopes[path] = None
            given = self.library.text(path) if text is None else text
            block = None if given is None else self._read(path, given, noted)
            if block is not None:
                self._evaluate(path, block, noted)
        return self.scopes[path]

    def prepare(self, texts: Iterable[bytes]) -> None:
        """Have texts that will be loaded read together."""
        given = list(dict.fromkeys(texts))
        self.made |= zip(given, self.workshop.made(given, making), strict=True)

    def _read(self, path: str, text: bytes, noted: bool) -> ir.Block | None:
        if text not in self.made:
            self.prepare([text])
        match restored(self.made[text], self.machine.first_free(path)):
            case Unreadable(problem, line):
                if noted:
                    self.notes.append(Note(path, f"{problem}; nothing in it was checked", line))
                return None
            case lowered:
                self.machine.used(lowered.count)
                self.lowered[path] = lowered
                return lowered.block

    def _evaluate(self, path: str, block: ir.Block, noted: bool) -> None:
        """Follow the module's body, apart from whatever is being followed now."""
        machine = self.machine
        kept = machine.state, machine.frames, machine.throws, machine.records, machine.budget
        importing, machine.importing = machine.importing, True
        machine.state, machine.frames, machine.throws = State(below=machine.base), [Frame(None)], [[]]
        machine.records, machine.budget = [], MODULE_STEPS
        scope = self.scopes[path] = machine.scope(None)
        machine.origins[scope.number] = path
        elsewhere = changed_elsewhere(block)
        machine.others.module(scope.number, elsewhere)
        for name, value in elsewhere.values:
            machine.set_values.setdefault(name, []).append((value, scope))
        complete = True
        try:
            statements.run(machine, block, scope)
        except (ExhaustedError, RecursionError):
            complete = False
            if noted:
                self.notes.append(Note(path, f"the module is too long to follow to its end; {SO_FAR}"))
        except Exception as error:  # noqa: BLE001 - a bug of ours in one module must not end the run
            complete = False
            why = f"{type(error).__name__}: {error}; please report this bug of vipps-lint"
            self.notes.append(Note(path, f"the module could not be followed to its end ({why}); {SO_FAR}"))
        if complete:
            owing.present(state.debts for state in (machine.state, *machine.throws[0]))
        machine.base.absorb(machine.state)
        self.records.append((machine.records, complete))
        machine.importing = importing
        machine.state, machine.frames, machine.throws, machine.records, machine.budget = kept

    def resolve(self, pending: Pending) -> Known:
        """What an imported name is: something of another module of the project, or of outside."""
        parent, _, name = pending.dotted.rpartition(".")
        if parent.strip(".") or parent:
            path = self._path(parent or ".", pending.origin)
            scope = self._on_demand(path)
            if scope is not None and (value := self._of(scope, name)) is not None:
                return value
        else:
            scope = None
        whole = self._path(pending.dotted, pending.origin)
        if whole is not None and self._on_demand(whole) is not None:
            return Module(whole)
        return External(pending.dotted) if scope is None else unknown(name, ("module", pending.dotted))

    def _of(self, scope: Scope, name: str) -> Known | None:
        """A name of a module; unknown while it is being looked for, because modules may import it from each other."""
        key = scope.number, name
        if key in self.looked_for:
            return unknown(name)
        self.looked_for.add(key)
        try:
            value = self.machine.variable(scope, name)
        finally:
            self.looked_for.discard(key)
        return None if value is None else self.machine.rebindable(scope, name, value)

    def member(self, module: Module, name: str) -> Known | None:
        """An attribute of a module: a name in it, or a module below it."""
        scope = self.scopes.get(module.path)
        if scope is not None and (value := self._of(scope, name)) is not None:
            return value
        if module.path.endswith("__init__.py"):
            path = self._existing(join(dirname(module.path), name))
            if path is not None and self._on_demand(path) is not None:
                return Module(path)
        return None

    def setting(self, name: str) -> Known | None:
        """What the project sets under a name that only settings have; unknown where it sets several values."""
        if name not in self.settings:
            scopes = [self._on_demand(path) for path in self.library.mentioning(frozenset({name}))]
            values = [self.machine.variable(scope, name) for scope in scopes if scope is not None]
            found = [value for value in values if value is not None]
            self.settings[name] = choose(found) if found else None
        return self.settings[name]

    def names(self, module: Module) -> dict[str, Known]:
        """All names of a module."""
        scope = self.scopes.get(module.path)
        found = self.machine.base.variables.items()
        return {name: value for (number, name), value in found if scope is not None and number == scope.number}

    def _on_demand(self, path: str | None) -> Scope | None:
        if path is None or (path not in self.scopes and len(self.scopes) >= MODULES):
            return None
        return self.load(path)

    def _path(self, dotted: str, origin: str) -> str | None:
        key = dotted, origin
        if key not in self.found:
            self.found[key] = self._search(dotted, origin)
        return self.found[key]

    def _search(self, dotted: str, origin: str) -> str | None:
        """The file of a dotted module name, as seen from a file that imports it."""
        bare = dotted.lstrip(".")
        steps = bare.replace(".", "/")
        folder = dirname(origin)
        dots = len(dotted) - len(bare)
        if dots:
            base = normpath(join(folder, *[".."] * (dots - 1))) if dots > 1 else folder
            return self._existing(normpath(join(base, steps)) if steps else base)
        if bare.partition(".")[0] in FOREIGN:
            return None
        while True:
            if found := self._existing(join(folder, steps)):
                return found
            if folder in ("", "/", ".") or dirname(folder) == folder:
                return None
            folder = dirname(folder)

    def _existing(self, stem: str) -> str | None:
        return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if self._has(path)), None)

    def _has(self, path: str) -> bool:
        return path in self.scopes or self.library.text(path) is not None
