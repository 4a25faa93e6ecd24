"""The values that documents are made of: what JSON can hold, and what stands for values that nobody has told us."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import field
from enum import Enum
from typing import Any, Final, TypeAlias, overload

from vipps_lint.immutable import immutable


class Truth(Enum):
    """The answer to a question about values that may be partly unknown (Kleene's three values)."""

    NO = 0
    MAYBE = 1
    YES = 2

    __hash__ = object.__hash__  # Enum's own one is slow, and answers are gathered in sets

    def __bool__(self) -> bool:
        raise TypeError("a Truth has three values: compare it with `is YES`, `is NO` or `is MAYBE`")

    def __and__(self, other: Truth) -> Truth:
        return self if self is NO or other is YES or self is other else other if other is NO or self is YES else self

    def __or__(self, other: Truth) -> Truth:
        return self if self is YES or other is NO or self is other else other if other is YES or self is NO else self

    def __invert__(self) -> Truth:
        return NO if self is YES else YES if self is NO else MAYBE


NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


class Absent(Enum):
    """The type of `ABSENT`, which stands where a document has no value at all (JSON's null is `None`)."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

ALTERNATIVES = 8
"""How many alternatives a `OneOf` keeps before it becomes a hole."""


class Nature(Enum):
    """What is known of an unknown value beside its type, because of how code makes it."""

    DIGITS = "digits"
    """Text of a whole number."""

    PHONE = "phone"
    """A phone number as an object, whose text is E.164: `+` and digits."""

    E164 = "e164"
    """The digits of such a text."""

    INPUT = "input"
    """What somebody has sent or typed, as it came: nothing has looked at it."""

    GIVEN = "given"
    """What a caller that is not seen passes to a function, as it came: nothing has looked at it."""

    HUNDREDFOLD = "hundredfold"
    """A float times 100: mostly a little more or less than the whole number that is meant."""

    CUT_OFF = "cut-off"
    """The integer below such a product: one less than is meant for 19.99 and many others."""


@immutable(frozen=True, slots=True)
class Hole:
    """A value that is not known. Two holes with one symbol are the same value; a fresh one is like no other value.

    `type` is JSON's name, or `float` for a number that is always written with a decimal point. `source` is how the
    code writes it (`order.phone`), `reason` why it is not known.
    """

    type: str | None = None
    symbol: Hashable = None
    fresh: bool = False
    source: str = field(default="", compare=False)
    reason: str = field(default="", compare=False)
    nature: Nature | None = None


@immutable(frozen=True, slots=True)
class Template:
    """Text of known and unknown pieces: `f"+47{number}"` is `("+47", Hole)`."""

    parts: tuple[str | Hole, ...]


@immutable(frozen=True, slots=True)
class Object:
    """A JSON object; an open one may have fields that are not listed.

    One that was read from JSON keeps that (see `from_plain`), and its fields become values when somebody asks for them.
    """

    fields: Mapping[str, Value]
    open: bool = False
    plain: dict[str, Any] | None = field(init=False, default=None, repr=False, compare=False)

    def __hash__(self) -> int:
        return hash((frozenset(self.fields), self.open))

    def __getattr__(self, name: str) -> Any:
        """The fields, when they are asked for the first time."""
        if name != "fields" or self.plain is None:
            raise AttributeError(name)
        self.fields = {key: from_plain(item) for key, item in self.plain.items()}  # type: ignore[misc]
        return self.fields


@immutable(frozen=True, slots=True)
class Array:
    """A JSON array; an open one may have further items at its end. One that was read from JSON keeps that."""

    items: tuple[Value, ...]
    open: bool = False
    plain: list[Any] | None = field(init=False, default=None, repr=False, compare=False)

    def __getattr__(self, name: str) -> Any:
        """The items, when they are asked for the first time."""
        if name != "items" or self.plain is None:
            raise AttributeError(name)
        self.items = tuple(map(from_plain, self.plain))  # type: ignore[misc]
        return self.items


@immutable(frozen=True, slots=True)
class OneOf:
    """One of a few values; `ABSENT` among them means that there may be no value. Build it with `one_of`."""

    values: tuple[Value, ...]


@immutable(frozen=True, slots=True)
class DaysAhead:
    """The symbol of a day that is counted from the day of the call: `date.today() + timedelta(days=2)`."""

    days: int


Value: TypeAlias = str | int | float | bool | Absent | Hole | Template | Object | Array | OneOf | None
Pointer: TypeAlias = tuple[str | int, ...]
"""The way to a value: `("body", "customer", "phoneNumber")`; `"*"` in a pattern means every item."""


def certain(answer: bool) -> Truth:
    """The sure answer that a plain `bool` gives."""
    return YES if answer else NO


@overload
def from_plain(data: dict[str, Any]) -> Object: ...
@overload
def from_plain(data: object) -> Value: ...
def from_plain(data: Any) -> Value:
    """The document of what a JSON parser made, which must not be changed any more; a value in it may be any other one.

    Takes no time, however long the document is: most values of most documents are never asked for one by one.
    """
    kind = type(data)
    if kind is not dict and kind is not list:
        return data  # type: ignore[no-any-return]
    made: Object | Array = _new(Object if kind is dict else Array)
    made.open, made.plain = False, data  # type: ignore[misc]
    return made


_new: Any = object.__new__


def plain(value: Value) -> Any:
    """A document as a JSON parser made it, in dicts and lists, if it is kept; else the value itself."""
    kind = type(value)
    if kind is Object or kind is Array:
        kept = value.plain  # type: ignore[union-attr]
        return value if kept is None else kept
    return value


def from_json(data: object) -> Value:
    """The document for any data (of a TOML parser, say); what JSON cannot hold becomes a hole.

    What is a document already stays as it is.
    """
    match data:
        case bool() | float() | str() | int() | None | Object() | Array():
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


def quoted(value: Value) -> str:
    """As `show`, with text in quotation marks: for messages about the type, where `"100"` must not look like `100`."""
    match value:
        case str() | Template() | Hole(type="string"):
            return f'"{show(value)}"'
        case OneOf(values):
            return " or ".join(dict.fromkeys(quoted(item) for item in values if item is not ABSENT))
        case _:
            return show(value)


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
            return " or ".join(dict.fromkeys(show(item) for item in values if item is not ABSENT))
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
