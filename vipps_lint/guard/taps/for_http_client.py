"""The tap of `http.client`, for those who use it without a client above, and of what vcrpy puts in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial, wraps
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.taps.messages import body_of, headers_of
from vipps_lint.guard.taps.streams import overheard
from vipps_lint.guard.watch import Echo, Watch, begin, lost_by_error, under_way
from vipps_lint.read.request import Answer, Exchange, Missing

_sent: WeakKeyDictionary[Any, tuple[Watch | Echo, str, str]] = WeakKeyDictionary()
"""The calls that wait for an answer, by their connections: the watch, the method and the URL."""


def patches(module: ModuleType) -> Iterator[Patch]:
    """The methods that are wrapped."""
    if module.__name__ == "http.client":
        yield Patch(module.HTTPConnection, "request", partial(_request, "http.client", _url))
        yield Patch(module.HTTPConnection, "getresponse", partial(_getresponse, "http.client"))
    else:
        yield Patch(module.VCRConnection, "request", partial(_request, "vcr", lambda self, url: self._uri(url)))
        yield Patch(module.VCRConnection, "getresponse", partial(_getresponse, "vcr"))


def _request(client: str, address: Callable[[Any, str], str], send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def watched(self: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        whole = address(self, url)
        given = dict(zip(("body", "headers"), arguments, strict=False)) | options

        def told() -> Exchange:
            return Exchange(method, whole, headers_of(given.get("headers")), body_of(given.get("body")))

        watch = begin(client, method, whole, self, told)
        if watch is None:
            return send(self, method, url, *arguments, **options)
        with lost_by_error(watch):
            result = send(self, method, url, *arguments, **options)
        _sent[self] = watch, method, whole
        return result

    return watched


def _getresponse(client: str, answer: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(answer)
    def watched(self: Any, *arguments: Any, **options: Any) -> Any:
        sent = _sent.pop(self, None)
        if sent is None:
            return answer(self, *arguments, **options)
        watch, method, url = sent
        with under_way(client, method, url, self, watch) as passage:
            response = answer(self, *arguments, **options)
        passage.answered(lambda: answer_of(response))
        if isinstance(passage.watch, Watch):
            overheard(response, passage.watch)
        return response

    return watched


def answer_of(response: Any) -> Answer:
    """A response whose body the caller has yet to read, unless it has none."""
    if getattr(response, "length", None) == 0:
        return Answer(response.status, headers_of(response.headers), b"")
    return Answer(response.status, headers_of(response.headers), Missing("the response was not read"))


def _url(connection: Any, target: str) -> str:
    """The whole URL, with the host that is behind a tunnel."""
    if not target.startswith("/"):
        return target
    host, port = connection.host, connection.port
    if getattr(connection, "_tunnel_host", None):
        host, port = connection._tunnel_host, connection._tunnel_port
    scheme = "https" if connection.default_port == 443 else "http"
    return f"{scheme}://{host}{'' if port in (None, connection.default_port) else f':{port}'}{target}"
