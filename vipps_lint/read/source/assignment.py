"""Assignment: to names, attributes and keys, to several targets at once, and by loops."""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.document import Hole
from vipps_lint.read.source import answers, expressions, ir
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.state import merge_dicts
from vipps_lint.read.source.things import items_of, spread_unknown
from vipps_lint.read.source.values import (
    Answer,
    Choice,
    Client,
    Data,
    Dict,
    Function,
    Instance,
    Known,
    List,
    Ref,
    Scope,
    Slot,
    choose,
    each,
    unknown,
)


def bind(machine: Machine, target: ir.Expression, value: Known, scope: Scope) -> None:
    """Assign a value to a target: a name, an attribute, a subscript, or several of them."""
    match target:
        case ir.Name(id=name):
            machine.assign(scope, name, value)
        case ir.Attribute(value=owner, name=name):
            _set_attribute(machine, expressions.evaluate(machine, owner, scope), name, value)
        case ir.Subscript(value=owner, index=index):
            key = expressions.evaluate(machine, index, scope) if index is not None else unknown()
            _set_item(machine, expressions.evaluate(machine, owner, scope), key, value)
        case ir.ListDisplay(items=items):
            _unpack(machine, items, value, scope)
        case _:
            machine.escape(value)


PLAIN = frozenset({"headers", "auth", "verify", "cert", "params", "cookies", "timeout", "base_url"})
"""Attributes of a client that may be set without hooking anything in."""


def _set_attribute(machine: Machine, owner: Known, name: str, value: Known) -> None:
    machine.escape(value)
    owners = each(owner)
    for one in owners:
        match one, machine.thing(one):
            case Ref(), Instance(attributes=attributes) as instance:
                if isinstance(expressions.class_attribute(machine, instance.of, name, None), Function):
                    machine.put(one, replace(instance, open=True))  # a property with a setter of its own
                    continue
                old = attributes.get(name)
                new = value if len(owners) == 1 else choose((value, old if old is not None else unknown(name)))
                machine.put(one, replace(instance, attributes={**attributes, name: new}))
            case Ref(), Client(_, arguments) as client:
                kept = {**arguments, name: value} if len(owners) == 1 else arguments
                machine.put(one, replace(client, arguments=kept, plain=client.plain and name in PLAIN))
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
                machine.put(one, replace(items, items=(), open=True))
                machine.escape(value)
            case Data(Hole(symbol=symbol)), _ if symbol is not None:
                machine.touch(symbol)
                machine.escape(value)
            case _:
                machine.escape(value)


def _unpack(machine: Machine, targets: tuple[ir.Expression, ...], value: Known, scope: Scope) -> None:
    match machine.thing(value):
        case List(items, False) if len(items) == len(targets):
            pieces: tuple[Known, ...] = items
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
            return replace(thing, fields={**thing.fields, name: Slot(value, key.node)})
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
