"""Who is watching: the guards that are active in this process, and what the taps tell them.

A tap says `begin` before a request goes out and `answered` or `lost` afterwards. Nothing that goes wrong in here
reaches the user's call; it is logged once. What a guard has to say does: an exception of the mode `raise`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import RLock
from typing import Protocol

from vipps_lint.guard.lines import Line, users_line
from vipps_lint.read.request import Body, Missing

log = logging.getLogger("vipps_lint.guard")
_logged: set[str] = set()


class Watcher(Protocol):
    """A guard, as the taps know it."""

    def concerns(self, method: str, url: str) -> bool:
        """Whether it wants to know of the request."""
        ...

    def sent(self, request: Request, line: Line) -> object:
        """Take note of a request before it is sent; gives what `answered` and `lost` are asked with."""
        ...

    def answered(self, note: object, request: Request, answer: Answer) -> object:
        """Take note of the answer; gives a new note."""
        ...

    def lost(self, note: object) -> None:
        """Take note that there was no answer."""
        ...

    def speak(self, note: object, line: Line) -> Exception | None:
        """Say what there is to say of the call; an exception is raised in the user's code."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it goes out."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Body


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, as far as it has been read."""

    status: int
    headers: Mapping[str, str]
    body: Body = field(default_factory=Missing)


@dataclass(eq=False)
class Watch:
    """One request on its way, and the guards that look at it."""

    request: Request
    line: Line
    notes: list[tuple[Watcher, object]]

    def answered(self, answer: Callable[[], Answer]) -> None:
        """The response is there. Raises what a guard has to say of it."""
        with harmless("reading an answer"):
            told = answer()
            self.notes = [(one, one.answered(note, self.request, told)) for one, note in self.notes]
            self._speak()

    def lost(self) -> None:
        """There is no response and there will be none."""
        with harmless("an unanswered call"):
            for watcher, note in self.notes:
                watcher.lost(note)

    def _speak(self) -> None:
        """Every guard hears of the call before the first one raises."""
        spoken = [error for watcher, note in self.notes if (error := watcher.speak(note, self.line)) is not None]
        if spoken:
            raise Spoken(spoken[0])


class Spoken(Exception):  # noqa: N818 - no error: a carrier past our own safety net
    """Carries an exception that is meant for the user."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


_watchers: list[Watcher] = []
_lock = RLock()
_under_way: ContextVar[tuple[str, str, str, object] | None] = ContextVar("vipps_lint_under_way", default=None)


def join(watcher: Watcher) -> bool:
    """Start to watch; True for the first one."""
    with _lock:
        _watchers.append(watcher)
        return len(_watchers) == 1


def leave(watcher: Watcher) -> bool:
    """Stop to watch; True for the last one."""
    with _lock:
        for index in range(len(_watchers) - 1, -1, -1):
            if _watchers[index] is watcher:
                del _watchers[index]
                break
        return not _watchers


def begin(client: str, method: str, url: str, original: object, request: Callable[[], Request]) -> Watch | None:
    """A client is about to send. Raises what a guard has to say; None where no guard cares for the request.

    One client may stand on another: the lower one's request with the same method and URL is the same call, and so is
    the client's own object `original` where it passes the tap a second time.
    """
    with harmless("a request"):
        above = _under_way.get()
        if above is not None and (above[3] is original or (above[0] != client and above[1:3] == (method, url))):
            return None
        interested = [one for one in dict.fromkeys(_watchers) if one.concerns(method, url)]
        if not interested:
            return None
        line, told = users_line(), request()
        watch = Watch(told, line, [(one, one.sent(told, line)) for one in interested])
        watch._speak()
        return watch
    return None


@contextmanager
def under_way(client: str, method: str, url: str, original: object) -> Iterator[None]:
    """While this lasts, what is sent again by another layer is known to be the same call."""
    token = _under_way.set((client, method, url, original))
    try:
        yield
    finally:
        _under_way.reset(token)


@contextmanager
def harmless(doing: str) -> Iterator[None]:
    """A bug in here is logged once and swallowed; what a guard says goes through."""
    try:
        yield
    except Spoken as spoken:
        raise spoken.error from None
    except Exception as error:  # the user's call must not fail for a bug of ours
        if (text := f"{doing}: {type(error).__name__}") not in _logged:
            _logged.add(text)
            log.exception("a bug in vipps-lint while judging %s; the call was let through, please report it", doing)
