"""The bytes of a recording as they are read, unpacked where they are packed with gzip or zstd."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from sys import maxsize
from typing import BinaryIO, Protocol

PIECE = 1 << 18
"""How many bytes are read at once, and about how many are handed on."""

STEP = 2048
"""How many packed bytes are unpacked at once: few of them can become very many."""

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
ARCHIVES = {b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


class UnreadableFileError(Exception):
    """A file of which nothing more can be read; the text is a sentence about it."""


class NoRecordingError(UnreadableFileError):
    """A file that is something else than a recording."""


class EmptyFileError(NoRecordingError):
    """A file that has nothing in it, so that nothing of it is missing."""


class DamagedError(UnreadableFileError):
    """A packed file that ends or is damaged at some place. The text is the beginning of a sentence."""


class Unpacker(Protocol):
    """What unpacks one stream; a file may hold several, one behind the other."""

    @property
    def eof(self) -> bool:
        """Whether the stream is at its end."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What was given to it and stands behind its end."""
        ...

    def decompress(self, data: bytes, /) -> bytes:
        """What the next packed bytes stand for."""
        ...


class Readable(Protocol):
    """A file, or what reads like one."""

    def read(self, size: int, /) -> bytes:
        """The next bytes; none at the end."""
        ...


class Span:
    """The bytes of a file from one to another (None: to its end)."""

    def __init__(self, file: BinaryIO, start: int, end: int | None) -> None:
        self._file = file
        self._left = maxsize if end is None else end - start
        file.seek(start)

    def read(self, size: int, /) -> bytes:
        """The next bytes; none at the end."""
        piece = self._file.read(min(size, self._left))
        self._left -= len(piece)
        return piece


def pieces(file: Readable) -> Iterator[bytes]:
    """The bytes of a file as they are."""
    return iter(partial(file.read, PIECE), b"")


def is_packed(first: bytes) -> bool:
    """Whether a file with these first bytes is an archive, or packed."""
    return first.startswith((GZIP, ZSTD, *ARCHIVES))


def unpacked(file: Readable) -> Iterator[bytes]:
    """What is in the file, in pieces. Raises `UnreadableFileError` behind the last piece that can be read."""
    packed = pieces(file)
    first = next(packed, b"")
    for start, name in ARCHIVES.items():
        if first.startswith(start):
            raise NoRecordingError(f"the file is packed with {name}; unpack it first")
    if first.startswith(GZIP):
        return _gathered(_unpacked(first, packed, partial(zlib.decompressobj, 31), zlib.error, "gzip"))
    if first.startswith(ZSTD):
        return _gathered(_unpacked(first, packed, *_zstd(), "zstd"))
    return _again(first, packed)


def _again(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _zstd() -> tuple[Callable[[], Unpacker], type[Exception]]:
    try:
        import zstandard
    except ImportError:
        cure = "`pip install 'vipps-lint[zstd]'` installs what reads it"
        raise UnreadableFileError(f"the file is packed with zstd; {cure}, or unpack it first") from None
    return zstandard.ZstdDecompressor().decompressobj, zstandard.ZstdError


def _unpacked(
    first: bytes, pieces: Iterator[bytes], begin: Callable[[], Unpacker], error: type[Exception], name: str
) -> Iterator[bytes]:
    """The streams of a file one after the other; zeros behind one of them only fill a block."""
    stream = begin()
    for step in _steps(_again(first, pieces)):
        rest = step
        while rest:
            if stream.eof:
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
                stream = begin()
            try:
                yield stream.decompress(rest)
            except error:
                raise DamagedError(f"the {name} file is damaged") from None
            rest = stream.unused_data
    if not stream.eof:
        raise DamagedError(f"the {name} file breaks off")


def _steps(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for at in range(0, len(piece), STEP):
            yield piece[at : at + STEP]


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Small pieces as larger ones; the last is what there is before the end, or before an error."""
    held, size = [], 0
    try:
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size >= PIECE:
                yield b"".join(held)
                held, size = [], 0
    except UnreadableFileError:
        yield b"".join(held)
        raise
    yield b"".join(held)
