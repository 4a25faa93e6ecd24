"""Bodies of every kind, from every client: the same call gives the same result, and the wire carries the same bytes."""

from __future__ import annotations

import asyncio
import io
import json
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

from vipps_lint import Guard
from vipps_lint.document import Hole

INITIATE = "/ecomm/v2/payments"
WRONG = {"customerInfo": {"mobileNumber": "+4791234567"}}
TEXT = json.dumps(WRONG)
RULE = "mobile-number-not-national"
JSON = {"Content-Type": "application/json"}


def pieces() -> Iterator[bytes]:
    yield TEXT[:20].encode()
    yield TEXT[20:].encode()


async def pieces_async() -> AsyncIterator[bytes]:
    for piece in pieces():
        yield piece


def with_httpx_async(url: str, body: Any, module: Any = httpx) -> None:
    async def run() -> None:
        async with module.AsyncClient() as client:
            await client.post(url, content=body, headers=JSON)

    asyncio.run(run())


def with_aiohttp(url: str, body: Any) -> None:
    async def run() -> None:
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=JSON):
            pass

    asyncio.run(run())


def with_urllib(url: str, body: Any) -> None:
    urllib.request.urlopen(urllib.request.Request(url, body, JSON, method="POST"), timeout=5).close()


Send = Callable[[str], object]

KNOWN: dict[str, Send] = {
    "requests, text": lambda url: requests.post(url, data=TEXT, headers=JSON, timeout=5),
    "requests, bytes": lambda url: requests.post(url, data=TEXT.encode(), headers=JSON, timeout=5),
    "httpx, bytes": lambda url: httpx.post(url, content=TEXT.encode(), headers=JSON),
    "httpx, a generator": lambda url: httpx.post(url, content=pieces(), headers=JSON),
    "httpx, a file": lambda url: httpx.post(url, content=io.BytesIO(TEXT.encode()), headers=JSON),
    "httpx async, an async generator": lambda url: with_httpx_async(url, pieces_async()),
    "httpx2, a generator": lambda url: httpx2.post(url, content=pieces(), headers=JSON),
    "httpx2 async, an async generator": lambda url: with_httpx_async(url, pieces_async(), httpx2),
    "aiohttp, text": lambda url: with_aiohttp(url, TEXT),
    "aiohttp, bytes": lambda url: with_aiohttp(url, TEXT.encode()),
    "aiohttp, an async generator": lambda url: with_aiohttp(url, pieces_async()),
    "urllib3, text": lambda url: urllib3.request("POST", url, body=TEXT, headers=JSON),
    "urllib3, json=": lambda url: urllib3.request("POST", url, json=WRONG),
    "urllib.request, bytes": lambda url: with_urllib(url, TEXT.encode()),
}
UNKNOWN: dict[str, Send] = {
    "requests, a generator": lambda url: requests.post(url, data=pieces(), headers=JSON, timeout=5),
    "requests, a file": lambda url: requests.post(url, data=io.BytesIO(TEXT.encode()), headers=JSON, timeout=5),
    "urllib3, a generator": lambda url: urllib3.request("POST", url, body=pieces(), headers=JSON),
    "urllib.request, a generator": lambda url: with_urllib(url, pieces()),
}


@pytest.mark.parametrize("send", [pytest.param(send, id=name) for name, send in KNOWN.items()])
def test_a_body_that_can_be_read_is_judged(server, send):
    with Guard("collect") as guard:
        send(server.url + INITIATE)
    assert [one.pointer for one in guard.diagnostics if one.rule == RULE] == ["body.customerInfo.mobileNumber"]
    assert len(guard.calls) == 1


@pytest.mark.parametrize("send", [pytest.param(send, id=name) for name, send in UNKNOWN.items()])
def test_a_body_that_reading_would_consume_is_a_hole(server, send):
    with Guard("collect") as guard:
        send(server.url + INITIATE)
    [call] = guard.calls
    assert isinstance(call[("body",)], Hole)
    assert RULE not in [one.rule for one in guard.diagnostics]


@pytest.mark.parametrize("send", [pytest.param(send, id=name) for name, send in (KNOWN | UNKNOWN).items()])
def test_the_wire_carries_the_same_bytes(server, send):
    send(server.url + INITIATE)
    with Guard("collect"):
        send(server.url + INITIATE)
    plain, guarded = server.received
    assert plain == guarded
    assert json.loads(guarded[3]) == WRONG


def test_a_streamed_answer_of_requests_is_left_to_the_user(server):
    server.answers[INITIATE] = (200, {"orderId": "acme-1"}, {})
    with Guard("collect") as guard:
        answer = requests.post(server.url + INITIATE, json=WRONG, stream=True, timeout=5)
        assert b"".join(answer.iter_content(3)) == b'{"orderId": "acme-1"}'
    assert isinstance(guard.calls[0][("response", "body")], Hole)


def test_a_streamed_answer_of_httpx_is_left_to_the_user(server):
    server.answers[INITIATE] = (200, {"orderId": "acme-1"}, {})
    with Guard("collect") as guard, httpx.stream("POST", server.url + INITIATE, json=WRONG) as answer:
        assert b"".join(answer.iter_raw(3)) == b'{"orderId": "acme-1"}'
    assert isinstance(guard.calls[0][("response", "body")], Hole)


def test_an_answer_that_is_read_in_pieces_is_left_to_the_user(server):
    server.answers[INITIATE] = (200, {"orderId": "acme-1"}, {})
    with Guard("collect") as guard:
        request = urllib.request.Request(server.url + INITIATE, TEXT.encode(), JSON)
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.read(3) + answer.read() == b'{"orderId": "acme-1"}'
    assert isinstance(guard.calls[0][("response", "body")], Hole)


def test_what_an_answer_tells_is_history_though_it_is_read_later(server, client):
    """The agreement's id stands only in the answer, which some clients read after the response has arrived."""
    agreements = "/recurring/v3/agreements"
    server.answers[agreements] = (201, {"agreementId": "agr_acme"}, {})
    agreement = {"pricing": {"type": "LEGACY", "amount": 49900}, "interval": {"unit": "MONTH", "count": 1}}
    with Guard("collect") as guard:
        client("POST", server.url + agreements, json=agreement)
        client("POST", f"{server.url}{agreements}/agr_acme/charges", json={"amount": 60000, "due": "2030-01-01"})
    assert "charge-above-agreement-price" in [one.rule for one in guard.diagnostics]
