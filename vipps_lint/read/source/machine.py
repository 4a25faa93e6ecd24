"""The state of an evaluation: variables, heap, frames, the calls found, and the budget that bounds it all."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from vipps_lint.document import Hole
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import ir
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.state import State
from vipps_lint.read.source.values import (
    Answer,
    Choice,
    Class,
    Data,
    Dict,
    Encoded,
    External,
    Function,
    Instance,
    Known,
    List,
    Ref,
    Scope,
    Thing,
    choose,
    unknown,
)

DEPTH = 8
"""How many calls deep functions are followed."""

STEPS = 30_000
"""How many expressions one entry function (with all that it calls) may evaluate."""

BUILTINS = frozenset(dir(builtins))


class ExhaustedError(Exception):
    """The budget is used up; what was found so far stays."""


@dataclass
class Frame:
    """One function that is being evaluated, or the module itself; `given` are the nodes of its arguments' text."""

    definition: ir.FunctionDefinition | ir.Lambda | None
    node: int | None = None
    given: frozenset[int] = frozenset()
    returns: list[tuple[State, Known]] = field(default_factory=list)
    yields: list[Known] = field(default_factory=list)
    loops: list[list[State]] = field(default_factory=list)


class Machine:
    """Everything that evaluation changes. `entries` are the functions to be evaluated on their own."""

    def __init__(self, path: str, routes: Routes) -> None:
        self.path = path
        self.routes = routes
        self.state = State()
        self.frames: list[Frame] = [Frame(None)]
        self.throws: list[list[State]] = [[]]
        self.records: list[Record] = []
        self.called: set[int] = set()
        self.entries: list[Function] = []
        self.inner: list[Function] = []
        self.classes: dict[int, Class] = {}
        self.rebound: set[str] = set()
        self.steps = 0
        self._numbers = iter(range(10**12))

    def step(self) -> None:
        """Count one piece of work. Raises `ExhaustedError` at the end of the budget."""
        self.steps += 1
        if self.steps > STEPS:
            raise ExhaustedError

    def number(self) -> int:
        """A number that nothing else has."""
        return next(self._numbers)

    def scope(self, parent: Scope | None, is_class: bool = False) -> Scope:
        """A new scope inside another."""
        return Scope(self.number(), parent, is_class)

    def new(self, thing: Thing) -> Ref:
        """A reference to a new thing in the heap."""
        ref = Ref(self.number())
        self.state.heap[ref.id] = thing
        return ref

    def thing(self, value: Known) -> Thing | None:
        """What a reference refers to; None for other values."""
        return self.state.thing(value.id) if isinstance(value, Ref) else None

    def put(self, ref: Ref, thing: Thing) -> None:
        """Replace what a reference refers to."""
        self.state.heap[ref.id] = thing

    def lookup(self, scope: Scope, name: str, node: int) -> Known:
        """The value of a name; a builtin is external, a name that nothing has set is unknown."""
        here: Scope | None = scope
        direct = True
        while here is not None:
            if direct or not here.is_class:
                found = self.state.variable(here.number, name)
                if found is not None:
                    return self._rebindable(here, name, found)
            direct = False
            here = here.parent
        if name in BUILTINS:
            return External(f"builtins.{name}", node)
        return unknown(name, ("name", name), node, f"`{name}` is not set in this file")

    def _rebindable(self, scope: Scope, name: str, value: Known) -> Known:
        """A module's variable that a function sets may have another value by now."""
        if scope.parent is None and name in self.rebound and len(self.frames) > 1:
            return choose((value, unknown(name, ("global", name), None, f"`{name}` is set in a function")))
        return value

    def assign(self, scope: Scope, name: str, value: Known) -> None:
        """Set a name in its scope (or where `global` and `nonlocal` say)."""
        here = scope
        if name in scope.shared:
            while here.parent is not None and (here is scope or here.is_class):
                here = here.parent
            self.escape(value)
        self.state.variables[here.number, name] = value

    def unknown_result(self, node: int, source: str = "", reason: str = "") -> Data:
        """The result of code that is not seen; no two are known to be the same."""
        return unknown(source, ("result", node, self.number()), node, reason)

    def parts(self, value: Known, seen: set[int] | None = None) -> Iterator[Known]:
        """The value and everything that can be reached from it."""
        seen = set() if seen is None else seen
        yield value
        match value:
            case Choice(values):
                for one in values:
                    yield from self.parts(one, seen)
            case Encoded(inner):
                yield from self.parts(inner, seen)
            case Ref(id) if id not in seen:
                seen.add(id)
                for inner in self._contents(self.thing(value)):
                    yield from self.parts(inner, seen)
            case _:
                pass

    def _contents(self, thing: Thing | None) -> list[Known]:
        match thing:
            case Dict(fields):
                return [slot.value for slot in fields.values()]
            case List(items):
                return list(items)
            case Instance(_, attributes):
                return list(attributes.values())
            case _:
                return []

    def answers(self, value: Known) -> Iterator[Answer]:
        """The answers of calls in a value."""
        for part in self.parts(value):
            if isinstance(part, Answer):
                yield part

    def escape(self, value: Known) -> None:
        """The value goes where this file does not see: an answer in it may be checked there."""
        for answer in self.answers(value):
            answer.record.told = answer.record.told or answer.kind not in ("status", "ok", "failed")
            if answer.optional or not _is_one_field(answer):
                answer.record.escaped = True

    def havoc(self, value: Known) -> None:
        """The value is given to code that is not seen, which may change everything in it."""
        self.escape(value)
        for part in list(self.parts(value)):
            if isinstance(part, Ref) and (thing := self.thing(part)) is not None:
                self.put(part, _havoc(thing))


def _is_one_field(answer: Answer) -> bool:
    """A field that was simply taken out of the body: whoever gets it cannot see how the call went."""
    return answer.kind in ("part", "compared") or (answer.kind == "body" and len(answer.pointer) > 2)


def _havoc(thing: Thing) -> Thing:
    match thing:
        case Dict(fields, node=node):
            # It may also have changed what is there: a phone number may have been normalised.
            changed = {
                key: replace(slot, value=choose((slot.value, unknown())), sure=slot.sure)
                for key, slot in fields.items()
            }
            return Dict(changed, True, node)
        case List(items, node=node):
            return List(tuple(choose((item, unknown())) for item in items), True, node)
        case Instance():
            return replace(thing, open=True)
        case _:
            return replace(thing, plain=False)


def hole_of(value: Known) -> Hole | None:
    """The hole that a value is; None for everything else."""
    return value.value if isinstance(value, Data) and isinstance(value.value, Hole) else None


def source_of(expression: ir.Expression) -> str:
    """The expression as a message quotes it: names, attributes, subscripts and calls; `…` for the rest."""
    match expression:
        case ir.Name(id=name):
            return name
        case ir.Attribute(value=value, name=name):
            return f"{source_of(value)}.{name}"
        case ir.Subscript(value=value, index=ir.Constant(value=str() | int() as index)):
            return f"{source_of(value)}[{index!r}]"
        case ir.Subscript(value=value):
            return f"{source_of(value)}[…]"
        case ir.CallOf(function=function, arguments=()):
            return f"{source_of(function)}()"
        case ir.CallOf(function=function):
            return f"{source_of(function)}(…)"
        case ir.Await(value=value):
            return source_of(value)
        case ir.Binary(left=left, operator=operator, right=right):
            return f"{source_of(left)} {operator} {source_of(right)}"
        case ir.Constant(value=value):
            return repr(value)
        case _:
            return "…"
