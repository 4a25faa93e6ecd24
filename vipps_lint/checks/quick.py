"""Shortcuts: short ways to say that a check finds nothing in a call, and how many of them become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import NoneType
from typing import Any

from vipps_lint.call import Call
from vipps_lint.checks.fitting import Fit, items_of
from vipps_lint.document import ABSENT, YES, Array, Object, Pointer, plain, select
from vipps_lint.immutable import immutable

Shortcut = Callable[[Call, date], bool]
"""Whether a check certainly finds nothing in a call, judged as of a day."""

SCALARS = (str, int, float, bool, NoneType)


def always(call: Call, today: date) -> bool:
    """The shortcut of a check that has nothing to say of any call of the operation."""
    return True


@immutable(frozen=True, slots=True)
class Right:
    """The shortcut of a check that has nothing against a missing value at its place, or one that fits."""

    at: Pointer
    fit: Fit

    def __call__(self, call: Call, today: date) -> bool:
        """Whether the value (each one that `*` stands for) is missing or fits."""
        return all(value is ABSENT or self.fit(plain(value)) for _, value in select(call.document, self.at))


@immutable(frozen=True, slots=True)
class Answered:
    """The shortcut of a check of answers with some statuses, which has nothing against a part that is `fine`.

    A call that is not answered yet has nothing wrong with its answer, as long as no code reads it.
    """

    statuses: range
    part: str
    fine: Callable[[Any], bool]

    def __call__(self, call: Call, today: date) -> bool:
        """Whether the answer is fine, or none of the check's."""
        return _answer_fine(((self.statuses, self.part, self.fine),), call)


def _answer_fine(asked: Iterable[tuple[range, str, Callable[[Any], bool]]], call: Call) -> bool:
    if call.reads or call.uses:
        return False
    if call.genuine is YES:
        return True
    response = part(call, "response")
    if type(response) is not dict:
        return response is ABSENT
    status = response.get("status", ABSENT)
    if type(status) is not int:
        return False
    for statuses, name, fine in asked:  # noqa: SIM110 - a loop, because every call passes it
        if status in statuses and not fine(response.get(name, ABSENT)):
            return False
    return True


def part(call: Call, name: str) -> Any:
    """A part of a call, plain if it can be had so."""
    kept = call.document.plain
    return plain(call.document.fields.get(name, ABSENT)) if kept is None else kept.get(name, ABSENT)


def text(at: Pointer, right: Callable[[str], bool]) -> Right:
    """The shortcut of a check that has nothing against a text at a place if it is `right`."""
    return Right(at, Fit((str,), right))


def together(shortcuts: Iterable[Shortcut]) -> Shortcut:
    """All shortcuts as one, which takes the document apart only once."""
    distinct = tuple(dict.fromkeys(shortcuts))
    others = tuple(one for one in distinct if not isinstance(one, Right | Answered))
    answers = tuple((one.statuses, one.part, one.fine) for one in distinct if isinstance(one, Answered))
    fits = _all_fit([(one.at, one.fit) for one in distinct if isinstance(one, Right)])

    def shortcut(call: Call, today: date) -> bool:
        document = plain(call.document)
        for fit in fits:
            if not fit(document):
                return False
        if answers and not _answer_fine(answers, call):
            return False
        for one in others:  # noqa: SIM110 - loops, because every call passes them
            if not one(call, today):
                return False
        return True

    return shortcut


def _all_fit(wanted: list[tuple[Pointer, Fit]]) -> list[Fit]:
    """What a value must be so that it and all that is in it fits, or is missing."""
    fits = [fit for at, fit in wanted if not at]
    names = dict.fromkeys(str(at[0]) for at, _ in wanted if at)
    inside = {name: _all_fit([(at[1:], fit) for at, fit in wanted if at[:1] == (name,)]) for name in names}
    if items := inside.pop("*", None):
        fits.append(Fit((list, Array, *SCALARS), _items_fit(items)))
    if inside:
        fits.append(Fit((dict, Object, *SCALARS), _fields_fit(inside)))
    return fits


def _items_fit(fits: list[Fit]) -> Callable[[Any], bool]:
    def fit(value: Any) -> bool:
        if type(value) is not list and type(value) is not Array:
            return True  # a scalar, below which everything is missing
        items = items_of(value)
        return items is not None and all(one(item) for item in items for one in fits)

    return fit


def _fields_fit(inside: Mapping[str, list[Fit]]) -> Callable[[Any], bool]:
    fields = tuple((name, tuple((fit.kinds, fit.more) for fit in fits)) for name, fits in inside.items())

    def fit(value: Any) -> bool:
        sent = value
        if type(value) is Object:
            sent = value.fields
        elif type(value) is not dict:
            return True  # a scalar, below which everything is missing
        for name, tests in fields:
            item = sent.get(name, ABSENT)
            if item is ABSENT:
                continue  # or perhaps not told of: what may be missing is not certainly wrong
            for kinds, more in tests:
                if type(item) not in kinds or (more is not None and not more(item)):
                    return False
        return True

    return fit
