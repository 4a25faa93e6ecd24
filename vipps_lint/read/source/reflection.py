"""Attributes whose names are values: `getattr` and `setattr`; and what instances are."""

from __future__ import annotations

from vipps_lint.read.source import assignment, expressions, functions, ir
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.values import Class, Data, External, Instance, Known, List, Ref, choose, each, unknown

BY_NAME = ("builtins.getattr", "builtins.setattr", "builtins.isinstance")

PLAIN: dict[str, type] = {
    "builtins.str": str, "builtins.int": int, "builtins.float": float, "builtins.bool": bool,
}  # fmt: skip


def by_name(machine: Machine, function: str, it: ir.CallOf, arguments: Arguments) -> Known | None:
    """`getattr(shop, "name", default)` and `setattr(shop, "name", value)` with a name that is known."""
    match arguments.positional:
        case [owner, Data(str() as name), value] if function == BY_NAME[1]:
            assignment.set_attribute(machine, owner, name, value)
            return Data(None, it.node)
        case [owner, Data(str() as name), *default] if function == BY_NAME[0]:
            part = ir.Attribute(it.node, it.function, name)
            return choose(_attribute_or(machine, one, part, default) for one in each(owner))
        case [value, kind] if function == BY_NAME[2]:
            found = [_is_one(machine, one, kind) for one in each(value)]
            return None if None in found else choose(Data(one, it.node) for one in found)
        case _:
            return None


def _is_one(machine: Machine, value: Known, kind: Known) -> bool | None:
    """`isinstance(value, kind)`, where both are known."""
    match value, machine.thing(value), machine.thing(kind) or kind:
        case _, _, List(kinds, False):
            found = [_is_one(machine, value, one) for one in kinds]
            return True if True in found else None if None in found else False
        case _, Instance(of, open=False), Class() as wanted if not functions.has_unknown_parts(of):
            return wanted is of or wanted in of.ancestors
        case Data(str() | int() | float() | None as known), _, External(name) if name in PLAIN and not value.member:
            return isinstance(known, PLAIN[name])
        case Data(str() | int() | float() | None), _, Class() if not value.member:
            return False
        case _:
            return None


def _attribute_or(machine: Machine, owner: Known, part: ir.Attribute, default: list[Known]) -> Known:
    thing = machine.thing(owner)
    if default and isinstance(owner, Ref) and isinstance(thing, Instance):
        found = expressions.thing_attribute(machine, owner, part.name)
        return default[0] if found is None and not thing.open else choose((found or unknown(part.name), *default))
    found = expressions.attribute_of(machine, owner, part, part.name)
    return choose((found, *default)) if default else found
