"""A run in several processes, with rows on many shelves, finds what one process finds on one; and how runs break off."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from shop import URL, cancel, capture, initiate, record

from vipps_lint.audit import Intake, audit, portions, running
from vipps_lint.audit.files import Source
from vipps_lint.catalog import catalog
from vipps_lint.report.json import document

CATALOG = catalog()


def life(number: int) -> Iterator[dict[str, Any]]:
    """A payment that is captured in part and cancelled: with a wrong number, without ids, times or an operation."""
    minute = f"2022-04-{number % 27 + 1:02}T12:{number // 27 % 60:02}"
    order = "***" if number % 17 == 0 else f"socks-{number}"
    yield initiate(f"{minute}:00Z", order, number="+47 912 34 567" if number % 5 == 0 else "91234567")
    yield capture(None if number % 11 == 0 else f"{minute}:10Z", order)
    if number % 13 == 0:
        yield record("POST", f"{URL}/{order}/{{unknown}}", {}, f"{minute}:15Z")
    yield cancel(f"{minute}:20Z", order, **({"status": 400} if number % 7 == 0 else {}))
    if number % 19 == 0:
        yield capture(f"{minute}:10Z", order)


RECORDS = [one for number in range(300) for one in life(number)]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two logs out of order, the second with lines that are no records."""
    folder = tmp_path_factory.mktemp("logs")
    records = list(RECORDS)
    random.Random(7).shuffle(records)
    lines = [json.dumps(one) for one in records]
    for index in range(0, 400, 9):
        lines.insert(500 + index, ["", "oops", "[1]"][index // 9 % 3])
    for name, part in (("one", lines[:450]), ("two", lines[450:])):
        (folder / f"{name}.jsonl").write_text("\n".join(part) + "\n")
    return [folder / "one.jsonl", folder / "two.jsonl"]


@pytest.fixture
def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is laid out as for logs of gigabytes."""
    monkeypatch.setattr(portions, "LENGTH", 20_000)
    monkeypatch.setattr(running, "SHELF", 20_000)


WAYS = [
    pytest.param(1, True, id="in one process"),
    pytest.param(2, True, id="in two, forked"),
    pytest.param(2, False, id="in two, each begun anew", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("jobs", "forks"), WAYS)
def test_many_portions_and_shelves_are_as_good_as_one(
    logs: list[Path], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, jobs: int, forks: bool
) -> None:
    whole = audit(logs, CATALOG)
    assert len({one.rule for one in whole.diagnostics}) > 1 and len(whole.diagnostics) > 100
    assert any(one.rule == "cancel-without-release" for one in whole.diagnostics)
    assert len(whole.notes) > 20
    request.getfixturevalue("cut_small")
    monkeypatch.setattr(running, "FORKS", running.FORKS and forks)
    assert document(audit(logs, CATALOG, intake=Intake(jobs=jobs))) == document(whole)


def test_long_files_are_cut_between_lines(logs: list[Path], cut_small: None) -> None:
    found = portions.laid_out(Source(str(path)) for path in logs)
    assert len(found) > 10
    for path in logs:
        data = path.read_bytes()
        mine = [one for one in found if one.source.path == str(path)]
        assert [one.start for one in mine[1:]] == [one.end for one in mine[:-1]]
        assert all(data[one.start - 1 : one.start] == b"\n" for one in mine[1:])
        assert (mine[0].start, mine[-1].end, sum(one.size for one in mine)) == (0, None, len(data))


def test_nothing_secret_is_written_down(logs: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = tmp_path / "rows"
    one = initiate()
    one["request"]["headers"] |= {"Authorization": "Bearer planted-token", "Ocp-Apim-Subscription-Key": "planted-key"}
    log = tmp_path / "calls.jsonl"
    log.write_text(json.dumps(one))

    class Kept(running.Job):
        def reduce(self, recording: Any, place: int) -> Any:
            written.write_bytes(b"".join(path.read_bytes() for path in self.folder.iterdir()))
            return super().reduce(recording, place)

    monkeypatch.setattr("vipps_lint.audit.Job", Kept)
    audit([log], CATALOG)
    assert b"socks-1" in written.read_bytes()
    assert b"planted" not in written.read_bytes()


def program(*words: object, room: int | None = None, **variables: str) -> subprocess.Popen[str]:
    """The command, in an environment of its own; no file of it may become longer than there is `room`."""

    def limited() -> None:
        if room is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    command = [sys.executable, "-m", "vipps_lint", "audit", *map(str, words)]
    environment = {**os.environ, **variables}
    return subprocess.Popen(
        command, env=environment, preexec_fn=limited, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE  # noqa: PLW1509
    )


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that takes some seconds in two processes."""
    path = tmp_path_factory.mktemp("long") / "calls.jsonl"
    padding = {"comment": "x" * 4000}
    with path.open("w") as file:
        for number in range(6000):
            file.writelines(json.dumps({**one, **padding}) + "\n" for one in life(number))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_where_there_is_no_room_what_was_read_is_told(long_log: Path, tmp_path: Path, jobs: int) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    run = program(long_log, "--format", "json", "--jobs", jobs, room=1_000_000, TMPDIR=str(temporary))
    out, error = run.communicate()
    report = json.loads(out)
    assert (run.returncode, error) == (2, "")
    assert report["incomplete"] is True
    assert f"cannot be kept in {temporary} (File too large)" in report["notes"][0]["message"]
    assert 0 < report["health"]["calls"] < 18_000
    assert {one["rule"] for one in report["diagnostics"]} & {"mobile-number-not-national"}
    assert not {one["rule"] for one in report["diagnostics"]} & {"cancel-without-release"}
    assert list(temporary.iterdir()) == []


def finished(run: subprocess.Popen[str], seconds: float = 10) -> bool:
    """Whether all processes of a run end."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        listed = subprocess.run(["ps", "-eo", "pgid,stat"], capture_output=True, text=True, check=True).stdout.split("\n")
        if not any(line.split()[0] == str(run.pid) and "Z" not in line for line in listed[1:] if line.split()):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_leaves_no_report_and_no_process(long_log: Path, tmp_path: Path, number: int) -> None:
    temporary, report = tmp_path / "temporary", tmp_path / "report.json"
    temporary.mkdir()
    command = [sys.executable, "-m", "vipps_lint", "audit", long_log, "--jobs", "2", "--output", report]
    run = subprocess.Popen(command, env={**os.environ, "TMPDIR": str(temporary)}, start_new_session=True)
    while not list(temporary.glob("*/*")):
        time.sleep(0.05)
        assert run.poll() is None
    run.send_signal(number)
    assert run.wait() in {signal.SIGKILL: (-9,), signal.SIGTERM: (143,), signal.SIGINT: (130,)}[signal.Signals(number)]
    assert finished(run)
    assert not report.exists()
    if number != signal.SIGKILL:
        assert list(temporary.iterdir()) == []


def test_a_process_that_dies_is_told(logs: list[Path], cut_small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(job: running.Job, portion: portions.Portion) -> None:
        os._exit(1)

    monkeypatch.setattr(running.Job, "map", die)
    with pytest.raises(ChildProcessError, match="`--jobs 1` does without others"):
        audit(logs, CATALOG, intake=Intake(jobs=2))


@pytest.mark.skipif(not running.FORKS, reason="what is put in place here is not seen by processes that begin anew")
def test_an_interrupt_does_not_wait_for_what_is_being_read(
    logs: list[Path], cut_small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running.Job, "map", lambda job, portion: time.sleep(30))
    begun = time.monotonic()
    Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        audit(logs, CATALOG, intake=Intake(jobs=2))
    assert time.monotonic() - begun < 20
    assert active_children() == []
