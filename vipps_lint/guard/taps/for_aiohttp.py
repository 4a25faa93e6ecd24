"""The tap of aiohttp: every request when it asks for a connection, with the headers and the body as they will go out.

Test doubles replace `ClientSession._request`, so the methods above it are wrapped too: a call that ends without having
asked for a connection was answered by a double, and is judged by what the session was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import wraps
from types import ModuleType
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.taps.messages import body_of, headers_of
from vipps_lint.guard.taps.streams import Overhearing, Recording
from vipps_lint.guard.watch import Echo, Watch, begin, harmless, lost_by_error
from vipps_lint.read.request import Answer, Body, Exchange, Missing

CLIENT = "aiohttp"
VERBS = ("get", "options", "head", "post", "put", "patch", "delete")

_connected: ContextVar[list[bool] | None] = ContextVar("vipps_lint_aiohttp_connected", default=None)
_sent: WeakKeyDictionary[Any, tuple[Watch | Echo, Recording]] = WeakKeyDictionary()
"""The calls under way, by their `ClientRequest` and then by their `ClientResponse`."""


def patches(module: ModuleType) -> Iterator[Patch]:
    """The methods that are wrapped."""
    yield Patch(module.ClientSession, "request", lambda original: _entry(original, None))
    for verb in VERBS:
        yield Patch(module.ClientSession, verb, lambda original, verb=verb: _entry(original, verb.upper()))  # type: ignore[misc]
    yield Patch(module.BaseConnector, "connect", _connect)
    yield Patch(module.client_reqrep.ClientRequest, "send", _send)
    yield Patch(module.client_reqrep.ClientRequest, "write_bytes", _write_bytes)
    yield Patch(module.ClientResponse, "start", _start)
    yield Patch(module.ClientResponse, "read", _read)


def _entry(original: Callable[..., Any], verb: str | None) -> Callable[..., Any]:
    @wraps(original)
    def watched(self: Any, *arguments: Any, **options: Any) -> Any:
        manager = original(self, *arguments, **options)
        with harmless("a request"):
            method, url = (verb, *arguments)[:2] if verb else arguments[:2]
            manager._coro = _answered(manager._coro, self, method, str(url), options)
        return manager

    return watched


async def _answered(sending: Any, session: Any, method: str, url: str, options: dict[str, Any]) -> Any:
    """The response; where a double gave it, judged here."""
    connected: list[bool] = []
    token = _connected.set(connected)
    try:
        response = await sending
    finally:
        _connected.reset(token)
    if not connected and isinstance(getattr(response, "status", None), int):
        whole = _whole_url(session, url, options.get("params"))
        watch = begin(CLIENT, method, whole, response, lambda: _given(session, method, whole, options))
        if watch is not None:
            _answer(watch, response, Recording())
    return response


def _connect(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def watched(self: Any, request: Any, *arguments: Any, **options: Any) -> Any:
        if (connected := _connected.get()) is not None:
            connected.append(True)
        watch = begin(CLIENT, request.method, str(request.url), request, lambda: _request(request))
        if watch is None:
            return await original(self, request, *arguments, **options)
        with lost_by_error(watch):
            connection = await original(self, request, *arguments, **options)
        _sent[request] = (watch, Recording())
        return connection

    return watched


def _send(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def watched(self: Any, connection: Any) -> Any:
        under_way = _sent.get(self)
        if under_way is None:
            return await original(self, connection)
        with lost_by_error(under_way[0]):
            response = await original(self, connection)
        _sent[response] = under_way
        return response

    return watched


def _write_bytes(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def watched(self: Any, writer: Any, *arguments: Any, **options: Any) -> Any:
        if (under_way := _sent.get(self)) is not None and isinstance(_body(self), Missing):
            writer = Overhearing(writer, under_way[1])
        return await original(self, writer, *arguments, **options)

    return watched


def _start(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def watched(self: Any, connection: Any) -> Any:
        under_way = _sent.get(self)
        if under_way is None:
            return await original(self, connection)
        with lost_by_error(_sent.pop(self)[0]):
            result = await original(self, connection)
        _answer(under_way[0], self, under_way[1])
        return result

    return watched


def _read(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def watched(self: Any) -> Any:
        body = await original(self)
        if (under_way := _sent.pop(self, None)) is not None and isinstance(body, bytes):
            under_way[0].read(body)
        return body

    return watched


def _answer(watch: Watch | Echo, response: Any, sent: Recording) -> None:
    _sent[response] = (watch, sent)
    body = getattr(response, "_body", None)
    known = body if isinstance(body, bytes) else Missing("the response was not read")
    headers = headers_of(response.headers)
    watch.answered(lambda: Answer(response.status, headers, known, sent=sent.whole()))


def _request(request: Any) -> Exchange:
    return Exchange(request.method, str(request.url), headers_of(request.headers), _body(request))


def _body(request: Any) -> Body:
    """The body that a request will send, if it lies in memory."""
    body = getattr(request, "_body", None) or getattr(request, "body", None)
    value = getattr(body, "_value", body)
    return body_of(value or None) if value is None or isinstance(value, str | bytes | bytearray) else body_of(object())


def _given(session: Any, method: str, url: str, options: dict[str, Any]) -> Exchange:
    """The request as a session was asked for it; what credentials and middlewares would add is not known."""
    headers = session._prepare_headers(options.get("headers"))
    json, data = options.get("json"), options.get("data")
    body: object = data
    if json is not None:
        body = session._json_serialize(json)
        headers.setdefault("Content-Type", "application/json")
    elif isinstance(data, dict):
        body = urlencode(data)
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    adding = any((options.get("auth"), session.auth, getattr(session, "_middlewares", ()), options.get("middlewares")))
    return Exchange(method, url, headers_of(headers), body_of(body), headers_complete=not adding)


def _whole_url(session: Any, url: str, params: Any) -> str:
    whole = session._build_url(url)
    return str(whole.update_query(params) if params else whole)
