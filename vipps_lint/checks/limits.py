"""Values against what is described of them: which there are, how long texts are, and how large numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import ClassVar

from vipps_lint.call import Call
from vipps_lint.checks.base import REQUEST, STRICT, Evidence, judged
from vipps_lint.checks.shape import Described, body_values, misspelled, shown, unknown_fields
from vipps_lint.checks.text import alphabet, spelling_problem
from vipps_lint.diagnostic import Severity, Undecided, Violation
from vipps_lint.document import (
    MAYBE,
    NO,
    YES,
    Array,
    Hole,
    Object,
    Pointer,
    Template,
    Truth,
    Value,
    alternatives,
    ask,
    certain,
    present,
    show,
)
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger
from vipps_lint.shape import Shape

NUMBERS = ("integer", "number")
SIZED = ("array", "object")


@immutable(frozen=True)
class FieldOptions:
    """Text that is none of the values that a field can have.

    One that is written nearly like one of them is a slip. Any other may be younger than the description of an API that
    still grows, and one in other capitals may be understood: warnings at most. `but` are names of other rules.
    """

    but: tuple[str, ...] = ()
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"field", "options"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        known, unknown = body_values(call)
        for place, value, shape in known:
            if shape.options and place[-1] not in self.but and _is_none_of(value, shape.options) is YES:
                facts: dict[str, Value] = {"field": shown(place), "options": _either(shape.options)}
                severity = Severity.WARNING if _may_be_taken(call, value, shape) else None
                yield Violation(place, facts, _nearest(value, shape.options), severity=severity)
        yield from unknown_fields(call, unknown)
        for place, value, shape in unknown:
            if shape.options and place[-1] not in self.but and _is_none_of(value, shape.options) is MAYBE:
                yield Undecided(place)


def _is_none_of(value: Value, options: tuple[str, ...]) -> Truth:
    """Whether a value is text and none of the options; null and other types are other rules'."""

    def question(one: Value) -> Truth:
        match one:
            case str():
                return certain(one not in options)
            case Template(parts):
                fits = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in parts)
                return MAYBE if any(re.fullmatch(fits, option, re.DOTALL) for option in options) else YES
            case Hole(type="string" | None):
                return MAYBE
            case _:
                return NO

    return ask(value, question)


def _may_be_taken(call: Call, value: Value, shape: Shape) -> bool:
    """Whether Vipps may take a value all the same: its API still grows, and this is no slip but for its capitals."""
    if call.operation is not None and call.operation.reference.final:
        return False
    slips = [one for one in shape.options if isinstance(value, str) and misspelled(value, one)]
    return not slips or show(value).lower() in {one.lower() for one in slips}


def _nearest(value: Value, options: tuple[str, ...]) -> str | None:
    """The option that a text is most like."""
    names = {one.lower(): one for one in options}
    found = get_close_matches(value.lower(), names, 1) if isinstance(value, str) else []
    return names[found[0]] if found else None


def _either(options: tuple[str, ...]) -> str:
    *rest, last = (f"`{one}`" for one in options)
    return f"{', '.join(rest)} or {last}" if rest else last


@immutable(frozen=True)
class FieldLengths:
    """Texts that are too long or too short or have other signs than they can have; lists and maps of a wrong size.

    `but` are names that other rules speak of.
    """

    but: tuple[str, ...] = ()
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"field", "problem", "allowed"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        known, unknown = body_values(call)
        for place, value, shape in self._limited(known):
            problems = {_problem(one, shape) for one in alternatives(value)}
            if None not in problems:
                said = " or ".join(sorted(filter(None, problems)))
                yield Violation(place, {"field": shown(place), "problem": said, "allowed": _allowed(shape)})
                continue
            yield from (Undecided((*place, name)) for name in _uncounted(value))
        yield from unknown_fields(call, unknown)
        for place, value, shape in self._limited(unknown):
            if any(_may_be_wrong(one, shape) for one in alternatives(value)):
                yield Undecided(place)

    def _limited(self, values: Described) -> Described:
        return [one for one in values if _has_limits(one[2]) and one[0][-1] not in self.but]


def _has_limits(shape: Shape) -> bool:
    limited = shape.least is not None or shape.most is not None or shape.signs
    return bool(limited) and shape.type not in NUMBERS and not shape.options


def _problem(value: Value, shape: Shape) -> str | None:
    """What is certainly wrong with one value; null and other types are other rules'."""
    if shape.type == "string":
        return spelling_problem(value, shape.least or 0, shape.most, alphabet(shape.signs) if shape.signs else None)
    least, most = _count(value)
    if least is None or shape.type not in SIZED:
        return None
    if most is not None and most < (shape.least or 0):
        return f"has {_counted(most, shape)}"
    return f"has {_counted(least, shape)}" if shape.most is not None and least > shape.most else None


def _count(value: Value) -> tuple[int | None, int | None]:
    """How many items or fields there are at least and, if that is known, at most; nothing for other types."""
    match value:
        case Array(items, is_open):
            sure = [present(one) for one in items]
        case Object(fields, is_open):
            sure = [present(one) for one in fields.values()]
        case _:
            return None, None
    return sure.count(YES), None if is_open else len(sure) - sure.count(NO)


def _uncounted(value: Value) -> Iterator[str]:
    """The fields of a map that may be there or not."""
    if isinstance(value, Object):
        yield from (name for name, item in value.fields.items() if present(item) is MAYBE)


def _counted(number: int, shape: Shape) -> str:
    word = "item" if shape.type == "array" else "field"
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _may_be_wrong(value: Value, shape: Shape) -> bool:
    """Whether a value that is not known may be wrong, or is."""
    match value:
        case Hole(type=kind):
            return kind in (None, shape.type)
        case Template():
            return shape.type == "string"
        case Array() | Object():
            return shape.type in SIZED
        case _:
            return _problem(value, shape) is not None


def _allowed(shape: Shape) -> str:
    """What a text, a list or a map may be, in words."""
    noun = {"array": "items", "object": "fields"}.get(shape.type, "characters")
    signs = shape.signs.replace("a-z", "").replace("A-Z", "").replace("0-9", "").replace(" ", "")
    if shape.signs == "0-9":
        return f"{_range(shape)} digits"
    if shape.signs:
        kinds = [word for chars, word in (("A-Z", "letters"), ("0-9", "digits")) if chars in shape.signs]
        kinds += [f"`{sign}`" for sign in signs] + (["spaces"] if " " in shape.signs else [])
        return f"{_range(shape)} {noun}: {', '.join(kinds)}"
    return f"{_range(shape)} {noun}"


def _range(shape: Shape) -> str:
    least, most = shape.least, shape.most
    if least is None:
        return "only" if most is None else f"at most {most}"
    return f"at least {least}" if most is None else f"{least}" if least == most else f"{least} to {most}"


@immutable(frozen=True)
class FieldNumbers:
    """Numbers that are smaller or larger than a field can be. `but` are names that other rules speak of."""

    but: tuple[str, ...] = ()
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"field", "allowed"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        known, unknown = body_values(call)
        for place, value, shape in known:
            if shape.type in NUMBERS and place[-1] not in self.but and _is_outside(value, shape) is YES:
                yield Violation(place, {"field": shown(place), "allowed": _range(shape)})
        yield from unknown_fields(call, unknown)
        for place, value, shape in unknown:
            if shape.type in NUMBERS and place[-1] not in self.but and _is_outside(value, shape) is MAYBE:
                yield Undecided(place)


def _is_outside(value: Value, shape: Shape) -> Truth:
    """Whether a number is none that the field can be; what is no number is another rule's."""
    if shape.least is None and shape.most is None:
        return NO

    def question(one: Value) -> Truth:
        match one:
            case bool():
                return NO
            case int() | float():
                return certain(one < (one if shape.least is None else shape.least)) | certain(
                    one > (one if shape.most is None else shape.most)
                )
            case Hole(type="integer" | "number" | "float" | None):
                return MAYBE
            case _:
                return NO

    return ask(value, question)


@immutable(frozen=True)
class OneOfThese:
    """Text that must be one of some values, and is none."""

    values: tuple[str, ...]
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"options"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        value = call[at]
        found = Violation(at, {"options": _either(self.values)}, _nearest(value, self.values))
        return judged(_is_none_of(value, self.values), at, lambda: found)
