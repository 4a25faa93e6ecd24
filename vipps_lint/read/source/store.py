"""What the paths of an evaluation share and change: the state that is followed, its things, and what is in them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from vipps_lint.read.source.state import Journal, State
from vipps_lint.read.source.values import (
    Answer,
    Choice,
    Client,
    Dict,
    Encoded,
    Instance,
    Known,
    List,
    Prepared,
    Ref,
    Thing,
    View,
)

HOLDING = frozenset({Choice, Encoded, View, Ref, Prepared})
"""The classes of values from which others can be reached; most have none."""


class Store:
    """The state of the path that is being followed, above `base`, which all paths share."""

    def __init__(self) -> None:
        self.base = State()
        self.state = self.base
        self.journals: list[Journal] = []
        self._numbers = iter(range(10**12))

    def number(self) -> int:
        """A number that nothing else has."""
        return next(self._numbers)

    def new(self, thing: Thing) -> Ref:
        """A reference to a new thing in the heap."""
        ref = Ref(self.number())
        self.put(ref, thing)
        return ref

    def thing(self, value: Known) -> Thing | None:
        """What a reference refers to; None for other values."""
        return self.state.thing(value.id) if isinstance(value, Ref) else None

    def put(self, ref: Ref, thing: Thing) -> None:
        """Replace what a reference refers to."""
        self.state.heap[ref.id] = thing
        for journal in self.journals:
            journal.things.setdefault(ref.id, []).append(thing)

    def touch(self, symbol: Hashable) -> None:
        """Something unknown may have changed inside: its attributes and items are other values from now on."""
        self.state.touched[symbol] = self.number()

    def part_of(self, symbol: Hashable, name: object) -> Hashable:
        """The symbol of an attribute or item of something unknown, as it is now."""
        return (symbol, name, self.state.generation(symbol))

    def parts(self, value: Known) -> Iterable[Known]:
        """The value and everything that can be reached from it."""
        return self._reached(value, set()) if type(value) in HOLDING else (value,)

    def _reached(self, value: Known, seen: set[int]) -> Iterator[Known]:
        yield value
        match value:
            case Choice(values):
                for one in values:
                    yield from self._reached(one, seen)
            case Encoded(inner) | View(inner):
                yield from self._reached(inner, seen)
            case Prepared(arguments):
                for _, inner in arguments:
                    yield from self._reached(inner, seen)
            case Ref(id) if id not in seen:
                seen.add(id)
                for inner in self._contents(self.thing(value)):
                    yield from self._reached(inner, seen)
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
            case Client(arguments=arguments):
                return list(arguments.values())
            case _:
                return []

    def answers(self, value: Known) -> Iterator[Answer]:
        """The answers of calls in a value."""
        for part in self.parts(value):
            if isinstance(part, Answer):
                yield part
