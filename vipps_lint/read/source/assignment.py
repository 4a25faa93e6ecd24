"""Assignment: to names, attributes and keys, to several targets at once, and by loops."""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.document import Hole
from vipps_lint.immutable import changed
from vipps_lint.read.source import answers, classes, expressions, ir, prepared, sessions
from vipps_lint.read.source.freeze import scalar
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.state import merge_dicts
from vipps_lint.read.source.things import items_of, spread_unknown
from vipps_lint.read.source.values import (
    Answer,
    Choice,
    Client,
    Data,
    Dict,
    Exact,
    Function,
    Instance,
    Known,
    List,
    Prepared,
    Ref,
    Scope,
    Slot,
    choose,
    each,
    unknown,
)


def bind(machine: Machine, target: ir.Expression, value: Known, scope: Scope) -> None:
    """Assign a value to a target: a name, an attribute, a subscript, or several of them."""
    if isinstance(target, ir.Attribute | ir.Name):
        machine.memory.assigned.setdefault(target.node, []).extend(scalar(one) for one in each(value))
    match target:
        case ir.Name(id=name):
            machine.assign(scope, name, value)
        case ir.Attribute(value=owner, name=name):
            set_attribute(machine, expressions.evaluate(machine, owner, scope), name, value)
        case ir.Subscript(value=owner, index=index):
            key = expressions.evaluate(machine, index, scope) if index is not None else unknown()
            _set_item(machine, expressions.evaluate(machine, owner, scope), key, value)
        case ir.ListDisplay():
            _unpack(machine, target, value, scope)
        case _:
            machine.escape(value)


PLAIN = frozenset({"headers", "auth", "verify", "cert", "params", "cookies", "timeout", "base_url"})
"""Attributes of a client that may be set without hooking anything in."""


def set_attribute(machine: Machine, owner: Known, name: str, value: Known) -> None:
    """Set an attribute of a value, on whichever of a few it may be."""
    machine.escape(value)
    owners = each(owner)
    for one in owners:
        match one, machine.thing(one):
            case Ref(), Instance(attributes=attributes) as instance:
                if isinstance(classes.attribute(machine, instance.of, name, None), Function):
                    machine.put(one, replace(instance, open=True))  # a property with a setter of its own
                    continue
                old = attributes.get(name)
                new = value if len(owners) == 1 else choose((value, old if old is not None else unknown(name)))
                machine.put(one, replace(instance, attributes={**attributes, name: new}))
            case Ref(), Client(_, arguments) as client:
                new = sessions.with_headers(machine, client, value) if name == "headers" else value
                kept = {**arguments, name: new if len(owners) == 1 else choose((new, arguments.get(name, Data(None))))}
                machine.put(one, replace(client, arguments=kept, plain=client.plain and name in PLAIN))
            case Prepared(), _:
                prepared.touch(machine, one, f"{name} =")
            case Data(Hole(symbol=symbol)), _ if symbol is not None:
                machine.touch(symbol)


def _set_item(machine: Machine, owner: Known, key: Known, value: Known) -> None:
    owners = each(owner)
    for one in owners:
        machine.escape(value)
        match one, machine.thing(one):
            case Ref(), Dict() as thing:
                changed = put(thing, key, value)
                machine.put(one, changed if len(owners) == 1 else merge_dicts(thing, changed))
            case Ref(), List() as items:
                machine.put(one, _with_item(items, key, value, len(owners) == 1))
                machine.escape(value)
            case Data(Hole(symbol=symbol)), _ if symbol is not None:
                machine.touch(symbol)
                machine.escape(value)
            case _:
                machine.escape(value)


def _with_item(thing: List, key: Known, value: Known, sure: bool) -> List:
    """A list after `thing[key] = value`, or (if it is not sure) perhaps after it."""
    number = key.value if isinstance(key, Data) else None
    if thing.open or isinstance(key, Exact):
        return replace(thing, items=(), open=True)
    if not isinstance(number, int) or not -len(thing.items) <= number < len(thing.items):
        return replace(thing, items=tuple(choose((one, value)) for one in thing.items))
    items = list(thing.items)
    items[number] = value if sure else choose((items[number], value))
    return replace(thing, items=tuple(items))


def _unpack(machine: Machine, it: ir.ListDisplay, value: Known, scope: Scope) -> None:
    targets = it.items
    starred = [index for index, is_rest in enumerate(it.spreads) if is_rest]
    match machine.thing(value):
        case List(items, False) if starred and len(items) >= len(targets) - 1:
            first, behind = starred[0], len(items) - (len(targets) - 1 - starred[0])
            rest = machine.new(List(items[first:behind]))
            pieces: tuple[Known, ...] = (*items[:first], rest, *items[behind:])
        case List(items, False) if len(items) == len(targets) and not starred:
            pieces = items
        case _:
            pieces = tuple(replace(value, kind="part") if isinstance(value, Answer) else unknown() for _ in targets)
            if not isinstance(value, Answer):
                machine.escape(value)
    for target, piece in zip(targets, pieces, strict=True):
        bind(machine, target, piece, scope)


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


def element(machine: Machine, value: Known) -> Known:
    """What a loop over a value binds, one for all rounds."""
    match value, machine.thing(value):
        case Answer(), _:
            return answers.item(value)
        case _:
            items = items_of(machine, value)
            return choose(item for item, _ in items) if items else unknown()
