"""Who is watching: the guards that are active in this process, and what the taps tell them.

A tap says `begin` before a request goes out and `answered` or `lost` afterwards. Nothing that goes wrong in here
reaches the user's call; it is logged once. What a guard has to say does: an exception of the mode `raise`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from threading import RLock
from traceback import format_tb
from typing import Protocol
from urllib.parse import unquote

from vipps_lint.guard.lines import Line, users_line
from vipps_lint.read.request import Answer, Exchange

log = logging.getLogger("vipps_lint.guard")
_logged: set[str] = set()


class Watcher(Protocol):
    """A guard, as the taps know it."""

    def concerns(self, url: str) -> bool:
        """Whether it may want to know of the request."""
        ...

    def sent(self, request: Exchange, line: Line) -> object:
        """Take note of a request before it is sent; gives what `answered` and `lost` are asked with."""
        ...

    def answered(self, note: object, answer: Answer) -> object:
        """Take note of the answer; gives a new note."""
        ...

    def read(self, note: object, body: bytes) -> object:
        """Take note of the body of an answer, which somebody read later than the rest; gives a new note."""
        ...

    def lost(self, note: object) -> None:
        """Take note that there was no answer."""
        ...

    def speak(self, note: object, line: Line) -> Exception | None:
        """Say what there is to say of the call; an exception is raised in the user's code."""
        ...


@dataclass(eq=False)
class Watch:
    """One request on its way, and the guards that look at it."""

    line: Line
    notes: list[tuple[Watcher, object]]

    def answered(self, answer: Callable[[], Answer]) -> None:
        """The response is there. Raises what a guard has to say of it."""
        with harmless("reading an answer"):
            told = answer()
            self.notes = [(one, one.answered(note, told)) for one, note in self.notes]
            self._speak()

    def read(self, body: bytes) -> None:
        """The body of the response has been read too. Raises what a guard has to say of it."""
        with harmless("reading the body of an answer"):
            self.notes = [(one, one.read(note, body)) for one, note in self.notes]
            self._speak()

    def lost(self) -> None:
        """There is no response and there will be none."""
        with harmless("an unanswered call"):
            for watcher, note in self.notes:
                watcher.lost(note)

    def _speak(self) -> None:
        """Every guard hears of the call before the first one raises."""
        first: Exception | None = None
        for watcher, note in self.notes:
            error = watcher.speak(note, self.line)
            first = first or error
        if first is not None:
            raise Spoken(first)


@dataclass(eq=False)
class Passage:
    """A request inside a client. A client that stands below sends it, and perhaps more than once: those are retries."""

    client: str
    method: str
    url: str
    original: object
    watch: Watch | Echo | None
    tried: bool = False
    outcome: Callable[[], Answer] | None = None

    def is_of(self, client: str, method: str, url: str, original: object) -> bool:
        """Whether what a tap sees is this request again."""
        if self.original is original:
            return True
        return self.client != client and self.method == method and _target(self.url) == _target(url)

    def answered(self, answer: Callable[[], Answer]) -> None:
        """The client gives the response to its caller, who sees the last attempt."""
        if self.watch is not None:
            self.watch.answered(answer)

    def lost(self) -> None:
        """The client gives up."""
        if self.watch is not None:
            self.watch.lost()

    def again(self, watch: Watch | None) -> None:
        """The layer below tries once more: what it saw last was the end of the attempt before."""
        if self.watch is not None:
            if self.outcome is None:
                self.watch.lost()
            else:
                self.watch.answered(self.outcome)
        self.watch, self.outcome = watch, None


@dataclass(eq=False)
class Echo:
    """What a tap below another one holds: it tells the passage above how an attempt ended."""

    passage: Passage

    def answered(self, answer: Callable[[], Answer]) -> None:
        """The attempt was answered."""
        self.passage.outcome = answer

    def read(self, body: bytes) -> None:
        """The tap above reads the body itself."""

    def lost(self) -> None:
        """The attempt failed."""
        self.passage.outcome = None


class Spoken(Exception):  # noqa: N818 - no error: a carrier past our own safety net
    """Carries an exception that is meant for the user."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


_watchers: list[Watcher] = []
_lock = RLock()
_under_way: ContextVar[Passage | None] = ContextVar("vipps_lint_under_way", default=None)


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


def begin(client: str, method: str, url: str, original: object, request: Callable[[], Exchange]) -> Watch | Echo | None:
    """A client is about to send. Raises what a guard has to say; None where no guard cares for the request.

    One client may stand on another: the first request of the lower one is the same call, any further one a retry. The
    client's own object `original` may pass the tap a second time, too.
    """
    with harmless("a request"):
        if not _concerns(url):  # most requests are none of ours
            return None
        above = _under_way.get()
        if above is None or not above.is_of(client, method, url, original):
            return _watch(request)
        if above.original is original:
            return None
        if above.tried:
            above.again(_watch(request))
        above.tried = True
        return Echo(above)
    return None


def _concerns(url: str) -> bool:
    for one in _watchers:  # noqa: SIM110 - a loop, because every request of the program passes it
        if one.concerns(url):
            return True
    return False


def _watch(request: Callable[[], Exchange]) -> Watch | None:
    line, told = users_line(), request()
    noted = [(one, one.sent(told, line)) for one in dict.fromkeys(_watchers)]
    watch = Watch(line, [(one, note) for one, note in noted if note is not None])
    watch._speak()
    return watch if watch.notes else None


class lost_by_error:  # noqa: N801 - reads as what it does, as `harmless`
    """An error in here means that there will be no response."""

    __slots__ = ("_sent",)

    def __init__(self, sent: Watch | Echo) -> None:
        self._sent = sent

    def __enter__(self) -> None:
        """Nothing is to be done."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        if error is not None:
            self._sent.lost()


class under_way:  # noqa: N801
    """While this lasts, what another layer sends again is known to be the same call; an error ends it unanswered."""

    __slots__ = ("_passage", "_token")

    def __init__(self, client: str, method: str, url: str, original: object, watch: Watch | Echo | None) -> None:
        self._passage = Passage(client, method, url, original, watch)

    def __enter__(self) -> Passage:
        self._token = _under_way.set(self._passage)
        return self._passage

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        try:
            if error is not None:
                self._passage.lost()
        finally:
            _under_way.reset(self._token)


def _target(url: str) -> str:
    """The path and the query of a URL: layers write the host, and fragments, as they like."""
    return unquote("/" + url.partition("://")[2].partition("/")[2].partition("#")[0])


class harmless:  # noqa: N801 - reads as what it does; a class, because every request of the program passes it
    """A bug in here is logged once and swallowed; what a guard says goes through."""

    __slots__ = ("doing",)

    def __init__(self, doing: str) -> None:
        self.doing = doing

    def __enter__(self) -> None:
        """Nothing is to be done."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> bool:
        if isinstance(error, Spoken):
            raise error.error from None
        if not isinstance(error, Exception):
            return False
        if (text := f"{self.doing}: {type(error).__name__}") not in _logged:
            _logged.add(text)
            said = "a bug in vipps-lint while judging %s; the call was let through, please report it\n%s%s"
            # without the error's own words, which may quote the call
            log.error(said, self.doing, "".join(format_tb(error.__traceback__)), type(error).__name__)
        return True
