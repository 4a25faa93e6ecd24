"""Questions about values, answered with yes, no or maybe: what is where, of which type, and what equals what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from vipps_lint.document.values import (
    ABSENT,
    MAYBE,
    NO,
    YES,
    Absent,
    Array,
    Hole,
    Object,
    OneOf,
    Pointer,
    Template,
    Truth,
    Value,
    certain,
    identical,
    one_of,
)


def ask(value: Value, question: Callable[[Value], Truth]) -> Truth:
    """The answer that holds for every alternative of `value`, or MAYBE where they differ."""
    if type(value) is not OneOf:
        return question(value)
    answers = {question(alternative) for alternative in value.values}
    return answers.pop() if len(answers) == 1 else MAYBE


LEAVES: Final = frozenset({str, int, float, bool, type(None), Absent})
"""The types of values in which certainly nothing is."""

UNKNOWN_FIELD: Final = OneOf((Hole(reason="the document is not fully known"), ABSENT))


def get(value: Value, pointer: Pointer) -> Value:
    """The value at `pointer`; `ABSENT` where there certainly is none, `ABSENT` among others where there may be one."""
    if type(value) is Object and value.plain is not None:  # nearly always, and nothing is asked more often
        found: Any = value.plain
        for step in pointer:
            if type(found) is dict:
                found = found.get(step if type(step) is str else str(step), ABSENT)
            elif type(found) in LEAVES:
                return ABSENT
            else:
                break
        else:
            if type(found) is not dict and type(found) is not list:
                return found  # type: ignore[no-any-return]
    for step in pointer:
        if value is UNKNOWN_FIELD:  # so is all that is in it
            return value
        if isinstance(value, OneOf):
            value = one_of(_step(alternative, step) for alternative in value.values)
        else:
            value = _step(value, step)
    return value


def _step(value: Value, step: str | int) -> Value:
    if type(value) is Object:
        name = step if type(step) is str else str(step)
        return value.fields.get(name, UNKNOWN_FIELD if value.open else ABSENT)
    match value:
        case Array(items, is_open) if isinstance(step, int):
            return items[step] if step < len(items) else UNKNOWN_FIELD if is_open else ABSENT
        case Hole(type="object" | "array" | None):
            return UNKNOWN_FIELD
        case _:
            return ABSENT


def select(value: Value, pattern: Pointer) -> Iterator[tuple[Pointer, Value]]:
    """Every place that `pattern` names, with its value; `"*"` stands for each known item of an array."""
    if "*" not in pattern:
        yield pattern, get(value, pattern)
        return
    star = pattern.index("*")
    head, tail = pattern[:star], pattern[star + 1 :]
    match get(value, head):
        case Array(items):
            for index, item in enumerate(items):
                for at, found in select(item, tail):
                    yield (*head, index, *at), found


def unselected(value: Value, pattern: Pointer) -> Iterator[Pointer]:
    """The places of arrays whose items `select` does not find, or not all, because they are not known."""
    if "*" not in pattern:
        return
    star = pattern.index("*")
    head, tail = pattern[:star], pattern[star + 1 :]
    found = get(value, head)
    if not isinstance(found, Array) or found.open:
        yield head
    for index, item in enumerate(found.items if isinstance(found, Array) else ()):
        yield from ((*head, index, *at) for at in unselected(item, tail))


def present(value: Value) -> Truth:
    """Whether there is a value (null is one)."""
    if not isinstance(value, OneOf):
        return NO if value is ABSENT else YES
    return ask(value, lambda alternative: certain(alternative is not ABSENT))


def json_type(value: Value) -> str | None:
    """JSON's name of the value's type, `integer` for whole numbers; None where it is not known or absent."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str() | Template():
            return "string"
        case Object():
            return "object"
        case Array():
            return "array"
        case Hole(type=name):
            return "number" if name == "float" else name
        case _:
            return None


def is_a(value: Value, name: str) -> Truth:
    """Whether the value has this JSON type. `100.0` is a number and no integer; nothing absent has a type."""
    if isinstance(value, OneOf):
        return ask(value, lambda alternative: is_a(alternative, name))
    found = json_type(value)
    if found is None:
        return NO if value is ABSENT else MAYBE
    if isinstance(value, Hole) and (value.type, name) == ("number", "integer"):
        return MAYBE  # a number that we do not know may be whole
    return certain(found == name or (found, name) == ("integer", "number"))


def equal(one: Value, other: Value) -> Truth:
    """Whether the two are the same JSON value, type included."""
    if not isinstance(one, OneOf) and not isinstance(other, OneOf):
        return _equal(one, other)
    return ask(one, lambda left: ask(other, lambda right: _equal(left, right)))


def _equal(one: Value, other: Value) -> Truth:
    match one, other:
        case (Absent(), _) | (_, Absent()):
            return certain(one is other)
        case Hole(), Hole():
            return _equal_holes(one, other)
        case (Hole(fresh=True), str() | int() | float() | None) | (str() | int() | float() | None, Hole(fresh=True)):
            return NO
        case (Hole() | Template(), _) | (_, Hole() | Template()):
            return _alike(one, other)
        case Object(), Object():
            return _equal_objects(one, other)
        case Array(), Array():
            return _equal_arrays(one, other)
        case _:
            return certain(identical(one, other))


def _equal_holes(one: Hole, other: Hole) -> Truth:
    """Two unknown values: equal where they are the same one, different where each was made anew."""
    if (one is other and one.fresh) or (one.symbol is not None and one.symbol == other.symbol):
        return YES
    return NO if one.fresh and other.fresh else _alike(one, other)


def _alike(one: Value, other: Value) -> Truth:
    """Equality where a piece is unknown: the same unknown pieces are equal, different types never are."""
    if isinstance(one, Template) and one == other:
        named = all(part.symbol is not None for part in one.parts if isinstance(part, Hole))
        return YES if named else MAYBE
    types = {json_type(one), json_type(other)}
    return MAYBE if None in types or len(types) == 1 or types == {"integer", "number"} else NO


def _equal_objects(one: Object, other: Object) -> Truth:
    answer = MAYBE if one.open or other.open else YES
    for name in {*one.fields, *other.fields}:
        answer &= equal(get(one, (name,)), get(other, (name,)))
    return answer


def _equal_arrays(one: Array, other: Array) -> Truth:
    answer = MAYBE if one.open or other.open else YES
    for index in range(max(len(one.items), len(other.items))):
        answer &= equal(get(one, (index,)), get(other, (index,)))
    return answer
