"""The examples of the official files go through the auditor without an error, except where it is listed why."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("yaml", reason="reading OpenAPI files needs PyYAML")
pytest.importorskip("openapi_schema_validator", reason="the independent validator")

import generated
from descriptions import Described, Request
from judging import ALL, CATALOG, FOLDER, Disagreement, body, disagreements, good, guarded, headers, url
from test_valid_requests import at

from vipps_lint.audit import audit
from vipps_lint.diagnostic import Diagnostic

pytestmark = [
    pytest.mark.specs,
    pytest.mark.skipif(not FOLDER, reason="VIPPS_SPECS names no folder; tools/README.md says where the files are"),
]

WRONG = disagreements("examples")


def exchange(described: Described, request: Request, answer: tuple[int, Any] | None) -> dict[str, Any]:
    """One call as a recorder writes it down."""
    asked = {
        "method": good(described).method,
        "url": url(described, request),
        "headers": headers(described, request),
        "body_text": (body(described, request) or b"").decode(),
    }
    record = {"at": good(described).at.isoformat(), "request": asked}
    told = {"status": answer[0], "headers": {}, "body": answer[1]} if answer else None
    return {**record, "response": told} if told else record


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, made: Counter[str]) -> dict[tuple[str, str, str], set[str]]:
    """The errors of all examples by operation, place and rule. Each is a history of its own."""
    folder, errors = tmp_path_factory.mktemp("examples"), dict[tuple[str, str, str], set[str]]()
    for described in ALL:
        full = generated.full(described, good(described), 0)
        sent = [Request(full.parameters, one, has_body=True) for _, one in described.sent]
        calls = [exchange(described, one, None) for one in sent]
        calls += [exchange(described, full, (status, one)) for _, status, one in described.answers]
        made["examples of requests"] += len(sent)
        made["examples of answers"] += len(described.answers)
        for number, call in enumerate(calls):
            place = folder / f"{described.id}-{number}.jsonl"
            place.write_text(json.dumps(call), encoding="utf-8")
            for one in _audited(place):
                errors.setdefault((described.id, at(one.pointer), one.rule), set()).add(one.message)
    return errors


def _audited(place: Path) -> list[Any]:
    report = audit([place], CATALOG)
    assert not report.notes and report.health is not None and report.health.files == 1
    return [one for one in report.diagnostics if one.severity.value == "error"]


@pytest.mark.parametrize("described", ALL, ids=str)
def test_the_examples_of_an_operation_have_no_error(described: Described, found: dict[Any, set[str]]) -> None:
    rows = [*WRONG, *disagreements("stricter")]
    wrong = {
        f"{rule} at {place}: {sorted(said)[0]}"
        for (name, place, rule), said in found.items()
        if name == described.id and not any(row.rule == rule and row.speaks_of(name, place) for row in rows)
    }
    assert wrong == set()


@pytest.mark.parametrize("described", ALL, ids=str)
def test_a_double_that_answers_like_an_example_is_right(described: Described) -> None:
    full = generated.full(described, good(described), 0)
    for label, status, answer in described.answers:
        grave = [one for one in guarded(described, full, (status, answer)) if one.severity.value != "info"]
        assert [f"{label}: {one.rule}" for one in grave if not _is_listed(described, one)] == []


def _is_listed(described: Described, one: Diagnostic) -> bool:
    rows = [row for row in disagreements("stricter") if row.rule == one.rule]
    return any(row.speaks_of(described.id, at(one.pointer)) for row in rows)


@pytest.mark.parametrize("row", WRONG, ids=lambda row: f"{row.rule} {row.on[0]}")
def test_a_listed_example_still_has_its_error(row: Disagreement, found: dict[Any, set[str]]) -> None:
    met = [(name, place) for name, place, rule in found if rule == row.rule and row.speaks_of(name, place)]
    assert [on for on in row.on if not any(Disagreement((on,), row.at, "", "").speaks_of(*one) for one in met)] == []
