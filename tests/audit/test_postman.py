"""Postman collections: requests that nobody has sent, whose variables are not known, or are the collection's own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from auditing import WRONG, Audited, calls, found
from hypothesis import given
from hypothesis import strategies as st
from shop import HEADERS, URL, cancel, capture, initiate

from vipps_lint.diagnostic import Note
from vipps_lint.document import Array, Hole, Object, Template
from vipps_lint.read.postman import read_collection
from vipps_lint.read.record import Record
from vipps_lint.read.request import Exchange, Missing, Parsed

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
JSON_TYPE = [{"key": "Content-Type", "value": "application/json"}]


def collection(*requests: Any, **changes: Any) -> dict[str, Any]:
    items = [{"name": str(number), "request": request} for number, request in enumerate(requests)]
    return {"info": {"name": "shop {{x}}", "schema": SCHEMA}, "item": items, **changes}


def post(raw: str | None = None, **changes: Any) -> dict[str, Any]:
    body = {} if raw is None else {"body": {"mode": "raw", "raw": raw}}
    return {"method": "POST", "header": JSON_TYPE, "url": {"raw": URL}, **body, **changes}


def read(*requests: Any, **changes: Any) -> list[Record | Note]:
    return list(read_collection([json.dumps(collection(*requests, **changes))], "shop.json"))


def exchange(request: Any, **changes: Any) -> Exchange:
    (reading,) = read(request, **changes)
    assert isinstance(reading, Record), reading
    assert not reading.sent
    return reading.exchange


def variable(name: str, type: str | None = "string") -> Hole:
    return Hole(type, symbol=("a variable of Postman", name))


def known(**values: str) -> dict[str, Any]:
    return {"variable": [{"key": name, "value": value} for name, value in values.items()]}


MINE = known(baseUrl="https://api.vipps.no", host="{{baseUrl}}", id="a-1", key="YOUR_KEY", none="")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("{{base}}/qr/v1", Template((variable("base"), "/qr/v1")), id="an unknown base"),
        pytest.param("{{ host }}/qr/v1", "https://api.vipps.no/qr/v1", id="a variable of a variable"),
        pytest.param({"raw": "/qr/v1/{{id}}?a={{none}}"}, Template(("/qr/v1/a-1?a=", variable("none"))), id="no value"),
        pytest.param({"raw": "/qr/v1/{{key}}"}, Template(("/qr/v1/", variable("key"))), id="a value to be filled in"),
        pytest.param({"raw": "{{url}}"}, Template((variable("url"),)), id="nothing but a variable"),
        pytest.param({"raw": "/qr/v1/{{$guid}}"}, Template(("/qr/v1/", Hole("string"))), id="a variable of Postman's own"),
        pytest.param({"raw": "/qr/v1/:id2"}, Template(("/qr/v1/", variable("id2"))), id="a step without a value"),
        pytest.param(
            {"raw": "https://a.no:80/:x/b?c=:d", "variable": [{"key": "x", "value": "y"}]},
            "https://a.no:80/y/b?c=:d", id="a step with a value; ports and queries have none",
        ),
    ],
)  # fmt: skip
def test_urls(url: Any, expected: object) -> None:
    assert exchange({"url": url}, **MINE).url == expected


BEARER = {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]}
TOKEN = Template(("Bearer ", variable("token")))


@pytest.mark.parametrize(
    ("request_", "headers"),
    [
        pytest.param(
            {"header": [{"key": "A", "value": "{{id}}"}, {"key": "B", "value": "c", "disabled": True}]},
            {"a": "a-1"}, id="one is switched off",
        ),
        pytest.param({"header": "A: b:c\nD: {{e}}"}, {"a": "b:c", "d": variable("e")}, id="headers as text"),
        pytest.param({"auth": BEARER}, {"authorization": TOKEN}, id="a token"),
        pytest.param({"auth": {"type": "bearer", "bearer": {"token": "abc"}}}, {"authorization": "Bearer abc"}, id="as v2.0 has it"),
        pytest.param({"auth": {"type": "basic"}}, {"authorization": Template(("Basic ", Hole()))}, id="a password"),
        pytest.param(
            {"auth": {"type": "apikey", "apikey": [{"key": "key", "value": "Ocp-Key"}, {"key": "value", "value": "{{k}}"}]}},
            {"ocp-key": variable("k")}, id="a key",
        ),
        pytest.param({"auth": {"type": "oauth2"}}, {"authorization": Hole()}, id="what Postman fetches itself"),
        pytest.param({"auth": {"type": "noauth"}}, {}, id="none"),
    ],
)  # fmt: skip
def test_headers(request_: dict[str, Any], headers: dict[str, object]) -> None:
    assert exchange({"url": URL, **request_}, **MINE).headers == headers


def test_authorization_comes_from_the_nearest_folder() -> None:
    inner = {"item": [{"request": {"url": URL}}, {"request": {"url": URL, "auth": {"type": "noauth"}}}], "auth": BEARER}
    readings = read(item=[inner, {"request": {"url": URL}}], auth={"type": "basic"})
    sent = [one.exchange.headers.get("authorization") for one in readings if isinstance(one, Record)]
    assert sent == [TOKEN, None, Template(("Basic ", Hole()))]


def test_headers_are_whole_where_credentials_are() -> None:
    assert exchange(post(auth=BEARER)).headers_complete
    assert not exchange(post()).headers_complete


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({"mode": "raw", "raw": '{"a": 1}'}, '{"a": 1}', id="JSON as it is"),
        pytest.param({"mode": "raw", "raw": '{"a": {{n}}, "b": "{{id}}"}'}, Parsed(Object({"a": variable("n", None), "b": "a-1"})), id="a value"),
        pytest.param({"mode": "raw", "raw": '["x{{y}}", "\\"{{y}}"]'}, Parsed(Array((Template(("x", variable("y"))), Template(('"', variable("y")))))), id="in texts"),
        pytest.param({"mode": "raw", "raw": '{"{{k}}": 1, "b": 2}'}, Parsed(Object({"b": 2}, open=True)), id="a name"),
        pytest.param({"mode": "raw", "raw": "{{body}}"}, Parsed(variable("body", None)), id="the whole body"),
        pytest.param({"mode": "raw", "raw": '{"a": {{b}}00}'}, Missing("the body is no JSON before its variables are filled in"), id="half a number"),
        pytest.param({"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{id}}"}]}, Parsed(Object({"a": "a-1"})), id="a form"),
        pytest.param({"mode": "file", "file": {"src": "x"}}, Missing("a body of the kind `file` is not read"), id="a file"),
        pytest.param({"mode": "raw", "raw": ""}, None, id="an empty one"),
        pytest.param(None, None, id="none"),
    ],
)  # fmt: skip
def test_bodies(body: Any, expected: object) -> None:
    assert exchange({"method": "POST", "url": URL, "body": body}, **MINE).body == expected


def test_what_scripts_change_is_not_known() -> None:
    def scripted(line: str) -> dict[str, Any]:
        return {**known(id="a", other="b"), "event": [{"listen": "prerequest", "script": {"exec": [line]}}]}

    url = Template(("/qr/v1/", variable("id"), "/b"))
    assert exchange({"url": "/qr/v1/{{id}}/{{other}}"}, **scripted('pm.environment.set("id", 1)')).url == url
    one = exchange(post("{}", auth=BEARER), **scripted("pm.request.headers.add({key: 'A'})"))
    assert isinstance(one.body, Missing)
    assert not one.headers_complete


NUMBER = '{"customerInfo": {"mobileNumber": "%s"}, "transaction": {"orderId": "{{id}}", "amount": {{amount}}}}'


def test_a_collection_is_judged(audited: Audited) -> None:
    report = audited(json.dumps(collection(post(NUMBER % WRONG), post(NUMBER % "{{phone}}")), indent=2))
    assert found(report) == [("mobile-number-not-national", "error")]
    assert report.diagnostics[0].place.record == 1
    assert (report.scanned, calls(report), report.notes) == (2, 2, [])


def test_requests_that_nobody_sent_have_no_history(audited: Audited) -> None:
    log = [initiate(), capture()]
    asked = {"url": f"{URL}/socks-1/cancel", "method": "PUT", "body": {"mode": "raw", "raw": '{"transaction": {}}'}}
    assert found(audited([*log, cancel()])) == [("cancel-without-release", "error")]
    headers = [{"key": name, "value": value} for name, value in HEADERS.items()]
    report = audited(log, json.dumps(collection(post(**asked, header=headers))))
    assert calls(report) == 3
    assert found(report) == []


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        pytest.param(None, "`request` is null; expected an object", id="no request"),
        pytest.param({"method": "GET"}, "`request.url` is null; expected a URL", id="no URL"),
        pytest.param({"url": {"raw": 7}}, "`request.url` is a number", id="a number for a URL"),
        pytest.param({"url": URL, "method": "G T"}, "`request.method` is text", id="no method"),
    ],
)
def test_what_is_no_request_is_named(request_: Any, sentence: str) -> None:
    note, record = read(request_, URL)
    assert isinstance(note, Note)
    assert (note.record, note.message[: len(sentence)]) == (1, sentence)
    assert isinstance(record, Record)


def test_half_a_collection_is_one_sentence(audited: Audited) -> None:
    text = json.dumps(collection(post(NUMBER % WRONG)), indent=2)
    (note,) = audited(text[:-40]).notes
    assert note.message.startswith("the Postman collection is no JSON (")
    assert note.message.endswith("); export it again, as Collection v2.1")
    deep = text.replace('"item": [', '"x": ' + "[" * 5000 + "]" * 5000 + ', "item": [')
    (note,) = audited(deep).notes
    assert note.message.startswith("the Postman collection is no JSON (nested too deep)")


def test_an_old_collection_is_one_sentence(audited: Audited) -> None:
    old = {"id": "1", "name": "shop", "order": ["2"], "requests": [{"id": "2", "url": URL, "method": "POST"}]}
    (note,) = audited(json.dumps(old, indent=2)).notes
    assert note.message == "the Postman collection is one of version 1; export it again, as Collection v2.1"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("{{a}}"),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["item", "request", "url", "raw", "mode", "key", "value", "type", "bearer"]), inner),
    max_leaves=12,
)
PARTS = ["item", "auth", "variable", "event"]
REQUEST_PARTS = ["method", "url", "header", "auth", "body"]


@given(st.sampled_from(PARTS), st.sampled_from(REQUEST_PARTS), JSON, JSON)
def test_no_collection_stops_a_run(part: str, of_request: str, value: Any, other: Any) -> None:
    for reading in read(post("{}", **{of_request: other}), **{part: value}):
        assert isinstance(reading, Record | Note)
    for reading in read(post("{}", **{of_request: other}), auth=BEARER):
        assert isinstance(reading, Record | Note)
