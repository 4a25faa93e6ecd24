"""A line on the terminal that says how far a long run is; silent for short ones and where nobody looks."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

PATIENCE = 1.0
"""Seconds before the line appears."""

PAUSE = 0.1


class Progress:
    """Called with how much (of how much, where that is known) is done; `unit` is what is counted.

    Where only the share is known that is done, that is shown, with the time that is left.
    """

    def __init__(self, stream: TextIO | None, unit: str) -> None:
        self.stream = stream
        self.unit = unit
        self.shown = stream is not None and stream.isatty()
        self.begun = time.monotonic()
        self.due = self.begun + PATIENCE
        self.width = 0

    def __call__(self, done: int, whole: int | None = None, share: float = 0) -> None:
        """Show the state, if it is time to."""
        now = time.monotonic()
        if not self.shown or now < self.due:
            return
        self.due = now + PAUSE
        if whole:
            self._write(f"{done:,} of {whole:,} {self.unit} ({done * 100 // whole} %)")
        elif share:
            left = (now - self.begun) * (1 - share) / share
            self._write(f"{done:,} {self.unit} ({share * 100:.0f} %, {_seconds(left)} left)")
        else:
            self._write(f"{done:,} {self.unit}")

    def finish(self) -> None:
        """Take the line away."""
        if self.width and self.stream:
            self._write("")
            self.stream.write("\r")
            self.stream.flush()

    def _write(self, text: str) -> None:
        if self.stream:
            self.stream.write("\r" + text.ljust(self.width))
            self.stream.flush()
            self.width = len(text)


def _seconds(number: float) -> str:
    """A time as people say it."""
    minutes, seconds = divmod(round(number), 60)
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
