"""The good request of every operation breaks no rule, in whatever format it is written down; and each is recognised."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from auditing import operations
from shop import URL

from vipps_lint.audit import Intake, audit
from vipps_lint.catalog import catalog
from vipps_lint.examples import Request, good_request
from vipps_lint.read.fields import Fields

CATALOG = catalog()
LIVING = [name for name, one in CATALOG.operations.items() if not one.retired]
GOOD = [good_request(CATALOG, name) for name in LIVING]
DAY = good_request(CATALOG, "recurring-v3.create-charge").at.date()
FIELDS = {"time": "ts", "method": "call.verb", "url": "call.to", "request-headers": "h", "request-body": "b"}


def nginx(one: Request) -> dict[str, Any]:
    parts = urlsplit(one.url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    status = str(one.response.get("status", 200))
    line = {"time_iso8601": one.at.isoformat(), "request": f"{one.method} {path} HTTP/1.1", "status": status}
    return {**line, "proxy_host": parts.netloc, "request_body": ""}


def envoy(one: Request) -> dict[str, Any]:
    parts = urlsplit(one.url)
    line = {"start_time": one.at.isoformat(), "method": one.method, "path": parts.path, ":authority": parts.netloc}
    return {**line, "response_code": one.response.get("status", 200)}


def mapped(one: Request) -> dict[str, Any]:
    body = urlencode(one.form) if one.form else one.body
    return {"ts": one.at.timestamp(), "call": {"verb": one.method, "to": one.url}, "h": dict(one.headers), "b": body}


def request_of_postman(one: Request) -> dict[str, Any]:
    headers = [{"key": name, "value": value} for name, value in one.headers.items()]
    body: dict[str, Any] = {"mode": "raw", "raw": "" if one.body is None else json.dumps(one.body)}
    if one.form:
        body = {"mode": "urlencoded", "urlencoded": [{"key": key, "value": text} for key, text in one.form.items()]}
    return {"request": {"method": one.method, "header": headers, "url": {"raw": one.url}, "body": body}}


def lines(made: Callable[[Request], dict[str, Any]]) -> str:
    return "".join(json.dumps(made(one)) + "\n" for one in GOOD)


def postman() -> str:
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return json.dumps({"info": {"schema": schema}, "item": [request_of_postman(one) for one in GOOD]})


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        pytest.param(lines(nginx), {}, id="an access log of nginx"),
        pytest.param(lines(envoy), {}, id="an access log of Envoy, without queries"),
        pytest.param(lines(mapped), FIELDS, id="a log of one's own"),
        pytest.param(postman(), {}, id="a Postman collection"),
    ],
)
def test_good_requests_break_no_rule(tmp_path: Path, text: str, fields: dict[str, str]) -> None:
    path = tmp_path / "calls"
    path.write_text(text, encoding="utf-8")
    report = audit([path], CATALOG, intake=Intake(Fields(fields)), as_of=DAY)
    assert report.notes == []
    assert [(one.rule, one.place.record, one.message) for one in report.diagnostics] == []
    assert operations(report) == set(LIVING)


def test_one_mistake_is_found_in_each_of_them(tmp_path: Path) -> None:
    (tmp_path / "nginx.jsonl").write_text(json.dumps(nginx(GOOD[0]) | {"request": "PUT /ecomm/v2/payments HTTP/1.1"}))
    wrong = request_of_postman(GOOD[0])
    wrong["request"]["url"] = URL + "/nonsense/a/b/c"
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    (tmp_path / "shop.json").write_text(json.dumps({"info": {"schema": schema}, "item": [wrong]}))
    report = audit([tmp_path], CATALOG)
    assert [(Path(one.place.path).name, one.rule) for one in report.diagnostics if "operation" in one.rule] == [
        ("nginx.jsonl", "operation-unknown"),
        ("shop.json", "operation-unknown"),
    ]
