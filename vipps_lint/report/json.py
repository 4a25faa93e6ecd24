"""A report as JSON, for programs; `report.schema.json` describes it. The shape has a version; keys are only added."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from vipps_lint.call import Call, Place, Step
from vipps_lint.checks.environment import environment
from vipps_lint.diagnostic import Diagnostic, Judgement, Note, Related
from vipps_lint.document import show
from vipps_lint.report import Report
from vipps_lint.report.failures import as_data
from vipps_lint.report.holes import as_json
from vipps_lint.report.kept import in_order
from vipps_lint.report.mask import HIDDEN, hidden, masked_call, masked_text
from vipps_lint.report.summary import summary

VERSION = 1
SCHEMA = Path(__file__).with_name("report.schema.json")


def json_text(report: Report) -> Iterator[str]:
    """The report as one JSON object, in pieces. It is plain ASCII, so that no terminal and no pipe can spoil it."""
    yield from json.JSONEncoder(indent=2).iterencode(_document(report, _Each(report.diagnostics)))
    yield "\n"


class _Each(list[Any]):
    """The findings as data, each made when it is written."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        self._found = found

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Any]:
        return map(_diagnostic, in_order(self._found))


def document(report: Report, findings: bool = True) -> dict[str, Any]:
    """What `json_text` writes, as plain data; the findings themselves can be left out."""
    return _document(report, [*_Each(report.diagnostics)] if findings else [])


def _document(report: Report, found: list[Any]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "face": report.face,
        "diagnostics": found,
        "calls": [_call(call) | _judged(call, judgement, report.secrets) for call, judgement in _pairs(report)],
        "errors": as_data(report.failures),
        **({"health": report.health.as_data()} if report.health else {}),
        **({"incomplete": True} if report.incomplete else {}),
        **({"unread_files": unread} if (unread := report.unread_files) else {}),
        **({"comparison": report.comparison} if report.comparison else {}),
        "notes": [_note(note) for note in report.notes],
        "summary": _summary(report),
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        **_place(diagnostic.place),
        "operation": diagnostic.operation,
        "pointer": diagnostic.pointer,
        "instead": diagnostic.instead,
        "related": [_related(related) for related in diagnostic.related],
        "chain": [_related(step) for step in diagnostic.chain],
    }


def _related(related: Related) -> dict[str, Any]:
    return {**_place(related.place), "message": related.message}


def _place(place: Place) -> dict[str, Any]:
    """A place in a log by its record; any other by line and column, which count from 1."""
    if place.record is not None:
        return {"path": place.path, "record": place.record}
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _call(call: Call) -> dict[str, Any]:
    """The call; `operation` is named as in the findings, `id` as in the rule files and None where it is none."""
    return {
        "operation": call.label,
        "id": call.operation.id if call.operation else None,
        "method": call.method,
        "route": call.operation.route if call.operation else masked_text(call.path),
        **_place(call.place or Place("")),
        "host": call.host if isinstance(call.host, str) else show(call.host),
        "environment": environment(call),
        "at": call.at.isoformat() if call.at else None,
    }


def _pairs(report: Report) -> Iterator[tuple[Call, Judgement | None]]:
    return zip_longest(report.calls, report.judgements)


def _judged(call: Call, judgement: Judgement | None, secrets: Collection[str]) -> dict[str, Any]:
    """What the source says of the request, where the calls are of source, and what the rules say of it."""
    if judgement is None:
        return {}
    parts = masked_call(call).document.fields.items()
    request = {name: _hidden(as_json(part), secrets) for name, part in parts if name != "response"}
    still = ({"rule": one.rule, "pointer": one.pointer, "reason": one.reason} for one in judgement.undecided)
    return {
        "request": request,
        "ways": [[_step(step) for step in way] for way in judgement.ways],
        "rules": {"broken": [*judgement.broken], "kept": [*judgement.kept], "undecided": [*still]},
    }


def _hidden(data: Any, secrets: Collection[str]) -> Any:
    """JSON without a secret in its texts."""
    match data:
        case dict():
            return {name: _hidden(one, secrets) for name, one in data.items()}
        case list():
            return [_hidden(one, secrets) for one in data]
        case str():
            return HIDDEN if data in secrets else hidden(data, secrets)
        case _:
            return data


def _step(step: Step) -> dict[str, Any]:
    return {**_place(step.place), "within": step.within}


def _note(note: Note) -> dict[str, Any]:
    place = {"line": note.line} if note.record is None else {"record": note.record}
    return {"path": note.path, **place, "message": note.message}


def _summary(report: Report) -> dict[str, int]:
    numbers = summary(report)
    return {
        **{severity.value: number for severity, number in numbers.findings.items()},
        "calls": numbers.calls,
        "operations": numbers.operations,
        "scanned": numbers.scanned,
        "suppressed": numbers.suppressed,
    }
