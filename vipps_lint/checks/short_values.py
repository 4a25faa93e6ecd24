"""Short ways to "nothing wrong here" for checks of single values, which are the same in the calls of all operations."""

from __future__ import annotations

from datetime import date, timedelta
from functools import singledispatch
from typing import Any

from vipps_lint.call import Call, pointer
from vipps_lint.checks.base import Check
from vipps_lint.checks.dates import Day, LeadTime, Moment, day, spells_moment
from vipps_lint.checks.fitting import TYPES, Fit, well_spelled
from vipps_lint.checks.headers import SCHEME, Bearer
from vipps_lint.checks.limits import OneOfThese
from vipps_lint.checks.number import Maximum, Minimum, WholeNumber
from vipps_lint.checks.phone import COUNTRY_CODES, Mobile, Phone, is_known_mobile, is_well_spelled
from vipps_lint.checks.presence import Misplaced, Required, RequiredByType, Type
from vipps_lint.checks.quick import Right, Shortcut, text
from vipps_lint.checks.text import Digits, OnlyDigits, Spelling, alphabet
from vipps_lint.checks.url import LOCAL, Https, Public
from vipps_lint.document import ABSENT, Pointer, Value, get, plain


@singledispatch
def of_value(check: Check, at: Pointer) -> Shortcut | None:
    """The shortcut of a check that looks at a value at `at`; None for any other check."""
    return None


@of_value.register
def _(check: Spelling, at: Pointer) -> Shortcut | None:
    signs = None if check.signs is None else alphabet(f"A-Za-z0-9{check.signs}")
    return text(at, well_spelled(check.least, check.most, signs))


@of_value.register
def _(check: OnlyDigits, at: Pointer) -> Shortcut | None:
    return text(at, lambda text: not text.isdigit())


@of_value.register
def _(check: Digits, at: Pointer) -> Shortcut | None:
    return text(at, lambda text: text.isascii() and text.isdigit())


@of_value.register
def _(check: OneOfThese, at: Pointer) -> Shortcut | None:
    return text(at, frozenset(check.values).__contains__)


@of_value.register
def _(check: Day, at: Pointer) -> Shortcut | None:
    return text(at, lambda text: day(text) is not None)


@of_value.register
def _(check: Moment, at: Pointer) -> Shortcut | None:
    return text(at, spells_moment)


@of_value.register
def _(check: LeadTime, at: Pointer) -> Shortcut | None:
    most = timedelta(max((max(lead.production, lead.test) for lead in check.leads), default=0))

    def shortcut(call: Call, today: date) -> bool:
        due = get(call.document, at)
        known = day(due) if type(due) is str else None
        return due is ABSENT or (known is not None and known >= today + most)

    return None if "*" in at else shortcut


@of_value.register
def _(check: Bearer, at: Pointer) -> Shortcut | None:
    return text(at, lambda text: text.startswith(SCHEME) and text[len(SCHEME) :].strip() != "")


@of_value.register
def _(check: Https, at: Pointer) -> Shortcut | None:
    return text(at, lambda text: text.startswith("https://"))


@of_value.register
def _(check: Public, at: Pointer) -> Shortcut | None:
    return text(at, lambda text: LOCAL.match(text.lower()) is None)


@of_value.register
def _(check: Phone, at: Pointer) -> Shortcut | None:
    return text(at, lambda text: is_well_spelled(text, check.format))


@of_value.register
def _(check: Mobile, at: Pointer) -> Shortcut | None:
    code = "" if check.format == "national" else COUNTRY_CODES[check.region]
    return text(at, lambda text: text.startswith(code) and is_known_mobile(text[len(code) :], check.region))


@of_value.register
def _(check: WholeNumber, at: Pointer) -> Shortcut | None:
    return Right(at, Fit((int,)))


@of_value.register
def _(check: Type, at: Pointer) -> Shortcut | None:
    return Right(at, Fit(TYPES[check.type]))


@of_value.register
def _(check: Minimum, at: Pointer) -> Shortcut | None:
    enough = max(check.minimum.values())
    return Right(at, Fit((int,), lambda amount: amount >= enough))


@of_value.register
def _(check: Maximum, at: Pointer) -> Shortcut | None:
    most = min(check.maximum.values())
    return Right(at, Fit((int,), lambda amount: amount <= most))


@of_value.register
def _(check: Required, at: Pointer) -> Shortcut | None:
    conditions = tuple((pointer(name), value) for name, value in check.when.items())
    fields = tuple(tuple(map(pointer, names.split(" or "))) for names in check.fields)

    def shortcut(call: Call, today: date) -> bool:
        for place, value in conditions:
            if _differs(get(call.document, place), value):
                return True
        return has(plain(get(call.document, at)))

    def has(there: Any) -> bool:
        return all(any(_is_there(there, name) for name in names) for names in fields)

    return shortcut if "*" not in at else Right(at, Fit(TYPES["object"], has))


@of_value.register
def _(check: RequiredByType, at: Pointer) -> Shortcut | None:
    def shortcut(call: Call, today: date) -> bool:
        there = plain(get(call.document, at))
        if type(there) is not dict:
            return there is ABSENT
        named = there.get("type", check.otherwise)
        return type(named) is str and all(name in there for name in check.fields.get(named, ()))

    return None if "*" in at else shortcut


@of_value.register
def _(check: Misplaced, at: Pointer) -> Shortcut | None:
    return lambda call, today: type(get(call.document, at)) in (bool, str, int)


def _is_there(value: Any, at: Pointer) -> bool:
    """Whether there is certainly something at a place in a value as a JSON parser made it."""
    for step in at:
        if type(value) is not dict or step not in value:
            return False
        value = value[step]
    return True


def _differs(value: Value, other: object) -> bool:
    """Whether a value is certainly another one: there is none, or it is one of the same type."""
    return value is ABSENT or (type(value) is type(other) and value != other)
