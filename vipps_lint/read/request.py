"""One request and its response, as bytes and text, to a call. Serves the guard, the auditor and the examples."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from vipps_lint.call import Call, Place
from vipps_lint.document import ABSENT, MAYBE, NO, Hole, Object, Template, Truth, Value, from_plain, get, plain
from vipps_lint.immutable import changed, immutable
from vipps_lint.read.routes import Routes, Url


@immutable(frozen=True, slots=True)
class Missing:
    """Stands for a part of an exchange that was not recorded, which is something else than an empty one."""

    reason: str = "not recorded"


@immutable(frozen=True, slots=True)
class Parsed:
    """A body that the recorder has already read: its document."""

    document: Value


Body = bytes | str | None | Missing | Parsed
"""A body as it was sent: None or empty means there was none."""


@immutable(frozen=True, slots=True)
class Exchange:
    """A request and, where there is one, its response. Header names may have any capitals.

    `headers_complete` is False where the recorder drops headers (browsers leave out `Authorization`).
    """

    method: str
    url: str | Template
    headers: Mapping[str, Value] = field(default_factory=dict)
    body: Body = None
    status: int | None = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    response_body: Body = Missing()
    at: datetime | None = None
    headers_complete: bool = True


@immutable(frozen=True, slots=True)
class Answer:
    """A response that comes by itself, as far as it has been read.

    `sent` is the body of the request, where it was a stream and is known only now.
    """

    status: int
    headers: Mapping[str, str]
    body: Body = Missing()
    sent: Body = None


def read_call(
    exchange: Exchange,
    routes: Routes,
    place: Place,
    genuine: Truth | Callable[[Url], Truth] = MAYBE,
    at: datetime | None = None,
) -> Call | None:
    """The call that an exchange is; None where the URL belongs to no Vipps API.

    `genuine` is YES where Vipps itself is known to have answered (the URL may say so), `at` the moment where the
    exchange has none.
    """
    method = exchange.method.upper()
    match = routes.match(method, exchange.url)
    if match is None:
        return None
    headers = _headers(exchange.headers)
    sent = headers if exchange.headers_complete else _incomplete(headers)
    parts: dict[str, Any] = {"path": match.parameters, "query": plain(match.url.query), "headers": sent}
    if (body := _body(exchange.body, headers)) is not ABSENT:
        parts["body"] = plain(body)
    if exchange.status is not None:
        parts["response"] = _response(exchange.status, exchange.response_headers, exchange.response_body)
    return Call(
        api=match.url.api,
        operation=match.operation,
        known=match.known,
        method=method,
        path=match.url.path,
        document=from_plain(parts),
        host=match.url.host,
        scheme=match.url.scheme,
        at=exchange.at or at,
        place=place,
        succeeded=NO if exchange.status is not None and exchange.status >= 400 else MAYBE,
        genuine=genuine if isinstance(genuine, Truth) else genuine(match.url),
        nearest=match.nearest,
    )


def with_answer(call: Call, answer: Answer) -> Call:
    """The call again, when its answer is known, and its body if that was a stream."""
    parts = dict(call.document.plain or call.document.fields)
    parts["response"] = _response(answer.status, answer.headers, answer.body)
    if answer.sent is not None and isinstance(parts.get("body"), Hole):
        headers = get(call.document, ("headers",))
        body = _body(answer.sent, headers.fields if isinstance(headers, Object) else {})
        parts |= {} if body is ABSENT else {"body": plain(body)}
    failed = answer.status >= 400
    return changed(call, document=from_plain(parts), succeeded=NO if failed else MAYBE)


def _headers(headers: Mapping[str, Value]) -> dict[str, Value]:
    return {name.lower(): value for name, value in headers.items()}


def _incomplete(sent: dict[str, Value]) -> Object:
    """Headers of which the recorder dropped some; the calls of one log are taken for one sales unit's."""
    return Object({"merchant-serial-number": Hole(symbol="the sales unit of the log"), **sent}, open=True)


def _response(status: int, headers: Mapping[str, str], body: Body) -> dict[str, Any]:
    told = _headers(headers)
    parts: dict[str, Any] = {"status": status, "headers": told}
    if (document := _body(body, told)) is not ABSENT:
        parts["body"] = plain(document)
    return parts


def _body(body: Body, headers: Mapping[str, Value]) -> Value:
    """The document that a body holds: JSON, or a form; ABSENT for none, a hole for what cannot be read.

    `headers` are those that it came with, their names in small letters.
    """
    if isinstance(body, Missing):
        return Hole(reason=body.reason)
    if isinstance(body, Parsed):
        return body.document
    if not body:
        return ABSENT
    kind = headers.get("content-type", "")
    if isinstance(kind, str) and "x-www-form-urlencoded" in kind.lower():
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
        return Object(dict(parse_qsl(text, keep_blank_values=True)))
    return json_document(body)


def json_document(body: bytes | str) -> Value:
    """The document of JSON text; a hole that says why for text that is none (or nested too deep to read)."""
    try:
        text = body if isinstance(body, str) else body.decode(_encoding(body), "surrogatepass")
        found: object = DECODER.decode(text)
        return from_plain(found)
    except (ValueError, RecursionError) as error:
        return Hole(reason=f"the body is no JSON: {error}")


def _encoding(body: bytes) -> str:
    return "utf-8" if body[0] == ord("{") and body[1:2] != b"\0" else json.detect_encoding(body)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


DECODER = json.JSONDecoder(parse_constant=_no_constant)
"""Reads JSON as it is defined: NaN and Infinity are none."""
