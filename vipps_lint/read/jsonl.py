"""JSON Lines of requests and responses to records: one object a line, as `audit/record.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from typing import Any

from vipps_lint.call import Place
from vipps_lint.diagnostic import Note
from vipps_lint.document import from_json
from vipps_lint.read.fields import Fields, Foreign
from vipps_lint.read.record import (
    TIME_WANTED,
    Reading,
    Record,
    UnreadableError,
    address,
    attempt,
    complete,
    doubt,
    headers,
    identity,
    kind,
    method,
    moment,
    needed,
    note,
    status,
)
from vipps_lint.read.request import DECODER, Body, Exchange, Missing, Parsed
from vipps_lint.read.stream import Passed, lines

BLANKS = " \t\r"
"""What JSON takes for space: any other character makes a line that says something."""


def read_lines(pieces: Iterable[str], path: str, fields: Fields | None = None) -> Reading:
    """The records of a file. Empty lines do not count; bytes that were no UTF-8 stand as surrogates in the text.

    `fields` knows the records of other logs.
    """
    number = 0
    for index, line in enumerate(lines(pieces), 1):
        stripped = "" if line is None else line.strip(BLANKS)
        number += line is None or stripped != ""
        place = Place(path, line=index, record=number)
        if line is None:
            yield note(place, f"the line is {Passed.LONG.value}; it was passed over")
        elif stripped:
            yield from read_line(stripped, place, fields)


def read_line(line: str, place: Place, fields: Fields | None = None) -> Reading:
    """The record of one line, after the notes about the parts of it that could not be read; no record is a note too."""
    try:
        line.encode()
        data = DECODER.decode(line)
        foreign = fields.record(data) if fields and isinstance(data, Mapping) else None
        yield from _read_foreign(foreign, place, line) if foreign else read_object(data, place, line)
    except UnicodeEncodeError:
        yield note(place, "the line is not UTF-8 text; write the file as UTF-8")
    except ValueError as error:
        yield note(place, f"the line is no JSON ({_problem(error)}); a record is one JSON object on one line")
    except RecursionError:
        yield note(place, "the record is nested too deep to be read; record the bodies as text (`body_text`)")
    except UnreadableError as error:
        yield note(place, str(error))


def _problem(error: ValueError) -> str:
    """What the parser says, without the text that it stopped at."""
    column = getattr(error, "colno", None)
    message = str(getattr(error, "msg", error)).lower()
    return f"{message} at column {column}" if column else message


def _read_foreign(foreign: Foreign, place: Place, text: str) -> Reading:
    """The record of another log, spoken of in the names of that."""
    try:
        for reading in read_object(foreign.own, place, text):
            if isinstance(reading, Record):
                yield foreign.completed(reading)
            else:
                yield replace(reading, message=foreign.named(reading.message))
    except UnreadableError as error:
        raise UnreadableError(foreign.named(str(error))) from None


def read_object(data: object, place: Place, text: str) -> Reading:
    """The record that parsed JSON is; `text` is how it is written. Raises `UnreadableError` where no call is in it."""
    if not isinstance(data, Mapping):
        raise UnreadableError(f"the record is {kind(data)}; expected an object with `request` and `response`")
    request = data.get("request")
    if not isinstance(request, Mapping):
        found = kind(request) if "request" in data else "missing"
        raise UnreadableError(f"`request` is {found}; expected an object with `method` and `url`")
    verb = needed(method, request.get("method"), "request.method", "the name of an HTTP method")
    url = needed(address, request.get("url"), "request.url", "a URL with `https://`, or a path that starts with `/`")
    at, notes = attempt(lambda: moment(data.get("at")), None, doubt(place, "at", TIME_WANTED))
    yield from notes
    sent = yield from _headers(request, "request", place)
    body = yield from _body(request, "request", place)
    code, got, answer = yield from _response(data.get("response"), place)
    complete_headers = sent is not None and complete(sent)
    exchange = Exchange(verb, url, sent or {}, body, code, got or {}, answer, at, complete_headers)
    yield Record(exchange, place, identity(text, at))


def _headers(message: Mapping[str, Any], name: str, place: Place) -> Generator[Note, None, dict[str, str] | None]:
    """The headers; None where they are not recorded."""
    if "headers" not in message:
        return None
    wanted = "an object of names and values"
    found, notes = attempt(lambda: headers(message["headers"]), None, doubt(place, f"{name}.headers", wanted))
    yield from notes
    return found


def _body(message: Mapping[str, Any], name: str, place: Place) -> Generator[Note, None, Body]:
    """The body: text is read as it was sent, anything else is the JSON document; null is no body."""
    match message:
        case {"body": _, "body_text": _}:
            yield doubt(place, f"{name}.body_text", "one of the two")("stands beside `body`")
            return Missing("recorded twice")
        case {"body": None} | {"body_text": None}:
            return None
        case {"body": str() as written} | {"body_text": str() as written}:
            return written
        case {"body": parsed}:
            return Parsed(from_json(parsed))
        case {"body_text": other}:
            yield doubt(place, f"{name}.body_text", "text (`body` takes JSON)")(f"is {kind(other)}")
    return Missing()


Response = tuple[int | None, dict[str, str] | None, Body]


def _response(response: object, place: Place) -> Generator[Note, None, Response]:
    """Status, headers and body of the response; no status where there is none, or none that can be read."""
    wanted = doubt(place, "response.status", "a number such as 200")
    match response:
        case None:
            return None, None, Missing()
        case {"status": written}:
            code, notes = attempt(lambda: status(written), None, wanted)
            yield from notes
        case {}:
            yield wanted("is missing")
            code = None
        case _:
            yield doubt(place, "response", "an object with `status`, or null")(f"is {kind(response)}")
            return None, None, Missing()
    assert isinstance(response, Mapping)
    got = yield from _headers(response, "response", place)
    body = yield from _body(response, "response", place)
    return code, got, body
