"""Both halves of an audit, in this process or in several, with the rows on disk between them."""

from __future__ import annotations

import errno
import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import partial
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from vipps_lint.audit.mapping import Account, Mapper, Setting
from vipps_lint.audit.portions import Portion
from vipps_lint.audit.reducing import Outcome, Recording, Reducer
from vipps_lint.audit.spilling import TOLD, Spill, shelved
from vipps_lint.hands import FORKS

Item = TypeVar("Item")
Result = TypeVar("Result")

ALONE = 1 << 25
"""Up to how many bytes are read in this process: to begin others takes longer."""

SHELF = 1 << 23
"""About how many bytes of recordings become one shelf of rows."""

SHELVES = 1024
"""How many shelves there are at most, and where it is not known how much is to be read."""

THRESHOLD = 100_000
"""How many new values there are between two searches for cycles: few of them are in any."""


class Job:
    """What is done with portions and shelves, the same in each process."""

    def __init__(
        self, setting: Setting, folder: Path, shelves: int, watch: Callable[[int], None] = lambda count: None
    ) -> None:
        self.setting = setting
        self.folder = folder
        self.shelves = shelves
        self._mapper = Mapper(setting, watch)

    def __reduce__(self) -> tuple[type[Job], tuple[Setting, Path, int]]:
        """How it comes to other processes, where nobody watches."""
        return Job, (self.setting, self.folder, self.shelves)

    def map(self, portion: Portion) -> Account:
        """Write the rows of a portion down; where that is not possible, the account says why."""
        spill = Spill(self.folder, self.shelves)
        try:
            for keyed in self._mapper.rows(portion):
                spill.add(keyed)
            spill.flush()
        except OSError as error:  # of the spill: what cannot be read is a note
            self._mapper.account.failure = error.strerror or str(error)
        return self._mapper.account

    def reduce(self, recording: Recording, place: int) -> Outcome:
        """What the rows of one shelf tell; where they are not the whole recording, what each tells by itself."""
        rows = (row for one in (place, TOLD) for row in shelved(self.folder, one) if row.portion in recording.where)
        alone = rows if recording.whole else (row._replace(call=b"") for row in rows)
        return Reducer(self.setting, recording).outcome(alone)


class Runner:
    """Does the work of a job, in other processes where that pays. A context manager, at whose end they are gone."""

    def __init__(self, job: Job, processes: int) -> None:
        self._job = job
        self._processes = processes
        self._stack = ExitStack()
        self._pool: Executor | None = None
        self._others = {*active_children()}

    def __enter__(self) -> Runner:
        before = gc.get_threshold()
        self._stack.callback(gc.set_threshold, *before)
        gc.set_threshold(THRESHOLD, *before[1:])
        if self._processes > 1:
            context = get_context("fork" if FORKS else "spawn")
            pool = ProcessPoolExecutor(self._processes, context, _begin, (self._job,))
            self._stack.callback(pool.shutdown, cancel_futures=True)
            self._pool = pool
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is not None:  # who ends a run does not wait for what the others are reading
            for one in {*active_children()} - self._others:
                one.kill()
        self._stack.close()

    def map(self, portions: Iterable[Portion]) -> Iterator[Account]:
        """The account of each portion."""
        return self._each("map", portions)

    def reduce(self, recording: Recording) -> Iterator[Outcome]:
        """What the rows of each shelf tell."""
        return self._each("reduce", range(self._job.shelves), recording)

    def _each(self, name: str, items: Iterable[Any], *about: Any) -> Iterator[Any]:
        if self._pool is None:
            yield from map(partial(getattr(self._job, name), *about), items)
            return
        try:
            yield from self._pool.map(partial(_do, name, *about), items)
        except BrokenProcessPool:
            reason = "one of its processes was ended from outside or had no memory left; `--jobs 1` does without others"
            raise ChildProcessError(errno.ECHILD, reason, "audit") from None


_job: list[Job] = []


def _begin(job: Job) -> None:
    """Make a new process ready: who interrupts the run interrupts the first one, with which the others end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()
    gc.freeze()
    _job[:] = [job]


def _follow() -> None:
    """End with the process that has begun this one, however that ends."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _do(name: str, *about: Any) -> Any:
    return getattr(_job[0], name)(*about)


def shelves(portions: Iterable[Portion]) -> int:
    """How many shelves the rows of some portions are laid on."""
    sizes = [one.size for one in portions]
    return SHELVES if 0 in sizes else min(sum(sizes) // SHELF + 1, SHELVES)
