"""Files that are broken, hostile or not there: one sentence each, the exit code of the README, and all the rest is read."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from shop import cancel, capture, entry, initiate

from vipps_lint.cli import main

WRONG = initiate(number="+47 912 34 567")
GOOD = initiate()
LINE = json.dumps(WRONG) + "\n"
HAR = json.dumps({"log": {"version": "1.2", "entries": [entry(startedDateTime=f"2022-04-01T12:0{at}:00Z") for at in range(3)]}})
DEEP = "[" * 1_000_000
IN_TIME = [initiate("2022-04-01T12:00:00Z"), capture("2022-04-01T12:05:00Z"), cancel("2022-04-01T12:10:00Z")]
AHEAD = [initiate("2022-04-01T12:20:00Z"), *IN_TIME[1:]]

Made = Callable[[Path], object]


def one(name: str, data: bytes | str) -> Made:
    return lambda folder: (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


def forbidden(folder: Path) -> None:
    (folder / "calls.jsonl").write_text(LINE)
    (folder / "calls.jsonl").chmod(0)


ROWS = [
    pytest.param(one("a.har", HAR[: len(HAR) // 2]), 1, "the HAR file breaks off at line 1", 1, id="half a HAR"),
    pytest.param(one("a.har", HAR[:-3]), 1, "the HAR file breaks off at line 1", 3, id="a HAR without its end"),
    pytest.param(one("a.har", HAR[:30]), 3, "the HAR file", 0, id="the head of a HAR"),
    pytest.param(one("a.jsonl.gz", gzip.compress((LINE * 3000).encode())[:-20]), 1, "the gzip file breaks off", 1,
                 id="a gzip file without its end"),
    pytest.param(one("a.jsonl.zst", zstandard.compress((LINE + json.dumps(GOOD) + "\n").encode() * 9000)[:-20]), 1,
                 "the zstd file breaks off", 1, id="a zstd file without its end"),
    pytest.param(one("a.jsonl", f"{DEEP}\n{LINE}"), 3, "too deep to be read", 0, id="a million brackets first"),
    pytest.param(one("a.jsonl", f"{LINE}{DEEP}\n{LINE}"), 1, "nested too deep", 1, id="a million brackets in a line"),
    pytest.param(one("a.har", HAR[:-3] + f",{DEEP}"), 1, "a.har", 3, id="a million brackets in a HAR"),
    pytest.param(one("a.jsonl", LINE + json.dumps(GOOD)[:90] + "\n"), 1, "the line is no JSON", 1, id="half a record"),
    pytest.param(one("a.jsonl", LINE.encode() + b'{"\xe5": 1}\n'), 1, "the line is not UTF-8", 1, id="a line of Latin-1"),
    pytest.param(one("a.jsonl", LINE.replace("91", "\0")), 3, "this is a binary file", 0, id="zero bytes"),
    pytest.param(one("a.jsonl", ""), 3, "the file is empty", 0, id="an empty file"),
    pytest.param(one("a.jsonl", LINE * 3), 1, "2 records, this one first, have been read before", 1, id="duplicates"),
    pytest.param(forbidden, 3, "Permission denied", 0, id="a file that may not be read",
                 marks=pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to root")),
]  # fmt: skip


@pytest.mark.parametrize(("made", "code", "sentence", "found"), ROWS)
def test_each_gets_a_sentence_and_a_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: Made, code: int, sentence: str, found: int
) -> None:
    made(tmp_path)
    path = next(tmp_path.iterdir())
    report = tmp_path / "report.json"
    assert main(["audit", str(path), "--format", "json", "--output", str(report), "--fail-on", "info"]) == code
    told = json.loads(report.read_text())
    assert [note["message"] for note in told["notes"] if sentence in f"{note['path']} {note['message']}"] != []
    wrong = {one["record"] for one in told["diagnostics"] if one["rule"] == "mobile-number-not-national"}
    assert len(wrong) == found
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(("made", "code", "sentence", "found"), ROWS)
def test_the_others_are_read_all_the_same(
    tmp_path: Path, made: Made, code: int, sentence: str, found: int
) -> None:
    made(tmp_path)
    broken, whole = next(tmp_path.iterdir()), tmp_path / "whole"
    whole.write_text(json.dumps(initiate(order="mittens-7", number="+47 912 34 567")) + "\n")
    report = tmp_path / "report.json"
    assert main(["audit", str(broken), str(whole), "--format", "json", "--output", str(report)]) == 1
    assert str(whole) in {one["path"] for one in json.loads(report.read_text())["diagnostics"]}


@pytest.mark.parametrize(
    ("records", "found"),
    [
        pytest.param(IN_TIME, {"cancel-without-release"}, id="one clock"),
        pytest.param(AHEAD, set(), id="the clock of the first machine is ahead: what came before is unknown, not wrong"),
    ],
)
def test_clocks_that_differ_make_no_findings(tmp_path: Path, records: list[object], found: set[str]) -> None:
    paths = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]
    for path, these in zip(paths, (records[:1], records[1:]), strict=True):
        path.write_text("".join(json.dumps(one) + "\n" for one in these))
    report = tmp_path / "report.json"
    main(["audit", *map(str, paths), "--format", "json", "--output", str(report)])
    rules = {one["rule"] for one in json.loads(report.read_text())["diagnostics"]}
    assert rules & {"cancel-without-release", "capture-above-reserved", "capture-after-release"} == found


@pytest.mark.skipif(os.name != "posix", reason="links need rights of their own")
def test_a_folder_with_a_link_to_itself_is_read_once(tmp_path: Path) -> None:
    logs, report = tmp_path / "logs", tmp_path / "report.json"
    logs.mkdir()
    (logs / "calls.jsonl").write_text(LINE)
    (logs / "again").symlink_to(logs)
    (logs / "ring.jsonl").symlink_to(logs / "ring.jsonl")
    assert main(["audit", str(logs), "--format", "json", "--output", str(report)]) == 1
    assert json.loads(report.read_text())["summary"]["scanned"] == 1


def test_the_order_of_the_records_does_not_matter(tmp_path: Path) -> None:
    said = []
    for name, records in (("sorted", IN_TIME), ("turned round", IN_TIME[::-1])):
        path, report = tmp_path / f"{name}.jsonl", tmp_path / f"{name}.json"
        path.write_text("".join(json.dumps(one) + "\n" for one in records))
        main(["audit", str(path), "--format", "json", "--output", str(report)])
        said.append(sorted(one["rule"] for one in json.loads(report.read_text())["diagnostics"]))
    assert said[0] == said[1] != []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_output_is_named(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text(LINE)
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(  # noqa: PLW1510 - its code is looked at
            [sys.executable, "-m", "vipps_lint", "audit", str(path)], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert run.stderr == "vipps-lint: standard output: cannot be written: No space left on device\n"
    assert run.returncode == 2


@pytest.mark.slow
def test_a_line_of_a_gigabyte_does_not_fill_the_memory(tmp_path: Path) -> None:
    path, report = tmp_path / "calls.jsonl", tmp_path / "report.json"
    with path.open("wb") as file:
        file.write(LINE.encode() + b'{"request": "')
        file.seek(10**9, 1)  # a hole in the file: zeros that take no room
        file.write(b'"}\n' + json.dumps(initiate(order="mittens-7", number="+47 912 34 567")).encode() + b"\n")
    command = [sys.executable, "-m", "vipps_lint", "audit", str(path), "--format", "json", "--output", str(report)]
    assert subprocess.run(command, timeout=300).returncode == 1  # noqa: PLW1510 - its code is looked at
    told = json.loads(report.read_text())
    assert [(note["record"], note["message"]) for note in told["notes"]] == [
        (2, "the line is longer than 16 million characters; it was passed over")
    ]
    assert {one["record"] for one in told["diagnostics"]} == {1, 3}
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 250 * 1024
