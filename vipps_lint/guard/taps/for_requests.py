"""The tap of requests: `Session.send`, which redirects pass too, above the adapters that test doubles replace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.taps.messages import body_of, headers_of
from vipps_lint.guard.watch import Echo, Passage, Watch, begin, under_way
from vipps_lint.read.request import Answer, Exchange, Missing

CLIENT = "requests"


def patches(module: ModuleType) -> Iterator[Patch]:
    """The method that is wrapped."""
    yield Patch(module.Session, "send", _wrapped)


def _wrapped(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def watched(self: Any, request: Any, **options: Any) -> Any:
        watch = (passed_on.pop(request, None) if passed_on else None) or start(CLIENT, request)
        if watch is None:
            return send(self, request, **options)
        return sent(CLIENT, request, watch, lambda: send(self, request, **options))

    return watched


passed_on: WeakKeyDictionary[Any, Watch | Echo] = WeakKeyDictionary()
"""Requests that a test double has watched and then let through to the real method."""


def start(client: str, request: Any) -> Watch | Echo | None:
    """Watch a prepared request."""
    method, url = getattr(request, "method", None), getattr(request, "url", None)
    if not isinstance(method, str) or not isinstance(url, str):
        return None
    return begin(client, method, url, request, lambda: _request(request))


def sent(client: str, request: Any, watch: Watch | Echo, send: Callable[[], Any]) -> Any:
    """Send the request that is watched; gives the response."""
    with under_way(client, request.method, request.url, request, watch) as passage:
        response = send()
    finish(passage, response)
    return response


def finish(passage: Passage, response: Any) -> None:
    """Tell of the response, and close it if that raises: nobody else will."""
    try:
        passage.answered(lambda: _answer(response))
    except BaseException:
        response.close()
        raise


def _request(request: Any) -> Exchange:
    return Exchange(request.method, request.url, headers_of(request.headers), body_of(request.body))


def _answer(last: Any) -> Answer:
    """The answer to the request itself: where redirects were followed, the first one."""
    response = last.history[0] if last.history else last
    content = getattr(response, "_content", False)
    body = content if isinstance(content, bytes) else Missing("the response is a stream")
    return Answer(response.status_code, headers_of(response.headers), body)
