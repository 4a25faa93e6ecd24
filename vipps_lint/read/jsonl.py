"""JSON Lines of requests and responses to records: one object a line, as `audit/record.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from vipps_lint.call import Place
from vipps_lint.document import from_plain
from vipps_lint.read.fields import Fields, Foreign
from vipps_lint.read.record import (
    TIME_WANTED,
    Parts,
    Reading,
    Record,
    UnreadableError,
    address,
    complete,
    headers,
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
        foreign = fields.record(data) if fields and fields.may_tell(data) else None
        yield from _read_foreign(foreign, place, line) if foreign else read_object(data, place, line)
    except UnicodeEncodeError:
        yield note(place, "the line is not UTF-8 text; write the file as UTF-8")
    except ValueError as error:
        yield note(place, f"the line is no JSON ({_problem(error)}); a record is one JSON object on one line")
    except RecursionError:
        yield note(place, "the record is nested too deep to be read; record the bodies as text (`body_text`)")
    except UnreadableError as error:
        yield note(place, str(error))


def read_row(row: Mapping[str, Any], place: Place, text: str, fields: Fields) -> Reading:
    """The record of a row of a table, in our own columns or in those of another log; `text` is how it would be written.

    What cannot be read is a note, as in `read_line`.
    """
    try:
        foreign = fields.record(row)
        yield from _read_foreign(foreign, place, text) if foreign else read_object(row, place, text)
    except RecursionError:
        yield note(place, "the record is nested too deep to be read")
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
    """The record that JSON is; `text` is how it is written. Raises `UnreadableError` where no call is in it."""
    if not isinstance(data, dict):
        raise UnreadableError(f"the record is {kind(data)}; expected an object with `request` and `response`")
    request = data.get("request")
    if not isinstance(request, dict):
        found = kind(request) if "request" in data else "missing"
        raise UnreadableError(f"`request` is {found}; expected an object with `method` and `url`")
    verb = needed(method, request.get("method"), "request.method", "the name of an HTTP method")
    url = needed(address, request.get("url"), "request.url", "a URL with `https://`, or a path that starts with `/`")
    parts = Parts(place)
    at = parts.read(moment, data.get("at"), None, "at", TIME_WANTED)
    sent = _headers(request, "request", parts)
    body = _body(request, "request", parts)
    code, got, answer = _response(data.get("response"), parts)
    yield from parts.notes
    complete_headers = sent is not None and complete(sent)
    exchange = Exchange(verb, url, sent or {}, body, code, got or {}, answer, at, complete_headers)
    yield Record(exchange, place, text)


def _headers(message: dict[str, Any], name: str, parts: Parts) -> dict[str, str] | None:
    """The headers; None where they are not recorded."""
    if "headers" not in message:
        return None
    return parts.read(headers, message["headers"], None, f"{name}.headers", "an object of names and values")


def _body(message: dict[str, Any], name: str, parts: Parts) -> Body:
    """The body: text is read as it was sent, anything else is the JSON document; null is no body."""
    if "body_text" not in message:
        body = message.get("body", UNTOLD)
        return body if body is None or type(body) is str or body is UNTOLD else Parsed(from_plain(body))
    if "body" in message:
        parts.doubt(f"{name}.body_text", "stands beside `body`", "one of the two")
        return Missing("recorded twice")
    text = message["body_text"]
    if text is None or type(text) is str:
        return text
    parts.doubt(f"{name}.body_text", f"is {kind(text)}", "text (`body` takes JSON)")
    return UNTOLD


UNTOLD = Missing()

Response = tuple[int | None, dict[str, str] | None, Body]


def _response(response: object, parts: Parts) -> Response:
    """Status, headers and body of the response; no status where there is none, or none that can be read."""
    if not isinstance(response, dict):
        if response is not None:
            parts.doubt("response", f"is {kind(response)}", "an object with `status`, or null")
        return None, None, UNTOLD
    wanted, code = "a number such as 200", None
    if "status" in response:
        code = parts.read(status, response["status"], None, "response.status", wanted)
    else:
        parts.doubt("response.status", "is missing", wanted)
    return code, _headers(response, "response", parts), _body(response, "response", parts)
