"""What code that is not on the path may change: attributes, and the things that modules and instances share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from vipps_lint.read.source import ir

EVERY = "*"
"""Stands for all keys of a dict, for another dict too; and for all attributes, where names are not written."""


def key_text(key: ir.Expression | None) -> str:
    """The key of a dict as it is written; `EVERY` for one that is not known."""
    return key.value if isinstance(key, ir.Constant) and isinstance(key.value, str) else EVERY


def set_by(definition: ir.ClassDefinition, *, at_birth: bool) -> Iterator[tuple[str, str]]:
    """The attributes that methods set, `__init__` only if it is `at_birth`, with the key where it is one of a dict."""
    for method in definition.body:
        if isinstance(method, ir.FunctionDefinition) and (at_birth or method.name != "__init__"):
            for held, key in map(_held, ir.changed(method.body)):
                match held:
                    case ir.Attribute(value=ir.Name(id="self"), name="__dict__"):
                        yield EVERY, EVERY
                    case ir.Attribute(value=ir.Name(id="self"), name=name):
                        yield name, key
            if any(_sets_by_name(part) for part in ir.walk(method.body)):
                yield EVERY, EVERY


def _held(target: ir.Expression) -> tuple[ir.Expression, str]:
    """What holds what is set or changed, with the key where it is one of a dict."""
    match target:
        case ir.Subscript(value=ir.Name() | ir.Attribute() as held, index=index):
            return held, key_text(index)
        case _:
            return ir.root(target), EVERY


def _sets_by_name(part: object) -> bool:
    match part:
        case ir.CallOf(function=ir.Name(id="setattr" | "vars")):
            return True
        case _:
            return False


@dataclass
class Elsewhere:
    """What the code of a module may change, with keys where it is a dict.

    `rebound` are its names that functions set, `outside` the attributes that are set on anything but `self`; `values`
    are all attributes that are set anywhere, on whatever it may be, with what they are set to.
    """

    rebound: set[tuple[str, str]] = field(default_factory=set)
    outside: set[tuple[str, str]] = field(default_factory=set)
    values: list[tuple[str, ir.Expression]] = field(default_factory=list)


def changed_elsewhere(block: ir.Block) -> Elsewhere:
    """What the code of a module may change, found in one walk."""
    found = Elsewhere()
    for part in ir.walk(block, into_functions=False):
        if type(part) in ir.SETTING:
            _note(found, part, inside=False)
        if isinstance(part, ir.FunctionDefinition):
            for inner in ir.walk(part.body):
                if type(inner) in ir.SETTING:
                    _note(found, inner, inside=True)
    return found


def _note(found: Elsewhere, part: object, inside: bool) -> None:
    """Note what a part changes, which may be inside of a function."""
    if isinstance(part, ir.Shared) and inside:
        found.rebound.update((name, EVERY) for name in part.names)
    if isinstance(part, ir.Assign):
        found.values += ((one.name, part.value) for one in part.targets if isinstance(one, ir.Attribute))
    for target in ir.changed_by(part):
        held, key = _held(target)
        match held:
            case ir.Attribute(value=ir.Name(id="self")):
                continue
            case ir.Attribute(name=name):
                found.outside.add((name, key))
            case ir.Name(id=name) if inside and isinstance(target, ir.Subscript):
                found.rebound.add((name, key))
