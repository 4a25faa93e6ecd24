"""What an official file calls valid breaks no rule at the level of an error, except where it is listed why."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

pytest.importorskip("yaml", reason="reading OpenAPI files needs PyYAML")
pytest.importorskip("openapi_schema_validator", reason="the independent validator")

import generated
from descriptions import Described, Request, accepts
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from judging import ALL, FOLDER, Disagreement, disagreements, good, guarded, judged

pytestmark = [
    pytest.mark.specs,
    pytest.mark.skipif(not FOLDER, reason="VIPPS_SPECS names no folder; tools/README.md says where the files are"),
]

STRICTER = disagreements("stricter")
MANY = settings(
    max_examples=30, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip


def at(pointer: str) -> str:
    """A pointer with `*` for the items of arrays."""
    return re.sub(r"\.\d+(?=\.|$)", ".*", pointer)


@pytest.mark.parametrize("described", ALL, ids=str)
def test_a_valid_request_has_no_error(described: Described, made: Counter[str]) -> None:
    @MANY
    @given(st.data())
    def generate(data: st.DataObject) -> None:
        request = data.draw(generated.requests(described))
        found = [one for one in guarded(described, request) if not _is_listed(described, one.rule, at(one.pointer))]
        made["requests drawn, sent by requests, valid"] += 1
        made["of which with a warning"] += any(one.severity.value == "warning" for one in found)
        assert [f"{one.rule} at {one.pointer}: {one.message}" for one in found if one.severity.value == "error"] == []

    made["operations described"] += 1
    generate()


def _is_listed(described: Described, rule: str, place: str) -> bool:
    return any(row.rule == rule and row.speaks_of(described.id, place) for row in STRICTER)


@pytest.mark.parametrize("described", ALL, ids=str)
def test_the_request_with_every_field_has_no_finding(described: Described) -> None:
    for choice in range(generated.choices(described.body)):
        request = generated.full(described, good(described), choice)
        assert accepts(described, request)
        found = [one for one in judged(described, request) if not _is_listed(described, one.rule, at(one.pointer))]
        assert [f"{one.rule} at {one.pointer}: {one.message}" for one in found if one.severity.value != "info"] == []


@pytest.mark.parametrize("row", STRICTER, ids=lambda row: f"{row.rule} {row.on[0]}")
def test_a_listed_request_is_valid_and_still_an_error(row: Disagreement) -> None:
    described = next(one for one in ALL if one.id == row.example)
    request = generated.full(described, good(described), 0)
    for place, value in row.set.items():
        request = changed(request, place.split("."), value)
    for place in row.without:
        request = changed(request, place.split("."), None)
    assert row.speaks_of(described.id, row.at[0])
    assert accepts(described, request), "the file rejects it too"
    found = {
        (one.rule, one.severity.value, row.speaks_of(described.id, at(one.pointer)))
        for one in judged(described, request)
    }
    assert (row.rule, "error", True) in found, "no rule reports it any more"


def changed(request: Request, place: list[str], value: Any) -> Request:
    """The request with another value at a place; with none at all where it is None."""
    if place[0] == "body":
        body = _changed(request.body, place[1:], value) if place[1:] else value
        return Request(request.parameters, body, body is not None)
    rest = {key: one for key, one in request.parameters.items() if key != (place[0], place[1])}
    return Request(rest if value is None else {**rest, (place[0], place[1]): value}, request.body, request.has_body)


def _changed(body: dict[str, Any], place: list[str], value: Any) -> dict[str, Any]:
    if place[1:]:
        return {**body, place[0]: _changed(body[place[0]], place[1:], value)}
    rest = {name: one for name, one in body.items() if name != place[0]}
    return rest if value is None else {**rest, place[0]: value}
