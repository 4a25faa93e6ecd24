"""What may be done any number of times: rounds are tried until one begins with all that another may change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from vipps_lint.document import MAYBE
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.state import State, differing
from vipps_lint.read.source.values import (
    Client,
    Dict,
    Instance,
    Known,
    List,
    Ref,
    Slot,
    Thing,
    choose,
    each,
    hole_of,
    same,
    unknown,
)

Found = TypeVar("Found")

TRIALS = 10
"""So many rounds are tried; changes that only later rounds would show are not expected."""

EARLIER = -1
"""The loop of calls that were made in earlier rounds."""


def until_stable(machine: Machine, follow: Callable[[], Found], ends: Callable[[Found], list[State]]) -> Found:
    """Follow rounds until one begins with all that another may change; that one stands for all.

    What the rounds before it have found is forgotten, and their calls may have been made any number of times.
    """
    earlier: dict[tuple[tuple[int, str], ...], Record] = {}
    for _ in range(TRIALS):
        before, mark = machine.state.fork(), machine.mark()
        found = follow()
        made = {one.chain: one for one in machine.records[mark[0] :] if one.chain not in earlier}
        changed = widened(before, ends(found))
        if changed is None and not made:
            return found
        machine.forget(mark)
        earlier |= made
        machine.state = changed or before
        machine.state.trace += tuple((replace(one, loops=(EARLIER,)), MAYBE) for one in made.values())
    return follow()


def widened(before: State, ends: list[State]) -> State | None:
    """The state when some of what led from it to the ends may have been done, any number of times; None if it is it."""
    state = before.fork()
    changed = False
    for end in ends:
        for key in differing(end.variables, state.variables):
            old, value = state.variable(*key), end.variables.get(key)
            if old is None or value is None or same(old, value):
                continue
            if (new := _maybe(state, old, value)) is not old:
                state.variables[key], changed = new, True
        for id in differing(end.heap, state.heap):
            past, thing = state.thing(id), end.heap.get(id)
            if past is None or thing is None or past is thing:
                continue
            if (wider := _widened_thing(state, past, thing)) != past:
                state.heap[id], changed = wider, True
    return state if changed else None


def _maybe(state: State, old: Known | None, new: Known | None) -> Known:
    """The value from before a loop, or any other: also one of the things that were there before, which it may share."""
    several = each(old) if old is not None else ()
    shared = [one for one in each(new or unknown()) if isinstance(one, Ref) and state.thing(one.id) is not None]
    more = [one for one in shared if one not in several]
    is_any = any((hole := hole_of(one)) is not None and hole.symbol is None for one in several)
    if is_any and not more and old is not None:
        return old
    return choose((*several, *more, *(() if is_any else (unknown(),))))


def _widened_thing(state: State, old: Thing, new: Thing) -> Thing:
    match old, new:
        case Dict(), Dict():
            fields = dict(old.fields)
            for key in [*old.fields, *new.fields]:
                mine, theirs = old.fields.get(key), new.fields.get(key)
                if mine != theirs:
                    fields[key] = _widened_slot(state, mine, theirs)
            ordered = old.ordered and fields.keys() == old.fields.keys()
            return Dict(fields, old.open or new.open, old.node, ordered)
        case List(), List():
            kept = old.items if new.items[: len(old.items)] == old.items else ()
            return List(kept, True, old.node)
        case Instance(), Instance():
            changed = {name for name, value in new.attributes.items() if old.attributes.get(name) is not value}
            attributes = {
                name: _maybe(state, value, new.attributes.get(name)) if name in changed else value
                for name, value in old.attributes.items()
            }
            return replace(old, attributes=attributes, open=True if changed - old.attributes.keys() else old.open)
        case Client(), Client():
            given = {
                name: (old.arguments.get(name), new.arguments.get(name)) for name in {**new.arguments, **old.arguments}
            }
            arguments = {
                name: mine if mine is not None and mine is theirs else _maybe(state, mine, theirs)
                for name, (mine, theirs) in given.items()
            }
            return Client(old.name, arguments, old.plain and new.plain, old.settled and new.settled)
        case _:
            return old


def _widened_slot(state: State, old: Slot | None, new: Slot | None) -> Slot:
    key = (old or new or Slot(unknown())).key
    return Slot(_maybe(state, old.value if old else None, new.value if new else None), key, MAYBE)
