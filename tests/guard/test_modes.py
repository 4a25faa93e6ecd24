"""What a guard says in each of its modes, where, and what it remembers of calls before."""

from __future__ import annotations

import inspect
import warnings
from contextlib import suppress
from typing import Any

import pytest
import requests
from orders import CAPTURE, INITIATE, RULE, WRONG, order

from vipps_lint import Guard, VippsLintError, VippsLintWarning


def test_raise_names_the_call_and_sends_nothing(server, client, phones):
    with pytest.raises(VippsLintError) as caught, Guard(catalog=phones):
        client("POST", server.url + INITIATE, json=WRONG)
    first, place, help_line = str(caught.value).splitlines()
    assert first == f"POST {INITIATE} was not sent: mobile number `+47…67` is not eight digits [{RULE}]"
    assert place.startswith("  --> ") and "clients.py:" in place
    assert help_line == "  = help: send `91…67`: eight digits, no country code, no spaces"
    assert [one.rule for one in caught.value.diagnostics] == [RULE]
    assert server.received == []


def test_collect_records_and_sends(server, client, phones):
    server.answers[INITIATE] = (200, {"orderId": "acme-1", "url": "https://api.vipps.no/x"}, {})
    with Guard("collect", catalog=phones) as guard:
        status, body = client("POST", server.url + INITIATE, json=WRONG)
    assert (status, server.paths) == (200, [f"POST {INITIATE}"])
    assert b"acme-1" in body
    [call] = guard.calls
    assert call.operation is not None and call.operation.id == "ecom.initiate-payment"
    assert call[("response", "status")] == 200
    assert call[("response", "body", "orderId")] == "acme-1"
    assert [(one.rule, one.pointer) for one in guard.diagnostics] == [(RULE, "body.customerInfo.mobileNumber")]
    report = guard.report()
    assert (report.face, report.scanned, len(report.calls), len(report.diagnostics)) == ("guard", 1, 1, 1)


@pytest.mark.parametrize("mode", ["raise", "warn", "fail", "collect"])
def test_a_right_call_passes_in_every_mode(server, client, phones, mode):
    with Guard(mode, catalog=phones) as guard, warnings.catch_warnings():
        warnings.simplefilter("error")
        client("POST", server.url + INITIATE, json=order())
    assert (len(guard.calls), guard.diagnostics) == (1, ())


def test_calls_of_others_are_not_seen(server, client):
    with Guard() as guard:
        client("POST", server.url + "/shop/orders", json=WRONG)
    assert (guard.calls, server.paths) == ((), ["POST /shop/orders"])


def test_the_request_arrives_as_without_a_guard(server, client, phones):
    options: dict[str, Any] = {"json": WRONG, "headers": {"Authorization": "Bearer secret-secret", "X-Own": "1"}}
    client("POST", server.url + INITIATE, **options)
    with Guard("collect", catalog=phones):
        client("POST", server.url + INITIATE, **options)
    one, other = server.received
    assert one == other


def test_a_finding_is_placed_on_the_line_that_calls(server, phones):
    with Guard("collect", catalog=phones) as guard:
        line = inspect.currentframe().f_lineno + 1
        requests.post(server.url + INITIATE, json=WRONG, timeout=5)
    [found] = guard.diagnostics
    assert (found.place.path, found.place.line) == ("tests/guard/test_modes.py", line)


def test_a_warning_is_given_at_the_line_that_calls(server, phones):
    with Guard("warn", catalog=phones), pytest.warns(VippsLintWarning) as caught:
        line = inspect.currentframe().f_lineno + 1
        requests.post(server.url + INITIATE, json=WRONG, timeout=5)
    [warning] = caught
    assert (warning.filename, warning.lineno) == (__file__, line)
    text = f"POST {INITIATE}: mobile number `+47…67` is not eight digits [{RULE}]; send `91…67`"
    assert str(warning.message).startswith(text)
    assert server.paths == [f"POST {INITIATE}"]


def test_a_warning_that_is_an_error_stops_the_call(server, client, phones):
    with warnings.catch_warnings(), Guard("warn", catalog=phones):
        warnings.simplefilter("error")
        with pytest.raises(VippsLintWarning):
            client("POST", server.url + INITIATE, json=WRONG)
    assert server.received == []


def test_fail_lists_everything_at_the_end_though_the_code_swallows(server, client, phones):
    with pytest.raises(VippsLintError) as caught, Guard("fail", catalog=phones):
        for _ in range(2):
            with suppress(AssertionError):
                client("POST", server.url + INITIATE, json=WRONG)
    assert len(server.received) == 2
    assert str(caught.value).startswith("2 findings in calls of Vipps APIs\nwarning: POST /ecomm/v2/payments: mobile")
    assert len(caught.value.diagnostics) == 2


def test_fail_adds_a_note_to_an_exception_that_is_on_its_way(server, client, phones):
    with pytest.raises(KeyError) as caught, Guard("fail", catalog=phones):
        client("POST", server.url + INITIATE, json=WRONG)
        raise KeyError("the shop's own")
    assert "1 finding in calls of Vipps APIs" in caught.value.__notes__[0]


@pytest.mark.parametrize("mode", ["raise", "warn", "fail"])
def test_advice_is_only_recorded(server, client, small, mode):
    server.answers[INITIATE] = (200, {"url": "https://api.vipps.no/x"}, {})
    body = order()
    del body["transaction"]["transactionText"]
    with warnings.catch_warnings(), Guard(mode, catalog=small) as guard:
        warnings.simplefilter("error")
        client("POST", server.url + INITIATE, json=body)
    assert [(one.rule, one.severity.value) for one in guard.diagnostics] == [("text-missing", "info")]


def test_two_findings_of_a_call_are_one_text(server, small):
    body = {"transaction": {"transactionText": "Socks", "amount": 60000}}
    with pytest.raises(VippsLintError) as caught, Guard(catalog=small):
        requests.post(server.url + INITIATE, json=order(), timeout=5)
        requests.post(f"{server.url}{INITIATE}/acme-1/capture", json=body, timeout=5)
    assert "was sent, but is wrong: no `url` [url-missing]" in str(caught.value)
    with pytest.raises(VippsLintError) as caught, Guard(catalog=small, ignore=["url-missing"]):
        requests.post(server.url + INITIATE, json=order(), timeout=5)
        requests.post(f"{server.url}{INITIATE}/acme-1/capture", json=body, timeout=5)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"POST {INITIATE}/{{orderId}}/capture was not sent: no `orderId` [order-id-missing]"
    assert "also: 60000 is more than the 49900 left of `acme-1` [too-much]" in lines
    assert any(line.startswith("  = reserved here: tests/guard/test_modes.py:") for line in lines)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        pytest.param(200, ["too-much"], id="a payment that was accepted is known"),
        pytest.param(201, ["too-much"], id="one that a mock accepts in its own way is known too"),
        pytest.param(500, [], id="one that failed is not"),
    ],
)
def test_history(server, client, small, status, found):
    server.answers[INITIATE] = (status, {"url": "https://api.vipps.no/x"}, {})
    body = CAPTURE | {"transaction": {**CAPTURE["transaction"], "orderId": "acme-1"}}
    ignored = ["url-missing", "order-id-missing"]
    with Guard("collect", catalog=small, ignore=ignored) as guard:
        client("POST", server.url + INITIATE, json=order())
        client("POST", f"{server.url}{INITIATE}/acme-1/capture", json=body)
    assert [one.rule for one in guard.diagnostics] == found


def test_what_only_the_answer_tells_is_raised_after_it(server, client, small):
    sentence = r"^POST /ecomm/v2/payments was sent, but is wrong: no `url` \[url-missing\]"
    with pytest.raises(VippsLintError, match=sentence), Guard(catalog=small):
        client("POST", server.url + INITIATE, json=order())
    assert server.paths == [f"POST {INITIATE}"]
