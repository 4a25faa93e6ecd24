"""What code does with a field of an answer beside reading it: it reckons with it, or asks whether it is some value."""

from __future__ import annotations

from collections.abc import Iterable

from vipps_lint.call import Asked, Usage, Use
from vipps_lint.document import Hole
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.values import Answer, Data, Known, List, each

RECKONING = frozenset({
    "datetime.timedelta", "time.sleep", "asyncio.sleep", "datetime.datetime.fromtimestamp", "builtins.round",
    "datetime.datetime.utcfromtimestamp", "datetime.date.fromtimestamp", "math.floor", "math.ceil", "builtins.range",
})  # fmt: skip
"""Functions that take numbers and no text."""

NEVER_TEXT = frozenset({"-", "/", "//", "**"})
"""Operators that fail for text, whatever stands on the other side."""

NUMERIC = NEVER_TEXT | {"+", "<", "<=", ">", ">="}
"""Operators that fail between text and a number."""


def reckoned(machine: Machine, operator: str, left: Known, right: Known) -> None:
    """Note where one value is a field of an answer, and the operation needs a number of it."""
    for field, other in ((left, right), (right, left)):
        fails = operator in NEVER_TEXT and field is left
        if isinstance(field, Answer) and (fails or (operator in NUMERIC and _is_number(other))):
            _note(machine, field)


def given(machine: Machine, name: str, arguments: Arguments) -> None:
    """Note the fields of answers that a function gets which takes numbers."""
    if name in RECKONING:
        for field in (one for argument in arguments.all() for one in each(argument)):
            if isinstance(field, Answer):
                _note(machine, field)


def _note(machine: Machine, field: Answer) -> None:
    if _is_field(field) and field.node is not None:
        use = Use(field.pointer, machine.place(field.node), Usage.NUMBER)
        field.record.uses.append(use)


def _is_field(value: Known) -> bool:
    return isinstance(value, Answer) and value.kind == "body" and len(value.pointer) > 2


def _is_number(value: Known) -> bool:
    match value:
        case Data(bool()):
            return False
        case Data(int() | float() | Hole(type="number" | "integer")):
            return True
        case _:
            return False


def compared(machine: Machine, operator: str, left: Known, right: Known, node: int) -> None:
    """Note where a field of an answer is compared with values that are written in the code.

    A field that came in as an argument is left out: the function may have other callers, with other values.
    """
    if operator in ("==", "!="):
        _compared(machine, left, each(right), True, node)
        _compared(machine, right, each(left), True, node)
    elif operator in ("in", "not in"):
        match machine.thing(right):
            case List(items, is_open):
                members = dict.fromkeys(one for item in items for one in each(item))
                _compared(machine, left, members, not is_open, node)


def _compared(machine: Machine, field: Known, others: Iterable[Known], complete: bool, node: int) -> None:
    fields = [one for one in each(field) if isinstance(one, Answer)]
    own = [one.value for one in each(field) if isinstance(one, Data)]
    if not _are_one(fields) or len(own) + len(fields) < len(each(field)) or any(isinstance(one, Hole) for one in own):
        return
    asked, known = [], complete
    for one in others:
        if isinstance(one, Data) and isinstance(one.value, str) and one.value and one.value not in own:
            asked.append(Asked(one.value, machine.place(one.node if one.node is not None else node)))
        else:
            known = False
    if asked:
        for one in fields:
            one.record.uses.append(Use(one.pointer, asked[0].place, Usage.COMPARISON, tuple(asked), known))


def _are_one(fields: list[Answer]) -> bool:
    """Whether all are the same field of the same operation, taken where it is compared."""
    kinds = {(one.pointer, one.record.match.operation and one.record.match.operation.id) for one in fields}
    return len(kinds) == 1 and all(_is_field(one) and not one.passed for one in fields)
