"""A file as the evaluation needs it: its IR, and where each of its nodes stands. Made once for each text; then kept.

What is kept can be loaded without libcst, whose import alone takes longer than most runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from struct import unpack_from
from typing import Any

from vipps_lint.call import Place
from vipps_lint.immutable import immutable
from vipps_lint.packing import unpacked
from vipps_lint.read.source import ir

PLACE = "<4I"
SIZE = 16
"""How a place is written in `places`: line, column, end line and end column; zeros where there is none."""


@immutable(frozen=True, slots=True)
class Lowered:
    """The module; `places` has 16 bytes for each of its nodes."""

    block: ir.Block
    places: bytes

    @property
    def count(self) -> int:
        """How many nodes there are."""
        return len(self.places) // SIZE

    def located(self, place: Place) -> Place:
        """The place of a node (counted from 0) with its lines and columns."""
        line, column, end_line, end_column = unpack_from(PLACE, self.places, SIZE * (place.node or 0))
        return Place(place.path, line, column, end_line, end_column, node=place.node) if line else place


@immutable(frozen=True, slots=True)
class Unreadable:
    """A text that is no Python, or none that can be read: what is wrong with it, and in which line."""

    problem: str
    line: int | None = None


def restored(written: bytes, first: int) -> Lowered | Unreadable:
    """What `making.made` makes of a text, the nodes numbered from `first` on. Raises `ValueError` for anything else."""
    found = unpacked(written, lambda kind: _moved(kind, first))
    if not isinstance(found, Lowered | Unreadable):  # bytes of ours, and of something else
        raise ValueError(f"a {type(found).__name__} is no module")
    return found


@cache
def _numbers(kind: type) -> tuple[int, ...]:
    """Which fields of a class are numbers of nodes."""
    names = [field.name for field in fields(kind)] if is_dataclass(kind) else []
    return tuple(index for index, name in enumerate(names) if name in ("node", "last"))


def _moved(kind: type, by: int) -> Callable[..., Any]:
    """What makes the nodes of a class with numbers that are so much higher."""
    match _numbers(kind) if by else ():
        case ():
            return kind
        case (0,):
            return lambda node, *rest: kind(node + by, *rest)
        case numbers:
            return lambda *given: kind(*(one + by if at in numbers else one for at, one in enumerate(given)))
