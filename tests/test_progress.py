"""The line that says how far a long run is."""

from __future__ import annotations

import io
import time

import pytest

from vipps_lint.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "due", "written"),
    [
        pytest.param(Terminal(), 0.0, "\r50 of 200 files (25 %)", id="a long run on a terminal"),
        pytest.param(Terminal(), float("inf"), "", id="a short run says nothing"),
        pytest.param(io.StringIO(), 0.0, "", id="nobody looks"),
    ],
)
def test_line(stream: io.StringIO, due: float, written: str) -> None:
    progress = Progress(stream, "files")
    progress.due = due
    progress(50, 200)
    assert stream.getvalue() == written


@pytest.mark.parametrize(
    ("begun", "written"),
    [
        pytest.param(10.0, "\r5,000 records (25 %, 30 s left)", id="seconds"),
        pytest.param(100.0, "\r5,000 records (25 %, 5 min 00 s left)", id="minutes"),
    ],
)
def test_the_time_that_is_left(begun: float, written: str) -> None:
    progress = Progress(stream := Terminal(), "records")
    progress.due = 0.0
    progress.begun = time.monotonic() - begun
    progress(5_000, share=0.25)
    assert stream.getvalue() == written


def test_the_line_is_taken_away() -> None:
    stream = Terminal()
    progress = Progress(stream, "records")
    progress.due = 0.0
    progress(1_000)
    progress.finish()
    assert stream.getvalue() == "\r1,000 records\r" + " " * len("1,000 records") + "\r"
