"""Classes: the order in which bases are asked, attributes and methods, `super()`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vipps_lint.read.source import ir
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.others import NOTHING
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.values import Class, Data, Function, Instance, Known, Ref, unknown

ENUMS = frozenset({"enum", "enum of text", "enum like text", "enum of numbers"})


def ancestors(bases: Sequence[Known]) -> tuple[Known, ...]:
    """The bases and theirs in the order in which Python asks them for an attribute."""
    lines = [[base, *base.ancestors] if isinstance(base, Class) else [base] for base in bases] + [list(bases)]
    found: list[Known] = []
    while lines := [line for line in lines if line]:
        heads = [line[0] for line in lines]
        # where no order fits, Python refuses the class; the first one is as good as any then
        head = next((one for one in heads if not any(_is_in(one, line[1:]) for line in lines)), heads[0])
        found.append(head)
        lines = [[one for one in line if one is not head and one != head] for line in lines]
    return tuple(found)


def _is_in(one: Known, line: Sequence[Known]) -> bool:
    return any(one is other or one == other for other in line)


def attribute(machine: Machine, of: Class, name: str, instance: Ref | None) -> Known | None:
    """An attribute of a class or of its known bases; methods come bound to the instance (or the class)."""
    return _first(machine, (of, *of.ancestors), name, instance or of)


def above(machine: Machine, definition: object, of: Class, name: str, bound: Known) -> Known | None:
    """What `super()` finds in a method: an attribute of a class behind the one that the method stands in."""
    line = (of, *of.ancestors)
    own = [index for index, one in enumerate(line) if isinstance(one, Class) and definition in one.definition.body]
    return _first(machine, line[own[0] + 1 :], name, bound) if own else None


def _first(machine: Machine, line: Sequence[Known], name: str, bound: Known) -> Known | None:
    for one in line:
        if isinstance(one, Class) and name in one.attributes:
            value = one.attributes[name]
            if one.kind in ENUMS and not isinstance(value, Function) and not name.startswith("_"):
                return member(machine, one, name, value)
            return _bound(machine, value, name, bound)
    return None


def member(machine: Machine, of: Class, name: str, value: Known) -> Known:
    """A member of an enum, which is a value of its own type or has one."""
    if of.kind == "enum" or not isinstance(value, Data):
        return machine.new(Instance(of, {"value": value, "_value_": value, "name": Data(name)}))
    return replace(value, member=name, prints=of.kind == "enum of text")


def _bound(machine: Machine, value: Known, name: str, bound: Known) -> Known:
    if not isinstance(value, Function):
        return machine.shared(value, machine.others.outside.get(name, NOTHING), unknown(name))
    if isinstance(value.definition, ir.Lambda) or decorated(value, "staticmethod"):
        return value
    if decorated(value, "classmethod"):
        thing = machine.thing(bound)
        return replace(value, bound=(getattr(thing, "of", bound),))
    return replace(value, bound=(bound,)) if isinstance(bound, Ref) else value


def decorated(function: Function, *names: str) -> bool:
    """Whether a function has one of some decorators, by the last part of their names."""
    decorators = getattr(function.definition, "decorators", ())
    return any(source_of(one).partition("(")[0].rpartition(".")[2] in names for one in decorators)
