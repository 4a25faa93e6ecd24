"""Dicts and lists: made, copied, and spread over one another."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from vipps_lint.document import MAYBE, YES, Truth
from vipps_lint.immutable import changed
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.values import Choice, Data, Dict, Instance, Known, List, Ref, Slot, View, choose, unknown

Item: TypeAlias = tuple[Known, Truth]


ITEMS = 10_000
"""Lists of more items are not followed item by item."""


def listed(items: tuple[Known, ...], is_open: bool, node: int | None) -> List:
    """A list of some items; of a very long one nothing more is known."""
    return List(items, is_open, node) if len(items) <= ITEMS else List((), True, node)


def items_of(machine: Machine, value: Known) -> list[Item] | None:
    """What a loop over a value goes through, each with whether it is there; None where that is not known."""
    match value, machine.thing(value):
        case View(of, kind), _:
            thing = machine.thing(of)
            return _viewed(machine, thing, kind) if isinstance(thing, Dict) else None
        case _, Dict() as thing:
            return _viewed(machine, thing, "keys")
        case _, List(items, False):
            return [(item, YES) for item in items]
        case _:
            return None


def _viewed(machine: Machine, thing: Dict, kind: str) -> list[Item] | None:
    if thing.open or not thing.ordered:
        return None
    found: list[Item] = []
    for name, slot in thing.fields.items():
        key = Data(name, slot.key)
        pair = machine.new(List((key, slot.value))) if kind == "items" else None
        found.append((pair or (key if kind == "keys" else slot.value), slot.sure))
    return found


def merged(machine: Machine, thing: Dict, other: object) -> Dict:
    """A dict after another was spread over it."""
    if not isinstance(other, Dict):
        return spread_unknown(thing)
    fields = dict(spread_unknown(thing).fields if other.open else thing.fields)
    for key, slot in other.fields.items():
        before = fields.get(key)
        if slot.sure is YES or before is None:
            fields[key] = slot
        else:
            fields[key] = Slot(choose((before.value, slot.value)), before.key, before.sure | MAYBE)
    return Dict(fields, thing.open or other.open, thing.node)


def spread_unknown(thing: Dict) -> Dict:
    """A dict after something unknown was spread over it: any key may be replaced, and there may be more."""
    fields = {key: replace(slot, value=choose((slot.value, unknown()))) for key, slot in thing.fields.items()}
    return Dict(fields, True, thing.node)


def put(thing: Dict, key: Known, value: Known) -> Dict:
    """The dict after `thing[key] = value`; a key that is not known may be any."""
    match key:
        case Data(str() as name):
            return changed(thing, fields={**thing.fields, name: Slot(value, key.node)})
        case Data(int() | float() | None):
            return replace(thing, open=True)
        case Choice(values) if all(isinstance(one, Data) and isinstance(one.value, str) for one in values):
            return spread_unknown(thing)
        case _:
            return spread_unknown(thing)


def copied(machine: Machine, value: Known, deep: bool = False, depth: int = 0) -> Known:
    """A copy; what is inside is shared, unless the copy is deep."""

    def inner(one: Known) -> Known:
        return copied(machine, one, deep, depth + 1) if deep and depth < 20 else one

    machine.step()
    match value, machine.thing(value):
        case Ref(), Dict() as thing:
            fields = {key: replace(slot, value=inner(slot.value)) for key, slot in thing.fields.items()}
            return machine.new(replace(thing, fields=fields))
        case Ref(), List() as items:
            return machine.new(replace(items, items=tuple(inner(one) for one in items.items)))
        case Ref(), Instance(attributes=attributes) as instance:
            return machine.new(replace(instance, attributes={name: inner(one) for name, one in attributes.items()}))
        case _:
            return value


def extended(machine: Machine, thing: List, more: Known) -> List:
    """A list with further items behind its own."""
    items = items_of(machine, more)
    if items is None or thing.open or any(there is not YES for _, there in items):
        machine.escape(more)
        return replace(thing, open=True)
    return listed((*thing.items, *(item for item, _ in items)), False, thing.node)


def _pairs(machine: Machine, value: Known) -> dict[str, Slot] | None:
    """The fields that a list of pairs makes; None where it is not known or not all keys are text."""
    fields: dict[str, Slot] = {}
    for item, there in items_of(machine, value) or [(value, MAYBE)]:
        match machine.thing(item), there:
            case List((Data(str() as name) as key, inner), False), Truth.YES:
                fields[name] = Slot(inner, key.node)
            case _:
                return None
    return fields


def dict_from(machine: Machine, arguments: Arguments, node: int) -> Known:
    """`dict(...)`: a new dict of what the arguments hold."""
    fields: dict[str, Slot] = {}
    is_open = arguments.open
    for one in arguments.positional:
        match machine.thing(one):
            case Dict(inner, inner_open):
                fields.update(inner)
                is_open = is_open or inner_open
            case _:
                pairs = _pairs(machine, one)
                is_open = is_open or pairs is None
                fields.update(pairs or {})
    for name, value in arguments.named.items():
        fields[name] = Slot(value, arguments.keys.get(name))
    made = Dict(fields, is_open, node)
    return machine.new(spread_unknown(made) if arguments.open else made)
