"""Recordings that are packed, also such as break off: what can be read is judged, and one note says where it ends."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable

import pytest
import zstandard
from auditing import WRONG, Audited
from shop import entry, har, initiate

LINES = "".join(json.dumps(initiate(None, f"socks-{number}", number=WRONG)) + "\n" for number in range(400)).encode()
HAR = json.dumps(har(*(entry(time=number) for number in range(400)))).encode()
Pack = Callable[[bytes], bytes]
PACKS = [pytest.param(gzip.compress, "gzip", id="gzip"), pytest.param(zstandard.compress, "zstd", id="zstd")]
KINDS = [pytest.param(LINES, id="JSON Lines"), pytest.param(HAR, id="HAR")]


@pytest.mark.parametrize(("pack", "name"), PACKS)
@pytest.mark.parametrize("data", KINDS)
def test_packed_is_as_good_as_plain(audited: Audited, pack: Pack, name: str, data: bytes) -> None:
    report = audited(pack(data))
    assert len(report.diagnostics) == report.scanned == 400
    assert not [note for note in report.notes if "time" not in note.message]


@pytest.mark.parametrize(("pack", "name"), PACKS)
def test_streams_behind_each_other_are_one_file(audited: Audited, pack: Pack, name: str) -> None:
    half = LINES.index(b"\n", len(LINES) // 2) + 1
    assert audited(pack(LINES[:half]) + pack(LINES[half:]) + b"\0" * 512).scanned == 400


@pytest.mark.parametrize(("pack", "name"), PACKS)
@pytest.mark.parametrize("data", KINDS)
def test_half_of_it_is_read_to_the_break(audited: Audited, pack: Pack, name: str, data: bytes) -> None:
    half = pack(data[: len(data) // 2])
    report = audited(half + pack(data[len(data) // 2 :])[:10])
    read = report.scanned
    assert 150 < read < 250
    assert len(report.diagnostics) == read
    notes = [note.message for note in report.notes if "time" not in note.message]
    assert notes == [f"the {name} file breaks off behind record {read}; what stands before that was read"]


@pytest.mark.parametrize(("pack", "name"), PACKS)
def test_what_is_damaged_is_read_to_the_damage(audited: Audited, pack: Pack, name: str) -> None:
    report = audited(pack(LINES) + b"oops" * 100)
    assert report.scanned == 400
    assert f"the {name} file is damaged behind record 400; what stands before that was read" in [
        note.message for note in report.notes
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(gzip.compress(LINES)[:12], "the gzip file breaks off before its first record", id="its head"),
        pytest.param(b"\x1f\x8b\x08\x00abc", "the gzip file breaks off before its first record", id="seven bytes"),
        pytest.param(b"\x1f\x8babcdefghi", "the gzip file is damaged before its first record", id="no gzip at all"),
        pytest.param(gzip.compress(b""), "the file is empty", id="nothing, packed"),
        pytest.param(gzip.compress(gzip.compress(LINES)), "this is a binary file", id="packed twice"),
    ],
)
def test_nothing_can_be_read(audited: Audited, data: bytes, sentence: str) -> None:
    report = audited(data, [initiate(number=WRONG)])
    assert report.notes[0].message.startswith(sentence)
    assert len(report.notes) == len(report.diagnostics) == 1, "the rest of the run goes on"


def test_zstd_that_cannot_be_unpacked_says_what_to_install(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    report = audited(zstandard.compress(LINES), [initiate(number=WRONG)])
    assert [note.message for note in report.notes] == [
        "the file is packed with zstd; `pip install 'vipps-lint[zstd]'` installs what reads it, or unpack it first"
    ]
    assert len(report.diagnostics) == 1
