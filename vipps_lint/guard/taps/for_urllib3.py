"""The tap of urllib3: every attempt as it goes out, after redirects and retries, above the connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from inspect import signature
from types import ModuleType
from typing import Any

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.taps.messages import body_of, headers_of
from vipps_lint.guard.watch import begin, under_way
from vipps_lint.read.request import Answer, Exchange, Missing

CLIENT = "urllib3"
PORTS = {"http": 80, "https": 443}


def patches(module: ModuleType) -> Iterator[Patch]:
    """The method that is wrapped."""
    yield Patch(module.connectionpool.HTTPConnectionPool, "_make_request", _wrapped)


def _wrapped(make: Callable[..., Any]) -> Callable[..., Any]:
    names = signature(make)

    @wraps(make)
    def watched(self: Any, conn: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        whole = _url(self, url)

        def request() -> Exchange:
            given = names.bind(self, conn, method, url, *arguments, **options).arguments
            given |= given.get("httplib_request_kw") or {}
            return Exchange(method, whole, headers_of(given.get("headers") or {}), body_of(given.get("body")))

        watch = begin(CLIENT, method, whole, conn, request)
        if watch is None:
            return make(self, conn, method, url, *arguments, **options)
        with under_way(CLIENT, method, whole, conn, watch) as passage:
            response = make(self, conn, method, url, *arguments, **options)
        passage.answered(lambda: _answer(response))
        return response

    return watched


def _url(pool: Any, target: str) -> str:
    """The whole URL: what is sent is the path, or all of it where a proxy is asked."""
    if not target.startswith("/"):
        return target
    port = "" if pool.port in (None, PORTS.get(pool.scheme)) else f":{pool.port}"
    return f"{pool.scheme}://{pool.host}{port}{target}"


def _answer(response: Any) -> Answer:
    content = getattr(response, "_body", None)  # `data` would read it
    if content is None and isinstance(recorded := getattr(response, "recorded_response", None), dict):
        content = recorded["body"]["string"]  # vcrpy's, which has no `_body`
    body = content if isinstance(content, bytes) else Missing("the response is a stream")
    return Answer(response.status, headers_of(response.headers), body)
