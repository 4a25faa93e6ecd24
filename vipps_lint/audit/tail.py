"""A file that grows, line by line: it may not be there yet, be replaced by a new one, or begin anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from vipps_lint.audit.unpacking import PIECE
from vipps_lint.immutable import immutable
from vipps_lint.read.stream import LONGEST

MARK = 64
"""By how many bytes before the place that was read last it is seen that a file has begun anew, and grown past it."""


@immutable(frozen=True, slots=True)
class Line:
    """One line of a file, which counts its lines from 1; `text` is None for one that is too long to be read."""

    number: int
    text: str | None


class Tail:
    """The lines of a file as they are completed, whatever becomes of the file. Holds one line at most."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None
        self._begin()

    def _begin(self) -> None:
        """Expect the first line of a file."""
        self._number = 0
        self._at = 0
        self._mark = b""
        self._line = bytearray()
        self._long = False

    @property
    def found(self) -> bool:
        """Whether the file has ever been there."""
        return self._file is not None

    def lines(self) -> Iterator[Line]:
        """The lines that have been completed since the last time. Raises `OSError` for what cannot be read."""
        while True:
            if self._file is None and not self._open():
                return
            if self._has_begun_anew():
                self._begin()
            yield from self._read()
            if not self._is_replaced():
                return
            yield from self._read()  # what was written between the last look and the replacement
            yield from self.rest()
            self.close()

    def rest(self) -> Iterator[Line]:
        """The last line, which nobody has completed, when nothing more will come."""
        if self._line or self._long:
            yield self._taken()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._begin()

    def _open(self) -> bool:
        try:
            self._file = self.path.open("rb")
        except FileNotFoundError:
            return False
        return True

    def _is_replaced(self) -> bool:
        """Whether another file has the name now; one that has only gone may still be written to."""
        assert self._file is not None
        try:
            now = self.path.stat()
        except FileNotFoundError:
            return False
        mine = os.fstat(self._file.fileno())
        return (now.st_dev, now.st_ino) != (mine.st_dev, mine.st_ino)

    def _has_begun_anew(self) -> bool:
        """Whether what was read last is no longer there: the file was cut off, and may have grown since."""
        assert self._file is not None
        self._file.seek(self._at - len(self._mark))
        return self._file.read(len(self._mark)) != self._mark

    def _read(self) -> Iterator[Line]:
        assert self._file is not None
        self._file.seek(self._at)
        while piece := self._file.read(PIECE):
            self._at += len(piece)
            self._mark = (self._mark + piece)[-MARK:]
            first, *others = piece.split(b"\n")
            self._add(first)
            for other in others:
                yield self._taken()
                self._add(other)

    def _add(self, part: bytes) -> None:
        self._long = self._long or len(self._line) + len(part) > LONGEST
        if self._long:
            self._line.clear()
        else:
            self._line += part

    def _taken(self) -> Line:
        """The line as far as it has been read; the next begins."""
        self._number += 1
        text = None if self._long else self._line.decode("utf-8", "surrogateescape").lstrip("\ufeff")
        self._line.clear()
        self._long = False
        return Line(self._number, text)
