"""A guard sees calls that a test double answers, whichever came first."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import requests

from vipps_lint import Guard

URL = "https://apitest.vipps.no/ecomm/v2/payments"
WRONG = {"customerInfo": {"mobileNumber": "+4791234567"}}
ANSWER = {"orderId": "acme-1"}


@contextmanager
def with_responses() -> Iterator[Any]:
    with importlib.import_module("responses").RequestsMock() as double:
        double.post(URL, json=ANSWER)
        yield lambda: requests.post(URL, json=WRONG, timeout=5)


@contextmanager
def with_requests_mock() -> Iterator[Any]:
    with importlib.import_module("requests_mock").Mocker() as double:
        double.post(URL, json=ANSWER)
        yield lambda: requests.post(URL, json=WRONG, timeout=5)


@contextmanager
def with_respx() -> Iterator[Any]:
    with importlib.import_module("respx").mock as double:
        double.post(URL).respond(json=ANSWER)
        yield lambda: httpx.post(URL, json=WRONG)


@contextmanager
def with_a_transport() -> Iterator[Any]:
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=ANSWER))) as client:
        yield lambda: client.post(URL, json=WRONG)


DOUBLES = {
    "responses": with_responses,
    "requests_mock": with_requests_mock,
    "respx": with_respx,
    "httpx": with_a_transport,
}


@pytest.fixture(params=list(DOUBLES))
def double(request: pytest.FixtureRequest) -> Any:
    pytest.importorskip(request.param)
    return DOUBLES[request.param]


def check(guard: Guard) -> None:
    [call] = guard.calls
    assert call[("response", "body", "orderId")] == "acme-1"
    assert "mobile-number-not-national" in [one.rule for one in guard.diagnostics]


def test_the_guard_first(double):
    with Guard("collect") as guard, double() as pay:
        assert pay().json() == ANSWER
    check(guard)


def test_the_double_first(double):
    with double() as pay, Guard("collect") as guard:
        assert pay().json() == ANSWER
    check(guard)


def test_pytest_httpx(request):
    pytest.importorskip("pytest_httpx")
    double = request.getfixturevalue("httpx_mock")
    double.add_response(json=ANSWER)
    with Guard("collect") as guard:
        assert httpx.post(URL, json=WRONG).json() == ANSWER
    check(guard)


@pytest.mark.parametrize("guard_first", [True, False], ids=["the guard first", "the double first"])
def test_a_call_that_requests_mock_lets_through_is_one_call(server, guard_first):
    requests_mock = pytest.importorskip("requests_mock")
    server.answers["/ecomm/v2/payments"] = (200, ANSWER, {})
    guard, double = Guard("collect"), requests_mock.Mocker(real_http=True)
    first, second = (guard, double) if guard_first else (double, guard)
    with first, second:
        requests.post(server.url + "/ecomm/v2/payments", json=WRONG, timeout=5)
    check(guard)


def test_vcr_records_and_replays(server, tmp_path):
    vcr = pytest.importorskip("vcr")
    server.answers["/ecomm/v2/payments"] = (200, ANSWER, {})
    for _ in ("records", "replays"):
        with vcr.use_cassette(str(tmp_path / "calls.yaml")), Guard("collect") as guard:
            assert requests.post(server.url + "/ecomm/v2/payments", json=WRONG, timeout=5).json() == ANSWER
        check(guard)
    assert len(server.received) == 1
