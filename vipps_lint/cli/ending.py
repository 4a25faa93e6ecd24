"""How a run ends that is told to end from outside."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread


@contextmanager
def ending_tidily() -> Iterator[None]:
    """While this lasts, a run that is told to end takes away what it has written down for itself."""
    if current_thread() is not main_thread():  # no other may say what becomes of signals
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: object) -> None:
    sys.exit(128 + number)
