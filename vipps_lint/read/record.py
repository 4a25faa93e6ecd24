"""What all recorded calls have in common: a record with its place, and the parts that recorders spell differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeVar

from vipps_lint.call import Place
from vipps_lint.diagnostic import Note
from vipps_lint.immutable import immutable
from vipps_lint.read.request import Exchange

Part = TypeVar("Part")

TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(Z|z|[+-]\d\d:?\d\d)?", re.ASCII
)  # fmt: skip
UTC_TIME = re.compile(r"[12]\d{3}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:[0-5]\d(?:\.\d{3})?(?:Z|\+00:00)", re.ASCII)
ADDRESS = re.compile(r"(https?://|/)[^\s\ud800-\udfff]*", re.IGNORECASE)
METHOD = re.compile(r"[A-Za-z]+")
SECONDS = range(10**8, 10**11)
MILLISECONDS = range(10**11, 10**14)
CREDENTIALS = frozenset({"authorization", "client_secret"})
STATUSES = range(100, 600)
TIME_WANTED = "a time such as `2022-04-01T12:00:00Z` (RFC 3339), or seconds or milliseconds since 1970"


class UnreadableError(Exception):
    """A part of a record that is not what it should be; the text is the rest of a sentence about the record."""


@immutable(frozen=True, slots=True)
class Record:
    """One exchange of a recording; `text` is how it is written. One that is not `sent` is no part of any history."""

    exchange: Exchange
    place: Place
    text: str = ""
    sent: bool = True

    @property
    def identity(self) -> bytes | None:
        """Records with one identity are one call that was written down twice.

        None for a record without a time: two of those may well be two calls that look alike.
        """
        if self.exchange.at is None:
            return None
        return blake2b(self.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


Reading = Iterator[Record | Note]
"""What a reader gives: the records in the order of the file, and a note for everything that it could not read."""


def note(place: Place, message: str) -> Note:
    """A sentence about the record at a place."""
    return Note(place.path, message, line=place.line, record=place.record)


def kind(value: object) -> str:
    """How a sentence calls a JSON value, without a word of what is in it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text" if value else "empty text"
        case list():
            return "a list"
        case _:
            return "an object"


def moment(value: object) -> datetime | None:
    """The time that a record says, in UTC; a time without a zone is UTC. None for null. Raises `UnreadableError`."""
    try:
        match value:
            case None:
                return None
            case str():
                return _from_text(value)
            case int() | float() if not isinstance(value, bool):
                return _from_number(value)
    except (ValueError, OverflowError):
        pass
    raise UnreadableError(f"is {kind(value)}, which is no time")


def _from_text(text: str) -> datetime:
    if UTC_TIME.fullmatch(text):  # as most recorders write it
        return datetime.fromisoformat(text)
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError
    day, minutes, seconds, fraction, zone = found.groups()
    plain = f"{day}T{minutes}:{seconds or '00'}.{(fraction or '0')[:6]:0<6}{(zone or 'Z').upper()}"
    return datetime.fromisoformat(plain).astimezone(UTC)


def _from_number(number: float) -> datetime:
    whole = int(number)
    if whole in MILLISECONDS:
        return datetime.fromtimestamp(number / 1000, UTC)
    if whole in SECONDS:
        return datetime.fromtimestamp(number, UTC)
    raise ValueError


def status(value: object) -> int | None:
    """The status of a response; None for 0 and null (the call was aborted). Raises `UnreadableError`."""
    if type(value) is int and value in STATUSES:  # nearly always
        return value
    match value:
        case None:
            return None
        case str() if re.fullmatch(r"\d{3}( .*)?", value, re.ASCII):
            return status(int(value[:3]))
        case int() | float() if not isinstance(value, bool) and value in STATUSES:
            return int(value)
        case 0 | 0.0 if not isinstance(value, bool):
            return None
    raise UnreadableError(f"is {kind(value)}, which is no HTTP status")


def headers(value: object) -> dict[str, str]:
    """The headers of a message: an object, or a list of `{name, value}` or `[name, value]`. Raises `UnreadableError`.

    Values are text or numbers, or lists of them; null is a header that was not sent. The pseudo headers of HTTP/2
    (`:method`) are none.
    """
    found: dict[str, str] = {}
    for written, sent in value.items() if type(value) is dict else _pairs(value):
        text = sent if type(sent) is str else _header_text(sent)
        name = _header_name(written)
        if text is not None and name and not name.startswith(":"):
            found[name] = f"{found[name]}, {text}" if name in found else text
    return found


@lru_cache(1024)
def _header_name(written: str) -> str:
    return written.strip().lower()


def _pairs(value: object) -> Iterator[tuple[str, object]]:
    match value:
        case None:
            return
        case Mapping():
            yield from value.items()
        case list():
            yield from map(_pair, value)
        case _:
            raise UnreadableError(f"is {kind(value)}")


def _pair(item: object) -> tuple[str, object]:
    match item:
        case {"name": str() as name, "value": text} | [str() as name, text]:
            return name, text
        case _:
            raise UnreadableError("has an item that is neither `{name, value}` nor `[name, value]`")


def _header_text(value: object) -> str | None:
    match value:
        case str() | None:
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list() if all(isinstance(one, str | int | float) for one in value):
            return ", ".join(str(_header_text(one)) for one in value) if value else None
        case _:
            raise UnreadableError(f"has a value that is {kind(value)}")


def complete(sent: Mapping[str, object]) -> bool:
    """Whether the recorder kept all headers of a request: one that kept the credentials did not drop harmless ones.

    Vipps takes no call without credentials, so a request without any has lost them, and perhaps more, on the way.
    """
    return not CREDENTIALS.isdisjoint(sent)


def address(value: object) -> str:
    """The URL of a request: whole, or a path. Raises `UnreadableError`."""
    if isinstance(value, str) and ADDRESS.fullmatch(value):
        return value
    raise UnreadableError("is missing" if value is None else f"is {kind(value)}")


def method(value: object) -> str:
    """The HTTP method, in capitals. Raises `UnreadableError`."""
    if isinstance(value, str) and METHOD.fullmatch(value):
        return value.upper()
    raise UnreadableError("is missing" if value is None else f"is {kind(value)}")


class Parts:
    """The parts of one record: of one that cannot be read there is a note, and the rest of the record counts."""

    __slots__ = ("notes", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.notes: list[Note] = []

    def read(self, how: Callable[[Any], Part], value: object, otherwise: Part, name: str, wanted: str) -> Part:
        """What a value is, read in some way; something else where it cannot be read so."""
        try:
            return how(value)
        except UnreadableError as error:
            self.doubt(name, str(error), wanted)
            return otherwise

    def doubt(self, name: str, problem: str, wanted: str) -> None:
        """Note what is wrong with a part."""
        sentence = f"`{name}` {problem}; expected {wanted}; the rest of the record is judged without it"
        self.notes.append(note(self.place, sentence))


def needed(read: Callable[[object], str], value: object, name: str, wanted: str) -> str:
    """A part without which there is no call. Raises `UnreadableError` with a whole sentence."""
    try:
        return read(value)
    except UnreadableError as error:
        raise UnreadableError(f"`{name}` {error}; expected {wanted}") from None
