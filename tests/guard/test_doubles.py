"""Every client with every test double, whichever came first: one call, with the answer that the code got.

A double that cannot answer a client lets it through to the server; the guard must see that call too, and once.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from clients import CLIENTS, Client
from conftest import Server

from vipps_lint import Guard

PATH = "/ecomm/v2/payments"
WRONG = {"customerInfo": {"mobileNumber": "+4791234567"}}
FROM_DOUBLE = {"orderId": "from-the-double"}
FROM_SERVER = {"orderId": "from-the-server"}

KNOWN_TO_VCRPY = hasattr(importlib.import_module("vcr.patch").CassettePatcherBuilder, "_httpx2")
VCRPY_LETS_THROUGH = frozenset[str]() if KNOWN_TO_VCRPY else frozenset({"httpx2", "httpx2 async"})
"""Older ones do not know this client."""

Double = Callable[[str, Path], AbstractContextManager[object]]


@contextmanager
def with_responses(url: str, place: Path) -> Iterator[object]:
    with importlib.import_module("responses").RequestsMock(assert_all_requests_are_fired=False) as double:
        double.post(url, json=FROM_DOUBLE)
        yield


@contextmanager
def with_requests_mock(url: str, place: Path) -> Iterator[object]:
    with importlib.import_module("requests_mock").Mocker() as double:
        double.post(url, json=FROM_DOUBLE)
        yield


@contextmanager
def with_respx(url: str, place: Path) -> Iterator[object]:
    with importlib.import_module("respx").mock(assert_all_called=False) as double:
        double.post(url).respond(json=FROM_DOUBLE)
        yield


@contextmanager
def with_aioresponses(url: str, place: Path) -> Iterator[object]:
    with importlib.import_module("aioresponses").aioresponses() as double:
        double.post(url, payload=FROM_DOUBLE)
        yield


@contextmanager
def with_vcrpy(url: str, place: Path) -> Iterator[object]:
    """A cassette that holds the answer already."""
    cassette = place / "calls.json"
    answer = {"status": {"code": 200, "message": "OK"}, "headers": {"Content-Type": ["application/json"]}}
    recorded = {
        "request": {"method": "POST", "uri": url, "body": "", "headers": {}},
        "response": {**answer, "url": url, "body": {"string": json.dumps(FROM_DOUBLE)}},
    }
    cassette.write_text(json.dumps({"version": 1, "interactions": [recorded]}), encoding="utf-8")
    with importlib.import_module("vcr").use_cassette(str(cassette), serializer="json", record_mode="none"):
        yield


@contextmanager
def with_none(url: str, place: Path) -> Iterator[object]:
    yield


DOUBLES: dict[str, tuple[Double, frozenset[str]]] = {
    "responses": (with_responses, frozenset({"requests", "a requests session"})),
    "requests_mock": (with_requests_mock, frozenset({"requests", "a requests session"})),
    "respx": (with_respx, frozenset({"httpx", "httpx async"})),
    "aioresponses": (with_aioresponses, frozenset({"aiohttp"})),
    "vcr": (with_vcrpy, frozenset(CLIENTS) - VCRPY_LETS_THROUGH),
    "a server": (with_none, frozenset()),
}
"""The doubles, and the clients that each of them can answer."""

MATRIX = [
    pytest.param(name, double, guard_first, id=f"{name}, {double}, {'guard' if guard_first else 'double'} first")
    for name in CLIENTS
    for double in DOUBLES
    for guard_first in (True, False)
]


def seen(url: str, client: Client, double: AbstractContextManager[object], guard_first: bool) -> tuple[Guard, Any]:
    """The guard after one wrong call, and what the code got."""
    guard = Guard("collect")
    first, second = (guard, double) if guard_first else (double, guard)
    with first, second:
        _, content = client("POST", url, json=WRONG)
    return guard, json.loads(content)


@pytest.mark.parametrize(("name", "double", "guard_first"), MATRIX)
def test_each_call_is_seen_once_with_its_answer(server: Server, tmp_path, name, double, guard_first):
    if double != "a server":
        pytest.importorskip(double)
    make, answers = DOUBLES[double]
    server.answers[PATH] = (200, FROM_SERVER, {})
    guard, got = seen(server.url + PATH, CLIENTS[name], make(server.url + PATH, tmp_path), guard_first)
    assert got == (FROM_DOUBLE if name in answers else FROM_SERVER)
    [call] = guard.calls
    assert call[("response", "body", "orderId")] == got["orderId"]
    assert [one.pointer for one in guard.diagnostics if one.rule == "mobile-number-not-national"] == [
        "body.customerInfo.mobileNumber"
    ]


@pytest.mark.parametrize("guard_first", [True, False], ids=["the guard first", "the double first"])
def test_pytest_httpx(request, server, guard_first):
    pytest.importorskip("pytest_httpx")
    if not guard_first:
        request.getfixturevalue("httpx_mock").add_response(json=FROM_DOUBLE)
    with Guard("collect") as guard:
        if guard_first:
            request.getfixturevalue("httpx_mock").add_response(json=FROM_DOUBLE)
        assert httpx.post(server.url + PATH, json=WRONG).json() == FROM_DOUBLE
    assert [call[("response", "body", "orderId")] for call in guard.calls] == ["from-the-double"]


@pytest.mark.parametrize("guard_first", [True, False], ids=["the guard first", "the double first"])
def test_a_call_that_requests_mock_lets_through_is_one_call(server, guard_first):
    double = pytest.importorskip("requests_mock").Mocker(real_http=True)
    server.answers[PATH] = (200, FROM_SERVER, {})
    guard, got = seen(server.url + PATH, CLIENTS["requests"], double, guard_first)
    assert (len(guard.calls), got) == (1, FROM_SERVER)


@pytest.mark.parametrize("guard_first", [True, False], ids=["the guard first", "the double first"])
@pytest.mark.parametrize("name", ["requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client"])
def test_a_call_that_vcrpy_records_is_one_call(server, tmp_path, name, guard_first):
    vcr = pytest.importorskip("vcr")
    server.answers[PATH] = (200, FROM_SERVER, {})
    double = vcr.use_cassette(str(tmp_path / "calls.yaml"))
    guard, got = seen(server.url + PATH, CLIENTS[name], double, guard_first)
    assert (len(guard.calls), len(server.received), got) == (1, 1, FROM_SERVER)


def test_the_transport_of_httpx_for_tests(server):
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=FROM_DOUBLE))
    with Guard("collect") as guard, httpx.Client(transport=transport) as client:
        client.post(server.url + PATH, json=WRONG)
    assert [call[("response", "body", "orderId")] for call in guard.calls] == ["from-the-double"]
