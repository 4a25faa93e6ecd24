"""Functions of Python that make lists and dicts of others, whether their items are known or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote_plus

from vipps_lint.document import YES, Hole, Template
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.freeze import scalar
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.text import joined
from vipps_lint.read.source.things import extended, items_of
from vipps_lint.read.source.values import Answer, Data, Dict, Known, List, Scalar, Slot, choose, unknown


def _listed(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    match arguments.positional:
        case []:
            return machine.new(List((), False, node))
        case [Answer() as answer]:
            return answer
        case [one]:
            thing = machine.thing(one)
            start = thing if isinstance(thing, List) else extended(machine, List((), False, node), one)
            return machine.new(replace(start, node=node))
        case _:
            return None


def _numbered(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    items = items_of(machine, arguments.positional[0]) if len(arguments.all()) == 1 else None
    if items is None or any(there is not YES for _, there in items):
        return None
    pairs = [machine.new(List((Data(number), item))) for number, (item, _) in enumerate(items)]
    return machine.new(List(tuple(pairs), False, node))


def _zipped(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    several = [items_of(machine, one) for one in arguments.positional]
    if arguments.open or arguments.named or not several:
        return None
    sure = [[item for item, there in items if there is YES] for items in several if items is not None]
    if [len(items) for items in sure] != [len(items or ()) for items in several]:
        return None
    rows = [machine.new(List(row)) for row in zip(*sure, strict=False)]
    return machine.new(List(tuple(rows), False, node))


def _from_keys(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    items = items_of(machine, arguments.positional[0]) if arguments.positional else None
    value = arguments.positional[1] if len(arguments.positional) == 2 else Data(None)
    sure = [item for item, there in items or () if there is YES]
    keys = [item for item in sure if isinstance(item, Data) and isinstance(item.value, str)]
    if items is None or len(keys) != len(items):
        return None
    return machine.new(Dict({str(key.value): Slot(value, key.node) for key in keys}, False, node))


def _encoded_query(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    """`urlencode({...})` of which some values are not known."""
    thing = machine.thing(arguments.positional[0]) if len(arguments.all()) == 1 and arguments.positional else None
    if not isinstance(thing, Dict) or thing.open or not thing.ordered:
        return None
    if any(slot.sure is not YES or not isinstance(slot.value, Data) for slot in thing.fields.values()):
        return None
    pieces: list[Scalar] = []
    for name, slot in thing.fields.items():
        value = scalar(slot.value)
        known = not isinstance(value, Hole | Template)
        pieces += ["&" if pieces else "", f"{quote_plus(name)}=", quote_plus(str(value)) if known else Hole("string")]
    return joined(pieces, node)


def _reordered(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    one = arguments.positional[0] if arguments.positional else None
    match one, machine.thing(one) if one is not None else None:
        case _, List(items, is_open) if items:
            return machine.new(List(tuple(choose(items) for _ in items), is_open, node))
        case Answer() as answer, _:
            return answer
        case _:
            return unknown(node=node)


MODELS: dict[str, Callable[[Machine, Arguments, int], Known | None]] = {
    "builtins.list": _listed, "builtins.tuple": _listed, "builtins.set": _reordered, "builtins.frozenset": _reordered,
    "builtins.sorted": _reordered, "builtins.reversed": _reordered, "builtins.enumerate": _numbered,
    "builtins.zip": _zipped, "builtins.dict.fromkeys": _from_keys, "urllib.parse.urlencode": _encoded_query,
}  # fmt: skip
