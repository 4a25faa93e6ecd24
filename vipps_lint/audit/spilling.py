"""Rows on disk: written by any number of processes, read again shelf by shelf. Only a few are held in memory."""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterator
from pathlib import Path

from vipps_lint.audit.mapping import ALL, Keyed
from vipps_lint.audit.rows import Row, shelf

HELD = 8192
"""How many rows a process holds before it writes them down."""

TOLD = "all"
"""The shelf of rows that belong to every other one."""


class Spill:
    """Takes rows to shelves, which are files of a folder; each process writes files of its own."""

    def __init__(self, folder: Path, shelves: int) -> None:
        self._folder = folder
        self._shelves = shelves
        self._rows: dict[int | str, list[Row]] = {}
        self._held = 0

    def add(self, keyed: Keyed) -> None:
        """Take a row. Raises `OSError` where it cannot be written down."""
        thread, row = keyed
        place: int | str = TOLD if thread is ALL else shelf(thread, self._shelves)
        self._rows.setdefault(place, []).append(row)
        self._held += 1
        if self._held >= HELD:
            self.flush()

    def flush(self) -> None:
        """Write down all rows that are held. Raises `OSError` where they cannot be, and leaves no half rows behind."""
        for place, rows in self._rows.items():
            data = marshal.dumps([tuple(row) for row in rows])
            with (self._folder / f"{place}.{os.getpid()}").open("ab", buffering=0) as file:
                _append(file.fileno(), len(data).to_bytes(8, "little") + data)
        self._rows.clear()
        self._held = 0


def _append(file: int, data: bytes) -> None:
    before = os.fstat(file).st_size
    try:
        while data:
            data = data[os.write(file, data) :]
    except OSError:
        os.ftruncate(file, before)
        raise


def shelved(folder: Path, place: int | str) -> Iterator[Row]:
    """The rows of one shelf, whoever wrote them."""
    for path in folder.glob(f"{place}.*"):
        with path.open("rb") as file:
            while size := file.read(8):
                yield from map(Row._make, marshal.loads(file.read(int.from_bytes(size, "little"))))
