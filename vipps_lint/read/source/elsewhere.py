"""What code that is not on the path may change: attributes, and the things that modules and instances share."""

from __future__ import annotations

from collections.abc import Iterator

from vipps_lint.read.source import ir

EVERY = "*"
"""Stands for all attributes, where code sets some by names that are not written."""


def set_elsewhere(definition: ir.ClassDefinition) -> Iterator[str]:
    """The attributes that methods other than `__init__` set, or whose dicts and lists they change."""
    methods = [one for one in definition.body if isinstance(one, ir.FunctionDefinition) and one.name != "__init__"]
    for method in methods:
        for target in ir.changed(method.body):
            match ir.root(target):
                case ir.Attribute(value=ir.Name(id="self"), name="__dict__"):
                    yield EVERY
                case ir.Attribute(value=ir.Name(id="self"), name=name):
                    yield name
        if any(_sets_by_name(part) for part in ir.walk(method.body)):
            yield EVERY


def _sets_by_name(part: object) -> bool:
    match part:
        case ir.CallOf(function=ir.Name(id="setattr" | "vars")):
            return True
        case _:
            return False


def changed_in_functions(block: ir.Block) -> Iterator[str]:
    """The module's names that functions set, or whose dicts and lists they change."""
    for function in (part for part in ir.walk(block) if isinstance(part, ir.FunctionDefinition)):
        for part in ir.walk(function.body):
            if isinstance(part, ir.Shared):
                yield from part.names
        for target in ir.changed(function.body):
            if isinstance(target, ir.Subscript) and isinstance(name := ir.root(target), ir.Name):
                yield name.id


def set_from_outside(block: ir.Block) -> Iterator[str]:
    """The attributes that are set on anything but `self`."""
    for target in ir.changed(block):
        match ir.root(target):
            case ir.Attribute(value=ir.Name(id="self")):
                continue
            case ir.Attribute(name=name):
                yield name


def set_values(block: ir.Block) -> Iterator[tuple[str, ir.Expression]]:
    """The attributes that are set anywhere, on whatever it may be, and what they are set to."""
    for part in ir.walk(block):
        if isinstance(part, ir.Assign):
            for target in part.targets:
                if isinstance(target, ir.Attribute):
                    yield target.name, part.value
