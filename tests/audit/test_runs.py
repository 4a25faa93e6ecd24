"""Whole runs over files: what is found, in which order things happened, and what is said of files that are broken."""

from __future__ import annotations

import io
import json
import random
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop import HEADERS, URL, cancel, capture, entry, har, initiate, record

from vipps_lint.audit import audit
from vipps_lint.catalog import Catalog
from vipps_lint.document import MAYBE, YES, Truth
from vipps_lint.report import Report

Audited = Callable[..., Report]
WRONG = "+47 912 34 567"


def found(report: Report) -> list[tuple[str, str]]:
    return [(one.rule, one.severity.value) for one in report.diagnostics]


def test_a_record_is_judged_at_its_own_time(audited: Audited) -> None:
    before, after = initiate("2022-07-31T23:59:59Z", number=WRONG), initiate("2022-08-01T00:00:00Z", "b", number=WRONG)
    report = audited([before, after])
    assert found(report) == [("mobile-number-not-national", "warning"), ("mobile-number-not-national", "error")]


def test_its_own_time_is_the_day_in_utc(audited: Audited) -> None:
    report = audited([initiate("2022-08-01T01:00:00+02:00", number=WRONG)], as_of=date(2026, 1, 1))
    assert found(report) == [("mobile-number-not-national", "warning")]


@pytest.mark.parametrize(
    ("as_of", "severity"), [(date(2022, 4, 15), "warning"), (None, "error")], ids=["as of a day", "as of today"]
)
def test_a_record_without_a_time(audited: Audited, as_of: date | None, severity: str) -> None:
    report = audited([initiate(None, number=WRONG)], as_of=as_of)
    assert found(report) == [("mobile-number-not-national", severity)]
    (note,) = report.notes
    assert note.message.startswith(f"this record has no time; judged as of {as_of or ''}")


def test_a_finding_names_file_record_and_line(audited: Audited, tmp_path: Path) -> None:
    text = "\n" + json.dumps(initiate()) + "\n\n" + json.dumps(initiate(order="b", number=WRONG)) + "\n"
    (finding,) = audited(text).diagnostics
    assert (finding.place.path, finding.place.record, finding.place.line) == (str(tmp_path / "calls0"), 2, 4)
    assert finding.pointer == "body.customerInfo.mobileNumber"


def test_nothing_of_a_person_leaves(audited: Audited) -> None:
    report = audited([initiate(number=WRONG)])
    assert "912" not in repr(report)
    assert "34 567" not in repr(report)


def test_a_har_and_json_lines_are_one_history(audited: Audited) -> None:
    first = har(as_entry(initiate()), as_entry(capture()))
    report = audited([cancel()], first)
    assert found(report) == [("cancel-without-release", "error")]
    assert report.scanned == len(report.calls) == 3


def as_entry(one: dict[str, Any]) -> dict[str, Any]:
    sent = one["request"]
    headers = [{"name": name, "value": value} for name, value in sent["headers"].items()]
    body = {"mimeType": "application/json", "text": json.dumps(sent["body"])}
    request = {"method": sent["method"], "url": sent["url"], "headers": headers, "postData": body}
    return {"startedDateTime": one["at"], "request": request, "response": {"status": one["response"]["status"]}}


def life(order: str, minute: int) -> list[dict[str, Any]]:
    return [
        make(f"2022-04-01T12:{minute + step:02}:{minute:02}Z", order)
        for step, make in enumerate((initiate, capture, cancel))
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_records_does_not_matter(audited: Audited, seed: int) -> None:
    records = [one for minute in range(12) for one in life(f"socks-{minute}", minute)]
    expected = [(one.rule, one.message) for one in audited(records).diagnostics]
    assert len(expected) == 12
    random.Random(seed).shuffle(records)
    assert [(one.rule, one.message) for one in audited(records[:7], records[7:]).diagnostics] == expected


def test_records_without_a_time_stay_in_their_order(audited: Audited) -> None:
    assert found(audited([initiate(None), capture(None), cancel(None)])) == [("cancel-without-release", "error")]
    assert found(audited([cancel(None), initiate(None), capture(None)])) == []


def test_a_record_without_a_time_follows_the_one_before_it(audited: Audited) -> None:
    late = initiate("2022-04-01T13:00:00Z", "other")
    assert found(audited([late, initiate(), capture(None), cancel()])) == [("cancel-without-release", "error")]
    assert found(audited([initiate(), late, capture(None), cancel()])) == []


def test_a_record_that_is_there_twice_counts_once(audited: Audited) -> None:
    report = audited([initiate(number=WRONG), initiate(number=WRONG)])
    assert len(report.calls) == len(report.diagnostics) == 1
    assert report.scanned == 2
    assert [(one.record, one.message) for one in report.notes] == [
        (2, "this record has been read before, word for word; counted once")
    ]


def test_a_file_that_is_there_twice_counts_once(audited: Audited, tmp_path: Path) -> None:
    report = audited([initiate(None)], [initiate(None)])
    assert (len(report.calls), report.scanned) == (1, 1)
    first, *_ = report.notes
    assert first.path == str(tmp_path / "calls1")
    assert first.message.startswith(f"the same recording as {tmp_path / 'calls0'}")


def test_calls_that_look_alike_and_have_no_time_are_two(audited: Audited) -> None:
    assert len(audited([capture(None), capture(None)]).calls) == 2


HOSTS = [
    pytest.param("https://api.vipps.no/ecomm/v2/payments", YES, id="production is genuine"),
    pytest.param("https://apitest.vipps.no:443/ecomm/v2/payments", YES, id="the test environment is genuine"),
    pytest.param("https://api.vippsbedrift.no/v1/partial/signup", YES, id="an API with hosts of its own"),
    pytest.param("http://127.0.0.1:8080/ecomm/v2/payments", MAYBE, id="a mock is a call, but proves nothing"),
    pytest.param("/ecomm/v2/payments", MAYBE, id="a path without a host is a call"),
    pytest.param("https://api.vips.no/ecomm/v2/nonsense", MAYBE, id="a slip of the pen is a call"),
    pytest.param("https://shop.example/ecomm/v2/nonsense", None, id="a path of another service is none"),
    pytest.param("https://shop.example/api/orders", None, id="another host is none"),
]


@pytest.mark.parametrize(("url", "genuine"), HOSTS)
def test_which_records_are_calls(audited: Audited, url: str, genuine: Truth | None) -> None:
    report = audited([record("POST", url, None, "2022-04-01T12:00:00Z")])
    assert [call.genuine for call in report.calls] == ([] if genuine is None else [genuine])
    assert report.scanned == 1
    assert report.notes == []


def test_a_question_of_the_browser_is_no_call(audited: Audited) -> None:
    assert audited(har(entry(request__method="OPTIONS"))).calls == []


def test_a_log_without_hosts_has_a_history(audited: Audited) -> None:
    records = [initiate(), capture(), cancel()]
    for one in records:
        one["request"]["url"] = one["request"]["url"].removeprefix("https://api.vipps.no")
    assert found(audited(records)) == [("cancel-without-release", "error")]


def test_what_vipps_accepted_was_right(audited: Audited) -> None:
    assert found(audited([initiate(), capture(), cancel(status=200)])) == []


BLACKED_OUT = ["***", "[REDACTED]", "+47*****67", "<phone masked>", "xxxxxx67", "+47…67", "redacted"]


@pytest.mark.parametrize("number", BLACKED_OUT)
def test_a_number_that_was_blacked_out_is_not_wrong(audited: Audited, number: str) -> None:
    assert found(audited([initiate(number=number)])) == []


def test_an_order_that_was_blacked_out_may_be_any(audited: Audited) -> None:
    def run(order: str) -> list[tuple[str, str]]:
        rest = capture("2022-04-01T12:06:00Z", order, amount=29900)
        return found(audited([initiate(), capture(), rest, cancel()]))

    assert run("[MASKED]") == []
    assert run("other") == [("cancel-without-release", "error")]


def test_a_body_that_was_not_recorded_is_not_wrong(audited: Audited) -> None:
    sent = {"method": "POST", "url": URL, "headers": HEADERS}
    assert found(audited([{"at": "2022-04-01T12:00:00Z", "request": sent, "response": {"status": 200}}])) == []


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
    pytest.param(b"\x1f\x8b\x08\x00abc", "the file is packed with gzip; unpack it first", id="gzip"),
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


def test_missing_files_and_folders(rules: Catalog, tmp_path: Path) -> None:
    report = audit([tmp_path / "none.har", tmp_path], rules)
    assert [one.message for one in report.notes] == [
        "there is no such file",
        "this is a folder; name the HAR or JSON Lines files in it",
    ]
    assert report.scanned == 0


def test_standard_input(rules: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINES.encode())))
    (finding,) = audit(["-"], rules).diagnostics
    assert finding.place.path == "<stdin>"


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
    told: list[int] = []
    audit([path], rules, progress=told.append)
    assert told == [1000, 2000, 2500]


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
