"""The program as a process: its streams, interrupts, and bugs of ours."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from acme import RULE, SHOP, environment, program

from vipps_lint.call import Place
from vipps_lint.cli import main
from vipps_lint.cli.reports import FINDINGS, INTERRUPTED, WRONG, verdict
from vipps_lint.diagnostic import Diagnostic, Severity
from vipps_lint.report import Report


def test_a_terminal_of_another_encoding_shows_the_report(shop: Path) -> None:
    source = SHOP.replace("+4791234567", "\u65e5\u672c")
    (shop / "shop" / "pay.py").write_text(source, encoding="utf-8")
    for encoding in ("cp1252", "ascii"):
        done = program(shop, "check", env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
        assert (done.returncode, done.stderr) == (FINDINGS, b"")
        assert b"mobile number `\\u65e5\\u672c`" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_is_one_line(shop: Path) -> None:
    os.mkfifo(shop / "calls.jsonl")
    process = subprocess.Popen(
        [sys.executable, "-m", "vipps_lint", "audit", "calls.jsonl"],
        cwd=shop, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with (shop / "calls.jsonl").open("w"):  # opens as soon as the program reads, which then waits for a record
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (INTERRUPTED, b"", b"vipps-lint: interrupted\n")


BUSY = """
import _thread, sys
from vipps_lint import check
from vipps_lint.__main__ import console
from vipps_lint.read.source.roomy import with_room

def read_files(*arguments):
    def work():
        _thread.interrupt_main()
        while True:
            pass
    return with_room(work)

check.read_files = read_files
sys.argv = ["vipps-lint", "check", "shop"]
console()
"""


def test_an_interrupt_does_not_wait_for_what_is_at_work(shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUSY], cwd=shop, env=environment(), capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, b"", b"vipps-lint: interrupted\n")


def test_an_interrupt_during_the_start_is_one_line(shop: Path) -> None:
    (shop / "click.py").write_text("raise KeyboardInterrupt\n")
    done = program(shop, "check", "shop")
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, b"", b"vipps-lint: interrupted\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
@pytest.mark.parametrize(
    ("closed", "error"),
    [
        pytest.param(">&-", b"vipps-lint: standard output: closed; there is nowhere to write to\n", id="output"),
        pytest.param(">&- 2>&-", b"", id="output and errors"),
    ],
)
def test_closed_streams_are_no_traceback(shop: Path, closed: str, error: bytes) -> None:
    command = f"{shlex.quote(sys.executable)} -m vipps_lint check shop {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=shop, env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (WRONG, b"", error)


def test_a_report_in_a_file_needs_no_standard_output(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["check", "--output", "report.txt", "--color", "auto"]) == FINDINGS
    assert Path("report.txt").read_text(encoding="utf-8").startswith("warning[")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_reader_that_goes_away_is_no_error(shop: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "vipps_lint", "rules", "--operations"],
        cwd=shop, env=environment(), stdout=write, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_bug_of_ours_is_one_sentence(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vipps_lint.catalog.catalog", None)
    assert main(["rules"]) == WRONG
    shown = capsys.readouterr().err
    assert shown.startswith("vipps-lint: internal error: TypeError: ")
    assert shown.count("\n") == 1
    monkeypatch.setenv("VIPPS_LINT_DEBUG", "1")
    assert main(["rules"]) == WRONG
    assert "Traceback" in capsys.readouterr().err


def test_a_rule_that_crashes_is_an_internal_error() -> None:
    crash = Diagnostic(RULE, Severity.ERROR, "m", "h", Place("a.py", 1), "POST /x", "body", internal=True)
    assert verdict(Report("check", [crash]), "error") == WRONG
    assert verdict(Report("check", [replace(crash, internal=False)]), "error") == FINDINGS
