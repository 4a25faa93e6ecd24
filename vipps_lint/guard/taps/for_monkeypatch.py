"""The tap of pytest's `monkeypatch`: the functions that it puts in the place of a client's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.taps.doubles import replaced
from vipps_lint.guard.watch import harmless


def patches(module: ModuleType) -> Iterator[Patch]:
    """The method that replaces attributes, and notes what was there."""
    yield Patch(module.MonkeyPatch, "setattr", _setattr)


def _setattr(put: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(put)
    def seen(self: Any, *arguments: Any, **options: Any) -> None:
        put(self, *arguments, **options)
        with harmless("monkeypatch"):
            replaced(*self._setattr[-1])

    return seen
