"""The state of one path of execution, and what becomes of two paths that meet."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import compress, filterfalse
from operator import is_not
from typing import TypeVar

from vipps_lint.document import ALTERNATIVES, MAYBE, YES, Truth
from vipps_lint.read.source.owing import NO_DEBTS, Debts
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.values import Client, Data, Dict, Instance, Known, List, Slot, Thing, choose, unknown

COPIED, MERGED = 200, 4
"""How many variables and things are copied, and how many merged, in the time in which an expression is evaluated."""

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Effort:
    """How much work has been done, counted in expressions; all paths of an evaluation count together."""

    steps: int = 0


@dataclass
class State:
    """One path of execution: variables by scope, the heap, the calls so far and what is known of their outcomes.

    `below` is a state that all paths share and none changes (the module after its body ran), so that a fork copies
    only what is new. Forks and joins are work too, which `effort` counts.
    """

    variables: dict[tuple[int, str], Known] = field(default_factory=dict)
    heap: dict[int, Thing] = field(default_factory=dict)
    trace: tuple[tuple[Record, Truth], ...] = ()
    outcomes: dict[int, Truth] = field(default_factory=dict)
    below: State | None = None
    touched: dict[Hashable, Hashable] = field(default_factory=dict)
    debts: Debts = NO_DEBTS
    effort: Effort = field(default_factory=Effort)

    def generation(self, symbol: Hashable) -> Hashable:
        """Which change of an unknown object was the last one; None where it has not changed."""
        return self.touched.get(symbol)

    def variable(self, scope: int, name: str) -> Known | None:
        """The value of a variable; None where nothing has set it."""
        found = self.variables.get((scope, name))
        return self.below.variables.get((scope, name)) if found is None and self.below is not None else found

    def thing(self, id: int) -> Thing | None:
        """What a reference with this id refers to."""
        found = self.heap.get(id)
        return self.below.heap.get(id) if found is None and self.below is not None else found

    def tell(self, record: Record) -> None:
        """The answer of a call, more of it than its status, is read, logged or handed on."""
        record.told = True
        self.debts = self.debts.paying(record)

    def absorb(self, other: State) -> None:
        """Take in what a path has set that began above this state."""
        self.variables.update(other.variables)
        self.heap.update(other.heap)

    def leave(self, first: int, lasting: Container[int]) -> None:
        """Drop the variables of all scopes from a number on that do not last."""
        kept = {key: value for key, value in self.variables.items() if key[0] < first or key[0] in lasting}
        self.variables = kept

    def fork(self) -> State:
        """A copy that goes its own way."""
        variables, heap = dict(self.variables), dict(self.heap)
        self.effort.steps += (len(variables) + len(heap)) // COPIED
        outcomes, touched = dict(self.outcomes), dict(self.touched)
        return State(variables, heap, self.trace, outcomes, self.below, touched, self.debts, self.effort)

    def history(self) -> State:
        """The path without its variables and things."""
        return State({}, {}, self.trace, self.outcomes, None, self.touched, self.debts, self.effort)

    def joined(self, other: State) -> State:
        """The state where the two paths meet."""
        variables, heap = dict(self.variables), dict(self.heap)
        names, ids = differing(self.variables, other.variables), differing(self.heap, other.heap)
        self.effort.steps += (len(variables) + len(heap)) // COPIED + (len(names) + len(ids)) // MERGED
        for name in names:
            variables[name] = _met(self.variable(*name), other.variable(*name))
        for id in ids:
            one, two = self.thing(id), other.thing(id)
            if one is not two:
                heap[id] = two if one is None else one if two is None else merged(one, two)  # type: ignore[assignment]
        outcomes = dict(self.outcomes)
        for id in differing(self.outcomes, other.outcomes):
            one_way, other_way = self.outcomes.get(id, YES), other.outcomes.get(id, YES)
            outcomes[id] = one_way if one_way is other_way else MAYBE
        touched = dict(self.touched)
        for symbol in differing(self.touched, other.touched):
            mine, theirs = self.touched.get(symbol), other.touched.get(symbol)
            touched[symbol] = mine if mine == theirs else hash((mine, theirs))  # a pair of pairs would never end
        trace, debts = _braided(self.trace, other.trace), self.debts.joined(other.debts)
        return State(variables, heap, trace, outcomes, self.below, touched, debts, self.effort)


def differing(one: Mapping[Key, object], other: Mapping[Key, object]) -> list[Key]:
    """The keys under which two mappings do not have the very same value. Joins are frequent: this loop runs in C."""
    found = [*compress(one, map(is_not, one.values(), map(other.get, one)))]
    found += filterfalse(one.__contains__, other)
    return found


@dataclass
class Journal:
    """All that is set while something is followed that an exception may leave at any point."""

    values: dict[tuple[int, str], list[Known]] = field(default_factory=dict)
    things: dict[int, list[Thing]] = field(default_factory=dict)

    def left(self, before: State) -> State:
        """The state where it was left, with what was before it: anything that was set may have been, or not yet."""
        state = before.fork()
        for name, values in self.values.items():
            old = before.variable(*name)
            state.variables[name] = choose(values if old is None else (old, *values))
        for id, things in self.things.items():
            past = before.thing(id)
            seen = things[:ALTERNATIVES] if past is None else [past, *things[:ALTERNATIVES]]
            state.heap[id] = reduce(merged, seen) if len(things) <= ALTERNATIVES else doubted(reduce(merged, seen))
        return state


def together(states: Sequence[State]) -> State:
    """The state where all of some paths (one at least) meet."""
    return reduce(State.joined, states)


def _met(one: Known | None, other: Known | None) -> Known:
    """A variable after two paths met; one that only one of them sets may be anything else on the other."""
    if one is None or other is None:
        return one or other or unknown()
    return one if one is other else choose((one, other))


def _met_attribute(one: Known | None, other: Known | None) -> Known:
    """An attribute after two paths met; on the path that did not set it, the class may have another value."""
    return _met(one if one is not None else unknown(), other if other is not None else unknown())


def merged(one: Thing, other: Thing) -> Thing:
    """A thing after two paths met."""
    match one, other:
        case Dict(), Dict():
            return merge_dicts(one, other)
        case List(), List() if len(one.items) == len(other.items):
            items = tuple(choose(pair) for pair in zip(one.items, other.items, strict=True))
            return List(items, one.open or other.open, one.node)
        case List(), List():
            return List((), True, one.node)
        case Instance(), Instance():
            names = one.attributes.keys() | other.attributes.keys()
            both = {name: _met_attribute(one.attributes.get(name), other.attributes.get(name)) for name in names}
            return replace(one, attributes=both, open=one.open or other.open)
        case Client(), Client():
            settled = one.settled and other.settled
            return Client(one.name, _merged_arguments(one, other), one.plain and other.plain, settled)
        case _:
            return one


def _merged_arguments(one: Client, other: Client) -> Mapping[str, Known]:
    """What clients were given after two paths met; nothing is the same as None."""
    names = (*one.arguments, *(name for name in other.arguments if name not in one.arguments))
    nothing: Known = Data(None)
    pairs = {name: (one.arguments.get(name, nothing), other.arguments.get(name, nothing)) for name in names}
    return {name: mine if mine is theirs else choose((mine, theirs)) for name, (mine, theirs) in pairs.items()}


def merge_dicts(one: Dict, other: Dict) -> Dict:
    """A dict after two paths met: a key that only one of them sets may be there."""
    fields: dict[str, Slot] = {}
    for key in [*one.fields, *(key for key in other.fields if key not in one.fields)]:
        mine, theirs = one.fields.get(key), other.fields.get(key)
        if mine is not None and theirs is not None:
            sure = mine.sure & theirs.sure
            fields[key] = mine if mine == theirs else Slot(choose((mine.value, theirs.value)), mine.key, sure)
        else:
            only = mine or theirs
            assert only is not None
            absent_side_open = (other if mine is not None else one).open
            value = choose((only.value, unknown())) if absent_side_open else only.value
            fields[key] = Slot(value, only.key, MAYBE)
    ordered = one.ordered and other.ordered and [key for key in fields if key in other.fields] == [*other.fields]
    return Dict(fields, one.open or other.open, one.node, ordered)


def _braided(
    one: tuple[tuple[Record, Truth], ...], other: tuple[tuple[Record, Truth], ...]
) -> tuple[tuple[Record, Truth], ...]:
    """The calls of two paths: those before they parted surely happened, the others may have."""
    if one is other:
        return one
    common = 0
    while common < min(len(one), len(other)) and one[common][0] is other[common][0]:
        common += 1
    shared = tuple((mine[0], mine[1] & theirs[1]) for mine, theirs in zip(one[:common], other[:common], strict=True))
    rest = {id(record): record for record, _ in (*one[common:], *other[common:])}
    return (*shared, *((record, MAYBE) for record in rest.values()))


def doubted_keys(thing: Dict, keys: Iterable[str]) -> Dict:
    """A dict after others may have set some of its keys, in whatever order."""
    fields = {name: slot for name, slot in thing.fields.items() if name not in keys}
    for key in sorted(keys):
        old = thing.fields.get(key)
        fields[key] = Slot(unknown(key) if old is None else choose((old.value, unknown(key))), sure=MAYBE)
    return replace(thing, fields=fields, ordered=False)


def doubted(thing: Thing) -> Thing:
    """A thing that code that is not seen may have changed."""
    match thing:
        case Dict(fields, node=node):
            # It may also have changed what is there: a phone number may have been normalised.
            changed = {
                key: replace(slot, value=choose((slot.value, unknown())), sure=MAYBE) for key, slot in fields.items()
            }
            return Dict(changed, True, node)
        case List(node=node):
            return List((), True, node)
        case Instance():
            return replace(thing, open=True)
        case _:
            return replace(thing, plain=False)
