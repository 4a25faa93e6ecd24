"""The tap of `urllib.request`: every request as it goes out, redirects too, with the headers that Python adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.taps.for_http_client import answer_of
from vipps_lint.guard.taps.messages import body_of, headers_of
from vipps_lint.guard.taps.streams import overheard
from vipps_lint.guard.watch import Watch, begin, under_way
from vipps_lint.read.request import Exchange

CLIENT = "urllib"


def patches(module: ModuleType) -> Iterator[Patch]:
    """The method that is wrapped."""
    yield Patch(module.OpenerDirector, "_open", _wrapped)


def _wrapped(opened: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(opened)
    def watched(self: Any, request: Any, data: Any = None) -> Any:
        method, url = request.get_method(), request.full_url
        watch = begin(CLIENT, method, url, request, lambda: _request(request, method, url))
        if watch is None:
            return opened(self, request, data)
        with under_way(CLIENT, method, url, request, watch) as passage:
            response = opened(self, request, data)
        passage.answered(lambda: answer_of(response))
        if isinstance(passage.watch, Watch):
            overheard(response, passage.watch)
        return response

    return watched


def _request(request: Any, method: str, url: str) -> Exchange:
    return Exchange(method, url, headers_of({**request.unredirected_hdrs, **request.headers}), body_of(request.data))
