"""What a test run records, the auditor reads; what is private is not in it."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from test_plugin import Run, run  # noqa: F401 - a fixture

from vipps_lint.audit import audit
from vipps_lint.catalog import catalog

pytest_plugins = ["pytester"]

TWO_TESTS = """
def test_one():
    pay("+4791234567")

def test_two():
    requests.get("{url}/ecomm/v2/payments/acme-1/details?verbose=1", timeout=5)
"""


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "workers of pytest-xdist"])
def test_the_calls_of_a_run_are_records(run: Run, server, tmp_path, options):  # noqa: F811
    server.answers["/ecomm/v2/payments"] = (200, {"orderId": "acme-1", "url": "https://x.example"}, {})
    file = tmp_path / "calls.jsonl"
    result = run(TWO_TESTS.replace("{url}", server.url), f"--vipps-record={file}", *options)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([f"2 calls were recorded in {file}"])
    records = {one["id"]: one for one in map(json.loads, file.read_text(encoding="utf-8").splitlines())}
    schema = json.loads((files("vipps_lint.audit") / "record.schema.json").read_text(encoding="utf-8"))
    for record in records.values():
        jsonschema.validate(record, schema)
    pays, asks = records["test_shop.py::test_one"], records["test_shop.py::test_two"]
    assert pays["request"]["body"]["transaction"] == {"orderId": "acme-1", "amount": 100, "transactionText": "Socks"}
    assert pays["response"]["body"]["orderId"] == "acme-1"
    assert asks["request"]["url"] == f"{server.url}/ecomm/v2/payments/acme-1/details?verbose=1"
    assert asks["request"]["body"] is None


def test_nothing_private_is_recorded(run: Run, server, tmp_path):  # noqa: F811
    file = tmp_path / "calls.jsonl"
    run(TWO_TESTS.replace("{url}", server.url), f"--vipps-record={file}")
    text = file.read_text(encoding="utf-8")
    assert "acme-1" in text
    assert not [secret for secret in ("91234567", "sesame-open", "0f14ebca") if secret in text]


def test_the_auditor_reads_what_was_recorded(run: Run, server, tmp_path):  # noqa: F811
    file = tmp_path / "calls.jsonl"
    run(TWO_TESTS.replace("{url}", server.url), f"--vipps-record={file}")
    report = audit([file], catalog(), as_of=date(2026, 11, 22))
    assert report.health is not None
    assert {*report.health.ids} == {"POST /ecomm/v2/payments", "GET /ecomm/v2/payments/{orderId}/details"}
    assert report.health.answers.total() == 2
    assert not report.notes


def test_a_file_that_cannot_be_written_is_one_sentence(run: Run, tmp_path):  # noqa: F811
    result = run(TWO_TESTS, f"--vipps-record={tmp_path / 'no' / 'calls.jsonl'}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --vipps-record: *calls.jsonl cannot be written: No such file or directory"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said_and_the_tests_go_on(run: Run, server):  # noqa: F811
    result = run(TWO_TESTS.replace("{url}", server.url), "--vipps-record=/dev/full")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["/dev/full: No space left on device; 0 calls were recorded, 2 are missing"])


def test_a_session_has_one_history_where_that_is_wanted(run: Run, server):  # noqa: F811
    code = """
def test_one(vipps_guard):
    vipps_guard.knows_payment("acme-1", reserved=1000)
    capture(600)

def test_two(vipps_guard):
    capture(600)
    assert ("capture-above-reserved" in [one.rule for one in vipps_guard.diagnostics]) is {expected}

def capture(amount):
    body = {{"merchantInfo": {{"merchantSerialNumber": "123456"}},
            "transaction": {{"amount": amount, "transactionText": "Socks"}}}}
    requests.post("{url}/ecomm/v2/payments/acme-1/capture", json=body, timeout=5)
"""
    for expected, options in ((True, ["--vipps-history=session"]), (False, [])):
        result = run(code.format(url=server.url, expected=expected), "--vipps-guard=collect", *options)
        result.assert_outcomes(passed=2)


def test_a_marker_says_the_day(run: Run):  # noqa: F811
    code = """
import datetime

@pytest.mark.vipps_guard(as_of="2018-01-01")
def test_text():
    pay("+4791234567")

@pytest.mark.vipps_guard(as_of=datetime.date(2026, 11, 22))
def test_day():
    pay("+4791234567")

@pytest.mark.vipps_guard(as_of="soon")
def test_mistake():
    pass
"""
    result = run(code, "--vipps-guard")
    result.assert_outcomes(passed=1, failed=1, errors=1)
    result.stdout.fnmatch_lines(["*marker vipps_guard: as_of: 'soon' is no day; *"])
