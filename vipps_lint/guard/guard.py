"""`Guard`: the context manager and decorator that the user holds."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from types import TracebackType
from typing import Any, Literal, ParamSpec, Self, TypeVar, cast, get_args

from vipps_lint.call import Call
from vipps_lint.catalog import Catalog
from vipps_lint.catalog import catalog as default_catalog
from vipps_lint.checks import Evidence
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.guard import taps, told, watch
from vipps_lint.guard.arguments import day, listed, meant, rule_names
from vipps_lint.guard.core import HISTORY, Core
from vipps_lint.guard.decorating import guarded
from vipps_lint.guard.history import Seen
from vipps_lint.guard.lines import Line
from vipps_lint.guard.telemetry import tell
from vipps_lint.guard.verdicts import VippsLintError, VippsLintWarning, grave, refusal, remark, verdict
from vipps_lint.immutable import immutable
from vipps_lint.read.request import Answer, Exchange
from vipps_lint.read.routes import Routes
from vipps_lint.report import Report
from vipps_lint.report.failures import failures
from vipps_lint.report.mask import masked_call

__all__ = ["Guard", "Mode", "VippsLintError", "VippsLintWarning"]

Mode = Literal["raise", "warn", "collect", "fail", "log"]
MODES: tuple[str, ...] = get_args(Mode)

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@immutable(frozen=True, slots=True)
class _Note:
    """What a guard remembers between a request and its answer: the call, and what is still to be said of it."""

    seen: Seen
    unsaid: tuple[Diagnostic, ...]
    answer: Answer | None = None


class Guard:
    """Watches every call of a Vipps API that a known client makes while the guard is active, in all threads.

    The clients are requests, httpx, aiohttp, urllib3, `urllib.request` and `http.client`.

    `mode` says what becomes of a finding (error or warning; advice is only recorded):

    * `raise`: `VippsLintError` before the request is sent, or after it where only the answer tells;
    * `warn`: a `VippsLintWarning` at the line that makes the call;
    * `fail`: one `VippsLintError` with all findings at the end, which code under test cannot swallow;
    * `collect`: nothing; look at `.diagnostics`, `.calls` and `.report()`;
    * `log`: a record of the logger `vipps_lint.findings`, advice too, and an event of the current OpenTelemetry span:
      for programs in production, which nothing stops or changes, and where no stub answers: answers are not judged.

    `ignore` names rules that are not judged. The last `history` calls and findings are kept. A guard that comes `after`
    another one goes on with what that one knows of payments and agreements.

    Calls are judged as of today (UTC), or as of the day `as_of`: a `date`, or text such as `"2022-04-15"`. Everything
    that a guard gives out is masked.
    """

    def __init__(
        self,
        mode: Mode = "raise",
        *,
        as_of: date | str | None = None,
        ignore: Iterable[str] = (),
        catalog: Catalog | None = None,
        history: int = HISTORY,
        after: Guard | None = None,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"`{mode}` is no mode of Guard{meant(str(mode), MODES)}; there are {listed(MODES)}")
        self.mode = mode
        self.as_of = day(as_of)
        rules, routes = (catalog, Routes(catalog.operations.values())) if catalog else _default()
        self._core = Core(rules, routes, {*rule_names(ignore, rules), *self._beside(rules)}, history)
        if after is not None:
            self._core.history = after._core.history
        self._marks: list[int] = []

    def _beside(self, rules: Catalog) -> Iterable[str]:
        """The rules that are not asked: a program in production has no stubs."""
        return (name for name, one in rules.rules.items() if self.mode == "log" and Evidence.ANSWER in one.needs)

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

    def knows_agreement(
        self,
        agreement_id: str,
        *,
        price: int | None = None,
        pricing: Mapping[str, Any] | None = None,
        interval: Mapping[str, Any] | None = None,
        campaign: Mapping[str, Any] | None = None,
        status: str = "ACTIVE",
    ) -> None:
        """Tell of an agreement that this guard has not seen being made.

        `price` is in minor units (øre). `pricing`, `interval` and `campaign` are objects of Recurring v3, such as
        `{"type": "VARIABLE", "suggestedMaxAmount": 50000}` and `{"unit": "MONTH", "count": 1}`.
        """
        terms = dict(pricing or {"type": "LEGACY", "currency": "NOK"})
        if price is not None:
            terms["amount"] = price
        self._core.told(told.agreement(agreement_id, terms, interval, campaign, status))

    def knows_payment(
        self, reference: str, *, reserved: int, captured: int = 0, refunded: int = 0, cancelled: int = 0
    ) -> None:
        """Tell of a payment (its `orderId` or `reference`) that this guard has not seen; amounts in minor units."""
        self._core.told(told.payment(reference, reserved, captured, refunded, cancelled))

    def report(self) -> Report:
        """All that was seen, as a report that `vipps_lint.report` writes in any format."""
        calls, found, notes = list(self.calls), list(self.diagnostics), list(self._core.notes)
        return Report("guard", found, calls, notes, self._core.requests, failures=failures(calls))

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
        return cast(Callable[Parameters, Result], guarded(self, function))

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

    def concerns(self, url: str) -> bool:
        """Whether a request may be one of Vipps'."""
        return self._core.routes.may_match(url)

    def sent(self, request: Exchange, line: Line) -> _Note | None:
        """Judge a request before it is sent."""
        seen = self._core.sent(request, line.place, self._now())
        return _Note(seen, tuple(seen.found)) if seen else None

    def answered(self, note: object, answer: Answer) -> _Note | None:
        """Judge it again with its answer."""
        if not isinstance(note, _Note):
            return None
        return _Note(note.seen, tuple(self._core.answered(note.seen, answer)), answer)

    def read(self, note: object, body: bytes) -> _Note | None:
        """Judge it once more when the body of its answer has been read."""
        if not isinstance(note, _Note) or note.answer is None:
            return None
        return self.answered(note, replace(note.answer, body=body))

    def lost(self, note: object) -> None:
        """Remember that a call had no answer."""
        if isinstance(note, _Note):
            self._core.lost(note.seen)

    def speak(self, note: object, line: Line) -> Exception | None:
        """Warn, or give the error to raise, where the mode says so."""
        if not isinstance(note, _Note) or not note.unsaid:
            return None
        if self.mode == "log":
            for one in note.unsaid:
                tell(one)
        found = grave(note.unsaid)
        if not found:
            return None
        if self.mode == "raise":
            return refusal(found[0].operation, found, was_sent=note.answer is not None)
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
