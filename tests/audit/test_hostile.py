"""Files that are broken, hostile or not there: one sentence each, the exit code of the README, and all the rest is read."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
import zstandard
from shop import cancel, capture, entry, initiate

from vipps_lint.audit import whole
from vipps_lint.audit.files import Source
from vipps_lint.audit.portions import Portion, laid_out
from vipps_lint.cli import main
from vipps_lint.cli.reports import CLEAN, FINDINGS, NOTHING
from vipps_lint.cli.reports import WRONG as WRONG_RUN
from vipps_lint.report import Report
from vipps_lint.report.health import Health
from vipps_lint.report.render import render

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


def table(record: str) -> bytes:
    written = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(pyarrow.table({"record": [record]}), written)
    return bytes(written.getvalue())


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
    pytest.param(one("a.jsonl", f"{'[ ' * 1_000_000}\n{LINE}"), 3, "too deep to be read", 0, id="a million spaced brackets"),
    pytest.param(one("a.jsonl", '{"a":' * 1_000_000), 3, "nested too deep", 0, id="a million objects in each other"),
    pytest.param(one("a.har", HAR[:-3] + f",{DEEP}"), 1, "a.har", 3, id="a million brackets in a HAR"),
    pytest.param(one("a.jsonl", LINE + json.dumps(GOOD)[:90] + "\n"), 1, "the line is no JSON", 1, id="half a record"),
    pytest.param(one("a.jsonl", LINE.encode() + b'{"\xe5": 1}\n'), 1, "the line is not UTF-8", 1, id="a line of Latin-1"),
    pytest.param(one("a.jsonl", LINE.replace("91", "\0")), 3, "this is a binary file", 0, id="zero bytes"),
    pytest.param(one("a.jsonl", ""), 3, "the file is empty", 0, id="an empty file"),
    pytest.param(one("a.jsonl", "\ufeff" + LINE + "oops\n"), 1, "the line is no JSON", 1, id="a mark, and a broken line"),
    pytest.param(one("a.jsonl", (LINE + "oops\n").encode("utf-16-le")), 1, "the line is no JSON", 1, id="UTF-16 without a mark"),
    pytest.param(one("a.jsonl", (LINE * 2).encode("utf-16")[:-1]), 1, "no UTF-16 text", 1, id="UTF-16 that is cut in a letter"),
    pytest.param(one("a.parquet", table(LINE)[:-9]), 3, "the Parquet file is damaged, or breaks off", 0, id="a Parquet file without its end"),
    pytest.param(one("a.jsonl", '{"verb": "GET", "to": "/qr/v1"}\n'), 3, "`request` is missing", 0, id="a log of unknown fields"),
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
    broken, other = next(tmp_path.iterdir()), tmp_path / "other"
    other.write_text(json.dumps(initiate(order="mittens-7", number="+47 912 34 567")) + "\n")
    report = tmp_path / "report.json"
    assert main(["audit", str(broken), str(other), "--format", "json", "--output", str(report)]) == 1
    assert str(other) in {one["path"] for one in json.loads(report.read_text())["diagnostics"]}


LOST = [
    pytest.param(json.dumps({"log": {"version": "1.2", "entries": [entry(number="91234567", orderId="acme-1042")] * 2}})[:-40].encode(),
                 "a.har", id="half a HAR"),
    pytest.param(gzip.compress(json.dumps(GOOD).encode() * 3000 + b"\n")[:-9], "a.gz", id="half of a packed log"),
    pytest.param(b"PK\x03\x04", "a.jsonl", id="an archive"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "name"), LOST)
def test_a_report_that_lacks_something_says_so_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, name: str
) -> None:
    (tmp_path / "whole.jsonl").write_text(json.dumps(GOOD))
    broken = tmp_path / name
    broken.write_bytes(data)
    words = ["audit", str(tmp_path / "whole.jsonl"), str(broken), "--select", "cancel-without-release"]
    sentence = "1 file could not be read, or not to the end"
    assert main([*words, "--html", str(tmp_path / "page.html"), "--prometheus", str(tmp_path / "numbers")]) == NOTHING
    shown, said = capsys.readouterr()
    assert sentence in shown and said == f"vipps-lint: nothing was found, but not all was read: {broken}\n"
    assert sentence in (tmp_path / "page.html").read_text()
    assert "\nvipps_lint_unread_files 1\n" in (tmp_path / "numbers").read_text()
    assert main([*words, "--format", "markdown"]) == NOTHING
    assert sentence in capsys.readouterr().out
    assert main([*words, "--format", "json", "--quiet"]) == NOTHING
    shown, said = capsys.readouterr()
    assert json.loads(shown)["unread_files"] == [str(broken)] and said != ""


@pytest.mark.parametrize("style", ["text", "markdown", "github"])
def test_a_report_that_broke_off_says_so(style: str) -> None:
    said = "This report is not complete, see the notes."
    assert said in render(Report("audit", health=Health(), incomplete=True), style)
    assert said not in render(Report("audit", health=Health()), style)


@pytest.mark.parametrize("name", ["empty.jsonl", "notes.jsonl"])
def test_what_is_empty_or_has_a_broken_record_lacks_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "notes.jsonl").write_text("oops\n")
    (tmp_path / "whole.jsonl").write_text(json.dumps(GOOD))
    words = ["audit", str(tmp_path / "whole.jsonl"), str(tmp_path / name), "--select", "cancel-without-release"]
    assert main([*words, "--format", "json"]) == CLEAN
    assert "unread_files" not in json.loads(capsys.readouterr().out)


def test_a_file_that_goes_away_before_it_is_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, order in (("gone", "socks-1"), ("there", "mittens-7")):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(initiate(order=order, number="+47 912 34 567")))

    def late(these: Iterable[Source]) -> list[Portion]:
        found = laid_out(these)
        (tmp_path / "gone.jsonl").unlink()
        return found

    monkeypatch.setattr(whole, "laid_out", late)
    assert main(["audit", str(tmp_path), "--format", "json"]) == FINDINGS
    told = json.loads(capsys.readouterr().out)
    assert told["unread_files"] == [str(tmp_path / "gone.jsonl")]
    assert [one["message"] for one in told["notes"]] == ["there is no such file"]
    assert {one["path"] for one in told["diagnostics"]} == {str(tmp_path / "there.jsonl")}


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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("option", ["--output", "--html", "--prometheus"])
def test_a_full_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    (tmp_path / "calls.jsonl").write_text(LINE)
    assert main(["audit", str(tmp_path), option, "/dev/full"]) == WRONG_RUN
    assert capsys.readouterr().err == f"vipps-lint: {option}: /dev/full cannot be written: No space left on device\n"


MEASURED = """
import sys
from pathlib import Path
from vipps_lint.cli import main

code = main(sys.argv[1:])
told = Path("/proc/self/status").read_text()
most = next(line for line in told.splitlines() if line.startswith("VmHWM"))
print(most.split()[1], file=sys.stderr)
sys.exit(code)
"""
"""A run that says how many kilobytes it had at most; what a system tells of a child counts its parent in."""

has_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="nothing tells how much memory a run had")


@has_proc
@pytest.mark.slow
def test_a_packed_line_of_a_gigabyte_does_not_fill_the_memory(tmp_path: Path) -> None:
    path, zeros = tmp_path / "calls.jsonl.gz", b"0" * (1 << 20)
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(LINE.encode() + b'{"request": "')
        for _ in range(1000):
            file.write(zeros)
        file.write(b'"}\n' + LINE.replace("socks", "mittens").encode())
    command = [sys.executable, "-c", MEASURED, "audit", "-", "--format", "json"]
    with path.open("rb") as file:
        run = subprocess.run(command, stdin=file, capture_output=True, timeout=300, check=False)
    assert {one["record"] for one in json.loads(run.stdout)["diagnostics"]} == {1, 3}
    assert int(run.stderr.split()[-1]) < 250 * 1024


@has_proc
@pytest.mark.slow
def test_a_line_of_a_gigabyte_does_not_fill_the_memory(tmp_path: Path) -> None:
    path, report = tmp_path / "calls.jsonl", tmp_path / "report.json"
    with path.open("wb") as file:
        file.write(LINE.encode() + b'{"request": "')
        file.seek(10**9, 1)  # a hole in the file: zeros that take no room
        file.write(b'"}\n' + json.dumps(initiate(order="mittens-7", number="+47 912 34 567")).encode() + b"\n")
    command = [sys.executable, "-c", MEASURED, "audit", str(path), "--format", "json", "--output", str(report)]
    run = subprocess.run(command, stderr=subprocess.PIPE, timeout=300, check=False)
    assert run.returncode == 1
    told = json.loads(report.read_text())
    assert [(note["record"], note["message"]) for note in told["notes"]] == [
        (2, "the line is longer than 16 million characters; it was passed over")
    ]
    assert {one["record"] for one in told["diagnostics"]} == {1, 3}
    assert int(run.stderr.split()[-1]) < 250 * 1024
