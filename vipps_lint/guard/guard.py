"""`Guard`: the context manager and decorator that the user holds."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from functools import cache, wraps
from types import TracebackType
from typing import Any, Literal, ParamSpec, Self, TypeVar, cast, get_args

from vipps_lint.call import Call
from vipps_lint.catalog import Catalog
from vipps_lint.catalog import catalog as default_catalog
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.guard import taps, watch
from vipps_lint.guard.core import Core, Seen
from vipps_lint.guard.lines import Line
from vipps_lint.guard.verdicts import VippsLintError, VippsLintWarning, grave, refusal, remark, verdict
from vipps_lint.read.request import Exchange
from vipps_lint.read.routes import Routes
from vipps_lint.report import Report
from vipps_lint.report.mask import masked_call

__all__ = ["Guard", "Mode", "VippsLintError", "VippsLintWarning"]

Mode = Literal["raise", "warn", "collect", "fail"]
MODES: tuple[str, ...] = get_args(Mode)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Note:
    """What a guard remembers between a request and its answer: the call, and what is still to be said of it."""

    seen: Seen
    exchange: Exchange
    unsaid: tuple[Diagnostic, ...]
    was_sent: bool = False


class Guard:
    """Watches every call of a Vipps API that a known client makes while the guard is active, in all threads.

    The clients are requests, httpx, aiohttp, urllib3, `urllib.request` and `http.client`.

    `mode` says what becomes of a finding (error or warning; advice is only recorded):

    * `raise`: `VippsLintError` before the request is sent, or after it where only the answer tells;
    * `warn`: a `VippsLintWarning` at the line that makes the call;
    * `fail`: one `VippsLintError` with all findings at the end, which code under test cannot swallow;
    * `collect`: nothing; look at `.diagnostics`, `.calls` and `.report()`.

    `ignore` names rules that are not judged. Calls are judged as of today (UTC), or as of the day `as_of`: a `date`, or
    text such as `"2022-04-15"`. Everything that a guard gives out is masked.
    """

    def __init__(
        self,
        mode: Mode = "raise",
        *,
        as_of: date | str | None = None,
        ignore: Iterable[str] = (),
        catalog: Catalog | None = None,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"`{mode}` is no mode of Guard{_meant(str(mode), MODES)}; there are {_listed(MODES)}")
        self.mode = mode
        self.as_of = _day(as_of)
        rules, routes = (catalog, Routes(catalog.operations.values())) if catalog else _default()
        self._core = Core(rules, routes, _rule_names(ignore, rules))
        self._marks: list[int] = []

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls that were seen (the last ten thousand), in the order in which they were sent."""
        return tuple(masked_call(seen.call) for seen in tuple(self._core.seen))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings, in the order in which they were made."""
        return tuple(self._core.diagnostics)

    def since(self, calls: int, findings: int) -> tuple[tuple[Call, ...], tuple[Diagnostic, ...]]:
        """What came after the first so many calls and findings, forgotten ones counted too."""
        called, found = self._core.requests - calls, self._core.findings - findings
        return self.calls[-called:] if called else (), self.diagnostics[-found:] if found else ()

    def report(self) -> Report:
        """All that was seen, as a report that `vipps_lint.report` writes in any format."""
        return Report("guard", list(self.diagnostics), list(self.calls), list(self._core.notes), self._core.requests)

    def __enter__(self) -> Self:
        self._marks.append(self._open())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close(self._marks.pop(), error)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, at)

    def __call__(self, function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        """The function (plain, a coroutine or a generator), guarded whenever it runs."""
        if inspect.isclass(function) or inspect.isasyncgenfunction(function) or not callable(function):
            raise TypeError(f"Guard decorates functions, coroutines and generators, not {function!r}")
        return cast(Callable[Parameters, Result], _guarded(self, function))

    def _open(self) -> int:
        """Begin to watch; gives the number of findings so far."""
        taps.hold()
        watch.join(self)
        return self._core.findings

    def _close(self, mark: int, error: BaseException | None) -> None:
        """Stop watching and, in the mode `fail`, say what was found since `mark`."""
        watch.leave(self)
        taps.release()
        _, found = self.since(self._core.requests, mark)
        if self.mode != "fail" or not grave(found):
            return
        if error is None:
            raise verdict(found)
        error.add_note(str(verdict(found)))

    # What the taps tell a guard.

    def concerns(self, method: str, url: str) -> bool:
        """Whether a request is one of Vipps'."""
        return self._core.concerns(method, url)

    def sent(self, request: watch.Request, line: Line) -> _Note | None:
        """Judge a request before it is sent."""
        exchange = Exchange(
            request.method,
            request.url,
            request.headers,
            request.body,
            at=self._now(),
            headers_complete=request.whole,
        )
        seen = self._core.sent(exchange, line.place)
        return _Note(seen, exchange, tuple(seen.found)) if seen else None

    def answered(self, note: object, request: watch.Request, answer: watch.Answer) -> _Note | None:
        """Judge it again with its answer."""
        if not isinstance(note, _Note):
            return None
        exchange = replace(
            note.exchange,
            status=answer.status,
            response_headers=answer.headers,
            response_body=answer.body,
            body=note.exchange.body if answer.sent is None else answer.sent,
        )
        found = self._core.answered(note.seen, exchange, answer.later)
        return _Note(note.seen, exchange, tuple(found), was_sent=True)

    def read(self, note: object, body: bytes) -> _Note | None:
        """Judge it once more when the body of its answer has been read."""
        if not isinstance(note, _Note):
            return None
        exchange = replace(note.exchange, response_body=body)
        return _Note(note.seen, exchange, tuple(self._core.answered(note.seen, exchange)), was_sent=True)

    def lost(self, note: object) -> None:
        """Remember that a call had no answer."""
        if isinstance(note, _Note):
            self._core.lost(note.seen)

    def speak(self, note: object, line: Line) -> Exception | None:
        """Warn, or give the error to raise, where the mode says so."""
        found = grave(note.unsaid) if isinstance(note, _Note) else []
        if not isinstance(note, _Note) or not found:
            return None
        if self.mode == "raise":
            return refusal(found[0].operation, found, note.was_sent)
        return self._warn(found, line) if self.mode == "warn" else None

    def _warn(self, found: list[Diagnostic], line: Line) -> Exception | None:
        """Warn at the user's line; the warning itself where the user's filters turn warnings into errors."""
        for one in found:
            text = VippsLintWarning(remark(one.operation, one))
            try:
                number = line.place.line or 0
                warnings.warn_explicit(text, None, line.file, number, line.module, line.registry)  # type: ignore[arg-type]
            except VippsLintWarning as error:
                return error
        return None

    def _now(self) -> datetime:
        return datetime.combine(self.as_of, time(12), UTC) if self.as_of else datetime.now(UTC)


@cache
def _default() -> tuple[Catalog, Routes]:
    rules = default_catalog()
    return rules, Routes(rules.operations.values())


def _day(given: date | str | None) -> date | None:
    """The day that is given; a moment is its day, in UTC where it has a zone."""
    if isinstance(given, datetime):
        return (given.astimezone(UTC) if given.tzinfo else given).date()
    if given is None or isinstance(given, date):
        return given
    try:
        if DAY.fullmatch(given):
            return date.fromisoformat(given)
    except (TypeError, ValueError):
        pass
    raise ValueError(f"as_of: {given!r} is no day; write a `date`, or text such as `2022-04-15`")


def _rule_names(names: Iterable[str], rules: Catalog) -> frozenset[str]:
    """The names, each of which must be a rule: a typo would hide nothing and say nothing."""
    listed = (names,) if isinstance(names, str) else tuple(names)
    for name in listed:
        if name not in rules.rules:
            hint = _meant(str(name), rules.rules)
            raise ValueError(f"ignore: no rule is called `{name}`{hint}; see `vipps-lint rules`")
    return frozenset(listed)


def _meant(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, tuple(known), 1)
    return f" (did you mean `{close[0]}`?)" if close else ""


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _guarded(guard: Guard, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function inside the guard. Each run has its own mark, so that runs may overlap."""

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

    def __init__(self, guard: Guard) -> None:
        self.guard = guard

    def __enter__(self) -> None:
        self.mark = self.guard._open()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.guard._close(self.mark, error)
