"""Text that stands in for a value that is missing: `phone or ""`, `row.get("phone", "")`, a default that `if` replaces.

That the text is sent where the value is missing is certain only if nothing else in the function asks about the value:
what is asked may be just whether the call is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vipps_lint.document import Hole, Template
from vipps_lint.read.source import ir
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.library import LOG_METHODS
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.values import Choice, Data, Known, Scope, choose, each

TELLING = LOG_METHODS | {"str", "repr"}
"""Functions that ask nothing of what they are given."""


def instead(machine: Machine, text: Known, other: Known, around: ir.Expression, test: ir.Expression) -> Known:
    """Text that an expression gives where its test finds nothing, marked if that is all that is asked."""
    match text:
        case Data(str()) if _unknown(other) and _only(machine, around, _chains(test)):
            return replace(text, stands_for=_missing(test))
        case _:
            return text


def otherwise(machine: Machine, it: ir.Conditional, body: Known, text: Known) -> Known:
    """`phone if phone else ""`: the text, marked where the test asks about what would be sent."""
    related = any(_overlap(one, other) for one in _chains(it.test) for other in _chains(it.body))
    return instead(machine, text, body, it, it.test) if related else text


def got(machine: Machine, receiver: Known | None, it: ir.CallOf, arguments: Arguments, result: Known) -> Known:
    """`row.get("phone", "")` of something unknown. An identifier may be no default: an option that a section has."""
    match receiver, it.function, arguments.positional:
        case Data(Hole()), ir.Attribute(name="get"), [Data(str()), Data(str() as text) as default]:
            if not text.isidentifier():
                return choose((result, instead(machine, default, result, it, it)))
    return result


def kept(machine: Machine, it: ir.If, scope: Scope, before: dict[str, Known]) -> None:
    """After an `if` without `else`, mark the texts that variables still have (or have got) where nothing was found."""
    chains = frozenset().union(*(_chains(part.test) for part in ir.walk(it) if isinstance(part, ir.If)))
    for name, old in before.items():
        value = machine.state.variable(scope.number, name)
        if isinstance(value, Choice) and any(map(_unknown, value.values)) and _only(machine, it, chains | {name}):
            default = isinstance(old, Data) and isinstance(old.value, str)
            if default or name in _chains(it.test):
                marked = (_marked(one, _missing(it.test)) for one in value.values)
                machine.state.variables[scope.number, name] = choose(marked)


def texts_before(machine: Machine, it: ir.If, scope: Scope) -> dict[str, Known]:
    """The variables that an `if` sets, as they were before it."""
    if it.otherwise or len(machine.frames) == 1:
        return {}
    names = machine.memory.setting.get(id(it))
    if names is None:
        names = frozenset(one.id for one in ir.changed(it.body) if isinstance(one, ir.Name))
        machine.memory.setting[id(it)] = names
    values = {name: machine.state.variable(scope.number, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _marked(value: Known, missing: str) -> Known:
    return replace(value, stands_for=missing) if isinstance(value, Data) and isinstance(value.value, str) else value


def _unknown(value: Known) -> bool:
    return any(not isinstance(one, Data) or isinstance(one.value, Hole | Template) for one in each(value))


def _missing(test: ir.Expression) -> str:
    """What a test asks about, as a message quotes it."""
    match test:
        case ir.Unary(operand=inner) | ir.Logical(right=inner) | ir.Compare(left=inner):
            return _missing(inner)
        case _:
            return source_of(test)


def _only(machine: Machine, around: object, chains: frozenset[str]) -> bool:
    """Whether nothing else in the function asks about any of some values."""
    definition = machine.frames[-1].definition
    if definition is None:
        return False
    inside = {id(part) for part in ir.walk(around)}
    return not any(
        _overlap(one, other)
        for part, asked in _questions(machine, definition)
        if id(part) not in inside
        for one in asked
        for other in chains
    )


def _questions(machine: Machine, definition: ir.FunctionDefinition | ir.Lambda) -> list[tuple[object, frozenset[str]]]:
    """Everything in a function that asks about values: tests, and calls that are given them."""
    if definition.node not in machine.memory.questions:
        machine.memory.questions[definition.node] = list(_asking(definition.body))
    return machine.memory.questions[definition.node]


def _asking(body: object) -> Iterator[tuple[object, frozenset[str]]]:
    for part in ir.walk(body):
        match part:
            case ir.If(test=test) | ir.While(test=test) | ir.Conditional(test=test):
                yield part, _chains(test)
            case ir.Logical(left=left):
                yield part, _chains(left)
            case ir.Assign(targets=(ir.Name(id=ir.SUBJECT),), value=subject):
                yield part, _chains(subject)
            case ir.Comprehension(clauses=clauses):
                yield part, frozenset().union(*(_chains(test) for _, _, tests in clauses for test in tests))
            case ir.CallOf(function=function, arguments=arguments) if _last(function) not in TELLING:
                yield part, frozenset().union(*(_chains(one.value) for one in arguments))


def _last(function: ir.Expression) -> str:
    return source_of(function).rpartition(".")[2]


def _chains(expression: ir.Expression) -> frozenset[str]:
    """The values that an expression asks about, as they are written."""
    match expression:
        case ir.Name(id=name):
            return frozenset({name})
        case ir.Attribute() | ir.Subscript():
            return frozenset({source_of(expression)})
        case ir.CallOf(function=function, arguments=arguments):
            owner = frozenset({source_of(function)}) if isinstance(function, ir.Attribute) else frozenset[str]()
            return owner.union(*(_chains(one.value) for one in arguments))
        case ir.DictDisplay() | ir.ListDisplay() | ir.Lambda() | ir.Constant():
            return frozenset()
        case _:
            inner = [getattr(expression, name) for name in expression.__slots__ if name != "node"]
            parts = [one for several in inner for one in (several if isinstance(several, tuple) else (several,))]
            return frozenset().union(*(_chains(one) for one in parts if hasattr(one, "__slots__")))


def _overlap(one: str, other: str) -> bool:
    """Whether one value is the other or a part of it."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and long[len(short) : len(short) + 1] in ("", ".", "[", "(")
