"""Which calls a guard sees: of clients on clients, of nests of guards and of other threads."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import httpx
import pytest
import requests
from orders import INITIATE, WRONG, order

from vipps_lint import Guard, VippsLintError
from vipps_lint.document import YES, get, present


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
