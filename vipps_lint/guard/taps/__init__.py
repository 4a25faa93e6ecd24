"""Taps: thin wrappers around the one method of a client that every request passes.

Each sits above the layer that test doubles replace, so a call that `responses` or `respx` answers is seen too. A client
that is not imported yet is tapped when the program imports it; the guard itself never imports one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from threading import RLock
from types import ModuleType
from typing import Any

from vipps_lint.guard.watch import harmless
from vipps_lint.immutable import immutable

CLIENTS = {
    "http.client": "vipps_lint.guard.taps.for_http_client",
    "vcr.stubs": "vipps_lint.guard.taps.for_http_client",
    "urllib.request": "vipps_lint.guard.taps.for_urllib",
    "urllib3": "vipps_lint.guard.taps.for_urllib3",
    "aiohttp": "vipps_lint.guard.taps.for_aiohttp",
    "requests": "vipps_lint.guard.taps.for_requests",
    "requests_mock": "vipps_lint.guard.taps.for_requests_mock",
    "unittest.mock": "vipps_lint.guard.taps.for_mock",
    "_pytest.monkeypatch": "vipps_lint.guard.taps.for_monkeypatch",
    "httpx": "vipps_lint.guard.taps.for_httpx",
    "httpx2": "vipps_lint.guard.taps.for_httpx",
}
"""The clients (and doubles that replace what we tap) that can be tapped, and our module that knows each."""

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


@immutable(frozen=True, slots=True)
class Patch:
    """One method to wrap, or one function of a module."""

    owner: type | ModuleType
    name: str
    wrap: Wrap


@immutable(frozen=True, slots=True)
class _Installed:
    """A wrapped method: what was there, and what is there now."""

    owner: type | ModuleType
    name: str
    before: Callable[..., Any]
    now: Callable[..., Any]


_lock = RLock()
_holders = 0
_installed: dict[str, list[_Installed]] = {}


def hold() -> None:
    """Have all clients tapped, until as many `release` as `hold` were called."""
    global _holders  # noqa: PLW0603 - taps belong to the process
    with _lock:
        _holders += 1
        if _holders == 1:
            sys.meta_path.insert(0, _FINDER)
        for name in CLIENTS:
            if name in sys.modules and name not in _installed:
                _tap(name, sys.modules[name])


def release() -> None:
    """Put everything back, if nobody holds the taps any more."""
    global _holders  # noqa: PLW0603
    with _lock:
        _holders -= 1
        if _holders:
            return
        if _FINDER in sys.meta_path:
            sys.meta_path.remove(_FINDER)
        for patches in _installed.values():
            for one in reversed(patches):
                # Where somebody has wrapped our wrapper meanwhile, it stays below theirs and only passes calls on.
                if vars(one.owner).get(one.name) is one.now:
                    setattr(one.owner, one.name, one.before)
        _installed.clear()


def _tap(name: str, module: ModuleType) -> None:
    with harmless(f"tapping {name}"):
        _installed[name] = [_install(patch) for patch in _patches(name, module)]


def _patches(name: str, module: ModuleType) -> Iterator[Patch]:
    patches: Iterator[Patch] = import_module(CLIENTS[name]).patches(module)
    yield from patches


def _install(patch: Patch) -> _Installed:
    before = vars(patch.owner)[patch.name]
    now = patch.wrap(before)
    setattr(patch.owner, patch.name, now)
    return _Installed(patch.owner, patch.name, before, now)


class _Finder(MetaPathFinder):
    """Finds nothing itself: lets the others find a client, and has it tapped once it is loaded."""

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname not in CLIENTS:
            return None
        for finder in tuple(sys.meta_path):
            if finder is not self and (spec := finder.find_spec(fullname, path, target)) is not None:
                with harmless(f"waiting for {fullname}"):
                    _tap_when_loaded(spec)
                return spec
        return None


def _tap_when_loaded(spec: ModuleSpec) -> None:
    """Have the loader call us once; it is left as it was."""
    loader: Any = spec.loader
    load = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        del loader.exec_module
        load(module)
        with _lock:
            if _holders and spec.name not in _installed:
                _tap(spec.name, module)

    loader.exec_module = exec_module


_FINDER = _Finder()
