"""HAR 1.2 (what browsers and proxies export) to records, as far as the file goes.

A file that was cut in half is read entry by entry up to the break.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from vipps_lint.call import Place
from vipps_lint.diagnostic import Note
from vipps_lint.document import from_json
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
from vipps_lint.read.request import Body, Exchange, Missing, Parsed
from vipps_lint.read.stream import BrokenOffError, Items, Passed

ENTRIES = re.compile(r'(?<!\\)"entries"\s*:\s*\[')
FORM = "x-www-form-urlencoded"
UNKNOWN: Body = Missing()
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


def read_har(pieces: Iterable[str], path: str) -> Reading:
    """The records of a HAR file. What is not readable is a note, and so is the place where the file breaks off."""
    items = Items(pieces)
    if not items.begin(ENTRIES):
        yield Note(path, "the HAR file has no `log.entries`; export the calls again, with their contents", lost=True)
        return
    number = 0
    try:
        for number, item in enumerate(items, 1):
            place = Place(path, record=number)
            if isinstance(item, Passed):
                yield note(place, f"the entry is {item.value}; it was passed over")
            else:
                yield from read_entry(item[0], place, item[1])
    except BrokenOffError as broken:
        yield Note(
            path,
            f"the HAR file breaks off at line {broken.line}, column {broken.column}: {_count(number)} read, "
            "nothing after it; export it again to have the rest",
            line=broken.line,
            lost=True,
        )


def _count(whole: int) -> str:
    return {0: "no entry before that was", 1: "the one entry before that was"}.get(
        whole, f"the {whole} entries before that were"
    )


def read_entry(entry: object, place: Place, text: str) -> Reading:
    """The record of one entry, after the notes about the parts of it that could not be read."""
    try:
        yield from _entry(entry, place, text)
    except UnreadableError as error:
        yield note(place, str(error))
    except RecursionError:
        yield note(place, "the entry is nested too deep to be read")


def _entry(entry: object, place: Place, text: str) -> Reading:
    if not isinstance(entry, Mapping):
        raise UnreadableError(f"the entry is {kind(entry)}; expected an object with `request` and `response`")
    request, response = _object(entry, "request"), _optional(entry, "response")
    verb = needed(method, request.get("method"), "request.method", "the name of an HTTP method")
    url = needed(address, request.get("url"), "request.url", "a URL with `https://`")
    parts, described = Parts(place), "what HAR 1.2 describes"
    at = parts.read(moment, entry.get("startedDateTime"), None, "startedDateTime", TIME_WANTED)
    sent = _headers(request, "request", parts)
    body = parts.read(partial(_sent, verb=verb), request, UNKNOWN, "request.postData", described)
    code = parts.read(status, _aborted(response), None, "response.status", "a number such as 200")
    got = _headers(response, "response", parts)
    answer = parts.read(partial(_received, code=code), response, UNKNOWN, "response.content", described)
    yield from parts.notes
    exchange = Exchange(verb, url, sent or {}, body, code, got or {}, answer, at, complete(sent or {}))
    yield Record(exchange, place, text)


def _headers(message: Mapping[str, Any], name: str, parts: Parts) -> dict[str, str] | None:
    return parts.read(headers, message.get("headers"), None, f"{name}.headers", "a list of `{name, value}`")


def _object(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = entry.get(name)
    if isinstance(found, Mapping):
        return found
    raise UnreadableError(f"`{name}` is {kind(found) if name in entry else 'missing'}; expected an object (HAR 1.2)")


def _optional(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _object(entry, name) if entry.get(name) is not None else {}


def _aborted(response: Mapping[str, Any]) -> object:
    """The status as it is written; -1 is how some recorders write that no response came."""
    return None if response.get("status") == -1 else response.get("status")


def _sent(request: Mapping[str, Any], verb: str) -> Body:
    """The body of a request: its text, or its form fields; unknown where only its size is recorded."""
    data: Any = request.get("postData")
    match data:
        case {"text": str() as text} if text:
            content = _content(text, data)
            return _form(content) if FORM in str(data.get("mimeType")).lower() else content
        case {"params": [_, *_] as params}:
            return _fields(params)
        case None | {}:
            empty = request.get("bodySize") == 0 or (verb in BODILESS and request.get("bodySize") in (None, -1))
            return None if empty else Missing()
        case _:
            raise UnreadableError(f"is {kind(data)}")


def _form(content: str | bytes) -> Body:
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    return Parsed(from_json(dict(parse_qsl(text, keep_blank_values=True))))


def _fields(params: Sequence[Any]) -> Body:
    """The fields of a form; a part of a `multipart` body may be a file that is not there."""
    fields: dict[str, object] = {}
    for param in params:
        match param:
            case {"name": str() as name, "value": str() as value}:
                fields[name] = value
            case _:
                return Missing("a field of the form has no value")
    return Parsed(from_json(fields))


def _received(response: Mapping[str, Any], code: int | None) -> Body:
    """The body of a response; unknown where its content was not exported."""
    content: Any = response.get("content")
    match content:
        case {"text": str() as text} if text:
            return _content(text, content)
        case {"size": 0} if response.get("bodySize") in (0, None):
            return None
        case None | {}:
            return None if code == 204 else Missing()
        case _:
            raise UnreadableError(f"is {kind(content)}")


def _content(text: str, data: Mapping[str, Any]) -> str | bytes:
    if data.get("encoding") != "base64":
        return text
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableError("is no base64") from None
