"""The mode for production: findings are logged and stand in the trace; nothing is stopped."""

from __future__ import annotations

import logging

import pytest

from vipps_lint import Guard

PATH = "/ecomm/v2/payments"
WRONG = {"customerInfo": {"mobileNumber": "+4791234567"}}
RULE = "mobile-number-not-national"


def test_a_finding_is_a_structured_record(server, client, caplog):
    caplog.set_level(logging.INFO)
    with Guard("log"):
        status, _ = client("POST", server.url + PATH, json=WRONG)
    [record] = [one for one in caplog.records if getattr(one, "vipps_rule", "") == RULE]
    assert (status, len(server.received)) == (200, 1)
    assert (record.name, record.levelname) == ("vipps_lint.findings", "WARNING")
    assert record.getMessage() == f"POST {PATH}: mobile number `+47…67` is not eight digits [{RULE}]"
    assert (record.vipps_operation, record.vipps_field) == (f"POST {PATH}", "body.customerInfo.mobileNumber")
    assert record.vipps_place.startswith("tests/guard/clients.py:")
    assert "91234567" not in str(vars(record))


def test_a_handler_that_fails_does_not_break_the_call(server, client):
    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise OSError("the disk is full")

    log, handler = logging.getLogger("vipps_lint.findings"), Broken()
    log.addHandler(handler)
    try:
        with Guard("log"):
            assert client("POST", server.url + PATH, json=WRONG)[0] == 200
    finally:
        log.removeHandler(handler)


def test_a_finding_is_an_event_of_the_current_span(server, client):
    sdk = pytest.importorskip("opentelemetry.sdk.trace")
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter").InMemorySpanExporter()
    provider = sdk.TracerProvider()
    provider.add_span_processor(pytest.importorskip("opentelemetry.sdk.trace.export").SimpleSpanProcessor(memory))
    with provider.get_tracer("shop").start_as_current_span("checkout"), Guard("log"):
        client("POST", server.url + PATH, json=WRONG)
    [span] = memory.get_finished_spans()
    events = {event.attributes["vipps.rule"]: event for event in span.events if event.name == "vipps.finding"}
    assert events[RULE].attributes["vipps.operation"] == f"POST {PATH}"
    assert "91234567" not in span.to_json()
