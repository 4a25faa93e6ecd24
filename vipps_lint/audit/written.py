"""JSON reports that were written earlier, read again: an audit to compare with, and the call sites of the source.

Only what is used is looked at; other keys may come and go.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, NonNegativeInt, ValidationError

from vipps_lint.call import Place
from vipps_lint.rulefiles import sentence


class ReportFileError(Exception):
    """A file that is not the report that is needed; the text is one sentence with the cure."""


class Share(BaseModel):
    """An operation in which a rule was broken."""

    operation: str
    calls: NonNegativeInt


class OperationNumbers(BaseModel):
    """How the calls of an operation were answered."""

    operation: str
    calls: NonNegativeInt
    failed: NonNegativeInt
    unknown: NonNegativeInt


class Finding(BaseModel):
    """How many calls broke a rule, and where."""

    rule: str
    severity: Literal["info", "warning", "error"]
    calls: NonNegativeInt
    operations: tuple[Share, ...]


class Numbers(BaseModel):
    """The health of the calls."""

    first_day: str | None
    last_day: str | None
    calls: NonNegativeInt
    operations: tuple[OperationNumbers, ...]
    findings: tuple[Finding, ...]
    rules: tuple[str, ...] | None = None


class AnsweredError(BaseModel):
    """An error that was answered."""

    operation: str
    status: int
    group: str
    code: str
    title: str
    count: NonNegativeInt


class AuditReport(BaseModel):
    """What a comparison needs of a report of the auditor."""

    version: Literal[1]
    face: Literal["audit"]
    health: Numbers
    errors: tuple[AnsweredError, ...]


class SourceCall(BaseModel):
    """A call in the source."""

    id: str | None
    path: str
    line: int | None
    column: int | None = None


class SourceReport(BaseModel):
    """What is needed of a report of `check`."""

    version: Literal[1]
    face: Literal["check"]
    calls: tuple[SourceCall, ...]


Model = TypeVar("Model", bound=BaseModel)


def earlier(path: Path) -> dict[str, Any]:
    """The numbers of an earlier audit, as JSON has them. Raises `ReportFileError`."""
    return _read(path, AuditReport, "audit").model_dump()


def callsites(path: Path) -> Mapping[str, tuple[Place, ...]]:
    """Where the source makes the calls of each operation, by its id. Raises `ReportFileError`."""
    found: dict[str, set[tuple[str, int, int]]] = {}
    for call in _read(path, SourceReport, "check").calls:
        if call.id is not None and call.line is not None:
            found.setdefault(call.id, set()).add((call.path, call.line, call.column or 0))
    return {
        operation: tuple(Place(path, line, column or None) for path, line, column in sorted(places))
        for operation, places in found.items()
    }


def _read(path: Path, model: type[Model], face: str) -> Model:
    cure = f"`vipps-lint {face} --format json` writes one"
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ReportFileError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        whole = not error.errors(include_input=False)[0]["loc"]
        problem = "it is no JSON object" if whole else sentence(error, model, "a report")
        raise ReportFileError(f"{path} is no report of `vipps-lint {face}`: {problem}; {cure}") from None
