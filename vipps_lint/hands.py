"""One work in several processes: forked ones where the system can, fresh ones elsewhere."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")

FORKS = sys.platform == "linux"
"""Whether a process that has threads can be forked safely; that is the cheap way."""


def worked(parts: Sequence[Part], work: Callable[[Part], bytes]) -> list[bytes]:
    """The results of the work on each part, in a process for each; one that dies costs nothing but time.

    Where processes are not forked, the work and the parts must be such that can be pickled.
    """
    return _forked(parts, work) if FORKS else _spawned(parts, work)


def begun(parts: Sequence[Part], work: Callable[[Part], bytes]) -> Callable[[], list[bytes | None]]:
    """Begin the work in forked processes; what is returned waits for the results, None for those that died."""
    children = [_child(part, work) for part in parts]
    return lambda: [_received(*child) for child in children]


def _forked(parts: Sequence[Part], work: Callable[[Part], bytes]) -> list[bytes]:
    """The first part is worked on here, while children work on the others."""
    children = [_child(part, work) for part in parts[1:]]
    found = [work(part) for part in parts[:1]]
    for part, child in zip(parts[1:], children, strict=True):
        result = _received(*child)
        found.append(work(part) if result is None else result)
    return found


def _child(part: Part, work: Callable[[Part], bytes]) -> tuple[int, int]:
    """A process that works on a part: its number, and where its result comes out."""
    out, into = os.pipe()
    with warnings.catch_warnings():  # Python 3.12 warns of locks that other threads may hold: the child takes none
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if not process:
        status = 1
        try:
            os.close(out)
            with open(into, "wb") as pipe:
                pipe.write(work(part))
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's is cleaned up, flushed or printed here
    os.close(into)
    return process, out


def _received(process: int, out: int) -> bytes | None:
    """The result of a child; None where it did not come to its end."""
    with open(out, "rb") as pipe:
        result = pipe.read()
    return None if os.waitpid(process, 0)[1] else result


def _spawned(parts: Sequence[Part], work: Callable[[Part], bytes]) -> list[bytes]:
    import multiprocessing
    import signal

    try:
        spawned = multiprocessing.get_context("spawn")
        with spawned.Pool(len(parts), signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
            return pool.map(work, parts)
    except OSError:  # no more processes, or no semaphores
        return [work(part) for part in parts]
