"""The tap of requests: `Session.send`, which redirects pass too, above the adapters that test doubles replace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.watch import Answer, Request, Watch, begin, under_way
from vipps_lint.read.request import Body, Missing

CLIENT = "requests"


def patches(module: ModuleType) -> Iterator[Patch]:
    """The method that is wrapped."""
    yield Patch(module.Session, "send", _wrapped)


def _wrapped(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def watched(self: Any, request: Any, **options: Any) -> Any:
        watch = passed_on.pop(request, None) or start(CLIENT, request)
        if watch is None:
            return send(self, request, **options)
        try:
            with under_way(CLIENT, request.method, request.url, request):
                response = send(self, request, **options)
        except BaseException:
            watch.lost()
            raise
        finish(watch, response)
        return response

    return watched


passed_on: WeakKeyDictionary[Any, Watch] = WeakKeyDictionary()
"""Requests that a test double has watched and then let through to the real method."""


def start(client: str, request: Any) -> Watch | None:
    """Watch a prepared request."""
    method, url = getattr(request, "method", None), getattr(request, "url", None)
    if not isinstance(method, str) or not isinstance(url, str):
        return None
    return begin(client, method, url, request, lambda: _request(request))


def finish(watch: Watch, response: Any) -> None:
    """Tell of the response, and close it if that raises: nobody else will."""
    try:
        watch.answered(lambda: _answer(response))
    except BaseException:
        response.close()
        raise


def _request(request: Any) -> Request:
    return Request(request.method, request.url, _headers(request.headers or {}), _body(request.body))


def _body(body: object) -> Body:
    """What is sent, if it is at hand; a stream is not touched."""
    match body:
        case None | str() | bytes():
            return body
        case bytearray():
            return bytes(body)
        case _:
            return Missing("the body is a stream")


def _answer(last: Any) -> Answer:
    """The answer to the request itself: where redirects were followed, the first one."""
    response = last.history[0] if last.history else last
    content = getattr(response, "_content", False)
    body = content if isinstance(content, bytes) else Missing("the response is a stream")
    return Answer(response.status_code, _headers(response.headers), body)


def _headers(headers: Mapping[Any, Any]) -> dict[str, str]:
    return {_text(name): _text(value) for name, value in headers.items()}


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
