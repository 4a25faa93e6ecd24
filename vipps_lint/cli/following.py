"""`audit --follow`: findings are told as they come, numbers written now and then; an interrupt ends with the report."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from vipps_lint.audit.following import Follower
from vipps_lint.audit.mapping import Setting, decidable
from vipps_lint.audit.tail import Line, Tail
from vipps_lint.catalog import Catalog
from vipps_lint.cli import today
from vipps_lint.cli.options import Health, Options
from vipps_lint.cli.reports import emit, screen_of
from vipps_lint.config import Config, ConfigError
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.immutable import changed
from vipps_lint.output import complain, say
from vipps_lint.read.fields import Fields
from vipps_lint.report import Report
from vipps_lint.report.prometheus import prometheus
from vipps_lint.report.text import Paint, finding

PAUSE = 0.25
"""Seconds between two looks at the file."""

INTERRUPTS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM") if hasattr(signal, name)]


class Every:
    """Does something as often as its seconds have passed, whenever it is called."""

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self._seconds = seconds
        self._act = act
        self._due = 0.0

    def __call__(self) -> None:
        """Do it, if it is time to."""
        if time.monotonic() >= self._due:
            self._act()
            self._due = time.monotonic() + self._seconds


class Interrupt:
    """Whether somebody has asked for the end; who asks twice gets it at once."""

    def __init__(self) -> None:
        self.came = False

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """Take interrupts as a wish."""
        before = {one: signal.signal(one, self._take) for one in INTERRUPTS}
        self._before = before
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        self.came = True  # nothing more: whatever is going on goes on
        signal.signal(number, self._before[number])


def followed(wanted: Health, options: Options, config: Config, whole: Catalog) -> Report:
    """The report of a file that was followed until somebody interrupted."""
    assert wanted.follow is not None
    rules = decidable(config.catalog(whole))
    setting = Setting(rules, config.as_of or today(), Fields(config.fields), config.apply)
    follower = Follower(setting, lambda: config.as_of or today(), str(wanted.follow), wanted.horizon)
    told = _teller(options)

    def take(line: Line) -> None:
        for one in follower.take(line):
            told(one)

    follow(wanted.follow, take, Every(wanted.interval, lambda: _write(follower, wanted.prometheus)))
    for one in follower.end():
        told(one)
    return follower.report()


def untold(report: Report, options: Options) -> Report:
    """The report without the findings that were told as they came."""
    return changed(report, diagnostics=[]) if _tells(options) else report


def follow(path: Path, take: Callable[[Line], None], now_and_then: Callable[[], None]) -> None:
    """Take the lines that a file has and gets, until somebody interrupts."""
    tail, interrupt, said = Tail(path), Interrupt(), set[str]()
    if not path.exists():
        complain(f"{path} is not there yet; waiting for it")
    with interrupt.awaited():
        while True:
            last = interrupt.came  # while nothing was done: what was written meanwhile still counts
            for line in _lines(tail, said):
                take(line)
                now_and_then()
                if interrupt.came and not last:
                    break
            now_and_then()
            if interrupt.came:
                break
            time.sleep(PAUSE)
        for line in tail.rest():
            if _is_whole(line):
                take(line)
        tail.close()


def _lines(tail: Tail, said: set[str]) -> Iterator[Line]:
    """The new lines of a file; one that cannot be read is complained of once, and tried again."""
    try:
        yield from tail.lines()
    except OSError as error:
        tail.close()
        problem = error.strerror or str(error)
        if problem not in said:
            complain(f"{tail.path} cannot be read: {problem}; trying again and again")
        said.add(problem)


def _is_whole(line: Line) -> bool:
    """Whether the last line only lacks its end: half a record is still being written, and no mistake."""
    try:
        json.loads(line.text or "")
    except (ValueError, RecursionError):
        return False
    return True


def _tells(options: Options) -> bool:
    """Whether findings are told as they come: programs, and files, get one whole report in the end."""
    return options.style == "text" and options.output is None


def _teller(options: Options) -> Callable[[Diagnostic], None]:
    if not _tells(options):
        return lambda one: None
    paint, page = Paint(screen_of(options, "audit").color), Report("audit")
    return lambda one: say("\n".join(finding(one, page, paint)) + "\n\n")


def _write(follower: Follower, path: Path | None) -> None:
    """Write the numbers; a disk that is full now may have room again."""
    if path is not None:
        try:
            emit(prometheus(follower.report()), path, "--prometheus")
        except ConfigError as error:
            complain(str(error))
