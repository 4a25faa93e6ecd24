"""Lines of JSON that others log: what the settings say of them, access logs of servers, and what they leave open."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from auditing import WRONG, Audited, calls, found, operations
from shop import URL, capture, initiate

from vipps_lint.audit import Intake
from vipps_lint.call import Place
from vipps_lint.document import Hole, Template
from vipps_lint.read.fields import Fields
from vipps_lint.read.jsonl import read_line
from vipps_lint.read.record import Record
from vipps_lint.read.request import Exchange, Missing
from vipps_lint.report.health import Answer

NOON = datetime(2022, 4, 1, 12, tzinfo=UTC)
OPEN = Hole(reason="the query is not logged")
BODY = initiate(number=WRONG)["request"]["body"]
ECS = {
    "@timestamp": "2022-04-01T12:00:00Z",
    "log": {"level": "info"},
    "http": {
        "request": {"method": "POST", "headers": {"Authorization": "***"}, "body.content": json.dumps(BODY)},
        "response": {"status_code": 200, "body": {"content": "{}"}},
    },
    "url.full": URL + "?",
}
ECS_FIELDS = {
    "time": "@timestamp",
    "method": "http.request.method",
    "url": "url.full",
    "status": "http.response.status_code",
    "request-headers": "http.request.headers",
    "request-body": "http.request.body.content",
    "response-body": "http.response.body.content",
}


def logged(fields: dict[str, str]) -> Intake:
    return Intake(Fields(fields))


def read(line: dict[str, Any], **fields: str) -> Exchange:
    named = {name.replace("_", "-"): path for name, path in fields.items()}
    (reading,) = read_line(json.dumps(line), Place("x", 1, record=1), Fields(named))
    assert isinstance(reading, Record), reading
    return reading.exchange


def test_the_fields_of_another_log_are_judged_like_our_own(audited: Audited) -> None:
    report = audited([ECS], intake=logged(ECS_FIELDS))
    assert found(report) == [("mobile-number-not-national", "warning")]
    assert report.notes == []


def test_all_parts_are_found() -> None:
    exchange = read(ECS, **{name.replace("-", "_"): path for name, path in ECS_FIELDS.items()})
    assert exchange == Exchange(
        "POST", Template((URL + "?",)), {"authorization": "***"}, json.dumps(BODY), 200, {}, "{}", NOON
    )


NGINX = {
    "time_iso8601": "2022-04-01T12:00:00+00:00",
    "remote_addr": "10.0.0.1",
    "request": "POST /ecomm/v2/payments HTTP/1.1",
    "status": "200",
    "proxy_host": "api.vipps.no",
    "host": "egress.local",
    "request_body": "",
}
ENVOY = {
    "start_time": "2022-04-01T12:00:00.000Z",
    "method": "GET",
    "path": "/ecomm/v2/payments/a/details",
    ":authority": "api.vipps.no",
    "response_code": 200,
    "protocol": "HTTP/1.1",
}


@pytest.mark.parametrize(
    ("line", "method", "url", "status"),
    [
        pytest.param(NGINX, "POST", (Hole(), "://api.vipps.no/ecomm/v2/payments"), 200, id="nginx"),
        pytest.param(
            {**NGINX, "request": "GET https://api.vipps.no/qr/v1?a=b HTTP/2.0"},
            "GET", ("https://api.vipps.no/qr/v1?a=b",), 200, id="a request to a proxy",
        ),
        pytest.param(
            {"request_method": "GET", "uri": "/qr/v1", "args": "a=b", "status": 200},
            "GET", ("/qr/v1?a=b",), 200, id="pieces of a URL",
        ),
        pytest.param(
            {"request_method": "GET", "uri": "/qr/v1", "args": "", "status": 200},
            "GET", ("/qr/v1", "?", OPEN), 200, id="an empty query may be one that nobody logs",
        ),
        pytest.param(
            ENVOY, "GET", (Hole(), "://api.vipps.no/ecomm/v2/payments/a/details", "?", OPEN), 200, id="Envoy"
        ),
        pytest.param({**ENVOY, "response_code": 0, ":authority": "-"}, "GET", (ENVOY["path"], "?", OPEN), None, id="no answer"),
        pytest.param({**ENVOY, "scheme": "http", "path": "/a?"}, "GET", (Hole(), "://api.vipps.no/a?"), 200, id="only what is asked for"),
        pytest.param({**NGINX, "request": "CONNECT api.vipps.no:443 HTTP/1.1"}, "CONNECT", None, 200, id="a tunnel"),
    ],
)  # fmt: skip
def test_access_logs(line: dict[str, Any], method: str, url: tuple[object, ...] | None, status: int | None) -> None:
    exchange = read(line)
    assert (exchange.method, exchange.status) == (method, status)
    if url is not None:
        assert exchange.url == Template(url)  # type: ignore[arg-type]
    assert isinstance(exchange.body, Missing)
    assert exchange.headers_complete is False


def test_what_an_access_log_does_not_say_is_not_wrong(audited: Audited) -> None:
    report = audited([NGINX, ENVOY])
    assert found(report) == []
    assert operations(report) == {"ecom.initiate-payment", "ecom.get-payment-details"}
    assert report.notes == []


def test_what_an_access_log_says_counts(audited: Audited) -> None:
    report = audited([{**ENVOY, "response_code": 404, "method": "PUT"}])
    assert report.health is not None
    assert list(report.health.answers) == [Answer("PUT, no operation of eCom API v2", "2022-04-01", 404)]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        pytest.param("1648814400.123", NOON.replace(microsecond=123000), id="seconds as text"),
        pytest.param("01/Apr/2022:14:00:00 +0200", NOON, id="the time of web servers"),
        pytest.param(1648814400000, NOON, id="milliseconds"),
    ],
)
def test_times_of_servers(written: object, at: datetime) -> None:
    assert read({"msec": written, "request": "GET /qr/v1 HTTP/1.1", "status": 200}).at == at


def test_one_path_is_changed_and_the_others_are_our_own() -> None:
    exchange = read({"ts": 1648814400, **initiate(None)}, time="ts")
    assert (exchange.at, exchange.method, exchange.url, exchange.status) == (NOON, "POST", URL, 200)


def test_records_of_our_own_stand_among_those_of_others(audited: Audited) -> None:
    report = audited([ECS, capture()], intake=logged(ECS_FIELDS))
    assert calls(report) == 2
    assert report.notes == []


@pytest.mark.parametrize(
    ("line", "fields", "sentence"),
    [
        pytest.param(
            {**ECS, "http": {"request": {"method": 7}}}, ECS_FIELDS,
            "`http.request.method` is a number; expected the name", id="a method that is none",
        ),
        pytest.param(
            {"url.full": URL}, ECS_FIELDS, "`http.request.method` is missing; expected the name", id="no method"
        ),
        pytest.param({**ECS, "@timestamp": "soon"}, ECS_FIELDS, "`@timestamp` is text, which is no time", id="a time"),
        pytest.param({**ENVOY, "path": "a b"}, {}, "`path` is text; expected a URL", id="a path that is none"),
        pytest.param({**NGINX, "request": "\x16\x03"}, {}, "`request` is text; expected the name of an HTTP", id="no request at all"),
        pytest.param({"method": "GET", "message": "a"}, {}, "`request` is missing; expected", id="no access log"),
        pytest.param({"verb": "GET"}, ECS_FIELDS, "`request` is missing; expected", id="nothing of a record"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_as_in_the_log(
    audited: Audited, line: dict[str, Any], fields: dict[str, str], sentence: str
) -> None:
    first, *_ = audited([line], intake=logged(fields)).notes
    assert first.message.startswith(sentence)
    assert first.record == 1


def test_a_path_that_no_record_has_is_said_once(audited: Audited) -> None:
    report = audited([ECS] * 3, [{**ECS, "url.full": URL}], intake=logged({**ECS_FIELDS, "status": "http.status"}))
    assert [(note.path, note.message) for note in report.notes if note.record is None] == [
        (
            "[tool.vipps-lint.audit.fields]",
            "no record has `http.status`, which is said to be the status; correct `status`, or leave it out",
        )
    ]

