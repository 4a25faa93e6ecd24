"""`audit --follow` as users run it: in a process of its own, interrupted in the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from acme import RECORD, RULE, environment

from vipps_lint.cli import main
from vipps_lint.cli.reports import FINDINGS, NOTHING, WRONG

LINE = json.dumps(RECORD) + "\n"
PATIENCE = 30

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process is interrupted in another way there")
Started = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def started(shop: Path) -> Iterator[Started]:
    """Starts the program on `calls.jsonl`, and ends it where a test does not."""
    running = []

    def start(*options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "vipps_lint", "audit", "--follow", "calls.jsonl", *options]
        one = subprocess.Popen(
            command, cwd=shop, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(one)
        return one

    yield start
    for one in running:
        if one.poll() is None:
            one.kill()
        one.communicate()


def until(happened: Callable[[], Any]) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it has not happened"
        time.sleep(0.05)


def interrupted(one: subprocess.Popen[str], number: int = signal.SIGINT) -> tuple[str, str]:
    one.send_signal(number)
    return one.communicate(timeout=PATIENCE)


def log(text: str) -> None:
    with Path("calls.jsonl").open("a") as file:
        file.write(text)


def written(name: str) -> str:
    return Path(name).read_text() if Path(name).exists() else ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_findings_come_as_the_log_grows_and_an_interrupt_ends_with_the_report(started: Started, number: int) -> None:
    one = started()
    assert one.stderr is not None and one.stdout is not None
    assert one.stderr.readline() == "vipps-lint: calls.jsonl is not there yet; waiting for it\n"
    log(LINE)
    assert one.stdout.readline().startswith(f"warning[{RULE}]: mobile number")
    out, err = interrupted(one, number)
    assert one.returncode == FINDINGS
    assert "1 warning. Looked at 1 record: 1 call of 1 operation in 1 file.\n" in out
    assert out.count(RULE) == 0 and "Traceback" not in err


def test_the_numbers_are_written_now_and_then(started: Started) -> None:
    log(LINE)
    one = started("--prometheus", "calls.prom", "--interval", "1")
    until(lambda: "vipps_lint_records_total 1\n" in written("calls.prom"))
    log(LINE.replace("12:00:00", "12:00:01"))
    until(lambda: "vipps_lint_records_total 2\n" in written("calls.prom"))
    log("no JSON\nno JSON either\n")
    interrupted(one)
    assert "vipps_lint_unread_records_total 2\n" in written("calls.prom")


def test_programs_get_one_whole_report_in_the_end(started: Started) -> None:
    log(LINE)
    one = started("--format", "json", "--prometheus", "calls.prom", "--html", "page.html")
    until(lambda: "vipps_lint_records_total 1\n" in written("calls.prom"))
    out, _ = interrupted(one)
    report = json.loads(out)
    assert [found["rule"] for found in report["diagnostics"]] == [RULE]
    assert report["health"]["calls"] == report["summary"]["scanned"] == 1
    assert RULE in written("page.html")


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        pytest.param("", NOTHING, "nothing was checked: no calls of a Vipps API in calls.jsonl", id="nothing"),
        pytest.param(LINE.strip(), FINDINGS, "", id="a record that only lacks the end of its line"),
        pytest.param(LINE[:40], NOTHING, "nothing was checked", id="half a record is no mistake"),
    ],
)
def test_what_is_there_in_the_end(started: Started, text: str, code: int, sentence: str) -> None:
    log(text)
    one = started("--prometheus", "calls.prom")
    until(lambda: Path("calls.prom").exists())
    out, err = interrupted(one)
    assert (one.returncode, "no JSON" in out) == (code, False)
    assert sentence in err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_read_is_said_once(started: Started) -> None:
    log(LINE)
    Path("calls.jsonl").chmod(0)
    one = started()
    assert one.stderr is not None
    assert "cannot be read: Permission denied; trying again" in one.stderr.readline()
    Path("calls.jsonl").chmod(0o600)
    assert one.stdout is not None and RULE in one.stdout.readline()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["--follow", "a.jsonl", "shop"], "--follow reads one file that grows; audit others", id="two"),
        pytest.param(["--follow", "shop"], "'shop' is a directory", id="a folder"),
        pytest.param(["--follow", "a", "--interval", "0"], "0 is not in the range 1<=x<=86400", id="all the time"),
        pytest.param(["--follow", "a", "--prometheus", "no/x"], "--prometheus: there is no folder no", id="no folder"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(
    shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["audit", *arguments]) == WRONG
    assert sentence in capsys.readouterr().err
