"""Tests that put something in the place of a client's own function: the call is seen once, and judged as it was meant."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec, patch

import aiohttp
import httpx
import pytest
import requests
from requests import post

from vipps_lint import Guard

URL = "https://api.vipps.no/ecomm/v2/payments"
SHOP = {"merchantSerialNumber": "123456", "callbackPrefix": "https://shop.example", "fallBack": "https://shop.example"}
PAYMENT = {"orderId": "acme-1001", "amount": 49900, "transactionText": "Socks"}
BODY = {"customerInfo": {"mobileNumber": "+4791234567"}, "merchantInfo": SHOP, "transaction": PAYMENT}
HEADERS = {"Authorization": "Bearer eyJ0eXAi.eyJhdWQi.c2ln", "Ocp-Apim-Subscription-Key": "0f14ebca"}
WRONG = ["mobile-number-not-national"]

HERE = sys.modules[__name__]
Replaced = Callable[[], AbstractContextManager[Any]]


def by_requests() -> None:
    requests.post(URL, json=BODY, headers=HEADERS, timeout=5)


def by_request() -> None:
    requests.request("POST", URL, json=BODY, headers=HEADERS, timeout=5)


def by_name() -> None:
    post(URL, None, BODY, headers=HEADERS, timeout=5)


def by_session() -> None:
    requests.Session().post(URL, json=BODY, headers=HEADERS)


SHOP_SESSION = SimpleNamespace(session=requests.Session())


def by_held_session() -> None:
    SHOP_SESSION.session.post(URL, json=BODY, headers=HEADERS)


def by_httpx() -> None:
    with httpx.Client() as client:
        client.post(URL, json=BODY, headers=HEADERS)


def by_async_httpx() -> None:
    async def send() -> None:
        async with httpx.AsyncClient() as client:
            await client.post(URL, json=BODY, headers=HEADERS)

    asyncio.run(send())


def by_aiohttp() -> None:
    async def send() -> None:
        async with aiohttp.ClientSession() as client, client.post(URL, json=BODY, headers=HEADERS):
            pass

    asyncio.run(send())


def answer(url: str, **options: Any) -> SimpleNamespace:
    return SimpleNamespace(status_code=200)


async def answer_later(client: Any, url: str, **options: Any) -> SimpleNamespace:
    return SimpleNamespace(status_code=200)


@contextmanager
def monkeypatched(place: Any, name: str, double: Any):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(place, name, double)
        yield


@pytest.mark.parametrize(
    ("replace", "send"),
    [
        pytest.param(lambda: patch("requests.post"), by_requests, id="requests.post"),
        pytest.param(lambda: patch("requests.post", autospec=True), by_requests, id="with its signature"),
        pytest.param(lambda: patch("requests.post", MagicMock()), by_requests, id="by a mock without a name"),
        pytest.param(lambda: patch("requests.post", answer), by_requests, id="by a function"),
        pytest.param(lambda: patch("requests.post", side_effect=answer), by_requests, id="by a mock with a function"),
        pytest.param(lambda: monkeypatched(requests, "post", answer), by_requests, id="by monkeypatch"),
        pytest.param(lambda: monkeypatched(requests, "post", Mock()), by_requests, id="by monkeypatch, a mock"),
        pytest.param(lambda: patch("requests.request"), by_request, id="requests.request"),
        pytest.param(lambda: patch.object(HERE, "post"), by_name, id="a name that was imported"),
        pytest.param(lambda: patch.object(HERE, "requests"), by_requests, id="the module in one file"),
        pytest.param(lambda: patch("requests.Session.request"), by_requests, id="what requests.post calls"),
        pytest.param(lambda: patch("requests.Session.post"), by_session, id="a session's method"),
        pytest.param(lambda: patch("requests.Session.post", autospec=True), by_session, id="a method, with self"),
        pytest.param(lambda: patch("requests.Session"), by_session, id="a session"),
        pytest.param(lambda: patch("requests.Session", autospec=True), by_session, id="a session with its signature"),
        pytest.param(lambda: patch.object(SHOP_SESSION, "session"), by_held_session, id="a session that somebody holds"),
        pytest.param(lambda: patch("httpx.Client.post"), by_httpx, id="httpx"),
        pytest.param(lambda: patch("httpx.AsyncClient.post"), by_async_httpx, id="httpx async"),
        pytest.param(lambda: patch("httpx.AsyncClient"), by_async_httpx, id="an async client"),
        pytest.param(lambda: patch("httpx.AsyncClient.post", answer_later), by_async_httpx, id="by a coroutine"),
        pytest.param(lambda: patch("aiohttp.ClientSession.post"), by_aiohttp, id="aiohttp"),
    ],
)
def test_a_call_that_a_double_takes_is_judged_once(replace: Replaced, send: Callable[[], None]):
    with Guard("collect") as guard, replace():
        send()
    assert [call.label for call in guard.calls] == ["POST /ecomm/v2/payments"]
    assert [one.rule for one in guard.diagnostics] == WRONG
    assert guard.diagnostics[0].place.path.endswith("test_replaced.py")


def test_what_a_double_passes_on_is_the_same_call():
    import responses

    with Guard("collect") as guard, responses.RequestsMock() as answers, patch("requests.post", wraps=requests.post):
        answers.post(URL, json={"orderId": "acme-1001", "url": "https://pay.example"})
        by_requests()
    assert [(call.label, call.status()) for call in guard.calls] == [("POST /ecomm/v2/payments", 200)]


@pytest.mark.parametrize(
    ("answered", "status"),
    [
        pytest.param({"return_value": SimpleNamespace(status_code=402)}, 402, id="the status of the double's answer"),
        pytest.param({"return_value.status_code": 402}, 402, id="the status of a mock"),
    ],
)
def test_the_answer_of_a_double(answered, status):
    with Guard("collect") as guard, patch("requests.post", **answered):
        by_requests()
    assert guard.calls[0].status() == status


def test_a_double_that_raises_has_been_called():
    with Guard("collect") as guard, patch("requests.post", side_effect=ConnectionError), pytest.raises(ConnectionError):
        by_requests()
    assert [one.rule for one in guard.diagnostics] == WRONG


def test_doubles_are_called_as_before():
    with Guard("collect"), patch("requests.post", return_value=3) as double:
        assert requests.post(URL, json=BODY, timeout=5) == 3
        double.assert_called_once_with(URL, json=BODY, timeout=5)
    with Guard("collect"), patch("requests.post", answer) as double:
        assert double is answer
        assert requests.post(URL, timeout=5).status_code == 200
    assert requests.post.__module__ == "requests.api"


def test_the_mode_raise_stops_a_call_before_its_double():
    with Guard("raise"), patch("requests.post") as double, pytest.raises(AssertionError, match="was not sent"):
        by_requests()
    double.assert_not_called()


HEADERLESS = {"json": {**BODY, "customerInfo": {}}, "timeout": 5}


@pytest.mark.parametrize(
    ("replace", "send", "found"),
    [
        pytest.param(
            lambda: patch("requests.post"),
            lambda: requests.post(URL, **HEADERLESS),
            ["required-header-missing"],
            id="nothing adds headers to those of requests.post",
        ),
        pytest.param(
            lambda: patch("requests.post"),
            lambda: requests.post(URL, auth=Mock(), **HEADERLESS),
            [],
            id="credentials may",
        ),
        pytest.param(
            lambda: patch("requests.Session.post"),
            lambda: requests.Session().post(URL, **HEADERLESS),
            [],
            id="a session may",
        ),
        pytest.param(
            lambda: patch("requests.post"),
            lambda: requests.post(URL, headers={"Authorization": Mock()}, **HEADERLESS),
            [],
            id="a mock may be any text",
        ),
        pytest.param(
            lambda: patch("requests.post"),
            lambda: requests.post(URL, headers={**HEADERS, "Authorization": None}, **HEADERLESS),
            ["required-header-missing"],
            id="None takes a header away",
        ),
    ],
)
def test_headers_are_missing_where_nobody_adds_any(replace: Replaced, send: Callable[[], Any], found):
    with Guard("collect") as guard, replace():
        send()
    assert [one.rule for one in guard.diagnostics] == found


class Wrapper:
    """Of the project: it may add to the body what the call does not show."""

    def post(self, url: str, json: Any) -> None: ...


def with_wrapper(*method: str) -> None:
    with patch.object(Wrapper, *method) if method else patch.object(HERE, "Wrapper"):
        Wrapper().post(URL, json={})


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: Mock().get(URL), id="a cache may have URLs as keys"),
        pytest.param(lambda: Mock().send(URL, json=BODY), id="no verb"),
        pytest.param(lambda: Mock().post("/ecomm/v2/payments", json=BODY), id="no whole URL: some wrapper of the project"),
        pytest.param(lambda: Mock().post("https://shop.example/payments", json=BODY), id="another host and path"),
        pytest.param(lambda: Mock().request(URL), id="no method"),
        pytest.param(lambda: Mock(spec=Wrapper).post(URL, json=BODY), id="a mock of the project's own wrapper"),
        pytest.param(lambda: with_wrapper("post"), id="a method of the wrapper that is replaced"),
        pytest.param(with_wrapper, id="a wrapper that is replaced"),
        pytest.param(lambda: create_autospec(dict)().get(URL), id="a dictionary"),
        pytest.param(Mock(), id="a mock that is called without anything"),
    ],
)
def test_other_doubles_are_left_alone(call):
    with Guard("collect") as guard:
        call()
    assert guard.calls == ()


def test_a_client_that_is_all_mock_is_one_where_it_is_called_as_only_clients_are():
    with Guard("collect") as guard:
        Mock().post(URL, json=BODY)
        asyncio.run(AsyncMock().post(URL, json=BODY))
    assert [one.rule for one in guard.diagnostics] == WRONG * 2


@pytest.mark.parametrize(
    ("options", "body"),
    [
        pytest.param({"data": '{"amount": 1}', "headers": {"Content-Type": "application/json"}}, {"amount": 1}, id="text"),
        pytest.param({"json": {"amount": Mock()}}, None, id="a body that is no JSON is not known"),
        pytest.param({"data": iter(["x"])}, None, id="a stream is not touched"),
        pytest.param({"json": {"amount": 1}, "files": {"logo": b"x"}}, None, id="files"),
    ],
)
def test_bodies(options, body):
    with Guard("collect") as guard, patch("requests.post"):
        requests.post(URL, **options)
    [seen] = guard.calls
    assert (seen[("body", "amount")] == 1) is (body is not None)
