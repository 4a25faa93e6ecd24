"""Nothing private leaves: secrets and people are planted in calls of every client, and sought in all that anybody says."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
from clients import Client, with_requests
from conftest import Server
from planted import ANSWERS, CALLBACK, CALLS, HEADERS, KEY, OPAQUE, PLANTED, SECRET, readable
from test_plugin import Run, run  # noqa: F401 - a fixture

from vipps_lint import Guard
from vipps_lint.audit import audit
from vipps_lint.catalog import catalog
from vipps_lint.guard.recording import record
from vipps_lint.report.render import render

pytest_plugins = ["pytester"]

TODAY = date(2026, 11, 23)


class StopError(Exception):
    """What the code under test ends with."""


def send_all(server: Server, client: Client = with_requests) -> list[str]:
    """Make all the calls; gives what was raised."""
    server.answers.update(ANSWERS)
    errors = []
    for method, path, options in CALLS:
        try:
            client(method, server.url + path, **options)
        except AssertionError as error:
            errors.append(repr(error))
    return errors


@contextmanager
def span() -> Iterator[Callable[[], str]]:
    """A span of OpenTelemetry; gives what an exporter sees of it afterwards."""
    sdk = pytest.importorskip("opentelemetry.sdk.trace")
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter").InMemorySpanExporter()
    provider = sdk.TracerProvider()
    provider.add_span_processor(pytest.importorskip("opentelemetry.sdk.trace.export").SimpleSpanProcessor(memory))
    with provider.get_tracer("shop").start_as_current_span("checkout"):
        yield lambda: "".join(one.to_json() for one in memory.get_finished_spans())


def test_what_a_guard_keeps(server, client):
    with Guard("collect") as guard:
        send_all(server, client)
    shown = f"{guard.calls} {guard.diagnostics}"
    assert len(guard.calls) == len(CALLS) and "47…67" in shown
    assert readable(shown) == []


def test_what_a_guard_keeps_of_calls_to_a_mock(server):
    with Guard("collect") as guard, mock.patch("requests.request"):
        send_all(server)
    assert len(guard.calls) == len(CALLS)
    assert readable(f"{guard.calls} {guard.diagnostics}") == []


def test_what_a_guard_raises(server):
    with Guard("raise"):
        errors = send_all(server)
    assert len(errors) >= len(CALLS) - 1
    assert readable("".join(errors)) == []


def test_what_a_guard_warns_of(server):
    with warnings.catch_warnings(record=True) as caught, Guard("warn"):
        warnings.simplefilter("always")
        send_all(server)
    assert len(caught) > len(CALLS)
    assert readable("".join(str(one.message) for one in caught)) == []


def test_what_a_guard_fails_with_and_adds_to_errors(server):
    with pytest.raises(AssertionError) as failed, Guard("fail"):
        send_all(server)
    with pytest.raises(StopError) as stopped, Guard("fail"):
        send_all(server)
        raise StopError
    notes = "".join(stopped.value.__notes__)
    assert "findings in calls of Vipps APIs" in notes
    assert readable(f"{failed.value!r} {failed.value.diagnostics} {notes}") == []


def test_what_a_guard_logs_and_traces(server, caplog):
    caplog.set_level(logging.DEBUG, "vipps_lint")
    with span() as exported, Guard("log"):
        send_all(server)
    records = [str(vars(one)) for one in caplog.records if one.name.startswith("vipps_lint")]
    assert len(records) > len(CALLS) and "vipps.finding" in exported()
    assert readable("".join(records) + exported()) == []


@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_what_is_recorded_and_what_an_audit_of_it_says(server, tmp_path: Path, style: str):
    with Guard("collect") as guard:
        send_all(server)
    file = tmp_path / "calls.jsonl"
    file.write_text("".join(json.dumps(record(call, "a test")) + "\n" for call in guard.calls), encoding="utf-8")
    said = render(audit([file], catalog(), as_of=TODAY), style, undecided=True)
    assert "body-field-type" in said
    assert readable(file.read_text(encoding="utf-8") + said) == []


def raw() -> list[dict[str, Any]]:
    """The calls as a recorder that masks nothing writes them."""
    records = []
    for number, (method, path, options) in enumerate(CALLS):
        status, answer, headers = ANSWERS.get(path.partition("?")[0], (200, {}, {}))
        body = {"body": options["json"]} if "json" in options else {"body_text": urlencode(options.get("data", {}))}
        request = {"method": method, "url": "https://api.vipps.no" + path, "headers": options["headers"], **body}
        response = {"status": status, "headers": headers, "body": answer}
        records.append({"at": f"2026-11-22T09:00:0{number}Z", "request": request, "response": response})
    return records


def as_har(records: list[dict[str, Any]]) -> dict[str, Any]:
    entries = []
    for one in records:
        request, response = one["request"], one["response"]
        sent = request.get("body_text") or json.dumps(request.get("body"))
        entries.append(
            {
                "startedDateTime": one["at"],
                "request": {
                    "method": request["method"],
                    "url": request["url"],
                    "headers": [{"name": name, "value": value} for name, value in request["headers"].items()],
                    "postData": {"mimeType": "application/json", "text": sent},
                },
                "response": {
                    "status": response["status"],
                    "headers": [],
                    "content": {"text": json.dumps(response["body"])},
                },
            }
        )
    return {"log": {"version": "1.2", "entries": entries}}


BROKEN = [
    {"request": {"method": "GET", "url": "https://api.vipps.no/ecomm/v2/payments", "headers": [HEADERS]}},
    {"request": {"method": 4791234567, "url": "+47 912 34 567"}, "response": {"status": "Karianne"}},
    {"at": "1977-05-17 Karianne Hemmelig", "request": HEADERS},
]


@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_what_an_audit_of_raw_recordings_says(tmp_path: Path, style: str):
    lines, har, broken = (tmp_path / name for name in ("calls.jsonl", "calls.har", "broken.jsonl"))
    lines.write_text("".join(json.dumps(one) + "\n" for one in raw()), encoding="utf-8")
    har.write_text(json.dumps(as_har(raw())), encoding="utf-8")
    broken.write_text("".join(json.dumps(one) + "\n" for one in BROKEN) + f"{HEADERS}\n", encoding="utf-8")
    assert len(readable(lines.read_text(encoding="utf-8"))) == len(PLANTED)
    report = audit([lines, har, broken], catalog(), as_of=TODAY)
    assert report.health is not None
    assert report.health.answers.total() >= len(CALLS) and report.notes
    assert readable(render(report, style, undecided=True)) == []


SHOP = f"""import requests


def pay(vault, order):
    headers = {{"Ocp-Apim-Subscription-Key": vault.load("{KEY}"), "client_secret": "{SECRET}", "Authorization": order.token}}
    body = {{"customer": {{"phoneNumber": order.phone or "{OPAQUE}"}}, "merchantInfo": {{"authToken": "{CALLBACK}" + order.end}}}}
    requests.post(order.host + "/epayment/v1/payments", json=body, headers=headers, timeout=10)
"""
RUN = """
import json, pathlib, sys
sys.path.insert(0, {folder!r})
import planted

def test_calls():
    for method, path, options in planted.CALLS:
        requests.request(method, {url!r} + path, timeout=5, **options)
"""


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "workers of pytest-xdist"])
def test_what_a_run_of_tests_says(run: Run, server, tmp_path: Path, options: tuple[str, ...]):  # noqa: F811
    server.answers.update(ANSWERS)
    file, sums, shop = (tmp_path / name for name in ("calls.jsonl", "summary.json", "shop.py"))
    shop.write_text(SHOP, encoding="utf-8")
    code = RUN.format(folder=str(Path(__file__).parent), url=server.url)
    written = (f"--vipps-record={file}", f"--vipps-obligations={shop}", f"--vipps-summary={sums}")
    result = run(code, "--vipps-guard", *written, "-rA", *options)
    result.assert_outcomes(failed=1)
    said = "\n".join(result.outlines + result.errlines)
    assert "findings in calls of Vipps APIs" in said and "call site" in said
    assert readable(said + file.read_text(encoding="utf-8") + sums.read_text(encoding="utf-8")) == []
