"""What a guard does with calls that real clients make to a real server."""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Thread
from typing import Any

import httpx
import pytest
import requests

from vipps_lint import Guard, VippsLintError, VippsLintWarning
from vipps_lint.catalog import Catalog, catalog
from vipps_lint.document import YES, get, present
from vipps_lint.guard import core, watch

RULE = "mobile-number-not-national"
INITIATE = "/ecomm/v2/payments"


def order(number: str = "91234567", **transaction: Any) -> dict[str, Any]:
    return {
        "customerInfo": {"mobileNumber": number},
        "merchantInfo": {"merchantSerialNumber": "123456"},
        "transaction": {"orderId": "acme-1", "amount": 49900, "transactionText": "Socks", **transaction},
    }


WRONG = order("+4791234567")
CAPTURE = {
    "merchantInfo": {"merchantSerialNumber": "123456"},
    "transaction": {"amount": 60000, "transactionText": "Socks"},
}


def only_phones() -> Catalog:
    """The rule that most of these tests break, so that other rules of the catalog do not matter."""
    everything = catalog()
    return replace(everything, rules={RULE: everything.rules[RULE]}, _index={})


@pytest.fixture
def phones() -> Catalog:
    return only_phones()


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
    assert (found.place.path, found.place.line) == ("tests/guard/test_guard.py", line)


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
    assert any(line.startswith("  = reserved here: tests/guard/test_guard.py:") for line in lines)


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


class SignsLate(httpx.Auth):
    """Adds the key when the request goes out."""

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers["Ocp-Apim-Subscription-Key"] = "0f14ebcab0ec4b29ae0cb90d91b4a84a"
        yield request


def test_httpx_requests_are_seen_with_what_authentication_adds(server, phones):
    with Guard(catalog=phones) as guard:
        httpx.get(f"{server.url}{INITIATE}/acme-1/details", auth=SignsLate())
    assert present(guard.calls[0].header("Ocp-Apim-Subscription-Key")) is YES


def test_a_call_without_an_answer_is_remembered(small):
    with Guard("collect", catalog=small) as guard, pytest.raises(requests.ConnectionError):
        requests.post(f"http://127.0.0.1:1{INITIATE}", json=order(), timeout=5)
    assert present(get(guard.calls[0].document, ("response",))) is not YES


def test_every_guard_of_a_nest_sees_the_call_though_the_inner_one_raises(server, client, phones):
    with Guard("collect", catalog=phones) as outer, pytest.raises(VippsLintError), Guard(catalog=phones) as inner:
        client("POST", server.url + INITIATE, json=WRONG)
    assert [len(one.diagnostics) for one in (outer, inner)] == [1, 1]


def test_a_guard_that_is_entered_twice_sees_a_call_once(server, client, phones):
    guard = Guard("collect", catalog=phones)
    with guard, guard:
        client("POST", server.url + INITIATE, json=WRONG)
    client("POST", server.url + INITIATE, json=WRONG)
    assert len(guard.calls) == 1


def test_calls_of_other_threads_are_seen(server, phones):
    def pay() -> None:
        requests.post(server.url + INITIATE, json=WRONG, timeout=5)

    with Guard("collect", catalog=phones) as guard:
        threads = [Thread(target=pay) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(guard.calls), len(guard.diagnostics)) == (8, 8)


class OverRequests(httpx.BaseTransport):
    """A transport that stands on requests."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = requests.request(request.method, str(request.url), data=request.read(), timeout=5)
        return httpx.Response(answer.status_code, content=answer.content)


def test_a_client_that_stands_on_another_makes_one_call(server, phones):
    with Guard("collect", catalog=phones) as guard, httpx.Client(transport=OverRequests()) as over:
        over.post(server.url + INITIATE, json=WRONG)
    assert (len(guard.calls), len(server.received)) == (1, 1)


def test_a_call_that_a_test_client_of_an_application_sets_off_is_seen(server, phones):
    def application(request: httpx.Request) -> httpx.Response:
        requests.post(server.url + INITIATE, json=WRONG, timeout=5)
        return httpx.Response(200)

    with Guard("collect", catalog=phones) as guard, httpx.Client(transport=httpx.MockTransport(application)) as browser:
        browser.put("http://shop.example/ecomm/v2/payments/acme-1/cancel")
    assert [call.path for call in guard.calls] == [f"{INITIATE}/acme-1/cancel", INITIATE]


@pytest.mark.parametrize("day", ["soon", "2022-02-30", "20220401", "2022-04-01T12:00", "", 20220401])
def test_what_is_no_day_is_one_sentence(phones, day):
    sentence = f"as_of: {day!r} is no day; write a `date`, or text such as `2022-04-15`"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Guard(as_of=day, catalog=phones)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2018, 10, 24), id="a date"),
        pytest.param(datetime(2018, 10, 24, 23, 59, tzinfo=UTC), id="a moment"),
        pytest.param("2018-10-24", id="text"),
    ],
)
def test_as_of_judges_by_the_rules_of_that_day(server, client, phones, day):
    with Guard(as_of=day, catalog=phones) as guard:
        client("POST", server.url + INITIATE, json=WRONG)
    assert guard.diagnostics == ()
    assert guard.calls[0].at.date() == date(2018, 10, 24)


def test_ignored_rules_are_not_judged(server, client, phones):
    with Guard(ignore=[RULE], catalog=phones) as guard:
        client("POST", server.url + INITIATE, json=WRONG)
    assert guard.diagnostics == ()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(
            {"mode": "rais"},
            "`rais` is no mode of Guard (did you mean `raise`?); there are `raise`, `warn`, `collect`, `fail`, `log`",
            id="a mode",
        ),
        pytest.param(
            {"ignore": ["mobile-number-not-nationl"]},
            f"ignore: no rule is called `mobile-number-not-nationl` (did you mean `{RULE}`?); see `vipps-lint rules`",
            id="a rule",
        ),
    ],
)
def test_a_mistake_in_the_arguments_is_one_sentence(arguments, sentence):
    with pytest.raises(ValueError) as caught:
        Guard(**arguments)
    assert str(caught.value) == sentence


def test_decorated_functions_are_guarded(server, phones):
    guard = Guard(catalog=phones)

    @guard
    def pay(number: str) -> int:
        return requests.post(server.url + INITIATE, json=order(number), timeout=5).status_code

    @guard
    async def pay_later(number: str) -> int:
        async with httpx.AsyncClient() as later:
            return (await later.post(server.url + INITIATE, json=order(number))).status_code

    @guard
    def pay_in_steps(number: str) -> Iterator[int]:
        yield requests.post(server.url + INITIATE, json=order(number), timeout=5).status_code

    assert (pay("91234567"), asyncio.run(pay_later("91234567")), list(pay_in_steps("91234567"))) == (200, 200, [200])
    assert len(guard.calls) == 3
    for wrong in (pay, lambda n: asyncio.run(pay_later(n)), lambda n: list(pay_in_steps(n))):
        with pytest.raises(VippsLintError):
            wrong("+4791234567")
    assert pay.__name__ == "pay" and inspect.iscoroutinefunction(pay_later)


def test_a_decorated_function_fails_for_the_calls_of_its_own_run(server, phones):
    numbers = iter(["+4791234567", "91234567"])

    @Guard("fail", catalog=phones)
    def pay() -> None:
        requests.post(server.url + INITIATE, json=order(next(numbers)), timeout=5)

    with pytest.raises(VippsLintError):
        pay()
    pay()


def test_classes_are_not_decorated():
    with pytest.raises(TypeError, match="Guard decorates functions, coroutines and generators, not <class"):
        Guard()(dict)


def test_async_with(server, phones):
    async def run() -> None:
        async with Guard(catalog=phones), httpx.AsyncClient() as later:
            await later.post(server.url + INITIATE, json=WRONG)

    with pytest.raises(VippsLintError):
        asyncio.run(run())
    assert server.received == []


class Broken(Guard):
    """A guard with a bug."""

    def concerns(self, url: str) -> bool:
        raise RuntimeError("a bug")


def test_a_bug_of_ours_is_logged_once_and_the_calls_pass(server, client, caplog, monkeypatch):
    monkeypatch.setattr(watch, "_logged", set())
    with caplog.at_level(logging.ERROR, "vipps_lint.guard"), Broken():
        for _ in range(3):
            assert client("POST", server.url + INITIATE, json=WRONG)[0] == 200
    [record] = caplog.records
    assert record.getMessage().startswith("a bug in vipps-lint while judging a request; the call was let through")


def test_a_check_that_crashes_becomes_a_note(server, client, phones):
    class Crashing:
        needs: frozenset[Any] = frozenset()
        words: frozenset[str] = frozenset()

        def violations(self, *arguments: object) -> Iterator[Any]:
            raise ZeroDivisionError("oh")

    broken = phones.rules[RULE]
    spots = {name: tuple(replace(one, check=Crashing()) for one in found) for name, found in broken.spots.items()}
    rules = replace(phones, rules={RULE: replace(broken, spots=spots)}, _index={})
    with Guard(catalog=rules) as guard:
        client("POST", server.url + INITIATE, json=WRONG)
    assert guard.diagnostics == ()
    assert [note.message.split(":")[0] for note in guard.report().notes] == [RULE]


def test_the_history_is_bounded(server, phones):
    guard = Guard("fail", catalog=phones, history=3)
    with pytest.raises(VippsLintError) as caught, guard, requests.Session() as session:
        for number in range(5):
            session.post(server.url + INITIATE, json=order(f"+479123456{number}"), timeout=5)
    assert [one.instead for one in caught.value.diagnostics] == ["91…62", "91…63", "91…64"]
    assert (len(guard.calls), len(guard.diagnostics), guard.report().scanned) == (3, 3, 5)


def test_a_payment_that_is_forgotten_is_unknown(server, small, monkeypatch):
    monkeypatch.setattr(core, "LIVES", 2)
    guard = Guard("collect", catalog=small, ignore=["url-missing", "order-id-missing"])
    with guard, requests.Session() as session:
        for number in range(3):
            session.post(server.url + INITIATE, json=order(orderId=f"acme-{number}"), timeout=5)
        for number in (2, 1, 0):
            session.post(f"{server.url}{INITIATE}/acme-{number}/capture", json=CAPTURE, timeout=5)
    assert [one.message for one in guard.diagnostics] == [
        f"60000 is more than the 49900 left of `acme-{number}`" for number in (2, 1)
    ]


def test_nothing_private_leaves_a_guard(server, client, phones):
    server.answers["/accesstoken/get"] = (200, {"access_token": "eyJ0.eyJzdWIi.c2ln", "token_type": "Bearer"}, {})
    secrets = {"client_id": "id-id-id", "client_secret": "sesame-open", "Ocp-Apim-Subscription-Key": "0f14ebcab0ec4b29"}
    with Guard("collect", catalog=phones) as guard:
        client("POST", server.url + "/accesstoken/get", headers=secrets)
        client("POST", server.url + INITIATE, json=WRONG, headers={"Authorization": "Bearer eyJ0.eyJzdWIi.c2ln"})
    out = repr((guard.calls, guard.diagnostics, guard.report()))
    assert "…" in out
    for private in ("4791234567", "91234567", "eyJ0", "sesame", "0f14", "id-id-id"):
        assert private not in out
