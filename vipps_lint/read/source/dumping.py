"""Instances to dicts: `asdict`, `model_dump`, `_asdict`; and copies of instances with changes."""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.document import MAYBE, YES, Hole
from vipps_lint.read.source import instances
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.state import doubted
from vipps_lint.read.source.things import copied
from vipps_lint.read.source.values import (
    Data,
    Dict,
    Encoded,
    Instance,
    Known,
    List,
    Ref,
    Slot,
    choose,
    each,
    is_none,
    unknown,
)

DUMPS = {
    "pydantic": frozenset({"model_dump", "dict", "model_dump_json", "json"}),
    "settings": frozenset({"model_dump", "dict", "model_dump_json", "json"}),
    "tuple": frozenset({"_asdict"}),
}
COPIES = {"pydantic": ("model_copy", "copy"), "tuple": ("_replace",)}
NEUTRAL = frozenset({"by_alias", "exclude_none", "mode", "indent", "round_trip", "warnings"})
"""Options of a dump that are modelled, or that leave the fields alone."""
DEEP = 12


def method(machine: Machine, ref: Ref, thing: Instance, name: str, arguments: Arguments, node: int) -> Known | None:
    """A method that the library of a model gives to its instances; None for any other."""
    if name in DUMPS.get(thing.of.kind, ()):
        made = dumped(machine, ref, arguments)
        return Encoded(made, node) if name in ("model_dump_json", "json") else made
    if name in COPIES.get(thing.of.kind, ()):
        update = machine.thing(arguments.named["update"]) if "update" in arguments.named else None
        changes = {key: slot.value for key, slot in update.fields.items()} if isinstance(update, Dict) else {}
        is_known = not arguments.open and arguments.named.keys() <= {"update", "deep"}
        return changed(machine, ref, changes if name != "_replace" else arguments.named, is_known or name == "_replace")
    return None


def as_dict(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    """`dataclasses.asdict(instance)`."""
    given = arguments.positional[0] if arguments.positional else None
    if given is None or not isinstance(machine.thing(given), Instance):
        return None
    return dumped(machine, given, Arguments(named=dict(arguments.named), open=arguments.open))


def replaced(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    """`dataclasses.replace(instance, x=1)`."""
    given = arguments.positional[0] if arguments.positional else None
    return changed(machine, given, arguments.named, not arguments.open) if isinstance(given, Ref) else None


def changed(machine: Machine, ref: Ref, changes: dict[str, Known], is_known: bool) -> Known | None:
    """A copy of an instance with other values in some fields."""
    thing = machine.thing(ref)
    if not isinstance(thing, Instance) or "__post_init__" in thing.of.attributes:
        return None
    made = machine.new(replace(thing, attributes={**thing.attributes, **changes}))
    if not is_known:
        machine.havoc(made)
    return made


def dumped(machine: Machine, value: Known, options: Arguments) -> Known:
    """The dict of an instance, and of what is in it."""
    by_alias, without_none = (options.named.get(name, Data(False)) for name in ("by_alias", "exclude_none"))
    flags = [one.value for one in (by_alias, without_none) if isinstance(one, Data) and isinstance(one.value, bool)]
    is_known = len(flags) == 2 and not options.open and not options.positional and options.named.keys() <= NEUTRAL
    made = _dumped(machine, value, is_known and flags[0], is_known and flags[1], DEEP)
    thing = machine.thing(made)
    if not is_known and isinstance(made, Ref) and thing is not None:
        machine.put(made, doubted(thing))
    return made


def _dumped(machine: Machine, value: Known, by_alias: bool, without_none: bool, depth: int) -> Known:
    if depth == 0:
        return unknown()

    def inner(one: Known) -> Known:
        return choose(_dumped(machine, part, by_alias, without_none, depth - 1) for part in each(one))

    machine.step()
    match value, machine.thing(value):
        case Ref(), Instance() as thing if thing.of.kind in instances.FILLED:
            fields: dict[str, Slot] = {}
            for field in instances.fields(thing.of):
                held = inner(thing.attributes.get(field.name, unknown(field.name)))
                if not (without_none and all(is_none(one) for one in each(held))):
                    sure = MAYBE if without_none and any(map(_may_be_none, each(held))) else YES
                    name = (field.output if by_alias else None) or field.name
                    fields[name] = Slot(_but_none(held) if without_none else held, None, sure)
            made = Dict(fields)
            return machine.new(doubted(made) if thing.open else made)
        case Ref(), Dict() as inside:
            slots = {name: replace(slot, value=inner(slot.value)) for name, slot in inside.fields.items()}
            return machine.new(replace(inside, fields=slots))
        case Ref(), List() as items:
            return machine.new(replace(items, items=tuple(map(inner, items.items))))
        case Ref(), Instance():
            return unknown()
        case _:
            return copied(machine, value)


def _may_be_none(value: Known) -> bool:
    """Whether a value is not certainly something."""
    return not isinstance(value, Ref | Encoded) and not (
        isinstance(value, Data) and value.value is not None and not isinstance(value.value, Hole)
    )


def _but_none(value: Known) -> Known:
    return choose(one for one in each(value) if not (isinstance(one, Data) and one.value is None))


MODELS = {
    "dataclasses.asdict": as_dict, "attrs.asdict": as_dict, "attr.asdict": as_dict, "dataclasses.replace": replaced,
    "attrs.evolve": replaced, "attr.evolve": replaced, "copy.replace": replaced,
}  # fmt: skip
