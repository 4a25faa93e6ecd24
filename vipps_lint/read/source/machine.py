"""The state of an evaluation: variables, heap, frames, the calls found, and the budget that bounds it all."""

from __future__ import annotations

import builtins
from bisect import bisect_left
from collections.abc import Callable, Iterable

from vipps_lint.call import Place
from vipps_lint.document import MAYBE
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import ir
from vipps_lint.read.source.elsewhere import EVERY
from vipps_lint.read.source.frames import Frame
from vipps_lint.read.source.memory import Memory
from vipps_lint.read.source.others import NOTHING, Others
from vipps_lint.read.source.records import Beside, Record
from vipps_lint.read.source.state import State, doubted, doubted_keys
from vipps_lint.read.source.store import Store
from vipps_lint.read.source.telling import explains, is_one_field
from vipps_lint.read.source.values import (
    Choice,
    Class,
    Data,
    Dict,
    External,
    Function,
    Known,
    Module,
    Pending,
    Prepared,
    Ref,
    Scope,
    choose,
    each,
    hole_of,
    unknown,
)

DEPTH = 8  # how many calls deep functions are followed

STEPS = 30_000
"""How many expressions one entry function (with all that it calls) may evaluate."""

MODULE_STEPS = 400_000
"""How many expressions the body of a module may evaluate: tables of data are long and flat."""

PENDING = frozenset({Pending, Choice})
"""The classes of values among which there may be one that is to be looked for."""

BUILTINS = frozenset(dir(builtins))


class ExhaustedError(Exception):
    """The budget is used up; what was found so far stays."""


class Machine(Store):
    """Everything that evaluation changes. `entries` are the functions to be evaluated on their own."""

    def __init__(self, routes: Routes) -> None:
        self.routes = routes
        super().__init__()
        self.resolve: Callable[[Pending], Known] = lambda pending: External(pending.dotted)
        self.member: Callable[[Module, str], Known | None] = lambda module, name: None
        self.setting: Callable[[str], Known | None] = lambda name: None
        self.memory = Memory()
        self.names: Callable[[Module], dict[str, Known]] = lambda module: {}
        self.origins: dict[int, str] = {}
        self.firsts: list[tuple[int, str]] = []
        self.free = 0
        self.others = Others()
        self.importing = False
        self.blocks: Callable[[], Iterable[ir.Block]] = lambda: ()
        self.reached: dict[tuple[str, bool], frozenset[str]] = {}
        self.set_values: dict[str, list[tuple[ir.Expression, Scope]]] = {}
        self.choosing = 0
        self.decorating, self.logging = 0, False
        self.loops: list[int] = []
        self.dead = False
        self.beside = Beside()
        self.frames: list[Frame] = [Frame(None)]
        self.throws: list[list[State]] = [[]]
        self.records: list[Record] = []
        self.called: set[int] = set()
        self.handed: dict[int, list[int]] = {}
        self.entries: list[Function] = []
        self.inner: list[Function] = []
        self.classes: dict[int, Class] = {}
        self.lasting: set[int] = set()
        self.budget = STEPS

    def mark(self) -> tuple[int, int, int, int]:
        """How much has been found so far on the way; see `forget`."""
        frame = self.frames[-1]
        return len(self.records), len(frame.returns), len(frame.yields), len(self.throws[-1])

    def forget(self, mark: tuple[int, int, int, int]) -> None:
        """Forget what has been found since a mark, because it is followed again."""
        frame = self.frames[-1]
        for found, length in zip((self.records, frame.returns, frame.yields, self.throws[-1]), mark, strict=True):
            del found[length:]  # type: ignore[attr-defined]

    def step(self, work: int = 1) -> None:
        """Count some work. Raises `ExhaustedError` at the end of the budget."""
        effort = self.state.effort
        effort.steps += work
        if effort.steps > self.budget:
            raise ExhaustedError

    def scope(self, parent: Scope | None, is_class: bool = False) -> Scope:
        """A new scope inside another."""
        made = Scope(self.number(), parent, is_class)
        if parent is None:
            self.outlive(made)
        return made

    def outlive(self, scope: Scope | None) -> None:
        """The variables of a scope and of those around it stay when its function is over: something may use them."""
        while scope is not None and scope.number not in self.lasting:
            self.lasting.add(scope.number)
            scope = scope.parent

    def first_free(self, path: str) -> int:
        """The number that the nodes of a file begin with; nodes of all files are numbered through."""
        self.firsts.append((self.free, path))
        return self.free

    def used(self, count: int) -> None:
        """So many numbers of nodes have been given to the file that came last."""
        self.free += count + 1

    def place(self, node: int) -> Place:
        """Where a node is: its file, and its number in that file."""
        first, path = self.firsts[bisect_left(self.firsts, (node + 1,)) - 1]
        return Place(path, node=node - first)

    def origin(self, scope: Scope) -> str:
        """The file that a scope is in."""
        while scope.parent is not None:
            scope = scope.parent
        return self.origins.get(scope.number, "")

    def lookup(self, scope: Scope, name: str, node: int) -> Known:
        """The value of a name; a builtin is external, a name that nothing has set is unknown."""
        here: Scope | None = scope
        direct = True
        while here is not None:
            if direct or not here.is_class:
                found = self.variable(here, name)
                if found is not None:
                    return self.rebindable(here, name, found) if len(self.frames) > 1 else found
            direct = False
            here = here.parent
        if name in BUILTINS:
            return External(f"builtins.{name}", node)
        return unknown(name, ("name", name), node, f"`{name}` is not set in this file")

    def variable(self, scope: Scope, name: str) -> Known | None:
        """The value of a name in one scope; an imported one is looked for now, and known to all paths from then on."""
        found = self.state.variable(scope.number, name)
        if found is not None and type(found) in PENDING and any(isinstance(one, Pending) for one in each(found)):
            found = choose(self.resolve(one) if isinstance(one, Pending) else one for one in each(found))
            if (scope.number, name) not in self.state.variables:  # to look for it changes nothing on the path
                self.base.variables[scope.number, name] = found
        return found

    def rebindable(self, scope: Scope, name: str, value: Known) -> Known:
        """A module's variable that a function sets may have another value by now."""
        keys = self.others.rebound.get((scope.number, name), NOTHING)
        other = unknown(name, ("global", scope.number, name), None, f"`{name}` is set in a function")
        return self.shared(value, keys, other)

    def shared(self, value: Known, keys: frozenset[str], other: Known) -> Known:
        """What a module or a class has, after functions may have changed it; the keys of a dict on each path once."""
        is_seen = isinstance(value, Ref) and not self.is_shared(value) and EVERY not in keys
        return self.changed(value, keys, other) if keys and not is_seen else value

    def changed(self, value: Known, keys: frozenset[str], other: Known) -> Known:
        """A value after others may have set some keys of it, or as a whole (`EVERY`) may have made it another."""
        match value, self.thing(value):
            case Ref(), Dict() as thing if EVERY not in keys:
                self.put(value, doubted_keys(thing, keys))
                return value
            case _:
                return choose((value, other))

    def assign(self, scope: Scope, name: str, value: Known) -> None:
        """Set a name in its scope (or where `global` and `nonlocal` say)."""
        here = scope
        if name in scope.shared:
            while here.parent is not None and (here is scope or here.is_class):
                here = here.parent
            self.escape(value)
        self._set(here, name, value)

    def _set(self, scope: Scope, name: str, value: Known) -> None:
        self.state.variables[scope.number, name] = value
        for journal in self.journals:
            journal.values.setdefault((scope.number, name), []).append(value)

    def unsettle(self, value: Known) -> None:
        """Code that is not seen may call the functions in a value: what they set outside of themselves is not known."""
        for part in list(self.parts(value)):
            if isinstance(part, Function):
                self._unsettle(part)

    def _unsettle(self, function: Function) -> None:
        definition = function.definition
        body = definition.body
        shared = {name for part in ir.walk(body) if isinstance(part, ir.Shared) for name in part.names}
        roots = [ir.root(target) for target in ir.changed(body) if not isinstance(target, ir.Name)]
        for name in sorted(shared | {root.id for root in roots if isinstance(root, ir.Name)}):
            scope: Scope | None = function.scope
            while scope is not None and self.state.variable(scope.number, name) is None:
                scope = scope.parent
            if scope is not None and (value := self.state.variable(scope.number, name)) is not None:
                if name in shared:
                    self._set(scope, name, choose((value, unknown(name))))
                if not isinstance(value, Function):
                    self.havoc(value)

    def is_shared(self, ref: Ref) -> bool:
        """Whether a thing was made by a module's body, so that anybody may have changed it since."""
        return len(self.frames) > 1 and ref.id in self.base.heap and ref.id not in self.state.heap

    def unknown_result(self, node: int, source: str = "", reason: str = "") -> Data:
        """The result of code that is not seen; no two are known to be the same."""
        return unknown(source, ("result", node, self.number()), node, reason)

    def escape(self, value: Known) -> None:
        """The value goes where this file does not see: an answer in it may be checked there."""
        for answer in self.answers(value):
            if explains(answer):
                self.state.tell(answer.record)
            answer.record.stated = answer.record.stated or answer.kind == "status"
            if answer.optional or not is_one_field(answer):
                answer.record.escaped = True
                # Whoever got it may have found that the call failed, and gone another way.
                self.state.outcomes.setdefault(id(answer.record), MAYBE)

    def havoc(self, value: Known) -> None:
        """The value is given to code that is not seen, which may change everything in it."""
        self.escape(value)
        self.unsettle(value)
        for part in list(self.parts(value)):
            if isinstance(part, Ref) and (thing := self.thing(part)) is not None:
                self.put(part, doubted(thing))
            elif isinstance(part, Prepared) and part.node is not None:
                self.memory.changed.setdefault(part.node, set()).add("")
            elif (hole := hole_of(part)) is not None and hole.symbol is not None:
                self.touch(hole.symbol)
