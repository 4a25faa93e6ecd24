"""Findings that are kept in a file: the same ones, in the same order, in the same report."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from findings import RECORD
from hypothesis import given
from hypothesis import strategies as st

from vipps_lint.audit import audit, whole
from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.report import kept
from vipps_lint.report.render import render
from vipps_lint.report.summary import reading_order

EXAMPLES = Path(__file__).parents[2] / "examples"
LOGS = [EXAMPLES / "calls.har", EXAMPLES / "calls.jsonl"]
TODAY = date(2026, 11, 22)


def findings(path: str = "log", record: int = 1, rule: str = "a", internal: bool = False) -> Diagnostic:
    return replace(RECORD, rule=rule, place=Place(path, record=record), internal=internal)


FOUND = st.builds(findings, st.sampled_from(["a.har", "b.har"]), st.integers(1, 70_000), st.sampled_from("abc"))


@given(st.lists(st.lists(FOUND, max_size=8), max_size=8))
def test_what_is_kept_is_read_in_order(batches: list[list[Diagnostic]]) -> None:
    found = kept.Kept()
    for batch in batches:
        found.add(batch)
    every = reading_order(one for batch in batches for one in batch)
    assert list(found) == every
    assert len(found) == len(every)
    assert [found[index] for index in range(-len(every), len(every))] == every * 2
    assert found[1:3] == every[1:3]


def test_a_crash_among_them_is_known() -> None:
    found = kept.Kept()
    found.add([findings()])
    assert not kept.crashed(found)
    found.add([findings(internal=True)])
    assert kept.crashed(found)


@pytest.mark.parametrize("style", ["json", "text", "markdown", "github"])
def test_a_report_is_the_same_however_its_findings_are_kept(monkeypatch: pytest.MonkeyPatch, style: str) -> None:
    report = audit(LOGS, catalog(), as_of=TODAY)
    monkeypatch.setattr(whole, "FEW", 0)
    monkeypatch.setattr(kept, "HELD", 1)
    other = audit(LOGS, catalog(), as_of=TODAY)
    assert isinstance(other.diagnostics, kept.Kept)
    assert render(other, style) == render(report, style)


def test_where_there_is_no_room_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, found: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(kept.Kept, "add", full)
    report = audit(LOGS, catalog(), as_of=TODAY)
    assert report.incomplete
    assert [note.message for note in report.notes if "no room" in note.message] == [
        f"{whole.NO_ROOM} (No space left on device); {whole.CURE}"
    ]
