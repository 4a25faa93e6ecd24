"""HTTP clients that instances and modules keep: which of their headers code that is not on the path may set.

A client that a method finds on `self` was made long ago, and other methods may have given it headers since. What they
do with it is looked up by the names that it is kept under: whoever only sends with it changes nothing, and whoever sets
a header that is written there changes that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from vipps_lint.read.source.elsewhere import EVERY
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.reaching import Reached, reached_into, spelled
from vipps_lint.read.source.state import State, doubted_keys
from vipps_lint.read.source.values import Client, Dict, Instance, Known, List, Ref, each


def settle(machine: Machine, state: State) -> None:
    """Of each client that something in a state keeps, take for unknown what others may have set in it."""
    kept = {id: thing for id, thing in state.heap.items() if isinstance(thing, Client)}
    names = _names(machine, state, frozenset(kept)) if kept else {}
    for id, client in kept.items():
        keys = _set_by_others(machine, names[id])
        own = client.arguments.get("headers")
        headers = state.heap.get(own.id) if isinstance(own, Ref) else None
        if EVERY in keys or not isinstance(own, Ref) or not isinstance(headers, Dict):
            state.heap[id] = replace(client, settled=False)
        else:
            state.heap[own.id] = doubted_keys(headers, keys)
            state.heap[id] = replace(client, settled=True)


def is_untouched(machine: Machine, name: str) -> bool:
    """Whether nobody does anything with what attributes of a name keep but to send with it."""
    return not any(True for _ in _anywhere(machine, name, is_attribute=True))


def _names(machine: Machine, state: State, kept: frozenset[int]) -> dict[int, set[tuple[str, bool]]]:
    """The names that clients are kept under, and whether they are attributes; `EVERY` where others hold them."""
    found: dict[int, set[tuple[str, bool]]] = {id: set() for id in kept}
    for (scope, name), value in state.variables.items():
        for id in _among(kept, (value,)):
            found[id].add((name, scope not in machine.origins))
    for thing in state.heap.values():
        match thing:
            case Instance(attributes=attributes):
                for name, value in attributes.items():
                    for id in _among(kept, (value,)):
                        found[id].add((name, True))
            case Dict(fields):
                for id in _among(kept, (slot.value for slot in fields.values())):
                    found[id].add((EVERY, True))
            case List(items):
                for id in _among(kept, items):
                    found[id].add((EVERY, True))
            case Client():
                pass
    return found


def _among(kept: frozenset[int], values: Iterable[Known]) -> Iterator[int]:
    return (one.id for value in values for one in each(value) if isinstance(one, Ref) and one.id in kept)


def _set_by_others(machine: Machine, names: set[tuple[str, bool]]) -> set[str]:
    """The headers that code which is not followed may set in what is kept under some names."""
    keys: set[str] = set()
    for name, is_attribute in names:
        keys |= {EVERY} if name == EVERY else _reached(machine, name, is_attribute)
    return keys


def _reached(machine: Machine, name: str, is_attribute: bool) -> frozenset[str]:
    key = name, is_attribute
    if key not in machine.reached:
        found = _anywhere(machine, name, is_attribute)
        machine.reached[key] = frozenset(one.header for one in found if not one.followed)
    return machine.reached[key]


def _anywhere(machine: Machine, name: str, is_attribute: bool) -> Iterator[Reached]:
    """What all modules do with clients under a name; most do not know it."""
    known = machine.memory.spelled
    for block in machine.blocks():
        if id(block) not in known:
            known[id(block)] = spelled(block)
        if name in known[id(block)]:
            yield from reached_into(block, name, is_attribute)
