"""Whole runs: recordings in, findings out."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from auditing import WRONG, Audited, calls, found
from shop import HEADERS, URL, cancel, capture, entry, har, initiate, record

from vipps_lint.audit.mapping import Mapper, Setting
from vipps_lint.call import Place
from vipps_lint.catalog import Catalog
from vipps_lint.document import MAYBE, YES, Truth
from vipps_lint.read.jsonl import read_line
from vipps_lint.read.record import Record


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
    assert report.scanned == calls(report) == 3


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
    expected = {(one.rule, one.message) for one in audited(records).diagnostics}
    assert len(expected) == 12
    random.Random(seed).shuffle(records)
    assert {(one.rule, one.message) for one in audited(records[:7], records[7:]).diagnostics} == expected


def test_records_without_a_time_stay_in_their_order(audited: Audited) -> None:
    assert found(audited([initiate(None), capture(None), cancel(None)])) == [("cancel-without-release", "error")]
    assert found(audited([cancel(None), initiate(None), capture(None)])) == []


def test_a_record_without_a_time_follows_the_one_before_it(audited: Audited) -> None:
    late = initiate("2022-04-01T13:00:00Z", "other")
    assert found(audited([late, initiate(), capture(None), cancel()])) == [("cancel-without-release", "error")]
    assert found(audited([initiate(), late, capture(None), cancel()])) == []


def test_a_record_that_is_there_twice_counts_once(audited: Audited) -> None:
    report = audited([initiate(number=WRONG), initiate(number=WRONG)])
    assert calls(report) == len(report.diagnostics) == 1
    assert report.scanned == 2
    assert [(one.record, one.message) for one in report.notes] == [
        (2, "this record has been read before, word for word; counted once")
    ]


def test_a_file_that_is_there_twice_counts_once(audited: Audited, tmp_path: Path) -> None:
    report = audited([initiate(None)], [initiate(None)])
    assert (calls(report), report.scanned) == (1, 1)
    first, *_ = report.notes
    assert first.path == str(tmp_path / "calls1")
    assert first.message.startswith(f"the same recording as {tmp_path / 'calls0'}")


def test_calls_that_look_alike_and_have_no_time_are_two(audited: Audited) -> None:
    assert calls(audited([capture(None), capture(None)])) == 2


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
def test_which_records_are_calls(rules: Catalog, audited: Audited, url: str, genuine: Truth | None) -> None:
    one = record("POST", url, None, "2022-04-01T12:00:00Z")
    (read,) = read_line(json.dumps(one), Place("log"))
    assert isinstance(read, Record)
    call = Mapper(Setting(rules, date(2026, 1, 1))).call(read)
    assert (call and call.genuine) is genuine
    report = audited([one])
    assert (report.scanned, calls(report), report.notes) == (1, genuine is not None, [])


def test_a_question_of_the_browser_is_no_call(audited: Audited) -> None:
    assert calls(audited(har(entry(request__method="OPTIONS")))) == 0


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
