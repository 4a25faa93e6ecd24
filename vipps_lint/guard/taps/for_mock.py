"""The tap of `unittest.mock`: the calls of its doubles, and what `patch` puts in the place of clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any

from vipps_lint.guard.taps import Patch
from vipps_lint.guard.taps.doubles import NONE, Part, Sent, part_of, replaced, sent_by, watched
from vipps_lint.guard.watch import harmless


def patches(module: ModuleType) -> Iterator[Patch]:
    """What every double is called by, and what puts things in the place of others."""
    yield Patch(module.CallableMixin, "__call__", _call)
    yield Patch(module._patch, "__enter__", _enter)


def _call(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def seen(self: Any, /, *arguments: Any, **options: Any) -> Any:
        sent = None
        with harmless("a call of a mock"):
            sent = _sent(self, arguments, options)
        if sent is None:
            return call(self, *arguments, **options)
        return watched(sent, lambda: call(self, *arguments, **options))

    return seen


def _sent(mock: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Sent | None:
    """The request of a mock that plays a part of a client, or came with one that does, or has only such a name."""
    part, root, steps = part_of(mock), mock, 0
    if part is not None and part.sender:
        return sent_by(part.sender, part, arguments, options)
    while (above := root._mock_new_parent) is not None:
        root, steps = above, steps + 1
    whole = part_of(root)
    if whole is NONE:
        return None
    part = Part(whole.is_module and steps == 1) if whole else part
    return sent_by(mock._extract_mock_name().rpartition(".")[2], part, arguments, options)


def _enter(enter: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(enter)
    def entered(self: Any) -> Any:
        new = enter(self)
        with harmless("a patch"):
            replaced(self.target, self.attribute, self.temp_original)
        return new

    return entered
