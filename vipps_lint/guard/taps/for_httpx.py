"""The tap of httpx (and of its fork httpx2): every request as it goes out, after authentication and redirects.

`_send_single_request` sees the requests, `send` knows when the body of the answer has been read: a call is judged with
its answer at the end of `send`, or at once where the body is there already. A body that is a stream is recorded while
it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from types import ModuleType
from typing import Any

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.taps.streams import Recording, recorded
from vipps_lint.guard.watch import Echo, Passage, Watch, begin, harmless, under_way
from vipps_lint.read.request import Answer, Exchange, Missing

CLIENT = "httpx"

Sent = tuple[Passage, Any, Recording | None]

_waiting: ContextVar[list[Sent] | None] = ContextVar("vipps_lint_httpx_waiting", default=None)


def patches(module: ModuleType) -> Iterator[Patch]:
    """The methods that are wrapped."""
    yield Patch(module.Client, "_send_single_request", _single)
    yield Patch(module.AsyncClient, "_send_single_request", _single_async)
    yield Patch(module.Client, "send", _send)
    yield Patch(module.AsyncClient, "send", _send_async)


def _send(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def watched(self: Any, request: Any, **options: Any) -> Any:
        with _collected() as waiting:
            response = send(self, request, **options)
        try:
            _finish(waiting)
        except BaseException:
            response.close()
            raise
        return response

    return watched


def _send_async(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    async def watched(self: Any, request: Any, **options: Any) -> Any:
        with _collected() as waiting:
            response = await send(self, request, **options)
        try:
            _finish(waiting)
        except BaseException:
            await response.aclose()
            raise
        return response

    return watched


def _single(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def watched(self: Any, request: Any, *arguments: Any, **options: Any) -> Any:
        watch = _begin(request)
        if watch is None:
            return send(self, request, *arguments, **options)
        with _passage(watch, request) as (passage, recording):
            response = send(self, request, *arguments, **options)
        _wait(passage, response, recording)
        return response

    return watched


def _single_async(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    async def watched(self: Any, request: Any, *arguments: Any, **options: Any) -> Any:
        watch = _begin(request)
        if watch is None:
            return await send(self, request, *arguments, **options)
        with _passage(watch, request) as (passage, recording):
            response = await send(self, request, *arguments, **options)
        _wait(passage, response, recording)
        return response

    return watched


def _begin(request: Any) -> Watch | Echo | None:
    method, url = str(request.method), str(request.url)
    return begin(CLIENT, method, url, request, lambda: _request(request, method, url))


def _request(request: Any, method: str, url: str) -> Exchange:
    content = getattr(request, "_content", None)  # `content` itself raises where the body is a stream
    body = content if isinstance(content, bytes) else Missing("the body is a stream")
    return Exchange(method, url, dict(request.headers), body)


@contextmanager
def _collected() -> Iterator[list[Sent]]:
    """The calls that are made inside, to be finished afterwards; at once and quietly where it ends in an error."""
    waiting: list[Sent] = []
    token = _waiting.set(waiting)
    try:
        yield waiting
    except BaseException:
        for passage, _, _ in waiting:
            passage.lost()
        raise
    finally:
        _waiting.reset(token)


@contextmanager
def _passage(watch: Watch | Echo, request: Any) -> Iterator[tuple[Passage, Recording | None]]:
    with under_way(CLIENT, request.method, str(request.url), request, watch) as passage:
        yield passage, _record(request)


def _record(request: Any) -> Recording | None:
    """Have the body recorded that is a stream."""
    with harmless("recording a body"):
        if not isinstance(getattr(request, "_content", None), bytes):
            request.stream, recording = recorded(request.stream)
            return recording
    return None


def _wait(passage: Passage, response: Any, recording: Recording | None) -> None:
    waiting = _waiting.get()
    if waiting is None:  # somebody calls the inner method themselves
        passage.answered(partial(_answer, response, recording))
    else:
        waiting.append((passage, response, recording))


def _finish(waiting: list[Sent]) -> None:
    """Judge all calls with their answers; what a guard has to say of the first wrong one is raised after the last."""
    errors: list[Exception] = []
    for passage, response, recording in waiting:
        try:
            passage.answered(partial(_answer, response, recording))
        except Exception as error:  # noqa: BLE001 - raised below, when all calls are remembered
            errors.append(error)
    if errors:
        raise errors[0]


def _answer(response: Any, recording: Recording | None) -> Answer:
    content = getattr(response, "_content", None)  # as above: a stream is not touched
    body = content if isinstance(content, bytes) else Missing("the response is a stream")
    sent = recording.whole() if recording else None
    return Answer(response.status_code, dict(response.headers), body, sent=sent)
