"""Functions and requests that are kept, handed over and used later: what is sent then, and what is not known any more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from forms import ABSENT, Either, plain

from vipps_lint.check import check_source

START = """
import asyncio
import functools
import json
import threading
import urllib.request

import anyio
import httpx
import requests
from acme import breaker, sign
from asgiref.sync import sync_to_async
from starlette.concurrency import run_in_threadpool

URL = "https://api.vipps.no/ecomm/v2/payments"
H = {"Authorization": "Bearer t"}

def opened(path, data=None):
    q = urllib.request.Request("https://api.vipps.no" + path, data=json.dumps(data).encode() if data else None)
    q.add_header("Authorization", "Bearer t")
    return urllib.request.urlopen(q)

def call(url, body, headers=None):
    return requests.post(url, json=body, headers=headers)

"""
BODY = {"a": 1}
WHOLE = (BODY, {"authorization": "Bearer t"})
OPEN = (BODY, {"authorization": "Bearer t", ...: ...})
UNKNOWN = (..., {...: ...})

SENT = [
    pytest.param("f = functools.partial(requests.post, URL)\nf(json={'a': 1}, headers=H)", WHOLE, id="partial"),
    pytest.param("f = functools.partial(requests.post, headers=H)\nf(URL, json={'a': 1})", WHOLE, id="partial with a keyword"),
    pytest.param("f = functools.partial(requests.post, URL, headers={})\nf(json={'a': 1}, headers=H)", WHOLE, id="a keyword in the place of partial's"),
    pytest.param("f = functools.partial(functools.partial(requests.post, URL), headers=H)\nf(json={'a': 1})", WHOLE, id="partial of partial"),
    pytest.param("f = functools.partial(requests.Session().request, 'POST')\nf(URL, json={'a': 1}, headers=H)", WHOLE, id="partial of a session's method"),
    pytest.param("h = dict(H)\nf = functools.partial(requests.post, URL, headers=h)\nsign(f)\nf(json={'a': 1})", (BODY, {"authorization": Either("Bearer t", ABSENT, ...), ...: ...}), id="code that is not seen gets a partial"),
    pytest.param("f = requests.Session().post\nf(URL, json={'a': 1}, headers=H)", WHOLE, id="a method of a session as a value"),
    pytest.param("s = requests.Session()\nf = s.post\ns.headers.update(H)\nf(URL, json={'a': 1})", WHOLE, id="a session that gets headers after its method was taken"),
    pytest.param("s = requests.Session()\nf = s.post\nsign(f)\nf(URL, json={'a': 1}, headers=H)", OPEN, id="code that is not seen gets a session's method"),
    pytest.param("await asyncio.to_thread(requests.post, URL, json={'a': 1}, headers=H)", WHOLE, id="to_thread"),
    pytest.param("await asyncio.to_thread(call, URL, {'a': 1}, headers=H)", WHOLE, id="to_thread of a function of one's own"),
    pytest.param("await asyncio.get_running_loop().run_in_executor(None, call, URL, {'a': 1}, H)", WHOLE, id="run_in_executor"),
    pytest.param("await loop.run_in_executor(None, functools.partial(requests.post, URL, json={'a': 1}, headers=H))", WHOLE, id="run_in_executor of a partial"),
    pytest.param("await loop.run_in_executor(None, lambda: call(URL, {'a': 1}, H))", WHOLE, id="run_in_executor of a lambda"),
    pytest.param("await anyio.to_thread.run_sync(call, URL, {'a': 1}, H, limiter=None)", WHOLE, id="anyio, with a keyword of its own"),
    pytest.param("await run_in_threadpool(call, URL, body={'a': 1}, headers=H)", WHOLE, id="run_in_threadpool"),
    pytest.param("await sync_to_async(call)(URL, {'a': 1}, H)", WHOLE, id="sync_to_async"),
    pytest.param("breaker.call(lambda: requests.post(URL, json={'a': 1}, headers=H))", WHOLE, id="a lambda that code which is not seen may call"),
    pytest.param("threading.Thread(target=lambda: call(URL, {'a': 1}, H)).start()", WHOLE, id="a lambda for a thread"),
    pytest.param("b = {'a': 1}\nbreaker.call(lambda: requests.post(URL, json=b, headers=H))\nb['a'] = 2", None, id="a lambda whose variable changes later"),
    pytest.param("b = {'a': 1}\nbreaker.call(lambda b: requests.post(URL, json=b, headers=H))", (..., {"authorization": "Bearer t"}), id="a lambda that gets something"),
    pytest.param("r = requests.Request('POST', URL, json={'a': 1}, headers=H)\nrequests.Session().send(r.prepare())", OPEN, id="a prepared request"),
    pytest.param("r = requests.Request('POST', URL, H, None, None, None, None, None, None, {'a': 1})\nrequests.Session().send(r.prepare())", OPEN, id="a prepared request, by position"),
    pytest.param("s = requests.Session()\ns.send(s.prepare_request(requests.Request('POST', URL, json={'a': 1}, headers=H)))", OPEN, id="a request that a session prepares"),
    pytest.param("s = requests.Session()\ns.headers['Authorization'] = 't'\ns.send(requests.Request('POST', URL, json={'a': 1}).prepare())", (BODY, {...: ...}), id="a session whose headers a prepared request does not get"),
    pytest.param("httpx.Client().send(httpx.Request('POST', URL, json={'a': 1}, headers=H))", OPEN, id="a request of httpx"),
    pytest.param("p = requests.Request('POST', URL, json={'a': 1}, headers=H).prepare()\np.headers['Authorization'] = 't'\nrequests.Session().send(p)", UNKNOWN, id="a header that is set in a prepared request"),
    pytest.param("p = requests.Request('POST', URL, json={'a': 1}, headers=H).prepare()\np.body = b''\nrequests.Session().send(p)", UNKNOWN, id="a body that is set in a prepared request"),
    pytest.param("p = requests.Request('POST', URL, json={'a': 1}, headers=H)\nsign(p)\nrequests.Session().send(p.prepare())", UNKNOWN, id="code that is not seen gets a request"),
    pytest.param("q = urllib.request.Request(URL, json.dumps({'a': 1}).encode(), H)\nurllib.request.urlopen(q)", OPEN, id="a request of urllib"),
    pytest.param("q = urllib.request.Request(URL, json.dumps({'a': 1}).encode(), H)\nq.add_header('Authorization', 't')\nurllib.request.urlopen(q)", (BODY, {"authorization": "t", ...: ...}), id="a header that is added to urllib's request"),
    pytest.param("q = urllib.request.Request(URL, json.dumps({'a': 1}).encode())\nif order.known:\n    q.add_header('X', 't')\nurllib.request.urlopen(q)", (BODY, {"x": Either("t", ABSENT), ...: ...}), id="a header that may be added to urllib's request"),
    pytest.param("q = urllib.request.Request(URL, json.dumps({'a': 1}).encode(), H)\nq.add_header(order.name, 't')\nurllib.request.urlopen(q)", (BODY, {"authorization": Either("Bearer t", ...), ...: ...}), id="a header with an unknown name that is added"),
    pytest.param("h = dict(H)\nq = urllib.request.Request(URL, json.dumps({'a': 1}).encode(), h)\nh['Authorization'] = 't'\nurllib.request.urlopen(q)", OPEN, id="a request of urllib has headers of its own"),
    pytest.param("opened('/ecomm/v2/payments', {'a': 1})", OPEN, id="a request of urllib in a function that does not know the path"),
    pytest.param("q = urllib.request.Request(URL, json.dumps({'a': 1}).encode(), H)\nq.headers['Authorization'] = 't'\nurllib.request.urlopen(q)", (BODY, {...: ...}), id="a header that is set in urllib's request"),
    pytest.param("q = urllib.request.Request(URL, json.dumps({'a': 1}).encode(), H)\nq.data = b''\nurllib.request.urlopen(q)", UNKNOWN, id="a body that is set in urllib's request"),
    pytest.param("q = urllib.request.Request(URL, json.dumps({'a': 1}).encode(), H)\nq.get_method = lambda: 'PUT'\nurllib.request.urlopen(q)", None, id="a method that is set in urllib's request"),
]  # fmt: skip


def program(steps: str, around: str = "async def pay(loop):") -> str:
    return START + f"{around}\n" + "".join(f"    {line}\n" for line in steps.splitlines())


@pytest.mark.parametrize(("steps", "expected"), SENT)
def test_sent(read, steps: str, expected: tuple[Any, Any] | None) -> None:
    source = read(program(steps))
    found = [path.call.document.fields for path in source.paths if path.call.chain[0].within in ("pay", "lambda")]
    assert source.notes == []
    assert [(plain(one["body"]), plain(one["headers"])) for one in found] == ([] if expected is None else [expected])


EPAYMENT = "P = 'https://api.vipps.no/epayment/v1/payments/'\n"
AMOUNT = "{'modificationAmount': {'currency': 'NOK', 'value': 100}}"
CAPTURE = f"requests.post(P + order.id + '/capture', headers=order.h, json={AMOUNT}).raise_for_status()"
CANCEL = "requests.post(P + order.id + '/cancel', headers=order.h).raise_for_status()"

FOUND = [
    pytest.param(f"{CANCEL}\n{CAPTURE}", "capture-after-release", True, id="a capture after a cancel"),
    pytest.param(f"def inner():\n    {CAPTURE}\nbreaker.call(inner)\n{CANCEL}", "capture-after-release", False, id="a function that is called before a cancel"),
    pytest.param(f"breaker.call(lambda: {CAPTURE})\n{CANCEL}", "capture-after-release", False, id="a lambda that is called before a cancel"),
    pytest.param("r = await asyncio.to_thread(requests.post, P)\nreturn r.json()['url']", "response-unchecked", True, id="an answer out of a thread"),
    pytest.param("f = loop.run_in_executor(None, requests.post, P)\nr = f.result()\nif r.status_code != 201:\n    raise ValueError(r.text)", "response-unchecked", False, id="the result of a future"),
    pytest.param("t = asyncio.create_task(httpx.AsyncClient().post(P))\nawait asyncio.wait([t])\nt.result().raise_for_status()", "response-unchecked", False, id="the result of a task"),
    pytest.param("t = asyncio.create_task(httpx.AsyncClient().post(P))\nt.add_done_callback(sign)", "response-unchecked", False, id="a task that code which is not seen looks at"),
    pytest.param("t = asyncio.create_task(httpx.AsyncClient().post(P))\nreturn t.result().json()['url']", "response-unchecked", True, id="the result of a task that nobody checks"),
    pytest.param("return breaker.call(lambda: requests.post(P)).json()['url']", "response-unchecked", False, id="what a lambda gives to code that is not seen"),
    pytest.param("requests.Session().send(requests.Request('POST', P).prepare())", "request-without-timeout", True, id="a prepared request without a time-out"),
    pytest.param("requests.Session().send(requests.Request('POST', P).prepare(), timeout=9)", "request-without-timeout", False, id="a prepared request with a time-out"),
    pytest.param("functools.partial(requests.post, timeout=9)(P)", "request-without-timeout", False, id="a partial with a time-out"),
    pytest.param("functools.partial(requests.post)(P)", "request-without-timeout", True, id="a partial without a time-out"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "rule", "found"), FOUND)
def test_found(steps: str, rule: str, found: bool) -> None:
    report = check_source(program(steps, f"{EPAYMENT}\nasync def pay(loop, order):"), "shop.py", date(2026, 11, 22))
    assert not report.notes
    assert (rule in {one.rule for one in report.diagnostics}) is found


HELD = "class Shop:\n    def __init__(self):\n        self.s = requests.Session()\n        self.s.headers.update(H)\n    def pay(self):\n        self.s.post(URL, json={'a': 1})\n"
ELSEWHERE = [
    pytest.param("        send = self.s.get", WHOLE, id="another method takes a method of the session"),
    pytest.param("        self.s.post = sign", OPEN, id="another method puts another function in its place"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), ELSEWHERE)
def test_a_session_that_is_kept(read, line: str, expected: tuple[Any, Any]) -> None:
    source = read(START + HELD + "    def other(self):\n" + line + "\n")
    [found] = [path.call.document.fields for path in source.paths if path.call.chain[0].within == "pay"]
    assert (plain(found["body"]), plain(found["headers"])) == expected
