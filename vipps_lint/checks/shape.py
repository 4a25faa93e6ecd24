"""Bodies against what is described of them: fields that do not exist, that are missing, or that have another type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from vipps_lint.call import Call, dotted
from vipps_lint.checks.base import REQUEST, STRICT, Evidence
from vipps_lint.diagnostic import Severity, Undecided, Violation
from vipps_lint.document import (
    ABSENT,
    MAYBE,
    NO,
    YES,
    Array,
    Hole,
    Object,
    OneOf,
    Pointer,
    Template,
    Truth,
    Value,
    alternatives,
    certain,
    get,
    is_a,
    present,
    quoted,
)
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger, accepted
from vipps_lint.shape import GONE, Shape

BODY = ("body",)


Described = list[tuple[Pointer, Value, Shape]]


def described(value: Value, shape: Shape, at: Pointer = BODY, most: int | None = None) -> Described:
    """Every value of a document that is known and described, with its shape, from the outside in.

    Of each array only the first items, where there are more than `most`.
    """
    found: Described = [(at, value, shape)]
    match value:
        case Object(fields) if shape.fields is not None:
            for name, item in fields.items():
                if (inner := shape.step(name)) is not None and present(item) is YES:
                    found += described(item, inner, (*at, name), most)
        case Array(items) if shape.items is not None:
            for number, item in enumerate(items[:most]):
                found += described(item, shape.items, (*at, number), most)
    return found


def walked(value: Value, shape: Shape, at: Pointer, most: int | None = None) -> tuple[Described, Described]:
    """The described values of a document, and those of them that are not known; found once for all rules that ask."""
    return _once(_Same(value), _Same(shape), at, most)


def body_values(call: Call) -> tuple[Described, Described]:
    """The described values of a body, and those that are not known or may not be there.

    What Vipps has accepted broke nothing; of what it may have accepted nothing is known.
    """
    shape, answer = call.operation.reference.body if call.operation else None, accepted(call)
    if shape is None or answer is YES:
        return [], []
    known, unknown = walked(call[BODY], shape, BODY)
    return known if answer is NO else [], unknown


class _Same:
    """A key that is equal to itself alone: the same body, asked by one rule after the other."""

    __slots__ = ("it",)

    def __init__(self, it: Any) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it


@lru_cache(8)
def _once(body: _Same, shape: _Same, at: Pointer, most: int | None) -> tuple[Described, Described]:
    return described(body.it, shape.it, at, most), _unknown(body.it, shape.it, at, most)


def _unknown(value: Value, shape: Shape, at: Pointer, most: int | None) -> Described:
    found: Described = []
    if isinstance(value, Hole | Template | OneOf) or (isinstance(value, Object | Array) and value.open):
        found.append((at, value, shape))
    for one in alternatives(value):
        match one:
            case Object(fields) if shape.fields is not None:
                for name, item in fields.items():
                    if (inner := shape.step(name)) is not None:
                        found += _unknown(item, inner, (*at, name), most)
            case Array(items) if shape.items is not None:
                for number, item in enumerate(items[:most]):
                    found += _unknown(item, shape.items, (*at, number), most)
            case _:
                pass
    return found


def unknown_fields(call: Call, unknown: Described) -> Iterator[Undecided]:
    """The objects and arrays of which it is not known what is in them."""
    if accepted(call) is MAYBE:
        yield Undecided(("response", "status"))
    for at, _, shape in unknown:
        if shape.fields is not None or shape.items is not None:
            yield Undecided(at)


def shown(at: Pointer) -> str:
    """A place in the body as people write it."""
    return dotted(at[1:]) or "body"


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def misspelled(name: str, right: str) -> bool:
    """Whether a name is another one with a slip: capitals, underscores, or one letter too many, too few or wrong."""
    one, other = _plain(name), _plain(right)
    if one == other:
        return True
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    ends = {one[start:], one[start + 1 :]} & {other[start:], other[start + 1 :]}
    return len(other) > 3 and abs(len(one) - len(other)) <= 1 and bool(ends)


def _meant(sent: Object, shape: Shape, name: str) -> str | None:
    """The field that a field which does not exist is probably meant to be; one that is sent too is not meant."""
    fields = shape.fields or {}
    known = fields.get(name)
    if known is not None:
        return known.instead or None
    absent = [one for one, inner in fields.items() if inner.type != GONE and present(get(sent, (one,))) is NO]
    return next((one for one in absent if misspelled(name, one)), None)


@immutable(frozen=True)
class KnownFields:
    """Fields that the operation does not have: misspelled, of another version, or gone.

    Any other may be younger than the description, or superfluous and harmless. A field that stands for a required one,
    which is then missing, is an error. `but` are names that other rules speak of.
    """

    but: tuple[str, ...] = ()
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"field"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        known, unknown = body_values(call)
        for around, value, shape in known:
            if isinstance(value, Object) and shape.fields is not None:
                yield from _maybe_strangers(value, shape, around)
                for name in _strangers(value, shape):
                    if name not in self.but and (found := _violation(value, shape, (*around, name))):
                        yield replace(found, place=call.key_place(found.at))
        yield from unknown_fields(call, unknown)


def _strangers(value: Object, shape: Shape) -> Iterator[str]:
    """The names of fields that are certainly sent and that the operation does not have."""
    for name, item in value.fields.items():
        if present(item) is YES and shape.has((name,)) is NO:
            yield name


def _maybe_strangers(value: Object, shape: Shape, at: Pointer) -> Iterator[Undecided]:
    for name, item in value.fields.items():
        if present(item) is MAYBE and shape.has((name,)) is NO:
            yield Undecided((*at, name))


def _violation(value: Object, shape: Shape, at: Pointer) -> Violation | None:
    meant = _meant(value, shape, str(at[-1]))
    if meant is None and shape.step(at[-1]) is None:
        return None
    right = shape.step(meant) if meant else None
    missing = meant and right and right.required and present(get(value, (meant,))) is NO
    instead = meant and shown((*at[:-1], meant))
    return Violation(at, {"field": shown(at)}, instead, severity=Severity.ERROR if missing else None)


@immutable(frozen=True)
class RequiredFields:
    """Fields that the operation requires; those of one object together. A misspelled one is another check's."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"missing"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        known, unknown = body_values(call)
        for around, value, shape in known:
            whole = Object({}) if value is ABSENT and shape.required else value
            if isinstance(whole, Object) and shape.fields is not None:
                names = [f"`{shown((*around, name))}`" for name in absent_fields(whole, shape)]
                if names or whole is not value:
                    missing = " and ".join(names or ["everything"])
                    yield Violation(around, {"missing": missing})
        yield from unknown_fields(call, unknown)


def absent_fields(value: Object, shape: Shape) -> Iterator[str]:
    """The names of required fields that an object has not, and that are not meant by others that it has."""
    meant = {_meant(value, shape, name) for name in value.fields if shape.has((name,)) is NO}
    for name, inner in (shape.fields or {}).items():
        if inner.required and name not in meant and present(get(value, (name,))) is NO:
            yield name


@immutable(frozen=True)
class FieldTypes:
    """Fields of another JSON type than described: an error where one of the two is an object or an array.

    Null is taken for a field that is not sent, which only one that is required must not be. `but` are names of texts
    and numbers that other rules speak of.
    """

    but: tuple[str, ...] = ()
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"field", "type"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        known, unknown = body_values(call)
        for place, value, shape in known:
            if self._asks(place, shape) and _is_other(value, shape):
                facts: dict[str, Value] = {"field": shown(place), "value": quoted(value), "type": shape.type}
                containers = {"object", "array"} & {shape.type, _container(value)}
                yield Violation(place, facts, severity=Severity.ERROR if containers else None)
        yield from unknown_fields(call, unknown)
        for place, value, shape in unknown:
            if self._asks(place, shape) and _may_be_other(value, shape):
                yield Undecided(place)

    def _asks(self, place: Pointer, shape: Shape) -> bool:
        return shape.type not in (GONE, "any") and (shape.type in ("object", "array") or place[-1] not in self.but)


def _is_other(value: Value, shape: Shape) -> bool:
    """Whether a value is certainly of another type."""
    return all(_differs(one, shape) is YES for one in alternatives(value))


def _may_be_other(value: Value, shape: Shape) -> bool:
    return any(_differs(one, shape) is not NO for one in alternatives(value))


def _differs(value: Value, shape: Shape) -> Truth:
    if value is None or value is ABSENT:
        return certain(value is None and shape.required and not shape.nullable)
    return ~is_a(value, shape.type)


def _container(value: Value) -> str:
    return "object" if isinstance(value, Object) else "array" if isinstance(value, Array) else ""
