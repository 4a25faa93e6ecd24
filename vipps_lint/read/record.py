"""What all recorded calls have in common: a record with its place, and the parts that recorders spell differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeVar

from vipps_lint.call import Place
from vipps_lint.diagnostic import Note
from vipps_lint.immutable import immutable
from vipps_lint.read.request import Exchange

Part = TypeVar("Part")

TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(Z|z|[+-]\d\d:?\d\d)?", re.ASCII
)  # fmt: skip
SECONDS = range(10**8, 10**11)
MILLISECONDS = range(10**11, 10**14)
CREDENTIALS = frozenset({"authorization", "client_secret"})
STATUSES = range(100, 600)
TIME_WANTED = "a time such as `2022-04-01T12:00:00Z` (RFC 3339), or seconds or milliseconds since 1970"


class UnreadableError(Exception):
    """A part of a record that is not what it should be; the text is the rest of a sentence about the record."""


@immutable(frozen=True, slots=True)
class Record:
    """One exchange of a recording. Records with one `identity` are one call that was written down twice.

    It is None for a record without a time: two of those may well be two calls that look alike. One that is not `sent`
    is no part of any history.
    """

    exchange: Exchange
    place: Place
    identity: bytes | None
    sent: bool = True


Reading = Iterator[Record | Note]
"""What a reader gives: the records in the order of the file, and a note for everything that it could not read."""


def identity(text: str, at: datetime | None) -> bytes | None:
    """The identity of a record that is written like this."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() if at else None


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
    for written, text in _pairs(value):
        name = written.strip().lower()
        if text is not None and name and not name.startswith(":"):
            found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def _pairs(value: object) -> Iterator[tuple[str, str | None]]:
    match value:
        case None:
            return
        case Mapping():
            for name, text in value.items():
                yield name, _header_text(text)
        case list():
            for item in value:
                yield _pair(item)
        case _:
            raise UnreadableError(f"is {kind(value)}")


def _pair(item: object) -> tuple[str, str | None]:
    match item:
        case {"name": str() as name, "value": text} | [str() as name, text]:
            return name, _header_text(text)
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
    if isinstance(value, str) and re.fullmatch(r"(https?://|/)[^\s\ud800-\udfff]*", value, re.IGNORECASE):
        return value
    raise UnreadableError("is missing" if value is None else f"is {kind(value)}")


def method(value: object) -> str:
    """The HTTP method, in capitals. Raises `UnreadableError`."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]+", value):
        return value.upper()
    raise UnreadableError("is missing" if value is None else f"is {kind(value)}")


def attempt(read: Callable[[], Part], otherwise: Part, problem: Callable[[str], Note]) -> tuple[Part, list[Note]]:
    """What `read` finds; where it cannot, something else and the note about it."""
    try:
        return read(), []
    except UnreadableError as error:
        return otherwise, [problem(str(error))]


def doubt(place: Place, name: str, wanted: str) -> Callable[[str], Note]:
    """Makes the note about a part of a record from what is wrong with it; the rest of the record counts."""

    def made(problem: str) -> Note:
        return note(place, f"`{name}` {problem}; expected {wanted}; the rest of the record is judged without it")

    return made


def needed(read: Callable[[object], str], value: object, name: str, wanted: str) -> str:
    """A part without which there is no call. Raises `UnreadableError` with a whole sentence."""
    try:
        return read(value)
    except UnreadableError as error:
        raise UnreadableError(f"`{name}` {error}; expected {wanted}") from None
