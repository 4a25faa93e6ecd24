"""Everything inside a piece of the IR, and what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any

from vipps_lint.read.source.ir import expressions as ex
from vipps_lint.read.source.ir import statements as st


def walk(part: object, into_functions: bool = True) -> Iterator[object]:
    """Every statement and expression inside, in the order of the text, the part itself included.

    Where it does not go into functions it gives their definitions, and what is inside of them apart from their bodies.
    """
    inner = _INNER if into_functions else _OUTSIDE
    todo = [part]
    while todo:
        one = todo.pop()
        kind = type(one)
        if kind is tuple:
            todo += one[::-1]  # type: ignore[index]
        elif kind in inner:
            yield one
            todo += inner[kind](one)


def _inner(kind: type, without: str = "") -> Callable[[Any], tuple[Any, ...]]:
    """What gives the fields of a class of the IR in which there may be more of it, last first."""
    plain = ("int", "str", "str | None", "bool", "str | int | float | bool | None", "tuple[str, ...]")
    names = [one.name for one in reversed(fields(kind)) if one.type not in plain and one.name != without]
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda one: (getattr(one, names[0]),)) if names else (lambda one: ())


_INNER = {
    kind: _inner(kind)
    for kind in (*vars(ex).values(), *vars(st).values())
    if isinstance(kind, type) and is_dataclass(kind)
}
_OUTSIDE = _INNER | {st.FunctionDefinition: _inner(st.FunctionDefinition, without="body")}

CHANGING = frozenset({
    "update", "append", "extend", "insert", "pop", "popitem", "clear", "setdefault", "remove", "sort", "reverse", "add",
})  # fmt: skip
"""Methods that change a dict, a list or a set."""


def changed(part: object) -> Iterator[ex.Expression]:
    """What a piece of code sets or changes, itself or anything in it: names, attributes, subscripts."""
    for one in walk(part):
        if type(one) in SETTING:
            yield from changed_by(one)


SETTING = frozenset({st.Assign, st.Delete, st.Augment, st.For, st.With, st.Shared, ex.Walrus, ex.CallOf})
"""The classes of what may set or change something, itself or by what it says of names."""


def changed_by(one: object) -> Iterator[ex.Expression]:
    """What one statement or expression sets or changes, apart from what is inside of it."""
    match one:
        case st.Assign(targets=targets) | st.Delete(targets=targets):
            for target in targets:
                yield from flat(target)
        case st.Augment(target=target) | st.For(target=target):
            yield from flat(target)
        case st.With(items=items):
            for _, bound in items:
                yield from flat(bound) if bound is not None else ()
        case ex.Walrus(node=node, name=name):
            yield ex.Name(node, name)
        case ex.CallOf(function=ex.Attribute(value=owner, name=method)) if method in CHANGING:
            for key in keys_given(method, one.arguments):
                yield ex.Subscript(one.node, owner, key)


def keys_given(method: str, arguments: tuple[ex.Argument, ...]) -> tuple[ex.Expression | None, ...]:
    """The keys that a method of a dict may set or take away, as far as they are written; None stands for any."""
    match method, [one.value for one in arguments if one.keyword is None and not one.star]:
        case "update", [ex.DictDisplay(items=items)] if len(arguments) == 1:
            return tuple(key for key, _ in items)
        case "update", [] if all(one.keyword is not None for one in arguments):
            return tuple(ex.Constant(one.value.node, one.keyword) for one in arguments)
        case ("pop" | "setdefault"), [ex.Constant(value=str()) as key, *_]:
            return (key,)
        case _:
            return (None,)


def flat(target: ex.Expression) -> Iterator[ex.Expression]:
    """The single targets of one that may be several."""
    if isinstance(target, ex.ListDisplay):
        for item in target.items:
            yield from flat(item)
    elif isinstance(target, ex.Other):
        for item in target.parts:
            yield from flat(item)
    else:
        yield target


def root(expression: ex.Expression) -> ex.Expression:
    """What a chain of subscripts hangs on: `body["a"]["b"]` is about `body`."""
    while isinstance(expression, ex.Subscript):
        expression = expression.value
    return expression
