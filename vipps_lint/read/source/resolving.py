"""Tokens that a project keeps in a variable or an attribute: what it may be is all that any statement has set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from vipps_lint.document import Hole, Object, Value, alternatives, one_of
from vipps_lint.read.source import ir
from vipps_lint.read.source.elsewhere import EVERY
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.records import Record

HEADER = "authorization"


def resolve(machine: Machine, records: Iterable[Record], modules: Mapping[str, ir.Block]) -> None:
    """In the header of each call that has the token, put what was seen to be kept in the place of what is unknown."""
    for record in records:
        headers = record.document.fields.get("headers")
        if isinstance(headers, Object) and HEADER in headers.fields:
            value = headers.fields[HEADER]
            known = one_of(one for before in alternatives(value) for one in _resolved(machine, before, modules))
            if known != value:
                fields = {**headers.fields, HEADER: known}
                record.document = Object({**record.document.fields, "headers": replace(headers, fields=fields)})


def _resolved(machine: Machine, value: Value, modules: Mapping[str, ir.Block]) -> tuple[Value, ...]:
    match value:
        case Hole(symbol=("global", int(scope), str(name))):
            block = modules.get(machine.origins.get(scope, ""))
            nodes = [] if block is None or name in machine.others.outside else [*_of_variable(block, name)]
        case Hole(symbol=("self", int(of), str(name))) if EVERY not in machine.others.attributes(machine.classes[of]):
            nodes = [node for block in modules.values() for node in _of_attribute(block, name)]
        case _:
            return (value,)
    seen = [machine.memory.assigned.get(node, (value,)) for node in nodes] or [(value,)]
    every = tuple(one for values in seen for one in values)
    return every if all(_is_token(one) for one in every) else (value,)


def _is_token(value: Value) -> bool:
    """Nothing yet, or a field of an answer."""
    match value:
        case None | Hole(symbol=("answer", *_)):
            return True
        case _:
            return False


def _of_variable(block: ir.Block, name: str) -> Iterator[int]:
    """The nodes where a module's variable may be set: in its body, and in functions that share it."""
    inside = [one for one in ir.walk(block) if isinstance(one, ir.FunctionDefinition)]
    sharing = [one for one in inside if any(_shares(part, name) for part in ir.walk(one.body))]
    for target in ir.changed(block):
        if isinstance(target, ir.Name) and target.id == name:
            around = [one for one in inside if one.node < target.node <= one.last]
            if not around or any(one in sharing for one in around):
                yield target.node


def _shares(part: object, name: str) -> bool:
    return isinstance(part, ir.Shared) and name in part.names


def _of_attribute(block: ir.Block, name: str) -> Iterator[int]:
    """The nodes where an attribute of a name is set, on whatever it may be."""
    for target in ir.changed(block):
        if isinstance(target, ir.Attribute) and target.name == name:
            yield target.node
