"""A file to records: finds out what it is, and has one sentence for what cannot be read of it."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from io import BufferedReader
from itertools import islice
from typing import Any, BinaryIO

from vipps_lint.audit.files import Source
from vipps_lint.audit.parquet import is_parquet, read_parquet
from vipps_lint.audit.unpacking import (
    DamagedError,
    EmptyFileError,
    NoRecordingError,
    Readable,
    Span,
    UnreadableFileError,
    is_packed,
    pieces,
    unpacked,
)
from vipps_lint.call import Place
from vipps_lint.diagnostic import Note
from vipps_lint.read.fields import Fields
from vipps_lint.read.har import read_har
from vipps_lint.read.jsonl import BLANKS, read_line, read_lines
from vipps_lint.read.postman import SCHEMA, read_collection
from vipps_lint.read.record import Reading, Record

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
WANTED = "expected a HAR file or JSON Lines (`vipps-lint audit --schema` describes a record)"
START = 400
"""By how many bytes the encoding of a file is decided."""

FEW = 100
"""By how many rows of a table it is decided whether they are calls."""

HEAD = 1 << 20
"""By how many characters it is decided what a file is."""

BRACKETS = re.compile(r"(?:\[\s*+){100}")
"""More brackets than any list of records begins with."""

NAME = re.compile(r'\s*[{,]\s*"((?:[^"\\]|\\.)*+)"\s*:\s*')
"""The name of a field of an object, with what stands around it."""

OPENED = re.compile(r'\{[ \t\r]*\n\s*"')
"""The start of an object that is printed for the eye."""


def readings(source: Source, fields: Fields, start: int = 0, end: int | None = None) -> Reading:
    """The records of a recording, whatever it is, and notes about what is not readable.

    Of a file of lines (see `is_divisible`) that may be only those between two bytes, counted from 1.
    """
    number = 0
    try:
        with source.opened() as file:
            if not start and is_parquet(_first(file)):
                yield from read_parquet(file, source.path, fields)
                return
            part = Span(file, start, end) if start or end is not None else file
            for reading in _rest(part, source.path, fields) if start else _readings(part, source.path, fields):
                number = (reading.place.record if isinstance(reading, Record) else reading.record) or number
                yield reading
    except DamagedError as error:
        where = f"behind record {number}; what stands before that was read" if number else "before its first record"
        yield Note(source.path, f"{error} {where}", lost=True)
    except UnreadableFileError as error:
        yield Note(source.path, str(error), lost=not isinstance(error, EmptyFileError))
    except OSError as error:
        what = f"the file cannot be read behind record {number}: {error.strerror or error}"
        yield Note(source.path, what, lost=True)


def _first(file: BinaryIO) -> bytes:
    """The first bytes of a file, which are still to be read."""
    return file.peek(4)[:4] if isinstance(file, BufferedReader) else b""


def is_divisible(source: Source) -> bool:
    """Whether a file is lines of UTF-8 that are not packed, so that it can be read from the start of any line on."""
    try:
        with source.opened() as file:
            first = file.read(START)
        if is_packed(first) or not _encoding(first).startswith("utf-8"):
            return False
        with source.opened() as file:
            text = Peeked(decoded(unpacked(file)))
        text.refuse()
        return not (text.is_har() or text.is_collection())
    except (UnreadableFileError, OSError):
        return False


def is_recording(source: Source, fields: Fields) -> bool:
    """Whether the beginning of a file is that of a recording; one that cannot even be opened may be."""
    try:
        with source.opened() as file:
            if is_parquet(_first(file)):
                rows = islice(read_parquet(file, source.path, fields), FEW)
                return any(isinstance(one, Record) for one in rows)
            text = Peeked(decoded(unpacked(file)))
            return text.is_har() or text.is_collection() or text.has_records(fields)
    except NoRecordingError:
        return False
    except (UnreadableFileError, OSError):
        return True


def _rest(part: Readable, path: str, fields: Fields) -> Reading:
    """The records behind the first lines of a file."""
    yield from read_lines(codecs.iterdecode(pieces(part), "utf-8", "surrogateescape"), path, fields)


def _readings(part: Readable, path: str, fields: Fields) -> Reading:
    text = Peeked(decoded(unpacked(part)))
    if text.is_har():
        # A HAR file is one document: what is no UTF-8 in it must not hide the rest.
        legible = (piece.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for piece in text.again())
        return read_har(legible, path)
    if text.is_collection():
        return read_collection(text.again(), path)
    text.refuse()
    return read_lines(text.again(), path, fields)


def decoded(pieces: Iterator[bytes]) -> Iterator[str]:
    """The text of a file. Bytes that are no UTF-8 become surrogates; raises for what is no text."""
    first = next(pieces, b"")
    encoding = _encoding(first)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    try:
        yield decoder.decode(first).lstrip("\ufeff")
        for piece in pieces:
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise NoRecordingError(f"the file is no {encoding.upper()} text although it starts like one") from None


def _encoding(first: bytes) -> str:
    return next((name for mark, name in MARKS.items() if first.startswith(mark)), None) or _unmarked(first[:START])


def _unmarked(start: bytes) -> str:
    """The encoding of a file without a mark: JSON begins with ASCII, so zeros betray UTF-16."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half and (odd == 0 or even == 0) and max(odd, even) >= half * 0.4:
        return "utf-16-le" if odd else "utf-16-be"
    if 0 in start:
        raise NoRecordingError(f"this is a binary file; {WANTED}")
    return "utf-8"


class Peeked:
    """The text of a file whose beginning is known before it is read. Raises for an empty one."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._read: list[str] = []
        self._error: UnreadableFileError | None = None
        self._fill()
        self.head = "".join(self._read)
        if not self.head.strip(BLANKS + "\n"):
            raise self._error or EmptyFileError(f"the file is empty; {WANTED}")

    def _fill(self) -> None:
        size = 0
        try:
            for piece in self._pieces:
                self._read.append(piece)
                size += len(piece.strip(BLANKS + "\n"))
                if size >= HEAD:
                    break
        except UnreadableFileError as error:
            self._error = error

    def again(self) -> Iterator[str]:
        """The whole text, once."""
        yield from self._read
        self._read.clear()
        if self._error:
            raise self._error
        yield from self._pieces

    def is_har(self) -> bool:
        """Whether a file is (the beginning of) a HAR file rather than JSON Lines: an object with a field `log`."""
        value, start = self._field("log")
        if isinstance(value, dict):
            return not value.keys().isdisjoint(("entries", "version", "creator"))
        return value is None and start >= 0 and self.head.startswith("{", start)

    def is_collection(self) -> bool:
        """Whether a file is a Postman collection, of whatever version."""
        info, _ = self._field("info")
        if isinstance(info, dict):
            return SCHEMA.match(str(info.get("schema"))) is not None
        return isinstance(self._field("order")[0], list) and '"requests"' in self.head

    def _field(self, name: str) -> tuple[Any, int]:
        """A field of the object that the text is, and where it starts; None for one that breaks off or is missing."""
        at = 0
        while found := NAME.match(self.head, at):
            try:
                value, at = json.JSONDecoder().raw_decode(self.head, found.end())
            except (ValueError, RecursionError):
                return None, found.end() if found[1] == name else -1
            if found[1] == name:
                return value, found.end()
        return None, -1

    def has_records(self, fields: Fields) -> bool:
        """Whether one of the first lines is a record; a single line that was cut, or is too long, may be one."""
        lines = [line for line in self.head.split("\n") if line.strip(BLANKS)]
        if len(lines) == 1 and not _whole(lines[0]):
            return '"request"' in self.head
        return any(isinstance(one, Record) for line in lines for one in read_line(line, Place(""), fields))

    def refuse(self) -> None:
        """Raise for JSON that is spread over lines: one sentence instead of one for each line."""
        text = self.head.strip()
        first, _, rest = text.partition("\n")
        if BRACKETS.match(text):
            raise NoRecordingError(f"the file begins with a hundred brackets, too deep to be read; {WANTED}")
        if first.startswith("["):
            raise NoRecordingError("the file is one JSON list; a record must be one line: `jq -c '.[]'` writes it so")
        if not rest or _whole(first):
            return
        if _whole(text):
            raise NoRecordingError("the record is spread over lines; it must be one line: `jq -c .` writes it so")
        if _begins_spread(text) and not any('"request"' in line and _whole(line) for line in rest.split("\n")):
            raise NoRecordingError("the records are spread over lines; each must be one line: `jq -c .` writes them so")


def _begins_spread(text: str) -> bool:
    """Whether the first value goes on behind its first line, or breaks off there as printed for the eye."""
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return OPENED.match(text) is not None
    return "\n" in text[:end]


def _whole(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
