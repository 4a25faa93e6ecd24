"""Why a value is not known, in words: what a question that stays open tells its reader."""

from __future__ import annotations

from vipps_lint.document.questions import get
from vipps_lint.document.values import (
    ABSENT,
    Array,
    Hole,
    Object,
    OneOf,
    Pointer,
    Template,
    Value,
    alternatives,
    closed,
    keys,
    show,
)


def why(document: Value, at: Pointer) -> str:
    """Why the value at a pointer is not known; empty where all of it is."""
    for length in range(len(at)):
        around = get(document, at[:length])
        if isinstance(around, Object) and around.open and str(at[length]) not in around.fields:
            return f"{_named(at[:length])} may have more fields"
        if any(isinstance(one, Hole) for one in alternatives(around)):
            return _reason(around) or f"{_named(at[:length])} is not known"
    value = get(document, at)
    return "" if closed(value) else _reason(value) or _below(value, at)


def _reason(value: Value) -> str:
    match value:
        case Hole(reason=reason, source=source):
            return reason or (f"`{source}` is not known" if source else "")
        case Template(parts):
            return next((found for part in parts if isinstance(part, Hole) and (found := _reason(part))), "")
        case OneOf(values):
            found = next((found for one in values if (found := _reason(one))), "")
            return found or _choice(values)
        case _:
            return ""


def _choice(values: tuple[Value, ...]) -> str:
    known = [f"`{show(one)}`" for one in values if one is not ABSENT and closed(one)]
    if ABSENT in values:
        return f"it is {' or '.join(known)} or not there" if known else "it may not be there"
    return f"it is {' or '.join(known)}" if len(known) == len(values) else ""


def _below(value: Value, at: Pointer) -> str:
    """The first thing inside the value that is not known."""
    inside = ((*at, *one) for one in keys(value))
    found = next((where for where in inside if _is_open(get(value, where[len(at) :]))), at)
    return (_reason(get(value, found[len(at) :])) if found != at else "") or f"{_named(found)} is not fully known"


def _is_open(value: Value) -> bool:
    return isinstance(value, Hole | Template | OneOf) or (isinstance(value, Object | Array) and value.open)


def _named(at: Pointer) -> str:
    return f"`{'.'.join(map(str, at))}`" if at else "the call"
