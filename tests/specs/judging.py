"""What the guard says of generated requests, and where it is known to disagree with the files."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import requests
from descriptions import Described, Request, descriptions
from requests.adapters import BaseAdapter

from vipps_lint import Guard
from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.examples import Request as Good
from vipps_lint.examples import good_request
from vipps_lint.guard.core import Core
from vipps_lint.ledger import Ledger
from vipps_lint.read.request import Exchange
from vipps_lint.read.routes import Routes

CATALOG = catalog()
CORE = Core(CATALOG, Routes(CATALOG.operations.values()))
LISTED = Path(__file__).with_name("disagreements.toml")
FOLDER = os.environ.get("VIPPS_SPECS", "")
ALL: Sequence[Described] = tuple(descriptions(Path(FOLDER))) if FOLDER else ()


@dataclass(frozen=True)
class Disagreement:
    """A place where a file and the rules differ, and why the rules are right.

    `kinds` are those of violations that no rule reports, `rule` reports what the file allows, as it does of the full
    request of the operation `example` with the values of `set` and `without` some. `*` stands for anything, `[*]` for `*`.
    """

    on: tuple[str, ...]
    at: tuple[str, ...]
    why: str
    source: str
    kinds: tuple[str, ...] = ()
    rule: str = ""
    example: str = ""
    set: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def speaks_of(self, operation: str, at: str) -> bool:
        return any(fnmatchcase(operation, one) for one in self.on) and any(fnmatchcase(at, one) for one in self.at)


def disagreements(kind: str) -> list[Disagreement]:
    """The rows of a table: `laxer` or `stricter` than the files."""
    rows = tomllib.loads(LISTED.read_text(encoding="utf-8"))[kind]
    return [
        Disagreement(**{key: tuple(one) if isinstance(one, list) else one for key, one in row.items()}) for row in rows
    ]


def good(described: Described) -> Good:
    return good_request(CATALOG, described.id)


def url(described: Described, request: Request) -> str:
    """Where a request goes: the host of the good request, which has the operation."""
    path = re.sub(r"\{([^}]*)\}", lambda name: quote(str(request.parameters["path", name[1]]), safe=""), described.path)
    query = {name: value for (where, name), value in request.parameters.items() if where == "query"}
    return good(described).base + path + ("?" + urlencode(query) if query else "")


def last_word(described: Described) -> str:
    """The last piece of a path that is no parameter."""
    return next(one for one in reversed(described.path.split("/")) if one and "{" not in one)


def headers(described: Described, request: Request) -> dict[str, str]:
    kind = "application/x-www-form-urlencoded" if described.form else "application/json"
    sent = {name: str(value) for (where, name), value in request.parameters.items() if where == "header"}
    return {**sent, "Content-Type": kind} if request.has_body else sent


def body(described: Described, request: Request) -> bytes | None:
    if not request.has_body:
        return None
    return (urlencode(request.body) if described.form else json.dumps(request.body)).encode()


def judged(described: Described, request: Request, method: str = "", slip: bool = False) -> list[Diagnostic]:
    """What the guard's core says of a request that nothing came before; with a `slip` in the last word of its path."""
    word, to = last_word(described), url(described, request)
    before, _, after = to.rpartition(f"/{word}")
    to = f"{before}/{word}x{after}" if slip else to
    sent = headers(described, request)
    exchange = Exchange(method or good(described).method, to, sent, body(described, request))
    CORE.ledger = Ledger()
    seen = CORE.sent(exchange, Place("generated"), good(described).at)
    return list(seen.found) if seen else []


class Double(BaseAdapter):
    """Answers in Vipps' place, always the same."""

    def __init__(self, status: int, content: Any) -> None:
        super().__init__()
        self._status, self._content = status, b"" if content is None else json.dumps(content).encode()

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = self._status, str(request.url), request
        answer._content, answer.headers["Content-Type"] = self._content, "application/json"
        return answer

    def close(self) -> None:
        pass


def guarded(described: Described, request: Request, answer: tuple[int, Any] | None = None) -> Iterator[Diagnostic]:
    """What a guard says of a request that a client really sends, and of its answer; as a rule, the good one."""
    usual = good(described).response
    session = requests.Session()
    session.mount("https://", Double(*(answer or (usual["status"], usual.get("body")))))
    with Guard("collect", as_of=good(described).at.date()) as guard:
        to, sent, content = url(described, request), headers(described, request), body(described, request)
        session.request(good(described).method, to, headers=sent, data=content)
    assert [call.operation and call.operation.id for call in guard.calls] == [described.id]
    yield from guard.diagnostics
