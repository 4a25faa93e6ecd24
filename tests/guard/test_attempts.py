"""Redirects and retries are calls of their own, each with its answer, whichever layer makes them."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter

from vipps_lint import Guard

INITIATE = "/ecomm/v2/payments"
DETAILS = INITIATE + "/acme-1/details"


def test_each_hop_of_a_redirect_is_a_call_with_its_own_answer(server, client):
    server.answers[INITIATE] = (307, {}, {"Location": DETAILS})
    with Guard("collect") as guard:
        client("GET", server.url + INITIATE)
    seen = [(call.path, call[("response", "status")]) for call in guard.calls]
    assert seen == [(INITIATE, 307), (DETAILS, 200)]


def retries() -> urllib3.Retry:
    return urllib3.Retry(2, status_forcelist=[503], backoff_factor=0, raise_on_status=False)


def with_requests(url: str) -> int:
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retries()))
        return session.get(url, timeout=5).status_code


def with_urllib3(url: str) -> int:
    return urllib3.PoolManager(retries=retries()).request("GET", url).status


@pytest.mark.parametrize("send", [with_requests, with_urllib3], ids=["requests, by its adapter", "urllib3"])
def test_each_retry_is_a_call_with_its_own_answer(server, send):
    server.script[DETAILS] = [503, 503]
    with Guard("collect") as guard:
        assert send(server.url + DETAILS) == 200
    assert [call[("response", "status")] for call in guard.calls] == [503, 503, 200]
    assert len(server.received) == 3


@pytest.mark.skipif(not hasattr(aiohttp, "ClientHandlerType"), reason="this aiohttp has no middlewares")
def test_a_retry_of_aiohttp_s_middleware_is_a_call(server):
    async def again(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        response = await handler(request)
        return await handler(request) if response.status == 503 else response

    async def run() -> int:
        async with aiohttp.ClientSession(middlewares=(again,)) as session, session.get(server.url + DETAILS) as answer:
            return answer.status

    server.script[DETAILS] = [503]
    with Guard("collect") as guard:
        assert asyncio.run(run()) == 200
    assert [call[("response", "status")] for call in guard.calls] == [503, 200]


def test_a_connection_that_fails_is_a_call_without_an_answer(client):
    with Guard("collect") as guard, pytest.raises(Exception, match=r"."):
        client("GET", "http://127.0.0.1:9" + DETAILS)
    [call] = guard.calls
    assert call.path == DETAILS
    assert call.succeeded.name == "MAYBE"
