"""What an official file rejects is reported, except where it is listed why not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

pytest.importorskip("yaml", reason="reading OpenAPI files needs PyYAML")
pytest.importorskip("openapi_schema_validator", reason="the independent validator")

import generated
import violated
from descriptions import Described, Request
from hypothesis import given
from hypothesis import strategies as st
from judging import ALL, CATALOG, FOLDER, Disagreement, disagreements, good, judged, last_word
from test_valid_requests import MANY, at
from violated import Violation

pytestmark = [
    pytest.mark.specs,
    pytest.mark.skipif(not FOLDER, reason="VIPPS_SPECS names no folder; tools/README.md says where the files are"),
]

LAXER = disagreements("laxer")


def findings(described: Described, request: Request) -> set[tuple[str, str, str]]:
    return {(one.rule, one.pointer, one.message) for one in judged(described, request)}


def listed(described: Described, one: Violation) -> Iterator[Disagreement]:
    """The rows that speak of a violation."""
    yield from (row for row in LAXER if {one.kind, "*"} & {*row.kinds} and row.speaks_of(described.id, one.at))


@pytest.fixture(scope="module")
def unreported(made: Counter[str]) -> dict[str, list[Violation]]:
    """Every violation of every field of every operation that nothing new is said of."""
    found: dict[str, list[Violation]] = defaultdict(list)
    for described in ALL:
        for choice in range(generated.choices(described.body)):
            request = generated.full(described, good(described), choice)
            before = findings(described, request)
            for one in violated.violations(described, request, choice):
                said = findings(described, one.request) - before
                made[f"violations: {one.kind}"] += 1
                made["violations reported"] += bool(said)
                made[f"violations not reported: {one.kind}"] += not said
                if not said:
                    found[described.id].append(one)
    return found


@pytest.mark.parametrize("described", ALL, ids=str)
def test_each_violation_of_a_full_request_is_reported(
    described: Described, unreported: dict[str, list[Violation]]
) -> None:
    silent = [one for one in unreported.get(described.id, ()) if not any(listed(described, one))]
    assert [f"{one.at} {one.kind}: {one.which}" for one in silent] == []


@pytest.mark.parametrize("row", LAXER, ids=lambda row: f"{row.on[0]} {row.at[0]} {row.kinds[0]}")
def test_a_listed_violation_is_still_not_reported(row: Disagreement, unreported: dict[str, list[Violation]]) -> None:
    """Each operation, place and kind that a row names is needed."""
    met = [
        (described.id, one.at, one.kind)
        for described in ALL
        for one in unreported.get(described.id, ())
        if row in listed(described, one)
    ]
    idle = [on for on in row.on if not any(Disagreement((on,), row.at, "", "").speaks_of(*one[:2]) for one in met)]
    idle += [at for at in row.at if not any(Disagreement(row.on, (at,), "", "").speaks_of(*one[:2]) for one in met)]
    idle += [kind for kind in row.kinds if kind != "*" and kind not in {one[2] for one in met}]
    assert idle == []


@pytest.mark.parametrize("described", ALL, ids=str)
def test_a_violation_of_any_valid_request_is_reported(described: Described, made: Counter[str]) -> None:
    @MANY
    @given(st.data())
    def generate(data: st.DataObject) -> None:
        request = data.draw(generated.requests(described))
        every = [one for one in violated.violations(described, request) if not any(listed(described, one))]
        if every:
            one = data.draw(st.sampled_from(every))
            made["violations of requests drawn"] += 1
            said = findings(described, one.request)
            there = any(at(pointer) == one.at for _, pointer, _ in said)  # the valid request may have had it already
            assert there or said - findings(described, request), f"{one.at} {one.kind}: {one.which}"

    generate()


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("described", ALL, ids=str)
def test_another_method_and_a_slip_in_the_path_are_reported(described: Described, made: Counter[str]) -> None:
    request = generated.full(described, good(described), 0)
    operation = CATALOG.operations[described.id]
    known = {one.method for one in CATALOG.operations.values() if one.route == operation.route}
    calls = [judged(described, request, method=method) for method in METHODS if method not in known]
    if not any(prefix.endswith(last_word(described)) for prefix in operation.api.prefixes):  # else it is no API's path
        calls.append(judged(described, request, slip=True))
    made["violations: method or path"] += len(calls)
    assert all("operation-unknown" in {one.rule for one in found} for found in calls)
