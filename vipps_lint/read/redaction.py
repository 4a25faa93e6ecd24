"""What a recorder has blacked out is a value that nobody knows, not a wrong one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from vipps_lint.document import Array, Hole, Object, Value

_WORDS = "redacted|filtered|masked|hidden|removed|secret|truncated|omitted|sanitized|sanitised"
_WHOLE: Final = re.compile(
    rf"<\w+>$|n/?a$|sha\d+:|(?:none|null|unknown|{_WORDS})$",  # what recorders write in the place of a value
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    r"[*•.#_xX…\[<({\ud800-\udfff-]"  # one class in front, so that text without any of these is passed quickly
    r"(?:(?<=\*)\*\*|(?<=•)••|(?<=\.)\.\.|(?<=#)##|(?<=-)--|(?<=_)__|(?<=[xX])[xX]{3}"  # a run
    r"|(?<=[…\ud800-\udfff])"  # half a character: the text was cut in the middle of one
    rf"|(?<=[\[<({{])(?i:(?:\w+[ _-])?(?:{_WORDS})\b))"  # a word that says so
)
KNOWN: Final = 1 << 16
"""How many short texts are remembered with whether they are blacked out: logs repeat themselves."""

SHORT: Final = 64
DEPTH: Final = 100
PLAIN: Final = frozenset({int, float, bool, type(None)})


HIDDEN: Final = Hole(reason="the recorder has blacked it out")


def without_redactions(value: Value) -> Value:
    """A document with a hole where the recorder wrote `***`, `[REDACTED]`, `…` or the like over a value."""
    if type(value) is Object and value.plain is not None and is_clear(value.plain):
        return value
    return _known(value, DEPTH + 1)


def is_clear(fields: dict[str, Any]) -> bool:
    """Whether all in some fields is as a JSON parser made it, and nothing is blacked out."""
    for item in fields.values():
        kind = type(item)
        if kind is str:
            if is_blacked_out(item):
                return False
        elif kind is dict:
            if not is_clear(item):
                return False
        elif kind not in PLAIN and (kind is not list or not all(is_clear({"": one}) for one in item)):
            return False
    return True


def is_blacked_out(text: str) -> bool:
    """Whether a recorder has written over a text, or over a part of it."""
    return _seen(text) if len(text) <= SHORT else _look(text)


def _look(text: str) -> bool:
    return _WHOLE.match(text) is not None or _INSIDE.search(text) is not None


_seen = lru_cache(KNOWN)(_look)


def _known(value: Value, depth: int) -> Value:
    kind = type(value)
    if kind is int or value is None:
        return value
    match value:
        case str():
            return HIDDEN if is_blacked_out(value) else value
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
