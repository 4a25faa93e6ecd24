"""The lines of the user's code that make a call: those that are not the client's, Python's or ours."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from functools import lru_cache
from inspect import CO_COROUTINE
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from vipps_lint.call import Place
from vipps_lint.immutable import immutable

CLIENTS = frozenset({
    "vipps_lint", "requests", "httpx", "httpx2", "aiohttp", "urllib3", "urllib", "http", "httpcore", "anyio", "asyncio",
    "respx", "responses", "requests_mock", "pytest_httpx", "aioresponses", "vcr", "wrapt", "requests_toolbelt",
    "requests_oauthlib", "authlib", "oauthlib", "cachecontrol", "requests_cache", "aiohttp_retry", "tenacity",
    "backoff", "stamina", "unittest",
})  # fmt: skip
"""Packages that stand between the user's line and the request."""

RUNNERS = frozenset({"pytest", "_pytest", "pluggy", "xdist", "execnet", "__channelexec__", "runpy"})
"""Packages that stand below the tests."""

STANDARD_LIBRARY = os.path.join(os.path.dirname(os.path.abspath(contextlib.__file__)), "")  # noqa: PTH100, PTH118, PTH120
INSTALLED = re.compile(r"[\\/](?:site|dist)-packages[\\/]")
"""What may lie inside the folder of the standard library, and is none of it."""

LOOPS = frozenset({"asyncio.events", "trio._core._run"})
"""Modules that run tasks: who made a task is not on its stack."""


@immutable(frozen=True, slots=True)
class Line:
    """A line that ran, as a `Place` and as `warnings` wants it."""

    place: Place
    file: str
    module: str
    registry: dict[str, Any]


def users_line() -> Line:
    """The line that made the call which is being sent on this stack."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_passed_through(frame.f_code.co_filename, frame.f_globals.get("__name__")):
        frame = frame.f_back
    if frame is None:
        return Line(Place("?"), "?", "?", {})
    file = frame.f_code.co_filename
    registry = frame.f_globals.setdefault("__warningregistry__", {})
    place = _place(file, os.getcwd(), frame.f_lineno)  # noqa: PTH109 - Path is slow
    return Line(place, file, str(frame.f_globals.get("__name__")), registry)


class Passed(NamedTuple):
    """A line that a call passed: the file's whole path, the line, and the coroutine that it belongs to, if it does."""

    file: str
    line: int
    coroutine: str


def users_lines() -> tuple[list[Passed], bool]:
    """Every line of the user's code on this stack, innermost first, and whether they lead to the call without a gap.

    Where a client's own coroutine is made a task, or its function the work of a thread, nobody knows who did that.
    """
    lines: list[Passed] = []
    frame: FrameType | None = sys._getframe(1)
    has_gap = False
    while frame is not None:
        code, module = frame.f_code, frame.f_globals.get("__name__")
        if not (_is_passed_through(code.co_filename, module) or _package(module) in RUNNERS):
            coroutine = code.co_name if code.co_flags & CO_COROUTINE else ""
            lines.append(Passed(os.path.abspath(code.co_filename), frame.f_lineno, coroutine))  # noqa: PTH100
        has_gap = has_gap or (not lines and module in LOOPS)
        frame = frame.f_back
    return lines, bool(lines) and not has_gap


@lru_cache(4096)
def _is_passed_through(file: str, module: object) -> bool:
    """Whether code is a client's, Python's or ours; what a mock makes has no module."""
    if module is None or _package(module) in CLIENTS:
        return True
    if file.startswith("<"):
        return file.startswith("<frozen")
    return file.startswith(STANDARD_LIBRARY) and INSTALLED.search(file) is None


@lru_cache(4096)
def _place(file: str, folder: str, line: int) -> Place:
    return Place(_short(file, folder), line)


@lru_cache(1024)
def _short(file: str, folder: str) -> str:
    """The path as it is written in the user's folder; paths elsewhere stay whole."""
    try:
        return Path(file).relative_to(folder).as_posix()
    except ValueError:
        return file


def _package(module: object) -> str:
    return str(module).partition(".")[0]
