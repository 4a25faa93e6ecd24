"""The file for Prometheus, as its own parser reads it: names, units, labels and numbers."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from vipps_lint.audit import audit
from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Failure, Severity
from vipps_lint.report import Report
from vipps_lint.report.frame import visible
from vipps_lint.report.health import CLASSES, FAILED, Answer, Breach, Health
from vipps_lint.report.prometheus import prometheus

EXAMPLES = Path(__file__).parents[2] / "examples"


def parsed(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """The samples by name, and by the values of their labels."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation.endswith(".") and family.type in ("counter", "gauge")
        series = found.setdefault(family.name, {})
        for sample in family.samples:
            assert re.fullmatch("vipps_lint_[a-z_]+", sample.name)
            assert sample.name.endswith("_total") is (family.type == "counter")
            key = tuple(sample.labels[name] for name in sorted(sample.labels))
            assert key not in series
            series[key] = sample.value
    return found


def test_the_numbers_are_those_of_the_report(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"request": 1}\nno JSON\n{"at": 7, "request": {"method": "GET", "url": "/other"}}\n')
    report = audit([EXAMPLES / "calls.har", EXAMPLES / "calls.jsonl", bad], catalog())
    assert report.health is not None
    report.health.reserved = {"NOK": (2, 1234567), "EUR": (1, 5)}
    found = parsed(prometheus(report))
    calls, data = found["vipps_lint_calls"], report.health.as_data()
    assert sum(calls.values()) == data["calls"] > 0
    for one in data["operations"]:
        kinds = {kind: number for (label, kind), number in calls.items() if label == one["operation"]}
        assert {*kinds} <= {*CLASSES} and sum(kinds.values()) == one["calls"]
        assert sum(kinds.get(kind, 0) for kind in FAILED) == one["failed"]
        assert found["vipps_lint_failed_calls"][one["operation"],] == one["failed"]
    findings = Counter((one.rule, one.severity.value) for one in report.diagnostics)
    assert found["vipps_lint_findings"] == findings
    assert found["vipps_lint_errors"]["ecom", "Payment 51", "400"] == 2
    assert sum(found["vipps_lint_errors"].values()) == report.failures.total()
    assert found["vipps_lint_records"] == {(): report.scanned}
    assert found["vipps_lint_unread_records"] == {(): 2}
    assert found["vipps_lint_reserved_payments"] == {("EUR",): 1, ("NOK",): 2}
    assert found["vipps_lint_reserved_amount"] == {("EUR",): 0.05, ("NOK",): 12345.67}


def test_a_rule_that_was_made_stricter_has_two_severities() -> None:
    health = Health(breaches={"a-rule": Breach(Counter({Severity.WARNING: 3, Severity.ERROR: 2}))})
    found = parsed(prometheus(Report("audit", health=health)))
    assert found["vipps_lint_findings"] == {("a-rule", "error"): 2, ("a-rule", "warning"): 3}


@pytest.mark.parametrize(
    ("failure", "labels"),
    [
        pytest.param(Failure("X", 400, "Payment", "61", "", "ecom"), ("ecom", "Payment 61", "400"), id="listed"),
        pytest.param(Failure("X", 400, "Payment", "mine", "", "ecom"), ("ecom", "other", "400"), id="not listed"),
        pytest.param(
            Failure("X", 400, "InvalidRequest", "f1", "", "ecom"), ("ecom", "InvalidRequest", "400"), id="any"
        ),
        pytest.param(Failure("X", 401, api="ecom"), ("ecom", "other", "401"), id="a status alone"),
        pytest.param(Failure("/x/1", 404, title="x"), ("other", "other", "404"), id="no operation"),
    ],
)
def test_errors_have_labels_of_which_there_is_an_end(failure: Failure, labels: tuple[str, ...]) -> None:
    found = parsed(prometheus(Report("audit", failures=Counter({failure: 3}))))
    assert found["vipps_lint_errors"] == {labels: 3}


@pytest.mark.parametrize("text", ['a "quote"', "back\\slash", "two\nlines", "\x1b[31m \u202e", "\ud800", "{}=,#", "å"])
def test_text_stays_text(text: str) -> None:
    health = Health(answers=Counter({Answer(text, "", 200): 1}))
    written = prometheus(Report("audit", health=health)).encode("utf-8", "backslashreplace").decode()
    assert parsed(written)["vipps_lint_calls"] == {(visible(text), "2xx"): 1}


def test_an_audit_of_nothing_has_zeros() -> None:
    found: dict[str, Any] = parsed(prometheus(Report("audit", health=Health())))
    assert found["vipps_lint_records"] == {(): 0} and found["vipps_lint_calls"] == {}
