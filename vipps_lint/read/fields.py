"""Lines of JSON that others log: where each part of a call is in them, and what they leave open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from vipps_lint.diagnostic import Note
from vipps_lint.document import Hole, Template
from vipps_lint.read.record import Record

PARTS: Final = {
    "time": "at",
    "method": "request.method",
    "url": "request.url",
    "request-headers": "request.headers",
    "request-body": "request.body",
    "status": "response.status",
    "response-headers": "response.headers",
    "response-body": "response.body",
}
"""The parts of a call that can be mapped as they are, and where a record of our own has them."""

PIECES: Final = ("request-line", "scheme", "host", "path", "query")
"""What a URL can be made of where it is not logged as a whole."""

CALLED = ("method", "url", "path", "request-line")
"""The parts that say what has been called."""

KNOWN: Final = {
    "time": ("time_iso8601", "start_time", "@timestamp", "timestamp", "time", "time_local", "msec"),
    "method": ("method", "request_method"),
    "url": ("url", "request_url"),
    "request-line": ("request",),
    "host": ("proxy_host", "authority", ":authority", "http_host", "host"),
    "path": ("request_uri", "path", ":path", "uri"),
    "query": ("args", "query_string"),
    "status": ("status", "response_code"),
}
"""What the access logs of nginx, Envoy and others call the parts."""

NOTHING = ("", "-")
"""What servers log in the place of a value that is not there."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LOCAL_TIME = re.compile(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})", re.ASCII)
REQUEST_LINE = re.compile(r"([A-Za-z]+) (\S+)(?: HTTP/[\d.]+)?", re.ASCII)
ABSENT: Final = object()


class Fields:
    """Makes records of our own of the lines of other logs: by what the user says of them, or by well-known names."""

    def __init__(self, paths: Mapping[str, str] | None = None) -> None:
        self._paths = dict(paths or {})
        self._met: set[str] = set()
        self._asked = False
        self._guessing = self._paths.keys().isdisjoint(CALLED)

    def may_tell(self, line: object) -> bool:
        """Whether the fields of a line may be those of another log than our own."""
        if type(line) is not dict:
            return False
        self._asked = True
        return bool(self._paths) or type(line.get("request")) is not dict

    def record(self, data: Mapping[str, Any]) -> Foreign | None:
        """The call of a line; None where nothing in it is to be found elsewhere than in a record of our own."""
        self._asked = True
        own = isinstance(data.get("request"), Mapping)
        if own and not self._paths:
            return None
        found = dict(self._found(data, guessing=self._guessing and not own))
        told = found.keys() - self._paths.keys() if self._guessing else set()
        if told and not _is_access(found):
            found = {name: value for name, value in found.items() if name in self._paths}
        return Foreign(data, found, self._paths) if found else None

    def _found(self, data: Mapping[str, Any], guessing: bool) -> Iterator[tuple[str, tuple[str, Any]]]:
        """Each part that the line has, with its path and its value."""
        for name in (*PARTS, *PIECES):
            written = self._paths.get(name)
            for path in (written,) if written else KNOWN.get(name, ()) if guessing else ():
                value = at(data, path)
                if value is not ABSENT:
                    self._met |= {name}
                    if value not in NOTHING:
                        yield name, (path, value)
                    break

    def join(self, other: Fields) -> None:
        """Know what another one has met, in another process."""
        self._met |= other._met
        self._asked = self._asked or other._asked

    def notes(self) -> Iterator[Note]:
        """What the user says of the logs, and no record has."""
        for name in self._paths.keys() - self._met if self._asked else ():
            message = f"no record has `{self._paths[name]}`, which is said to be the {name.replace('-', ' ')}"
            yield Note("[tool.vipps-lint.audit.fields]", f"{message}; correct `{name}`, or leave it out")


def _is_access(found: Mapping[str, tuple[str, Any]]) -> bool:
    """Whether a line says what was called, and how that was answered."""
    line = isinstance(found.get("request-line", ("", None))[1], str)
    return "status" in found and (line or ("method" in found and not found.keys().isdisjoint(("url", "path"))))


class Foreign:
    """A line of another log: its call as a record of our own, and what that does not say."""

    def __init__(
        self, data: Mapping[str, Any], found: Mapping[str, tuple[str, Any]], wanted: Mapping[str, str]
    ) -> None:
        self._paths = {**wanted, **{name: path for name, (path, _) in found.items()}}
        self._values = {name: value for name, (_, value) in found.items()}
        self._split_line()
        self.own = _own(data)
        self._open_url = self._address()
        for name, place in PARTS.items():
            if name in self._values:
                _put(self.own, place, self._values[name])
        if "time" in self._values:
            self.own["at"] = _time(self._values["time"])

    def _split_line(self) -> None:
        written = self._values.get("request-line")
        if line := REQUEST_LINE.fullmatch(str(written)):
            tunnel = line[1].upper() == "CONNECT"  # nobody has seen the calls in it
            self._values |= {"method": line[1], "url": "/" if tunnel else line[2], "query": ABSENT}
        elif written is not None:
            self._values.setdefault("method", written)

    def _address(self) -> str | Template | None:
        """The URL, of which scheme and query may be unknown; None where the record says it as it is."""
        values = self._values
        url = values.get("url", values.get("path"))
        if not isinstance(url, str):
            return None
        host, query = values.get("host"), values.get("query")
        url += f"?{query}" if isinstance(query, str) and "?" not in url else ""
        parts: tuple[str | Hole, ...] = (url,)
        if isinstance(host, str) and url.startswith("/"):
            parts = (str(values["scheme"]) if "scheme" in values else Hole(), f"://{host}{url}")
            url = f"https://{host}{url}"
        values["url"] = url
        whole = "?" in url or "query" in values
        return Template(parts if whole else (*parts, "?", Hole(reason="the query is not logged")))

    def completed(self, record: Record) -> Record:
        """The record with holes where the log does not say what the URL was."""
        if self._open_url is None:
            return record
        return replace(record, exchange=replace(record.exchange, url=self._open_url))

    def named(self, sentence: str) -> str:
        """A sentence about the record in the names that the log has for its parts."""
        for name, place in PARTS.items():
            path = self._paths.get(name)
            if name in ("url", "method"):
                path = path or self._paths.get("request-line") or (self._paths.get("path") if name == "url" else None)
            sentence = sentence.replace(f"`{place}`", f"`{path}`") if path else sentence
        return sentence


def at(data: object, path: str) -> Any:
    """What is at a dotted path; the names of fields may have dots themselves. `ABSENT` where there is nothing."""
    if not isinstance(data, Mapping):
        return ABSENT
    if path in data:
        return data[path]
    cuts = [index for index, character in enumerate(path) if character == "."]
    found = (at(data[path[:cut]], path[cut + 1 :]) for cut in reversed(cuts) if path[:cut] in data)
    return next((value for value in found if value is not ABSENT), ABSENT)


def _own(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a line says in the places of our own records; the parts that are changed are copies."""
    request, response = data.get("request"), data.get("response")
    return {
        "at": data.get("at"),
        "request": dict(request) if isinstance(request, Mapping) else {},
        "response": response,
    }


def _put(own: dict[str, Any], place: str, value: Any) -> None:
    message, _, name = place.partition(".")
    if not name:
        own[message] = value
        return
    held = own[message]
    own[message] = {**(held if isinstance(held, Mapping) else {}), name: value}
    if name == "body":
        own[message].pop("body_text", None)


def _time(value: Any) -> Any:
    """A time as records have it: of text that is a number, or as the logs of web servers write it."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\d{9,14}(\.\d+)?", value, re.ASCII):
        return float(value)
    found = LOCAL_TIME.fullmatch(value)
    if found is None or found[2] not in MONTHS:
        return value
    return f"{found[3]}-{MONTHS.index(found[2]) + 1:02}-{found[1]}T{found[4]}{found[5]}"
