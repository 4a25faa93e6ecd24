"""Answers in which nothing is wrong, told shortly: most calls have one, and no code beside it that could be wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from vipps_lint.call import Call, Operation
from vipps_lint.checks.base import Check
from vipps_lint.checks.code import Compares, Reads
from vipps_lint.checks.fitting import fitting
from vipps_lint.checks.received import ErrorForm, SuccessStatus
from vipps_lint.document import ABSENT, Object, Pointer, Value, select

Shortcut = Callable[[Call, date], bool]


def described(operation: Operation | None) -> Shortcut | None:
    """Whether the answer is as described; None where nothing is."""
    shape = operation.reference.answer if operation else None
    if shape is None:
        return None
    fits = fitting(shape)

    def shortcut(call: Call, today: date) -> bool:
        if call.reads or not _is_known(call):
            return False
        return not 200 <= _status(call) < 300 or fits(_part(call, "body"))

    return shortcut


def shortcut_of(check: Check, at: Pointer, operation: Operation | None) -> Shortcut | None:
    """What tells that a check has nothing against an answer."""
    match check:
        case SuccessStatus():
            right = operation.reference.success if operation else ()
            return lambda call, today: _is_known(call) and (_status(call) in right or not 200 <= _status(call) < 300)
        case ErrorForm():
            return lambda call, today: _is_known(call) and _status(call) < 400
        case Compares(values=values):
            return lambda call, today: not call.uses and _each(call, at, lambda value: value in values)
        case Reads():
            return lambda call, today: not call.reads and _each(call, at, lambda value: value is None)
        case _:
            return None


def _is_known(call: Call) -> bool:
    """Whether it is known if there is an answer, and which status it has."""
    answer = call.document.fields.get("response", ABSENT)
    if answer is ABSENT:
        return not call.document.open
    return type(answer) is Object and type(answer.fields.get("status")) is int


def _status(call: Call) -> int:
    """The status of an answer of which it is known; 0 where there is none."""
    status = _part(call, "status")
    return status if isinstance(status, int) else 0


def _part(call: Call, name: str) -> Value:
    answer = call.document.fields.get("response", ABSENT)
    return answer.fields.get(name, ABSENT) if isinstance(answer, Object) else ABSENT


def _each(call: Call, at: Pointer, right: Callable[[Value], bool]) -> bool:
    """Whether all values at a place are missing or right."""
    return all(value is ABSENT or right(value) for _, value in select(call.document, at))
