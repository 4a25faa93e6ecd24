"""HAR entries to exchanges, and files that break off."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import entry, har

from vipps_lint.call import Place
from vipps_lint.diagnostic import Note
from vipps_lint.document import Object
from vipps_lint.read.har import read_entry, read_har
from vipps_lint.read.record import Record
from vipps_lint.read.request import Missing, Parsed

PLACE = Place("calls.har", record=5)


def read(data: object) -> list[Record | Note]:
    return list(read_entry(data, PLACE, json.dumps(data)))


BASE64 = {"text": "e30=", "encoding": "base64"}
FORM = "application/x-www-form-urlencoded"
ACCEPTED: list[Any] = [
    pytest.param({"request__postData__text": "{}"}, "body", "{}", id="a body as text"),
    pytest.param({"request__postData": BASE64}, "body", b"{}", id="a body in base64"),
    pytest.param(
        {"request__postData": {"mimeType": FORM, "text": "a=b&c="}},
        "body", Parsed(Object({"a": "b", "c": ""})), id="a form"
    ),
    pytest.param(
        {"request__postData": {"mimeType": FORM, "params": [{"name": "a", "value": "b"}]}},
        "body", Parsed(Object({"a": "b"})), id="the fields of a form",
    ),
    pytest.param(
        {"request__postData": {"mimeType": "multipart/form-data", "params": [{"name": "a", "fileName": "b"}]}},
        "body", Missing("a field of the form has no value"), id="a file in a form",
    ),
    pytest.param({"request__postData": None}, "body", Missing(), id="a body of which only the size is recorded"),
    pytest.param({"request__postData": None, "request__bodySize": 0}, "body", None, id="no body"),
    pytest.param({"request__postData": {"text": ""}}, "body", Missing(), id="an empty body of ninety bytes"),
    pytest.param(
        {"request__postData": None, "request__bodySize": -1, "request__method": "GET"},
        "body", None, id="a GET has none"
    ),
    pytest.param({"request__postData": None, "request__bodySize": -1}, "body", Missing(), id="a POST may have one"),
    pytest.param({"response__content": {"size": 2}}, "response_body", Missing(), id="a response that was not exported"),
    pytest.param({"response__content": {"size": 0}, "response__bodySize": 0}, "response_body", None, id="no answer"),
    pytest.param({"response__content": {"size": 0}, "response__status": 204}, "response_body", None, id="no content"),
    pytest.param({"response__content": BASE64}, "response_body", b"{}", id="base64 back"),
    pytest.param({"response__status": 0}, "status", None, id="an aborted call"),
    pytest.param({"response__status": -1}, "status", None, id="an aborted call of another recorder"),
    pytest.param({"response": None}, "status", None, id="no response"),
    pytest.param({}, "headers_complete", False, id="a browser that dropped the credentials"),
    pytest.param(
        {"request__headers": [{"name": "Authorization", "value": "x"}]}, "headers_complete", True, id="a proxy"
    ),
    pytest.param(
        {"request__headers": [{"name": ":path", "value": "/"}, {"name": "A", "value": "b"}]},
        "headers", {"a": "b"}, id="pseudo headers of HTTP/2 are none",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "part", "expected"), ACCEPTED)
def test_accepted(changes: dict[str, Any], part: str, expected: object) -> None:
    (reading,) = read(entry(**changes))
    assert isinstance(reading, Record), reading
    found = getattr(reading.exchange, part)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("changes", "sentence", "lost"),
    [
        pytest.param({"startedDateTime": "soon"}, "`startedDateTime` is text, which is no time", False, id="time"),
        pytest.param({"response__status": "OK"}, "`response.status` is text, which is no HTTP", False, id="status"),
        pytest.param({"request__headers": "A: b"}, "`request.headers` is text", False, id="headers"),
        pytest.param({"request__postData": "{}"}, "`request.postData` is text", False, id="body"),
        pytest.param(
            {"response__content": {**BASE64, "text": "?"}}, "`response.content` is no base64", False, id="base64"
        ),
        pytest.param({"request": None}, "`request` is null; expected an object (HAR 1.2)", True, id="no request"),
        pytest.param({"response": "200"}, "`response` is text; expected an object", True, id="a response as text"),
        pytest.param({"request__url": None}, "`request.url` is missing", True, id="no URL"),
        pytest.param({"request__method": 7}, "`request.method` is a number", True, id="no method"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], sentence: str, lost: bool) -> None:
    note, *records = read(entry(**changes))
    assert isinstance(note, Note)
    assert note.message.startswith(sentence)
    assert (note.path, note.record) == ("calls.har", 5)
    assert [type(one) for one in records] == ([] if lost else [Record])


@pytest.mark.parametrize("indent", [None, 2], ids=["one line", "many lines"])
def test_half_a_file_is_read_to_the_break(indent: int | None) -> None:
    text = json.dumps(har(entry(), entry(), entry()), indent=indent)
    cut = text[: text.rindex("startedDateTime") + 60]
    *records, note = read_har([cut], "calls.har")
    assert [type(one) for one in records] == [Record, Record]
    assert isinstance(note, Note)
    assert "breaks off at line" in note.message
    assert ": the 2 entries before that were read, nothing after it;" in note.message
    assert note.line == (1 if indent is None else cut.count("\n") + 1)


def test_every_cut_gives_whole_entries_and_says_so() -> None:
    text = json.dumps(har(entry(), entry()))
    first, last = text.index('"entries": [') + 12, text.rindex("]")
    end_of_first = text.index('}, {"startedDateTime"') + 1
    for end in range(first, last, 7):
        *records, note = read_har([text[:end]], "x")
        assert isinstance(note, Note)
        assert len(records) == (end >= end_of_first)


def test_a_whole_file_has_no_break() -> None:
    assert [type(one) for one in read_har([json.dumps(har(entry(), entry()))], "x")] == [Record, Record]


@pytest.mark.parametrize("text", ['{"log": {"version": "1.2"}}', '{"log": {"entries": {}}}'], ids=["none", "an object"])
def test_no_entries(text: str) -> None:
    (note,) = read_har([text], "x")
    assert isinstance(note, Note)
    assert note.message.startswith("the HAR file has no `log.entries`")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
PARTS = ["startedDateTime", "request", "response"]
PARTS += [f"request__{name}" for name in ("method", "url", "headers", "postData", "bodySize", "postData__text")]
PARTS += ["request__postData__encoding", "request__postData__params", "response__content__encoding"]
PARTS += [f"response__{name}" for name in ("status", "headers", "content", "content__text", "content__size")]


@given(st.sampled_from(PARTS), JSON)
def test_no_entry_is_lost_whatever_a_part_is(where: str, value: object) -> None:
    readings = list(read_entry(entry(**{where: value}), PLACE, ""))
    assert readings
    assert all(isinstance(one, Record | Note) for one in readings)


@given(JSON)
def test_any_entry_is_a_note_or_a_record(data: object) -> None:
    assert list(read_entry(data, PLACE, ""))
