"""Which calls are calls of Vipps, of which operation, and where they are."""

from __future__ import annotations

import pytest

PREAMBLE = """
import aiohttp, functools, httpx, json, os, requests, urllib.request
from urllib.parse import urljoin

BASE = "https://api.vipps.no"
"""

CALLS = [
    pytest.param('requests.post(BASE + "/ecomm/v2/payments", json={})', ["ecom.initiate-payment"], id="requests"),
    pytest.param('requests.request("PUT", f"{BASE}/ecomm/v2/payments/1/cancel")', ["ecom.cancel-payment"], id="a verb as argument"),
    pytest.param('requests.request(method="put", url=f"{BASE}/ecomm/v2/payments/1/cancel")', ["ecom.cancel-payment"], id="by name"),
    pytest.param('requests.Session().get(f"{BASE}/ecomm/v2/payments/{x}/details")', ["ecom.get-payment-details"], id="a session"),
    pytest.param('httpx.post(f"{BASE}/epayment/v1/payments", json={})', ["epayment.create-payment"], id="httpx"),
    pytest.param(
        'with httpx.Client(base_url=BASE) as c:\n    c.post("/epayment/v1/payments", json={})', ["epayment.create-payment"],
        id="a base URL in a client",
    ),
    pytest.param('x.put(f"{y}/ecomm/v2/payments/{z}/cancel", json={})', ["ecom.cancel-payment"], id="a client that is not known"),
    pytest.param('self_call("POST", "/ecomm/v2/payments", {})', ["ecom.initiate-payment"], id="a wrapper that is not seen"),
    pytest.param('api_post("/ecomm/v2/payments", {})', ["ecom.initiate-payment"], id="a wrapper with a verb in its name"),
    pytest.param('post = requests.post\npost(f"{BASE}/ecomm/v2/payments")', ["ecom.initiate-payment"], id="an alias"),
    pytest.param(
        'send = functools.partial(call, "POST")\nsend("/ecomm/v2/payments")', ["ecom.initiate-payment"], id="a partial wrapper"
    ),
    pytest.param('requests.get(urljoin(BASE, "/qr/v1/merchant-redirect"))', ["qr.list-merchant-redirects"], id="urljoin"),
    pytest.param(
        'urllib.request.urlopen(urllib.request.Request(BASE + "/ecomm/v2/payments", data=b"", method="POST"))',
        ["ecom.initiate-payment"], id="urllib with a request object",
    ),
    pytest.param('urllib.request.urlopen(BASE + "/ecomm/v2/payments/1/details")', ["ecom.get-payment-details"], id="urllib with a URL"),
    pytest.param(
        'host = os.environ.get("HOST", "https://apitest.vipps.no")\nrequests.post(f"{host}/ecomm/v2/payments")',
        ["ecom.initiate-payment"], id="one of two hosts",
    ),
    pytest.param('requests.post("https://api.vipps.no/ecomm/v2/payments/1/" + x)', [None], id="an operation that is not known"),
    pytest.param('requests.get(BASE + "/other/v1/things")', [], id="another path"),
    pytest.param('requests.get("https://api.example.com/payments/1/capture")', [], id="another provider"),
    pytest.param('responses.post(BASE + "/ecomm/v2/payments", json={})', [], id="a mock describes no call"),
    pytest.param('mock.get(BASE + "/ecomm/v2/payments/1/details")', [], id="a mock by name"),
    pytest.param('logging.info("POST", "/ecomm/v2/payments")', [], id="a log line"),
    pytest.param('app.post("/ecomm/v2/payments")', [], id="a route that is served"),
    pytest.param('client.assert_called_with("POST", "/ecomm/v2/payments")', [], id="an assertion"),
    pytest.param('{"/ecomm/v2/payments": 1}.get("/ecomm/v2/payments")', [], id="a dict's get"),
    pytest.param('x = BASE + "/ecomm/v2/payments"', [], id="a URL that is not called"),
]  # fmt: skip

WRAPPER = """
def call(method, path, body=None):
    return requests.request(method, BASE + path, json=body, timeout=5)
"""


@pytest.mark.parametrize(("program", "operations"), CALLS)
def test_operation(read, program: str, operations: list[str | None]) -> None:
    body = "".join(f"    {line}\n" for line in program.splitlines())
    source = read(f"{PREAMBLE}\n{WRAPPER}\ndef shop(x, y, z, client):\n{body}")
    found = [path.call.operation.id if path.call.operation else None for path in source.paths]
    assert (source.notes, found) == ([], operations)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("async def f():\n    async with httpx.AsyncClient() as c:\n        await c.post({url})", id="httpx"),
        pytest.param("async def f():\n    async with aiohttp.ClientSession() as s:\n        async with s.post({url}) as r:\n            pass", id="aiohttp"),
        pytest.param("class C:\n    async def f(self):\n        return await self.http.post({url})", id="an attribute"),
        pytest.param("def outer():\n    def inner():\n        requests.post({url})\n    return inner", id="a nested function"),
        pytest.param("if DEBUG:\n    requests.post({url})", id="in a module's branch"),
        pytest.param("def f(kind):\n    match kind:\n        case 'pay':\n            requests.post({url})", id="in a match"),
        pytest.param("def f(x):\n    return [requests.post({url}) for _ in x]", id="in a comprehension"),
        pytest.param("@retry(3)\ndef f():\n    requests.post({url})", id="in a decorated function"),
        pytest.param("f = lambda: requests.post({url})\nf()", id="in a lambda"),
    ],
)  # fmt: skip
def test_found_wherever_it_stands(read, program: str) -> None:
    source = read(PREAMBLE + program.format(url='BASE + "/ecomm/v2/payments"'))
    assert {path.call.label for path in source.paths} == {"POST /ecomm/v2/payments"}


@pytest.mark.parametrize(
    ("call", "body"),
    [
        pytest.param("json={'a': 1}", {"a": 1}, id="json"),
        pytest.param("data=json.dumps({'a': 1})", {"a": 1}, id="json.dumps as data"),
        pytest.param("data=json.dumps({'a': 1}).encode()", {"a": 1}, id="encoded JSON"),
        pytest.param("content=json.dumps({'a': 1})", {"a": 1}, id="content"),
        pytest.param("None, {'a': 1}", {"a": 1}, id="the third position of requests.post"),
        pytest.param("{'a': 1}", {"a": 1}, id="a form by position"),
    ],
)
def test_body(read, call: str, body: dict[str, int]) -> None:
    source = read(f"{PREAMBLE}\nrequests.post(BASE + '/ecomm/v2/payments', {call})")
    assert source.paths[0].call.document.fields["body"].fields == body


def test_header_names_are_lower_case(read) -> None:
    source = read(f"{PREAMBLE}\nrequests.post(BASE + '/ecomm/v2/payments', headers={{'X-Request-Id': 'a'}})")
    assert source.paths[0].call.header("X-Request-Id") == "a"


@pytest.mark.parametrize(
    ("program", "line"),
    [
        pytest.param(
            WRAPPER + 'def pay():\n    return call("POST", "/ecomm/v2/payments")', 11, id="where the path is written"
        ),
        pytest.param(
            'URL = BASE + "/ecomm/v2/payments"\ndef pay():\n    requests.post(URL)', 9, id="where a constant is used"
        ),
        pytest.param(
            WRAPPER + 'PAY = "/ecomm/v2/payments"\ndef pay():\n    return call("POST", PAY)',
            12,
            id="where a constant is handed in",
        ),
    ],
)
def test_place(read, program: str, line: int) -> None:
    source = read(f"{PREAMBLE}\n{program}\n")
    [path] = [one for one in source.paths if one.call.operation]
    assert source.located(path.call.place).line == line


def test_one_call_of_each_wrapper_use(read) -> None:
    source = read(
        PREAMBLE + WRAPPER + "def f(i):\n"
        '    call("POST", f"/ecomm/v2/payments/{i}/capture")\n    call("PUT", f"/ecomm/v2/payments/{i}/cancel")\n'
    )
    assert [path.call.operation.id for path in source.paths] == ["ecom.capture-payment", "ecom.cancel-payment"]


def test_a_host_with_a_default_is_not_certain(read) -> None:
    source = read(PREAMBLE + 'host = os.environ.get("HOST", "https://pay.vipps.no")\nrequests.get(f"{host}/ecomm/v2/payments/1/2/3")')
    [path] = source.paths
    assert path.call.operation is None
    assert not isinstance(path.call.host, str)
