"""Attributes whose names are values: `getattr` and `setattr`."""

from __future__ import annotations

from vipps_lint.read.source import assignment, expressions, ir
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.values import Data, Instance, Known, Ref, choose, each, unknown

BY_NAME = ("builtins.getattr", "builtins.setattr")


def by_name(machine: Machine, function: str, it: ir.CallOf, arguments: Arguments) -> Known | None:
    """`getattr(shop, "name", default)` and `setattr(shop, "name", value)` with a name that is known."""
    match arguments.positional:
        case [owner, Data(str() as name), value] if function == BY_NAME[1]:
            assignment.set_attribute(machine, owner, name, value)
            return Data(None, it.node)
        case [owner, Data(str() as name), *default] if function == BY_NAME[0]:
            part = ir.Attribute(it.node, it.function, name)
            return choose(_attribute_or(machine, one, part, default) for one in each(owner))
        case _:
            return None


def _attribute_or(machine: Machine, owner: Known, part: ir.Attribute, default: list[Known]) -> Known:
    thing = machine.thing(owner)
    if default and isinstance(owner, Ref) and isinstance(thing, Instance):
        found = expressions.thing_attribute(machine, owner, part.name)
        return default[0] if found is None and not thing.open else choose((found or unknown(part.name), *default))
    found = expressions.attribute_of(machine, owner, part, part.name)
    return choose((found, *default)) if default else found
