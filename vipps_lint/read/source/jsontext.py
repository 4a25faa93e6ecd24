"""Bodies that code writes as JSON text, with or without values in it: `'{"amount": %d}' % amount`."""

from __future__ import annotations

import re
from typing import Any, Final

from vipps_lint.document import Array, Hole, Object, Template, Value
from vipps_lint.immutable import changed
from vipps_lint.read.request import DECODER

OPEN, CLOSE, BARE = "\ue000", "\ue001", "\ue002"
"""Characters of private use around the number of an unknown piece, and before one that stands outside of texts."""

MARK: Final = re.compile(f"{OPEN}([0-9]+){CLOSE}")
TEXT_OR_MARK: Final = re.compile(rf'"(?:[^"\\]|\\.)*+"|{OPEN}[0-9]+{CLOSE}')


def document(text: str | Template) -> Object | None:
    """The object that JSON text is, unknown pieces of it as values or in texts; None for any other text."""
    parts: tuple[str | Hole, ...] = (text,) if isinstance(text, str) else text.parts
    holes = [part for part in parts if isinstance(part, Hole)]
    numbers = iter(range(len(holes)))
    marked = "".join(part if isinstance(part, str) else f"{OPEN}{next(numbers)}{CLOSE}" for part in parts)
    if not marked.lstrip().startswith("{"):
        return None
    try:
        data = DECODER.decode(TEXT_OR_MARK.sub(_as_text, marked))
    except (ValueError, RecursionError):
        return None
    made = _filled(data, holes)
    return made if isinstance(made, Object) else None


def _as_text(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else f'"{BARE}{found[0]}"'


def _filled(data: Any, holes: list[Hole]) -> Value:
    match data:
        case dict():
            known = {name: _filled(one, holes) for name, one in data.items() if not MARK.search(name)}
            spliced = any(isinstance(one, Hole) and one.type is None for one in known.values())
            return Object(known, spliced or len(known) < len(data))  # what is spliced in may bring fields of its own
        case list():
            return Array(tuple(_filled(one, holes) for one in data))
        case str() if data.startswith(BARE):
            number = MARK.search(data)
            return Hole() if number is None else _bare(holes[int(number[1])])
        case str():
            return _text(data, holes)
        case _:
            return data  # type: ignore[no-any-return]


def _bare(hole: Hole) -> Hole:
    """What stands outside of texts may be anything, whatever it was before it became text."""
    return changed(hole, type=hole.type if hole.type in ("integer", "number", "float") else None, nature=None)


def _text(text: str, holes: list[Hole]) -> str | Template:
    pieces = [part if index % 2 == 0 else holes[int(part)] for index, part in enumerate(MARK.split(text))]
    known = tuple(piece for piece in pieces if piece != "")
    return text if len(pieces) == 1 else Template(known)
