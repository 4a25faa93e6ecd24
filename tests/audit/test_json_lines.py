"""One line of JSON to one exchange: what is accepted, what is doubted, and what is no record; the schema agrees."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from vipps_lint.audit import schema
from vipps_lint.call import Place
from vipps_lint.diagnostic import Note
from vipps_lint.document import Array, Object
from vipps_lint.read.jsonl import read_line, read_lines
from vipps_lint.read.record import Record
from vipps_lint.read.request import Exchange, Missing, Parsed

PLACE = Place("calls.jsonl", line=3, record=2)
NOON = datetime(2022, 4, 1, 12, tzinfo=UTC)
VALID = Draft202012Validator(json.loads(schema()))


def read(record: object) -> list[Record | Note]:
    return list(read_line(json.dumps(record), PLACE))


def exchange(record: object) -> Exchange:
    (reading,) = read(record)
    assert isinstance(reading, Record), reading
    return reading.exchange


def with_part(where: str, value: object) -> dict[str, Any]:
    """A small good record with one part replaced."""
    record: dict[str, Any] = {"request": {"method": "GET", "url": "/qr/v1"}, "response": {"status": 200}}
    *steps, last = where.split(".")
    inner = record
    for step in steps:
        inner = inner[step]
    inner[last] = value
    return record


ACCEPTED = [
    pytest.param("at", "2022-04-01T12:00:00Z", "at", NOON, id="a time in UTC"),
    pytest.param("at", "2022-04-01T14:00:00+02:00", "at", NOON, id="a time with a zone is turned to UTC"),
    pytest.param("at", "2022-04-01 14:00+0200", "at", NOON, id="a time with a blank, no seconds and a short zone"),
    pytest.param("at", "2022-04-01T12:00:00", "at", NOON, id="a time without a zone is UTC"),
    pytest.param("at", "2022-04-01T12:00:00,5", "at", NOON.replace(microsecond=500000), id="a comma before fractions"),
    pytest.param("at", "2022-04-01T12:00:00.123456789Z", "at", NOON.replace(microsecond=123456), id="nanoseconds"),
    pytest.param("at", 1648814400, "at", NOON, id="seconds since 1970"),
    pytest.param("at", 1648814400000, "at", NOON, id="milliseconds since 1970"),
    pytest.param("at", None, "at", None, id="no time"),
    pytest.param("request.method", "post", "method", "POST", id="a method in small letters"),
    pytest.param("request.url", "HTTPS://api.vipps.no/qr/v1", "url", "HTTPS://api.vipps.no/qr/v1", id="a whole URL"),
    pytest.param("request.headers", {"A": "b"}, "headers", {"a": "b"}, id="headers as an object"),
    pytest.param("request.headers", {"A": ["b", "c"]}, "headers", {"a": "b, c"}, id="a header sent twice"),
    pytest.param("request.headers", {"Msn": 123456}, "headers", {"msn": "123456"}, id="a number as a header"),
    pytest.param("request.headers", {"A": None, "B": []}, "headers", {}, id="headers that were not sent"),
    pytest.param(
        "request.headers", [["A", "b"], {"name": "C", "value": "d"}], "headers", {"a": "b", "c": "d"}, id="list"
    ),
    pytest.param("request.headers", {":method": "GET"}, "headers", {}, id="pseudo headers of HTTP/2 are none"),
    pytest.param("request.headers", None, "headers", {}, id="no headers"),
    pytest.param("request.body", {"a": 1.0}, "body", Parsed(Object({"a": 1.0})), id="a body as JSON"),
    pytest.param("request.body", '{"a": 1}', "body", '{"a": 1}', id="a body as text in the place of JSON"),
    pytest.param("request.body_text", '{"a": 1}', "body", '{"a": 1}', id="a body as text"),
    pytest.param("request.body", None, "body", None, id="no body"),
    pytest.param("request.body_text", None, "body", None, id="no body as text"),
    pytest.param("request.id", 7, "body", Missing(), id="a body that was not recorded"),
    pytest.param("response.status", 404, "status", 404, id="a status"),
    pytest.param("response.status", "404", "status", 404, id="a status as text"),
    pytest.param("response.status", "404 Not Found", "status", 404, id="a status line"),
    pytest.param("response.status", 200.0, "status", 200, id="a status with a point"),
    pytest.param("response.status", 0, "status", None, id="an aborted call"),
    pytest.param("response.status", None, "status", None, id="a response without a status line"),
    pytest.param("response", None, "status", None, id="no response"),
    pytest.param("response.body", [1], "response_body", Parsed(Array((1,))), id="a response body"),
    pytest.param("extra", {"trace": 1}, "method", "GET", id="fields that nobody knows"),
]


@pytest.mark.parametrize(("where", "value", "part", "expected"), ACCEPTED)
def test_accepted(where: str, value: object, part: str, expected: object) -> None:
    record = with_part(where, value)
    found = getattr(exchange(record), part)
    assert (type(found), found) == (type(expected), expected)
    assert VALID.is_valid(record)


DOUBTED = [
    pytest.param("at", "yesterday", "`at` is text, which is no time", id="a time in words"),
    pytest.param("at", "2022-02-30T12:00:00Z", "`at` is text, which is no time", id="a day that does not exist"),
    pytest.param("at", "0001-01-01T00:00:00+23:00", "`at` is text, which is no time", id="a time before all times"),
    pytest.param("at", 42, "`at` is a number, which is no time", id="a number that is no time"),
    pytest.param("at", True, "`at` is true or false, which is no time", id="a flag in the place of a time"),
    pytest.param("request.headers", "A: b", "`request.headers` is text", id="headers as text"),
    pytest.param("request.headers", {"A": {"b": 1}}, "`request.headers` has a value that is an object", id="nested"),
    pytest.param("request.headers", [["a"]], "`request.headers` has an item that is neither", id="half a pair"),
    pytest.param("request.body_text", {"a": 1}, "`request.body_text` is an object", id="JSON in the place of text"),
    pytest.param("response", "200", "`response` is text", id="a response as text"),
    pytest.param("response", {}, "`response.status` is missing", id="a response without a status"),
    pytest.param("response.status", "OK", "`response.status` is text, which is no HTTP status", id="a status in words"),
    pytest.param("response.status", 999, "`response.status` is a number, which is no HTTP status", id="no such status"),
    pytest.param("response.status", True, "`response.status` is true or false", id="a flag in the place of a status"),
    pytest.param("response.body_text", 1, "`response.body_text` is a number", id="a number in the place of text"),
]
CALENDAR = {"2022-02-30T12:00:00Z", "0001-01-01T00:00:00+23:00"}
"""What JSON Schema cannot know."""


@pytest.mark.parametrize(("where", "value", "sentence"), DOUBTED)
def test_doubted_but_not_lost(where: str, value: object, sentence: str) -> None:
    record = with_part(where, value)
    note, reading = read(record)
    assert isinstance(note, Note)
    assert note.message.startswith(sentence)
    assert "; expected " in note.message
    assert (note.path, note.line, note.record) == ("calls.jsonl", 3, 2)
    assert isinstance(reading, Record)
    assert reading.exchange.method == "GET"
    assert value in CALENDAR if isinstance(value, str) and VALID.is_valid(record) else not VALID.is_valid(record)


UNREADABLE = [
    pytest.param([1], "the record is a list; expected an object", id="a list"),
    pytest.param("GET", "the record is text; expected an object", id="text"),
    pytest.param({}, "`request` is missing", id="no request"),
    pytest.param({"request": None}, "`request` is null", id="null for a request"),
    pytest.param({"request": {"url": "/qr/v1"}}, "`request.method` is missing", id="no method"),
    pytest.param(with_part("request.method", 1), "`request.method` is a number", id="a number for a method"),
    pytest.param(with_part("request.method", ""), "`request.method` is empty text", id="an empty method"),
    pytest.param(with_part("request.url", None), "`request.url` is missing", id="no URL"),
    pytest.param(with_part("request.url", "qr/v1"), "`request.url` is text; expected a URL", id="half a path"),
    pytest.param(with_part("request.url", "/qr/v1 HTTP/1.1"), "`request.url` is text; expected a URL", id="a line"),
]


@pytest.mark.parametrize(("record", "sentence"), UNREADABLE)
def test_no_record(record: object, sentence: str) -> None:
    (note,) = read(record)
    assert isinstance(note, Note)
    assert note.message.startswith(sentence)
    assert not VALID.is_valid(record)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        pytest.param("GET /qr/v1 200", "the line is no JSON (expecting value at column 1)", id="an access log"),
        pytest.param('{"request": {"method": "GE', "the line is no JSON (unterminated string", id="a line cut in half"),
        pytest.param('{"at": NaN}', "the line is no JSON (NaN is no JSON)", id="a number that is none"),
        pytest.param("[" * 100_000, "the record is nested too deep", id="a hundred thousand brackets"),
        pytest.param('{"a": "\udce5"}', "the line is not UTF-8 text", id="Latin-1"),
        pytest.param('{"at": ' + "1" * 5000 + "}", "the line is no JSON", id="a number of five thousand digits"),
    ],
)
def test_no_json(line: str, sentence: str) -> None:
    (note,) = read_line(line, PLACE)
    assert isinstance(note, Note)
    assert note.message.lower().startswith(sentence.lower())


def test_both_kinds_of_body_are_one_too_many() -> None:
    record = with_part("request.body", {"a": 1})
    record["request"]["body_text"] = "{}"
    note, reading = read(record)
    assert isinstance(note, Note)
    assert note.message.startswith("`request.body_text` stands beside `body`")
    assert isinstance(reading, Record)
    assert isinstance(reading.exchange.body, Missing)
    assert not VALID.is_valid(record)


@pytest.mark.parametrize(
    ("headers", "complete"),
    [
        pytest.param({"headers": {"Authorization": "***", "A": "b"}}, True, id="credentials, even blacked out"),
        pytest.param({"headers": {"client_secret": "***"}}, True, id="the credentials of the access token"),
        pytest.param({"headers": {"A": "b"}}, False, id="no credentials"),
        pytest.param({}, False, id="no headers recorded"),
    ],
)
def test_a_recorder_that_keeps_credentials_keeps_all_headers(headers: dict[str, Any], complete: bool) -> None:
    assert exchange({"request": {"method": "GET", "url": "/qr/v1", **headers}}).headers_complete is complete


def test_lines_and_records_are_counted_apart() -> None:
    line = json.dumps(with_part("at", None))
    places = [reading.place for reading in read_lines([f"\r\n{line}\r\n\r\n{line}"], "x") if isinstance(reading, Record)]
    assert [(place.line, place.record) for place in places] == [(2, 1), (4, 2)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
PARTS = ["at", "request", "request.method", "request.url", "request.headers", "request.body", "request.body_text"]
PARTS += ["response", "response.status", "response.headers", "response.body", "response.body_text"]


@given(st.sampled_from(PARTS), JSON)
def test_reader_and_schema_agree_whatever_a_part_is(where: str, value: object) -> None:
    record = with_part(where, value)
    readings = read(record)
    assert readings
    if VALID.is_valid(record) and where != "at":
        assert [type(one) for one in readings] == [Record]
    if not any(isinstance(one, Note) for one in readings):
        assert VALID.is_valid(record)


@given(st.text())
def test_any_text_is_notes_and_records(text: str) -> None:
    lines = sum(bool(line.strip(" \t\r")) for line in text.split("\n"))
    assert len(list(read_lines([text], "x"))) == lines


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json.loads(schema()))
