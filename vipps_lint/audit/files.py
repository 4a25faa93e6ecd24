"""Recordings to records: opens files, finds out what they are, and has one sentence for each that it cannot read."""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

from vipps_lint.diagnostic import Note
from vipps_lint.immutable import immutable
from vipps_lint.read.har import read_har
from vipps_lint.read.jsonl import BLANKS, read_lines
from vipps_lint.read.record import Reading

STDIN = "<stdin>"
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ARCHIVES = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
WANTED = "expected a HAR file or JSON Lines (`vipps-lint audit --schema` describes a record)"
LOG = re.compile(r'\s*\{\s*(?:"(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)\s*,\s*)*"log"\s*:\s*\{')
"""The start of a HAR file: an object whose first field, but for plain values, is `log`."""


OPENED = re.compile(r'\{[ \t\r]*\n\s*"')
"""The start of an object that is printed for the eye."""


class UnreadableFileError(Exception):
    """A file that holds no records; the text is a sentence about it."""


@immutable(frozen=True, slots=True)
class Source:
    """One recording: how it is called, and what is in it."""

    path: str
    data: bytes


def sources(paths: Sequence[Path | str]) -> Iterator[Source | Note]:
    """Each recording, opened; a note for what cannot be opened and for what was named or copied twice."""
    seen: dict[bytes, str] = {}
    for path in paths:
        shown = STDIN if str(path) == "-" else str(path)
        try:
            data = _bytes(path)
        except UnreadableFileError as error:
            yield Note(shown, str(error))
            continue
        digest = blake2b(data).digest()
        if data.strip() and digest in seen:
            yield Note(shown, f"the same recording as {seen[digest]}; its records are counted once")
            continue
        seen[digest] = shown
        yield Source(shown, data)


def _bytes(path: Path | str) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
    except FileNotFoundError:
        raise UnreadableFileError("there is no such file") from None
    except IsADirectoryError:
        raise UnreadableFileError("this is a folder; name the HAR or JSON Lines files in it") from None
    except (OSError, ValueError) as error:
        raise UnreadableFileError(f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from None


def readings(source: Source) -> Reading:
    """The records of a recording, whatever it is, and notes about what is not readable."""
    try:
        text = decoded(source.data)
        if is_har(text):
            # A HAR file is one document: what is no UTF-8 in it must not hide the rest.
            yield from read_har(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), source.path)
        else:
            _refuse(text)
            yield from read_lines(text, source.path)
    except UnreadableFileError as error:
        yield Note(source.path, str(error))


def decoded(data: bytes) -> str:
    """The text of a file. Bytes that are no UTF-8 become surrogates; raises for what is no text at all."""
    for start, name in ARCHIVES.items():
        if data.startswith(start):
            raise UnreadableFileError(f"the file is packed with {name}; unpack it first")
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), None) or _unmarked(data[:400])
    try:
        text = data.decode(encoding, "surrogateescape" if encoding.startswith("utf-8") else "strict").strip("\ufeff")
    except UnicodeDecodeError:
        raise UnreadableFileError(f"the file is no {encoding.upper()} text although it starts like one") from None
    if not text.strip(BLANKS + "\n"):
        raise UnreadableFileError(f"the file is empty; {WANTED}")
    return text


def _unmarked(start: bytes) -> str:
    """The encoding of a file without a mark: JSON begins with ASCII, so zeros betray UTF-16."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half and (odd == 0 or even == 0) and max(odd, even) >= half * 0.4:
        return "utf-16-le" if odd else "utf-16-be"
    if 0 in start:
        raise UnreadableFileError(f"this is a binary file; {WANTED}")
    return "utf-8"


def is_har(text: str) -> bool:
    """Whether a file is (the beginning of) a HAR file rather than JSON Lines."""
    if LOG.match(text):
        return True
    if '"log"' not in text or not text.lstrip().startswith("{"):
        return False
    try:
        return "log" in json.loads(text)
    except (ValueError, RecursionError):
        return False


def _refuse(text: str) -> None:
    """Raise for JSON that is spread over lines: one sentence instead of one for each line."""
    first, _, rest = text.strip().partition("\n")
    if first.lstrip().startswith("["):
        raise UnreadableFileError("the file is one JSON list; a record must be one line: `jq -c '.[]'` writes it so")
    if not rest or _whole(first):
        return
    if _whole(text):
        raise UnreadableFileError("the record is spread over lines; it must be one line: `jq -c .` writes it so")
    if _begins_spread(text.strip()) and not any('"request"' in line and _whole(line) for line in rest.split("\n")):
        raise UnreadableFileError("the records are spread over lines; each must be one line: `jq -c .` writes them so")


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
