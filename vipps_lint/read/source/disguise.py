"""What functions return when a call has failed: something that a success may be, too."""

from __future__ import annotations

from vipps_lint.document import NO
from vipps_lint.read.source.state import State
from vipps_lint.read.source.values import Data, Dict, Known, List, Ref


def note(ends: list[tuple[State, Known]]) -> None:
    """Note the calls for whose failure one of the ends gives an empty value, where others give what was found."""
    if all(_is_constant(value) for _, value in ends):
        return
    for state, value in ends:
        empty = _empty(state, value)
        for record, _ in state.trace if empty else ():
            if empty and state.outcomes.get(id(record)) is NO:
                record.lapse("disguised", empty[1], value=empty[0])


def _is_constant(value: Known) -> bool:
    return isinstance(value, Data) and (value.value is None or isinstance(value.value, str | int | float))


def _empty(state: State, value: Known) -> tuple[str, int] | None:
    """An empty value as it is written, and its node; None and False are no values that data has."""
    match value, state.thing(value.id) if isinstance(value, Ref) else None:
        case Data(bool()), _:
            return None
        case Data("" | 0 as known, int(node)), _:
            return repr(known), node
        case _, List((), False, int(node)):
            return "[]", node
        case _, Dict(fields, False, int(node)) if not fields:
            return "{}", node
        case _:
            return None
