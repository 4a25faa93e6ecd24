"""Instances as methods find them: as `__init__` leaves them, and changed since by whoever else may do so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vipps_lint.read.source import classes, functions, ir, keeping, models
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.elsewhere import EVERY, set_by
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.values import Class, Function, Instance, Known, Ref, hole_of, unknown

BRAND = "vipps"
"""What is in a name that nobody outside of the project gives to anything."""


def found_by_methods(machine: Machine, owner: Class) -> Known:
    """An instance of a class, or of one below it, whose methods may all have been called before."""
    before = len(machine.records)
    instance = functions.instantiate(machine, owner, Arguments(open=True), owner.definition.node)
    del machine.records[before:]
    machine.state.trace = ()
    thing = machine.thing(instance)
    assert isinstance(thing, Instance) and isinstance(instance, Ref)
    attributes = dict(thing.attributes)
    for name in [*attributes, *(name for name in machine.others.attributes(owner) if name not in attributes)]:
        keys, inherited = machine.others.attribute(owner, name), classes.attribute(machine, owner, name, None)
        if name != EVERY and keys and not isinstance(inherited, Function):
            fresh = unknown(f"self.{name}", ("self", owner.definition.node, name))
            known = attributes.get(name) or inherited
            attributes[name] = fresh if known is None else machine.changed(known, keys, fresh)
    attributes |= _of_classes_below(machine, owner, instance)
    machine.put(instance, replace(thing, attributes=attributes))
    keeping.settle(machine, machine.state)
    return instance


def _of_classes_below(machine: Machine, owner: Class, instance: Ref) -> dict[str, Known]:
    """The methods and properties that classes below have in another form."""
    names = {name for one in machine.others.below.get(owner.definition.node, ()) for name in one.attributes}
    found: dict[str, Known] = {}
    for name in sorted(names):
        method = classes.attribute(machine, owner, name, instance)
        if isinstance(method, Function) and not name.startswith("__"):
            is_property = classes.decorated(method, "property", "cached_property")
            found[name] = unknown(f"self.{name}") if is_property else replace(method, overridden=True)
    return found


def of_unknown(machine: Machine, value: Known, name: str) -> Function | None:
    """The method or property of an unknown value that some class has: by annotation, declaration or name."""
    hole = hole_of(value)
    of = models.class_of(machine, hole.symbol) if hole is not None and hole.symbol is not None else None
    of = of or (_called_like(machine, hole.source, name) if hole is not None else None)
    if of is None or name.startswith("__") or name in machine.others.outside:
        return None
    if any(name in one.attributes for one in machine.others.below.get(of.definition.node, ())):
        return None
    found = classes.attribute(machine, of, name, machine.new(Instance(of, {}, open=True)))
    return found if isinstance(found, Function) else None


def _called_like(machine: Machine, receiver: str, name: str) -> Class | None:
    """The one class of the project that has such a method, where method, or receiver and class, are named for Vipps."""
    if BRAND not in f"{receiver}.{name}".lower():
        return None
    owners = [of for of in machine.classes.values() if isinstance(of.attributes.get(name), Function)]
    if len(owners) != 1:
        return None
    named = BRAND in name.lower() or BRAND in owners[0].definition.name.lower()
    return owners[0] if named else None


def inherited(of: Class) -> Iterator[Function]:
    """The methods from above that use, themselves or by others, what a class has in another form."""
    own = {name for name in of.attributes if not name.startswith("__")}
    own |= {name for name, _ in set_by(of.definition, at_birth=True)}
    seen = set(of.attributes)
    above = [one for one in of.ancestors if isinstance(one, Class)]
    pairs = [pair for one in above for pair in one.attributes.items()]
    methods = [(name, one) for name, one in pairs if isinstance(one, Function)]
    uses = {name: _names(one.definition.body) for name, one in reversed(methods)}
    while more := {name for name, used in uses.items() if name not in own and used & own}:
        own |= more
    for name, one in methods:
        if name not in seen and name in own and not name.startswith("__"):
            seen.add(name)
            yield one


def _names(body: object) -> set[str]:
    return {part.name for part in ir.walk(body) if isinstance(part, ir.Attribute)}
