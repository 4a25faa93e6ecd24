"""How the tests of whole runs ask."""

from __future__ import annotations

from collections.abc import Callable

from vipps_lint.report import Report

Audited = Callable[..., Report]
WRONG = "+47 912 34 567"


def calls(report: Report) -> int:
    assert report.health is not None
    return report.health.answers.total()


def operations(report: Report) -> set[str]:
    assert report.health is not None
    return set(report.health.ids.values())


def found(report: Report) -> list[tuple[str, str]]:
    return [(one.rule, one.severity.value) for one in report.diagnostics]
