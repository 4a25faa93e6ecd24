"""The lines of the user's code that make a call: those that are not the client's, Python's or ours."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

from vipps_lint.call import Place

CLIENTS = frozenset({
    "vipps_lint", "requests", "httpx", "httpx2", "aiohttp", "urllib3", "urllib", "http", "httpcore", "anyio", "asyncio",
    "respx", "responses", "requests_mock", "pytest_httpx", "aioresponses", "vcr", "wrapt", "requests_toolbelt",
    "requests_oauthlib", "authlib", "oauthlib", "cachecontrol", "requests_cache", "aiohttp_retry", "tenacity",
    "backoff", "stamina", "unittest",
})  # fmt: skip
"""Packages that stand between the user's line and the request."""

RUNNERS = frozenset({"pytest", "_pytest", "pluggy", "xdist", "execnet", "runpy"})
"""Packages that stand below the tests."""

STANDARD_LIBRARY = (
    os.path.dirname(os.path.abspath(contextlib.__file__)),  # noqa: PTH100, PTH120 - a prefix to compare text with
    os.path.dirname(os.path.abspath(asyncio.__file__)),  # noqa: PTH100, PTH120
)


@dataclass(frozen=True, slots=True)
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
    place = Place(_short(file, os.getcwd()), frame.f_lineno)  # noqa: PTH109 - Path is slow
    return Line(place, file, str(frame.f_globals.get("__name__")), registry)


def users_lines() -> Iterator[tuple[str, int]]:
    """Every line of the user's code on this stack, innermost first: the file's whole path, and the line."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file, module = frame.f_code.co_filename, frame.f_globals.get("__name__")
        if not (_is_passed_through(file, module) or file.startswith("<") or _package(module) in RUNNERS):
            yield os.path.abspath(file), frame.f_lineno  # noqa: PTH100 - Path is slow
        frame = frame.f_back


@lru_cache(4096)
def _is_passed_through(file: str, module: object) -> bool:
    """Whether code is a client's, Python's or ours; what a mock makes has no module."""
    if module is None or _package(module) in CLIENTS:
        return True
    if file.startswith("<"):
        return file.startswith("<frozen")
    return os.path.dirname(file) in STANDARD_LIBRARY  # noqa: PTH120 - Path is slow, and this runs on every frame


@lru_cache(1024)
def _short(file: str, folder: str) -> str:
    """The path as it is written in the user's folder; paths elsewhere stay whole."""
    try:
        return Path(file).relative_to(folder).as_posix()
    except ValueError:
        return file


def _package(module: object) -> str:
    return str(module).partition(".")[0]
