"""JSON documents with holes, and questions that may be answered "maybe".

A value is what JSON can hold, or something that stands for values nobody has told us: a `Hole`, a `Template`
(text with holes in it), an open `Object` or `Array` (there may be more), or `OneOf` a few alternatives.
Every question has three answers. Does no IO and knows nothing of Vipps.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias


class Truth(Enum):
    """The answer to a question about values that may be partly unknown (Kleene's three values)."""

    NO = 0
    MAYBE = 1
    YES = 2

    def __bool__(self) -> bool:
        raise TypeError("a Truth has three values: compare it with `is YES`, `is NO` or `is MAYBE`")

    def __and__(self, other: Truth) -> Truth:
        return self if self.value <= other.value else other

    def __or__(self, other: Truth) -> Truth:
        return self if self.value >= other.value else other

    def __invert__(self) -> Truth:
        return Truth(2 - self.value)


NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


class Absent(Enum):
    """The type of `ABSENT`, which stands where a document has no value at all (JSON's null is `None`)."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

ALTERNATIVES = 8
"""How many alternatives a `OneOf` keeps before it becomes a hole."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A value that is not known. Two holes with one symbol are the same value; a fresh one is like no other value.

    `source` is how the code writes it (`order.phone`), `reason` why it is not known.
    """

    type: str | None = None
    symbol: Hashable = None
    fresh: bool = False
    source: str = field(default="", compare=False)
    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Template:
    """Text of known and unknown pieces: `f"+47{number}"` is `("+47", Hole)`."""

    parts: tuple[str | Hole, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object; an open one may have fields that are not listed."""

    fields: Mapping[str, Value]
    open: bool = False

    def __hash__(self) -> int:
        return hash((frozenset(self.fields), self.open))


@dataclass(frozen=True, slots=True)
class Array:
    """A JSON array; an open one may have further items at its end."""

    items: tuple[Value, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few values; `ABSENT` among them means that there may be no value. Build it with `one_of`."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class DaysAhead:
    """The symbol of a day that is counted from the day of the call: `date.today() + timedelta(days=2)`."""

    days: int


Value: TypeAlias = str | int | float | bool | None | Absent | Hole | Template | Object | Array | OneOf
Pointer: TypeAlias = tuple[str | int, ...]
"""The way to a value: `("body", "customer", "phoneNumber")`; `"*"` in a pattern means every item."""


def certain(answer: bool) -> Truth:
    """The sure answer that a plain `bool` gives."""
    return YES if answer else NO


def from_json(data: object) -> Value:
    """The document for data that a JSON parser (or a TOML parser) made; what JSON cannot hold becomes a hole."""
    match data:
        case None | str() | bool() | int() | float():
            return data
        case Mapping():
            return Object({str(key): from_json(item) for key, item in data.items()})
        case list() | tuple():
            return Array(tuple(from_json(item) for item in data))
        case _:
            return Hole(reason=f"a {type(data).__name__} has no form in JSON")


def identical(one: Value, other: Value) -> bool:
    """Whether two values are written alike down to their types: `1`, `1.0` and `True` are three values."""
    match one, other:
        case Object(fields, is_open), Object(others, other_open):
            same = fields.keys() == others.keys() and is_open is other_open
            return same and all(identical(item, others[name]) for name, item in fields.items())
        case (Array(items), Array(others)) | (OneOf(items), OneOf(others)):
            same = len(items) == len(others) and getattr(one, "open", False) is getattr(other, "open", False)
            return same and all(map(identical, items, others))
        case _:
            return type(one) is type(other) and one == other


def one_of(values: Iterable[Value]) -> Value:
    """The alternatives as one value: flattened, without duplicates, a hole where there are too many."""
    flat: list[Value] = []
    for value in values:
        for alternative in alternatives(value):
            if not any(identical(alternative, known) for known in flat):
                flat.append(alternative)
    if len(flat) == 1:
        return flat[0]
    if len(flat) > ALTERNATIVES:
        return Hole(reason="too many alternatives") if ABSENT not in flat else OneOf((Hole(), ABSENT))
    return OneOf(tuple(flat))


def alternatives(value: Value) -> tuple[Value, ...]:
    """What a value may be: the values of a `OneOf`, else just itself."""
    return value.values if isinstance(value, OneOf) else (value,)


def ask(value: Value, question: Callable[[Value], Truth]) -> Truth:
    """The answer that holds for every alternative of `value`, or MAYBE where they differ."""
    if not isinstance(value, OneOf):
        return question(value)
    answers = {question(alternative) for alternative in value.values}
    return answers.pop() if len(answers) == 1 else MAYBE


UNKNOWN_FIELD: Final = OneOf((Hole(reason="the document is not fully known"), ABSENT))


def get(value: Value, pointer: Pointer) -> Value:
    """The value at `pointer`; `ABSENT` where there is certainly none, an alternative with `ABSENT` where there may be."""
    for step in pointer:
        if isinstance(value, OneOf):
            value = one_of(_step(alternative, step) for alternative in value.values)
        else:
            value = _step(value, step)
    return value


def _step(value: Value, step: str | int) -> Value:
    match value:
        case Object(fields, is_open):
            return fields.get(str(step), UNKNOWN_FIELD if is_open else ABSENT)
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


def present(value: Value) -> Truth:
    """Whether there is a value (null is one)."""
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
            return name
        case _:
            return None


def is_a(value: Value, name: str) -> Truth:
    """Whether the value has this JSON type. `100.0` is a number and no integer; nothing absent has a type."""

    def question(alternative: Value) -> Truth:
        found = json_type(alternative)
        if found is None:
            return NO if alternative is ABSENT else MAYBE
        if isinstance(alternative, Hole) and (found, name) == ("number", "integer"):
            return MAYBE  # a number that we do not know may be whole
        return certain(found == name or (found, name) == ("integer", "number"))

    return ask(value, question)


def equal(one: Value, other: Value) -> Truth:
    """Whether the two are the same JSON value, type included."""
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
    if one is other and one.fresh or one.symbol is not None and one.symbol == other.symbol:
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


def closed(value: Value) -> bool:
    """Whether nothing in the value is unknown."""
    match value:
        case Object(fields, is_open):
            return not is_open and all(closed(item) for item in fields.values())
        case Array(items, is_open):
            return not is_open and all(closed(item) for item in items)
        case _:
            return not isinstance(value, Hole | Template | OneOf)


def keys(value: Value, at: Pointer = ()) -> Iterator[Pointer]:
    """The places of all fields and items below `value`, depth first."""
    match value:
        case Object(fields):
            children: Iterable[tuple[str | int, Value]] = fields.items()
        case Array(items):
            children = enumerate(items)
        case _:
            return
    for step, child in children:
        yield (*at, step)
        yield from keys(child, (*at, step))


def show(value: Value) -> str:
    """The value as a message quotes it; a piece that is not known stands as its source in braces."""
    match value:
        case str():
            return value
        case Template(parts):
            return "".join(part if isinstance(part, str) else show(part) for part in parts)
        case Hole(source=source):
            return "{" + (source or "…") + "}"
        case OneOf(values):
            return " or ".join(show(item) for item in values if item is not ABSENT)
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case int() | float():
            return repr(value)
        case Object():
            return "an object"
        case Array():
            return "an array"
        case _:
            return "nothing"
