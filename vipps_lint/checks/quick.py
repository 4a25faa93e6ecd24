"""Shortcuts: short ways to say that a check finds nothing in a call, and how many of them become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import NoneType

from vipps_lint.call import Call
from vipps_lint.document import ABSENT, Array, Object, Pointer, Value, select

Shortcut = Callable[[Call, date], bool]
"""Whether a check certainly finds nothing in a call, judged as of a day."""

SCALARS = (str, int, float, bool, NoneType)


def always(call: Call, today: date) -> bool:
    """The shortcut of a check that has nothing to say of any call of the operation."""
    return True


@dataclass(frozen=True, slots=True)
class Right:
    """The shortcut of a check that has nothing against a missing value at its place, or one that is `right`."""

    at: Pointer
    right: Callable[[Value], bool]

    def __call__(self, call: Call, today: date) -> bool:
        """Whether the value (each one that `*` stands for) is missing or right."""
        return all(value is ABSENT or self.right(value) for _, value in select(call.document, self.at))


def text(at: Pointer, right: Callable[[str], bool]) -> Right:
    """The shortcut of a check that has nothing against a text at a place if it is `right`."""
    return Right(at, lambda value: type(value) is str and right(value))


def together(shortcuts: Iterable[Shortcut]) -> Shortcut:
    """All shortcuts as one, which takes the document apart only once."""
    distinct = tuple(dict.fromkeys(shortcuts))
    others = tuple(one for one in distinct if not isinstance(one, Right))
    right = _all_right([(one.at, one.right) for one in distinct if isinstance(one, Right)])

    def shortcut(call: Call, today: date) -> bool:
        return right(call.document) and all(one(call, today) for one in others)

    return shortcut


def _all_right(tests: list[tuple[Pointer, Callable[[Value], bool]]]) -> Callable[[Value], bool]:
    """What tells that all values below one are missing or right."""
    every = [test for at, test in tests if not at]
    names = dict.fromkeys(str(at[0]) for at, _ in tests if at)
    below = {name: _all_right([(at[1:], test) for at, test in tests if at[:1] == (name,)]) for name in names}
    if "*" in below:
        every.append(_items_right(below.pop("*")))
    if below:
        every.append(_fields_right(below))
    return _each(tuple(every))


def _each(tests: tuple[Callable[[Value], bool], ...]) -> Callable[[Value], bool]:
    if len(tests) == 1:
        return tests[0]

    def right(value: Value) -> bool:
        for test in tests:  # noqa: SIM110 - a loop, because every call passes it
            if not test(value):
                return False
        return True

    return right


def _items_right(test: Callable[[Value], bool]) -> Callable[[Value], bool]:
    def right(value: Value) -> bool:
        return all(map(test, value.items)) if type(value) is Array and not value.open else type(value) in SCALARS

    return right


def _fields_right(tests: Mapping[str, Callable[[Value], bool]]) -> Callable[[Value], bool]:
    every = tuple(tests.items())

    def right(value: Value) -> bool:
        if type(value) is not Object:
            return type(value) in SCALARS  # below which everything is missing
        fields = value.fields
        for name, test in every:
            item = fields.get(name, ABSENT)
            if value.open if item is ABSENT else not test(item):
                return False
        return True

    return right
