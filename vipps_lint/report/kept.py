"""Findings by the million: in a file, packed, and in memory only those of a few thousand records at a time."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

from vipps_lint.diagnostic import Diagnostic
from vipps_lint.report.summary import reading_order

TOGETHER = 1 << 14
"""The findings of how many records are read together."""

HELD = 1 << 24
"""How many bytes of packed findings are in memory before they go to a file."""

Part = tuple[str, int]
"""A file, and which of its stretches of `TOGETHER` records."""


class Kept(Sequence[Diagnostic]):
    """Findings of recorded calls, read in the order of people: file, then record. `crashed` says whether a rule has.

    The file has no name and is gone with the process. Raises `OSError` where there is no room for it.
    """

    def __init__(self) -> None:
        from tempfile import SpooledTemporaryFile

        self.crashed = False
        self._count = 0
        self._pieces: dict[Part, list[tuple[int, int]]] = {}
        self._file = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 - open as long as there are findings in it

    def add(self, found: Iterable[Diagnostic]) -> None:
        """Keep some more. What could not be written is not counted."""
        parts: dict[Part, list[Diagnostic]] = {}
        for one in found:
            parts.setdefault((one.place.path, (one.place.record or 0) // TOGETHER), []).append(one)
        for part, these in parts.items():
            packed = zlib.compress(pickle.dumps(these), 1)
            start = self._file.seek(0, 2)
            self._file.write(packed)
            self._pieces.setdefault(part, []).append((start, len(packed)))
            self._count += len(these)
            self.crashed = self.crashed or any(one.internal for one in these)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Diagnostic]:
        for part in sorted(self._pieces):
            yield from reading_order(one for place in self._pieces[part] for one in self._read(*place))

    @overload
    def __getitem__(self, index: int) -> Diagnostic: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Diagnostic]: ...
    def __getitem__(self, index: int | slice) -> Diagnostic | Sequence[Diagnostic]:
        """One finding, or some; to take them one after the other is faster."""
        places = range(self._count)[index]
        if isinstance(places, int):
            return next(islice(self, places, None))
        return [one for number, one in enumerate(self) if number in places]

    def _read(self, start: int, length: int) -> list[Diagnostic]:
        self._file.seek(start)
        found: list[Diagnostic] = pickle.loads(zlib.decompress(self._file.read(length)))
        return found


def in_order(found: Sequence[Diagnostic]) -> Iterable[Diagnostic]:
    """The findings by place, as `reading_order` has them."""
    return found if isinstance(found, Kept) else reading_order(found)


def crashed(found: Sequence[Diagnostic]) -> bool:
    """Whether one of our rules has crashed."""
    return found.crashed if isinstance(found, Kept) else any(one.internal for one in found)
