"""Functions that a guard decorates: plain ones, coroutines and generators."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any, Protocol


class Opens(Protocol):
    """A guard, as far as a decorated function knows it."""

    def _open(self) -> int:
        """Begin to watch."""
        ...

    def _close(self, mark: int, error: BaseException | None) -> None:
        """Stop."""
        ...


def guarded(guard: Opens, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, guarded. Each run has its own mark, so that runs may overlap."""

    @wraps(function)
    async def coroutine(*arguments: Any, **named: Any) -> Any:
        with _Run(guard):
            return await function(*arguments, **named)

    @wraps(function)
    def generator(*arguments: Any, **named: Any) -> Any:
        with _Run(guard):
            return (yield from function(*arguments, **named))

    @wraps(function)
    def plain(*arguments: Any, **named: Any) -> Any:
        with _Run(guard):
            return function(*arguments, **named)

    if inspect.iscoroutinefunction(function):
        return coroutine
    return generator if inspect.isgeneratorfunction(function) else plain


class _Run:
    """One run of a decorated function."""

    def __init__(self, guard: Opens) -> None:
        self.guard = guard

    def __enter__(self) -> None:
        self.mark = self.guard._open()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.guard._close(self.mark, error)
