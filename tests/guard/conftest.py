"""A real HTTP server that answers as it is told, and the clients that talk to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from clients import CLIENTS, Client
from orders import only_phones

from vipps_lint.catalog import Catalog, catalog, folder


class Server(ThreadingHTTPServer):
    """Remembers what it was sent; `answers` maps paths to status, JSON and headers, `script` to statuses to begin with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, tuple[int, Any, dict[str, str]]] = {}
        self.script: dict[str, list[int]] = {}
        self.received: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def paths(self) -> list[str]:
        """The methods and paths that arrived."""
        return [f"{method} {path}" for method, path, _, _ in self.received]


class Handler(BaseHTTPRequestHandler):
    """Answers every method."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: Any = self.server
        body = self._body()
        server.received.append((self.command, self.path, dict(self.headers), body))
        status, data, headers = server.answers.get(self.path.partition("?")[0], (200, {}, {}))
        if server.script.get(self.path):
            status = server.script[self.path].pop(0)
        content = json.dumps(data).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - the names are http.server's

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = b""
        while size := int(self.rfile.readline(), 16):
            chunks += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return chunks

    def log_message(self, *arguments: object) -> None:
        """The tests' output is theirs."""


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    server = Server()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def server(running: Server) -> Server:
    running.answers.clear()
    running.script.clear()
    running.received.clear()
    return running


@pytest.fixture(params=[pytest.param(client, id=name) for name, client in CLIENTS.items()])
def client(request: pytest.FixtureRequest) -> Client:
    found: Client = request.param
    return found


RULE = """
on = ["{on}"]
field = "{field}"
message = "{message}"
help = ""
why = "A test asks."
source = "https://developer.vippsmobilepay.com"
verified = 2026-11-22
timeline = [{{ from = 2020-01-01, severity = "{severity}" }}]
[check]
{check}
[[invalid]]
without = ["body.transaction.orderId"]
[[valid]]
body.transaction.orderId = "acme-1"
"""


def rule(on: str, field: str, message: str, check: str, severity: str = "error") -> str:
    return RULE.format(on=on, field=field, message=message, check=check, severity=severity)


RULES = {
    "order-id-missing": rule("ecom.*", "body.transaction", "no {missing}", 'use = "required"\nfields = ["orderId"]'),
    "too-much": rule(
        "ecom.capture-payment",
        "body.transaction.amount",
        "{amount} is more than the {limit} left of `{key}`",
        'use = "payment"\nbreach = "capture-above-reserved"',
    ),
    "url-missing": rule("ecom.initiate-payment", "response.body", "no {missing}", 'use = "required"\nfields = ["url"]'),
    "text-missing": rule(
        "ecom.*", "body.transaction", "no {missing}", 'use = "required"\nfields = ["transactionText"]', severity="info"
    ),
}
"""Rules of the tests' own, one for each kind of evidence that a guard has."""


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All operations, and the rules above."""
    place = tmp_path_factory.mktemp("rules")
    (place / "api").symlink_to(folder() / "api")
    for name, text in RULES.items():
        (place / f"{name}.toml").write_text(text, encoding="utf-8")
    return catalog(place)


@pytest.fixture
def phones() -> Catalog:
    return only_phones()
