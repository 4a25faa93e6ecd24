"""Functions by the kind of a node, for modules that need each other: listed when the first node is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

Handler = TypeVar("Handler")


class Table(dict[type, Handler]):
    """What to do with each kind of node."""

    def __init__(self, rows: Callable[[], Mapping[type, Handler]]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, kind: type) -> Handler:
        rows = self._rows()
        self.update(rows)
        return rows[kind]
