"""What is named on the command line as recordings: files, folders with all in them, patterns, the standard input."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from hashlib import file_digest
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from vipps_lint.audit.unpacking import UnreadableFileError
from vipps_lint.diagnostic import Note
from vipps_lint.immutable import immutable

STDIN = "<stdin>"
SUFFIXES = (".har", ".jsonl", ".ndjson", ".json", ".gz", ".zst", ".parquet")
"""How the files of a folder end that may be recordings."""


@immutable(frozen=True, slots=True)
class Source:
    """A file that may be a recording. One that nobody has `named` was found in a folder, or by a pattern."""

    path: str
    named: bool = True

    def opened(self) -> AbstractContextManager[BinaryIO]:
        """The bytes of the file. Raises `UnreadableFileError`."""
        if self.path == STDIN:
            return nullcontext(sys.stdin.buffer)
        try:
            return Path(self.path).open("rb")
        except FileNotFoundError:
            raise UnreadableFileError("there is no such file") from None
        except (OSError, ValueError) as error:
            raise UnreadableFileError(f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from None


def sources(paths: Sequence[Path | str]) -> Iterator[Source | Note]:
    """Each file, and a note for what was named or copied twice.

    Files of different size are not compared; nothing is said of one that a folder and a pattern have both led to.
    """
    alike: dict[int, dict[bytes, str]] = {}
    first: dict[int, Source] = {}
    for found in _found(paths):
        size = _size(found) if isinstance(found, Source) else 0
        if isinstance(found, Note) or not size or first.setdefault(size, found) is found:
            yield found
            continue
        known = alike[size] = alike.get(size) or {_digest(first[size]): first[size].path}
        digest = _digest(found)
        if digest not in known:
            known[digest] = found.path
            yield found
        elif found.named or known[digest] != found.path:
            yield Note(found.path, f"the same recording as {known[digest]}; its records are counted once")


def _found(paths: Iterable[Path | str]) -> Iterator[Source | Note]:
    for path in map(str, paths):
        if path == "-":
            yield Source(STDIN)
        elif os.path.isdir(path):  # noqa: PTH112 - a path with a zero in it is no folder, and no error here
            yield from _inside(path)
        elif is_pattern(path):
            matching = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - may be absolute
            yield from (Source(one, named=False) for one in matching if not os.path.isdir(one))  # noqa: PTH112
            if not matching:
                yield Note(path, "no file is called like this; `**` stands for any folders, `*` for any name")
        else:
            yield Source(path)


def is_pattern(path: str) -> bool:
    """Whether a path stands for several; a file may have such a name, too."""
    return glob.has_magic(path) and not os.path.lexists(path)


def _inside(folder: str) -> Iterator[Source | Note]:
    """The files of a folder that may be recordings; hidden ones are none."""
    some = False
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(place, name)  # noqa: PTH118 - as the folder is written, `./` and all
            if name.lower().endswith(SUFFIXES) and not name.startswith(".") and os.path.isfile(path):  # noqa: PTH113
                some = True
                yield Source(path, named=False)
    if not some:
        yield Note(folder, f"no file in this folder is called like a recording ({', '.join(SUFFIXES)})")


def _size(source: Source) -> int:
    """How long a file is that can be read twice; nothing for any other, and for what is not there."""
    try:
        told = Path(source.path).stat()
    except (OSError, ValueError):
        return 0
    return told.st_size if S_ISREG(told.st_mode) else 0


def _digest(source: Source) -> bytes:
    """What tells the contents of files apart; one that cannot be read is like no other."""
    try:
        with Path(source.path).open("rb") as file:
            return file_digest(file, "blake2b").digest()
    except OSError:
        return source.path.encode("utf-8", "surrogateescape")
