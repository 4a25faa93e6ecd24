"""The tap of requests-mock, which replaces `Session.send` itself and goes on with a copy that it took when imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.taps.for_requests import finish, passed_on, start
from vipps_lint.guard.watch import under_way

DOUBLE = "requests_mock"
NOT_MINE = frozenset({"NoMockAddress", "_RunRealHTTP"})
"""The errors by which requests-mock says that it does not answer: nothing was sent so far."""


def patches(module: ModuleType) -> Iterator[Patch]:
    """The copy of `Session.send`."""
    yield Patch(module.mocker, "_original_send", _wrapped)


def _wrapped(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def watched(session: Any, request: Any, **options: Any) -> Any:
        watch = start(DOUBLE, request)
        if watch is None:
            return send(session, request, **options)
        with under_way(DOUBLE, request.method, request.url, request, watch) as passage:
            try:
                response = send(session, request, **options)
            except BaseException as error:
                if type(error).__name__ in NOT_MINE:
                    passed_on[request], passage.watch = watch, None
                raise
        finish(passage, response)
        return response

    return watched
