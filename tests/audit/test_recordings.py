"""What is no recording, or only a part of one; whatever the bytes, a run goes on."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from auditing import WRONG, Audited, found
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop import cancel, capture, entry, har, initiate

from vipps_lint.audit import Intake, audit
from vipps_lint.catalog import Catalog

LINES = json.dumps(initiate(number=WRONG)) + "\n"
HAR = json.dumps(har(entry()))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(LINES.encode("utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param(LINES.encode("utf-16"), id="UTF-16 with a mark"),
        pytest.param(LINES.encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(LINES.encode("utf-16-be"), id="UTF-16 of the other end"),
        pytest.param(LINES.encode("utf-32"), id="UTF-32"),
        pytest.param(LINES.replace("\n", "\r\n").encode(), id="lines of Windows"),
        pytest.param(LINES.replace("socks", "l\u2028s").encode(), id="a line separator inside a text"),
        pytest.param(HAR.encode("utf-16"), id="HAR in UTF-16"),
        pytest.param(HAR.replace("content-type", "bl\xe5").encode("latin-1"), id="HAR with a letter of Latin-1"),
        pytest.param(b'{"comment": "x", ' + HAR.encode()[1:], id="HAR that begins with something else"),
        pytest.param(b'{"x": {"y": 1}, ' + HAR.encode()[1:], id="HAR with an object before the log"),
    ],
)
def test_kinds_and_encodings(audited: Audited, data: bytes) -> None:
    report = audited(data)
    assert found(report) == [("mobile-number-not-national", "warning")]
    assert report.notes == []


BROKEN: list[Any] = [
    pytest.param(b"", "the file is empty; expected a HAR file or JSON Lines", id="empty"),
    pytest.param(b" \n\n", "the file is empty", id="blank"),
    pytest.param(b"\xef\xbb\xbf", "the file is empty", id="nothing but a mark"),
    pytest.param(b"\x7fELF\x00\x01\x02\x03\x00\x00\x00\x00\x01", "this is a binary file; expected", id="binary"),
    pytest.param(b"PK\x03\x04abc", "the file is packed with zip", id="zip"),
    pytest.param(b'\xff\xfe{\x00"', "the file is no UTF-16 text although it starts like one", id="half of UTF-16"),
    pytest.param(json.dumps([initiate()]).encode(), "the file is one JSON list;", id="a list"),
    pytest.param(json.dumps(initiate(), indent=2).encode(), "the record is spread over lines", id="over lines"),
    pytest.param(
        "\n".join(json.dumps(initiate(number), indent=2) for number in (WRONG, "91234567")).encode(),
        "the records are spread over lines; each must be one line",
        id="several over lines",
    ),
    pytest.param(
        json.dumps(initiate(), indent=2)[:150].encode(), "the records are spread over lines", id="half of one over lines"
    ),
    pytest.param(b'{"log": {"version": "1.2", "ent', "the HAR file has no `log.entries`", id="the head of a HAR"),
]


@pytest.mark.parametrize(("data", "sentence"), BROKEN)
def test_one_sentence_for_no_recording(audited: Audited, tmp_path: Path, data: bytes, sentence: str) -> None:
    report = audited(data, [initiate(number=WRONG)])
    (note,) = report.notes
    assert note.path == str(tmp_path / "calls0")
    assert note.message.startswith(sentence)
    assert len(report.diagnostics) == 1, "the rest of the run goes on"


def test_standard_input(rules: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINES.encode())))
    (finding,) = audit(["-"], rules).diagnostics
    assert finding.place.path == "<stdin>"


def test_the_errors_that_were_answered_are_counted(audited: Audited) -> None:
    report = audited([initiate(), cancel(), cancel(at="2022-04-01T12:20:00Z", status=429)])
    assert {one.status: number for one, number in report.failures.items()} == {400: 1, 429: 1}


def test_a_broken_line_does_not_hide_the_others(audited: Audited) -> None:
    report = audited(b"oops\n" + LINES.encode() + b'{"request": "\xe5"}\n')
    assert [(one.line, one.record) for one in report.notes] == [(1, 1), (3, 3)]
    assert len(report.diagnostics) == 1
    assert report.scanned == 3


def test_a_record_over_lines_does_not_hide_the_others(audited: Audited) -> None:
    report = audited(json.dumps(initiate(), indent=2).encode() + b"\n" + LINES.encode())
    assert len(report.diagnostics) == 1
    assert report.notes


def test_a_thousand_broken_lines_are_not_a_thousand_notes(audited: Audited) -> None:
    report = audited("GET / 200\n" * 1000)
    assert len(report.notes) == 21
    assert report.notes[-1].message == "980 more notes about records of this file are left out"
    assert report.scanned == 1000


def test_half_a_har_is_audited(audited: Audited) -> None:
    text = json.dumps(har(entry(), entry(startedDateTime="2022-04-01T13:00:00Z"), entry()))
    report = audited(text[: text.rindex("startedDateTime") + 40])
    assert len(report.diagnostics) == report.scanned == 2
    assert "breaks off at line 1, column" in report.notes[0].message


def test_progress_is_told(rules: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "calls"
    path.write_text("".join(json.dumps(capture(None)) + "\n" for _ in range(2500)))
    told: list[tuple[int, float]] = []
    audit([path], rules, intake=Intake(progress=lambda done, share: told.append((done, share))))
    assert [done for done, _ in told] == [1000, 2000, 2500, 2500]
    assert sorted(told) == told and told[-1][1] == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(10**400) | st.just("***"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["amount", "orderId", "a"]), inner),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([initiate, capture, cancel]), JSON, JSON), max_size=6))
def test_no_body_and_no_answer_stops_a_run(audited: Audited, calls: list[tuple[Any, Any, Any]]) -> None:
    records = []
    for make, amount, answer in calls:
        one = make()
        one["request"]["body"] = {"transaction": {"orderId": "socks-1", "amount": amount}}
        one["response"]["body"] = answer
        records.append(one)
    report = audited("".join(json.dumps(one).replace("Infinity", "1e999") + "\n" for one in records))
    assert not [one for one in report.diagnostics if one.internal]
    assert not [one for one in report.notes if "bug" in one.message]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(st.sampled_from([b"", LINES.encode(), HAR[:99].encode()]), st.binary())
def test_no_bytes_stop_a_run(audited: Audited, head: bytes, tail: bytes) -> None:
    report = audited(head + tail)
    assert report.notes or report.scanned
