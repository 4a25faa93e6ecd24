"""Many calls, many threads, many tasks: nothing is lost, nobody is judged by another's history, memory stays."""

from __future__ import annotations

import asyncio
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import requests
from requests.adapters import BaseAdapter

from vipps_lint import Guard

HOST = "https://apitest.vipps.no"
RULE = "capture-above-reserved"


def steps(order: str) -> list[tuple[str, str, dict[str, Any]]]:
    """A payment whose second capture takes more than is left."""
    merchant, text = {"merchantSerialNumber": "123456"}, "Socks"
    capture = {"merchantInfo": merchant, "transaction": {"amount": 600, "transactionText": text}}
    shop = {"callbackPrefix": "https://shop.example/vipps", "fallBack": "https://shop.example/done"}
    first = {
        "customerInfo": {"mobileNumber": "91234567"},
        "merchantInfo": {**merchant, **shop},
        "transaction": {"orderId": order, "amount": 1000, "transactionText": text},
    }
    url = HOST + "/ecomm/v2/payments"
    return [("POST", url, first), *[("POST", f"{url}/{order}/capture", capture)] * 2]


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={})


def check(guard: Guard, lives: int) -> None:
    found = [one.message for one in guard.diagnostics if one.rule == RULE]
    assert len(guard.calls) == 3 * lives
    assert len(found) == lives
    assert all(any(f"acme-{number}`" in text for text in found) for number in range(lives))


def test_sixteen_threads_at_once():
    def live(number: int) -> None:
        with httpx.Client(transport=httpx.MockTransport(answer)) as client:
            for method, url, body in steps(f"acme-{number}"):
                client.request(method, url, json=body)

    with Guard("collect") as guard, ThreadPoolExecutor(16) as pool:
        list(pool.map(live, range(64)))
    check(guard, 64)


@pytest.mark.slow
def test_a_thousand_tasks_at_once():
    async def later(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return answer(request)

    async def live(client: httpx.AsyncClient, number: int) -> None:
        for method, url, body in steps(f"acme-{number}"):
            await client.request(method, url, json=body)

    async def everybody() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(later)) as client:
            await asyncio.gather(*(live(client, number) for number in range(1000)))

    with Guard("collect") as guard:
        asyncio.run(everybody())
    check(guard, 1000)


class Nobody(BaseAdapter):
    """Answers at once, without a network."""

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, str(request.url)
        response._content = b"{}"
        return response

    def close(self) -> None:
        """There is nothing to close."""


def used() -> float:
    """The largest memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


@pytest.mark.slow
def test_memory_is_flat_over_a_hundred_thousand_calls():
    def live(session: requests.Session, numbers: range) -> None:
        for number in numbers:
            for step, (method, url, body) in enumerate(steps(f"acme-{number}")):
                session.request(method, url, json=body, headers={"X-Request-Id": f"{number}-{step}"})

    with Guard("collect") as guard, requests.Session() as session:
        session.headers.update({"Authorization": "Bearer token", "Ocp-Apim-Subscription-Key": "key"})
        session.mount("https://", Nobody())
        live(session, range(10_000))  # all that is bounded is full by now
        before = used()
        live(session, range(10_000, 34_000))
        assert used() - before < 5
    assert guard.report().scanned == 102_000
