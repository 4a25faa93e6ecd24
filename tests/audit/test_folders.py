"""Folders and patterns: what is a recording is read, what is none is passed over unless somebody has named it."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from auditing import WRONG, calls
from shop import entry, har, initiate

from vipps_lint.audit import audit
from vipps_lint.catalog import Catalog

LINES = json.dumps(initiate(None, number=WRONG)).encode() + b"\n"
HAR = json.dumps(har(entry())).encode()
NO_RECORDINGS = {
    "package.json": b'{"name": "shop", "log": "no"}',
    "settings.json": json.dumps({"a": 1}, indent=2).encode(),
    "list.json": b"[1, 2]",
    "app.jsonl": b'{"log": {"level": "info"}, "message": "started"}\n',
    "empty.har": b"",
    "picture.gz": gzip.compress(b"\x89PNG\0\0\0\0"),
    "archive.json": b"PK\x03\x04",
}


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Three recordings in a tree, among files that are none."""
    files = {"calls.har": HAR, "deep/er/calls.jsonl": LINES, "deep/calls.ndjson.gz": gzip.compress(LINES + b"\n")}
    hidden = {".cache/calls.har": HAR + b" ", "notes.txt": LINES + b"\n\n", "folder.har/readme": LINES}
    for name, data in (files | NO_RECORDINGS | hidden).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def read(rules: Catalog, *paths: Path | str) -> list[str]:
    """The files that findings are in; nothing else is said of any file but that records have no time."""
    report = audit(paths, rules)
    assert not [note for note in report.notes if "no time" not in note.message]
    return [Path(one.place.path).name for one in report.diagnostics]


def test_a_folder_is_all_recordings_in_it(rules: Catalog, logs: Path) -> None:
    assert sorted(read(rules, logs)) == ["calls.har", "calls.jsonl", "calls.ndjson.gz"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        pytest.param("**/*.jsonl", ["calls.jsonl"], id="any folders"),
        pytest.param("*.har", ["calls.har"], id="a folder with such a name is none"),
        pytest.param("deep/*.gz", ["calls.ndjson.gz"], id="packed"),
        pytest.param("[n]otes.*", ["notes.txt"], id="any suffix"),
    ],
)
def test_a_pattern_is_all_recordings_that_it_names(
    rules: Catalog, logs: Path, pattern: str, names: list[str]
) -> None:
    assert read(rules, str(logs / pattern)) == names


def test_a_file_with_the_name_of_a_pattern_is_that_file(rules: Catalog, logs: Path) -> None:
    path = logs / "calls[1].har"
    path.write_bytes(HAR)
    assert read(rules, path) == ["calls[1].har"]


@pytest.mark.parametrize("name", NO_RECORDINGS)
def test_what_is_named_and_no_recording_gets_a_note(rules: Catalog, logs: Path, name: str) -> None:
    report = audit([logs / name], rules)
    assert [note.path for note in report.notes] == [str(logs / name)]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        pytest.param("half.har", HAR[:200], "the HAR file breaks off", id="half a HAR"),
        pytest.param("half.jsonl", LINES[:200], "the line is no JSON", id="half a record"),
        pytest.param("half.gz", gzip.compress(LINES)[:9], "the gzip file breaks off", id="the head of a packed file"),
        pytest.param("one.jsonl", b"oops\n" + LINES, "the line is no JSON", id="a line among records"),
    ],
)
def test_a_recording_that_breaks_off_is_never_passed_over(
    rules: Catalog, tmp_path: Path, name: str, data: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(data)
    first, *_ = audit([tmp_path], rules).notes
    assert first.path == str(tmp_path / name)
    assert first.message.startswith(sentence)


def test_what_is_not_there_is_said(rules: Catalog, tmp_path: Path) -> None:
    report = audit([tmp_path / "none.har", tmp_path, tmp_path / "*.har"], rules)
    assert [one.message for one in report.notes] == [
        "there is no such file",
        "no file in this folder is called like a recording (.har, .jsonl, .ndjson, .json, .gz, .zst, .parquet)",
        "no file is called like this; `**` stands for any folders, `*` for any name",
    ]
    assert report.scanned == 0


def test_a_copy_is_told_from_a_file_of_the_same_length(rules: Catalog, tmp_path: Path) -> None:
    for name, order in [("a", "1"), ("b", "2"), ("c", "1"), ("d", "2")]:
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(initiate(order=f"socks-{order}")))
    report = audit([tmp_path, tmp_path / "a.jsonl"], rules)
    assert [(Path(note.path).name, Path(note.message.split()[4].strip(";")).name) for note in report.notes] == [
        ("c.jsonl", "a.jsonl"),
        ("d.jsonl", "b.jsonl"),
        ("a.jsonl", "a.jsonl"),
    ]
    assert calls(report) == 2


def test_a_file_that_is_named_twice_is_read_once(rules: Catalog, logs: Path) -> None:
    path = logs / "calls.har"
    assert [note.message for note in audit([path, path], rules).notes] == [
        f"the same recording as {path}; its records are counted once"
    ]
    assert len(read(rules, logs, logs / "**/*.har", logs)) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_in_a_folder_is_left_alone(rules: Catalog, logs: Path) -> None:
    os.mkfifo(logs / "live.jsonl")
    assert len(read(rules, logs)) == 3
