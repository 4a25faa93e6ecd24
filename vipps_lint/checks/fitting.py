"""Values that are known and fit what is asked of them: most of them, told in one quick walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from sys import maxsize
from typing import Any

from vipps_lint.checks.text import alphabet
from vipps_lint.document import Array, Object
from vipps_lint.immutable import immutable
from vipps_lint.shape import GONE, Shape

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "object": (dict, Object),
    "array": (list, Array),
}  # fmt: skip
"""The exact Python types of a value that certainly has a JSON type, as a document has it or as a parser made it."""

ANY = (str, int, float, bool, dict, list, Object, Array)


@immutable(frozen=True, slots=True)
class Fit:
    """What a value must be: of one of some exact types, and what `more` asks. Nothing unknown fits.

    The value may be plain (see `document.plain`), or any other one.
    """

    kinds: tuple[type, ...]
    more: Callable[[Any], bool] | None = None

    def __call__(self, value: Any) -> bool:
        """Whether a value fits."""
        return type(value) in self.kinds and (self.more is None or self.more(value))


def fitting(shape: Shape) -> Fit:
    """What a value must be to be as described: its type, no field too many, none too few, no limit passed."""
    kinds = TYPES.get(shape.type, ANY)
    if shape.fields is not None:
        fields = {name: fitting(one) for name, one in shape.fields.items() if one.type != GONE}
        return Fit((dict, Object), _as_described(fields, shape))
    if shape.type == "array":
        return Fit(kinds, _items(shape))
    if shape.type == "string" and shape.options:
        return Fit(kinds, frozenset(shape.options).__contains__)
    least, most = -maxsize if shape.least is None else shape.least, maxsize if shape.most is None else shape.most
    limited = shape.least is not None or shape.most is not None
    if shape.type == "string" and (limited or shape.signs):
        return Fit(kinds, well_spelled(shape.least or 0, shape.most, alphabet(shape.signs) if shape.signs else None))
    if shape.type == "object":
        return Fit(kinds, lambda value: (sent := fields_of(value)) is not None and least <= len(sent) <= most)
    if limited and shape.type in ("integer", "number"):
        return Fit(kinds, lambda value: least <= value <= most)
    return Fit(kinds)


def well_spelled(least: int, most: int | None, signs: frozenset[str] | None) -> Callable[[str], bool]:
    """What tells that a text is not empty, of the right length, and made of nothing but `signs`."""
    shortest, longest = max(least, 1), maxsize if most is None else most
    if signs is None:
        return lambda text: shortest <= len(text) <= longest
    return lambda text: shortest <= len(text) <= longest and signs.issuperset(text)


def _items(shape: Shape) -> Callable[[Array], bool]:
    least, most = shape.least or 0, maxsize if shape.most is None else shape.most
    item = fitting(shape.items) if shape.items is not None else None

    def fits(value: Any) -> bool:
        items = items_of(value)
        return items is not None and least <= len(items) <= most and (item is None or all(map(item, items)))

    return fits


def items_of(value: Any) -> Sequence[Any] | None:
    """The items of an array, plain or not; None for one that may have more."""
    if type(value) is list:
        return value
    return None if value.open else value.items


def fields_of(value: Any) -> Mapping[str, Any] | None:
    """The fields of an object, plain or not; None for one that may have more."""
    if type(value) is dict:
        return value
    return None if value.open else value.fields


def _as_described(fields: Mapping[str, Fit], shape: Shape) -> Callable[[Object], bool]:
    tests = {name: (fit.kinds, fit.more) for name, fit in fields.items()}
    required = tuple(name for name, one in (shape.fields or {}).items() if one.required)
    least, most = shape.least or 0, maxsize if shape.most is None else shape.most

    def fits(value: Any) -> bool:
        sent = fields_of(value)
        if sent is None or not least <= len(sent) <= most:
            return False
        for name, item in sent.items():
            kinds, more = tests.get(name, NOTHING)
            if type(item) not in kinds or (more is not None and not more(item)):
                return False
        for name in required:  # noqa: SIM110 - a loop, because every call passes it
            if name not in sent:
                return False
        return True

    return fits


NOTHING: tuple[tuple[type, ...], Callable[[Any], bool] | None] = ((), None)
