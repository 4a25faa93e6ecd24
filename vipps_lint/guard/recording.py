"""The calls of a test run as records for the auditor: masked, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from vipps_lint.call import Call
from vipps_lint.document import ABSENT, Array, Hole, Object, Value

UNKNOWN = "***"
"""What stands for a value that the guard did not see; the auditor reads it as not known."""


def record(call: Call, test: str) -> dict[str, Any]:
    """A masked call as a record. Parts that were not seen are left out, which says that they were not recorded."""
    request: dict[str, Any] = {"method": call.method, "url": _url(call), "headers": _plain(call[("headers",)])}
    answer = call[("response",)]
    response: dict[str, Any] | None = None
    if isinstance(answer, Object) and isinstance(status := answer.fields.get("status"), int):
        response = {"status": status, "headers": _plain(call[("response", "headers")])}
        response |= _body(call[("response", "body")])
    known = {"id": test, "request": request | _body(call[("body",)]), "response": response}
    return known | ({"at": call.at.isoformat()} if call.at else {})


def _url(call: Call) -> str:
    query = call[("query",)]
    named = query.fields.items() if isinstance(query, Object) else ()
    pairs = "&".join(f"{name}={_plain(value)}" for name, value in named)
    start = f"{call.scheme}://{call.host}" if isinstance(call.scheme, str) and isinstance(call.host, str) else ""
    return f"{start}{call.path}{'?' + pairs if pairs else ''}"


def _body(value: Value) -> dict[str, Any]:
    """The body, if it is known: text is written as text, so that it is not taken for JSON."""
    match value:
        case Hole():
            return {}
        case _ if value is ABSENT:
            return {"body": None}
        case str():
            return {"body_text": json.dumps(value)}
        case _:
            return {"body": _plain(value)}


def _plain(value: Value) -> Any:
    match value:
        case Object(fields):
            return {name: _plain(item) for name, item in fields.items()}
        case Array(items):
            return [_plain(item) for item in items]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return UNKNOWN


class Recorder:
    """The file of a run. What cannot be written is said once, in `problem`, and the tests go on."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.written = 0
        self.missing = 0
        self.problem = ""
        self._file = Path(path).open("w", encoding="utf-8")  # noqa: SIM115 - closed by `close`

    def add(self, records: Iterable[dict[str, Any]]) -> None:
        """Write records."""
        for one in records:
            if self.problem:
                self.missing += 1
                continue
            try:
                self._file.write(json.dumps(one, ensure_ascii=False) + "\n")
                self._file.flush()
                self.written += 1
            except OSError as error:
                self.problem = error.strerror or str(error)
                self.missing += 1

    def close(self) -> str:
        """Close the file; gives the line that says what is in it."""
        try:
            self._file.close()
        except OSError as error:
            self.problem = self.problem or error.strerror or str(error)
        if self.problem:
            return f"{self.path}: {self.problem}; {self.written} calls were recorded, {self.missing} are missing"
        return f"{self.written} {'call was' if self.written == 1 else 'calls were'} recorded in {self.path}"
