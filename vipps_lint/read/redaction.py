"""What a recorder has blacked out is a value that nobody knows, not a wrong one."""

from __future__ import annotations

import re
from typing import Final

from vipps_lint.call import Call
from vipps_lint.document import Array, Hole, Object, Value
from vipps_lint.immutable import changed

_WORDS = "redacted|filtered|masked|hidden|removed|secret|truncated|omitted|sanitized|sanitised"
BLACKED_OUT: Final = re.compile(
    r"\*{3}|•{3}|x{4}|\.{3}|…|#{3}|-{3}|_{3}"  # a run that stands for what was there
    r"|^<\w+>$|^n/?a$|^sha\d+:|^(?:none|null|unknown)$"  # what recorders write in its place
    rf"|[\[<({{](?:\w+[ _-])?(?:{_WORDS})\b|^(?:{_WORDS})$"  # a word that says so
    r"|[\ud800-\udfff]",  # half a character: the text was cut in the middle of one
    re.IGNORECASE,
)
DEPTH: Final = 100


def without_redactions(call: Call) -> Call:
    """The call with a hole where the recorder wrote `***`, `[REDACTED]`, `…` or the like over a value."""
    known = _known(call.document, DEPTH + 1)
    return call if known is call.document else changed(call, document=known)


def _known(value: Value, depth: int) -> Value:
    kind = type(value)
    if kind is int or value is None:
        return value
    match value:
        case str():
            return Hole(reason="the recorder has blacked it out") if BLACKED_OUT.search(value) else value
        case Object(fields, is_open):
            if depth == 0:
                return Hole("object", reason="nested too deep")
            found = {name: new for name, item in fields.items() if (new := _known(item, depth - 1)) is not item}
            return Object({**fields, **found}, is_open) if found else value
        case Array(items, is_open):
            if depth == 0:
                return Hole("array", reason="nested too deep")
            known = tuple(_known(item, depth - 1) for item in items)
            return value if all(one is item for one, item in zip(known, items, strict=True)) else Array(known, is_open)
        case _:
            return value
