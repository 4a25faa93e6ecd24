"""What code that is not on the path may change: attributes, and the things that modules and instances share."""

from __future__ import annotations

from collections.abc import Iterator

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
            for held, key in _changes(method.body):
                match held:
                    case ir.Attribute(value=ir.Name(id="self"), name="__dict__"):
                        yield EVERY, EVERY
                    case ir.Attribute(value=ir.Name(id="self"), name=name):
                        yield name, key
            if any(_sets_by_name(part) for part in ir.walk(method.body)):
                yield EVERY, EVERY


def _changes(part: object) -> Iterator[tuple[ir.Expression, str]]:
    """What a piece of code sets or changes, with the key where it is one of a dict."""
    for target in ir.changed(part):
        match target:
            case ir.Subscript(value=ir.Name() | ir.Attribute() as held, index=index):
                yield held, key_text(index)
            case _:
                yield ir.root(target), EVERY


def _sets_by_name(part: object) -> bool:
    match part:
        case ir.CallOf(function=ir.Name(id="setattr" | "vars")):
            return True
        case _:
            return False


def changed_in_functions(block: ir.Block) -> Iterator[tuple[str, str]]:
    """The module's names that functions set, with the key where it is one of a dict."""
    for function in (part for part in ir.walk(block) if isinstance(part, ir.FunctionDefinition)):
        for part in ir.walk(function.body):
            if isinstance(part, ir.Shared):
                yield from ((name, EVERY) for name in part.names)
        for target in ir.changed(function.body):
            if isinstance(target, ir.Subscript) and isinstance(name := ir.root(target), ir.Name):
                yield name.id, key_text(target.index) if target.value is name else EVERY


def set_from_outside(block: ir.Block) -> Iterator[tuple[str, str]]:
    """The attributes that are set on anything but `self`, with the key where it is one of a dict."""
    for held, key in _changes(block):
        match held:
            case ir.Attribute(value=ir.Name(id="self")):
                continue
            case ir.Attribute(name=name):
                yield name, key


def set_values(block: ir.Block) -> Iterator[tuple[str, ir.Expression]]:
    """The attributes that are set anywhere, on whatever it may be, and what they are set to."""
    for part in ir.walk(block):
        if isinstance(part, ir.Assign):
            for target in part.targets:
                if isinstance(target, ir.Attribute):
                    yield target.name, part.value
