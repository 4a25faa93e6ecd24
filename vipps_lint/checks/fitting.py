"""Bodies that are known and fit their description in every part: most of them, told in one quick walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf

from vipps_lint.checks.text import alphabet
from vipps_lint.document import Array, Object, Value
from vipps_lint.shape import GONE, Shape

Test = Callable[[Value], bool]

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "object": (Object,),
    "array": (Array,),
}  # fmt: skip
"""The exact Python types of a value that certainly has a JSON type."""

ANY = (str, int, float, bool, Object, Array)


def fitting(shape: Shape) -> Test:
    """What tells that a value is known and as described: its type, no field too many, none too few, no limit passed."""
    least, most = -inf if shape.least is None else shape.least, inf if shape.most is None else shape.most
    limited = shape.least is not None or shape.most is not None
    if shape.fields is not None:
        fields = {name: fitting(one) for name, one in shape.fields.items() if one.type != GONE}
        required = tuple(name for name, one in shape.fields.items() if one.required)
        return _object(fields, required, least, most)
    if shape.type == "array":
        item = fitting(shape.items) if shape.items is not None else None
        return lambda value: (
            type(value) is Array
            and not value.open
            and least <= len(value.items) <= most
            and (item is None or all(map(item, value.items)))
        )
    if shape.type == "string" and (shape.options or limited or shape.signs):
        right = well_spelled(shape.least or 0, shape.most, alphabet(shape.signs) if shape.signs else None)
        options = frozenset(shape.options)
        return lambda value: type(value) is str and (value in options if options else right(value))
    if shape.type in ("integer", "number") and limited:
        kinds = TYPES[shape.type]
        return lambda value: type(value) in kinds and least <= value <= most  # type: ignore[operator]
    return _of_type(TYPES.get(shape.type, ANY), least, most)


def well_spelled(least: int, most: int | None, signs: frozenset[str] | None) -> Callable[[str], bool]:
    """What tells that a text is not empty, of the right length, and made of nothing but `signs`."""
    shortest, longest = max(least, 1), inf if most is None else most
    if signs is None:
        return lambda text: shortest <= len(text) <= longest
    return lambda text: shortest <= len(text) <= longest and signs.issuperset(text)


def _of_type(kinds: tuple[type, ...], least: float, most: float) -> Test:
    if kinds == (Object,):
        return lambda value: type(value) is Object and not value.open and least <= len(value.fields) <= most
    return lambda value: type(value) in kinds


def _object(tests: Mapping[str, Test], required: tuple[str, ...], least: float, most: float) -> Test:
    def fits(value: Value) -> bool:
        if type(value) is not Object or value.open or not least <= len(value.fields) <= most:
            return False
        sent = value.fields
        for name, item in sent.items():
            test = tests.get(name)
            if test is None or not test(item):
                return False
        for name in required:  # noqa: SIM110 - a loop, because every call passes it
            if name not in sent:
                return False
        return True

    return fits
