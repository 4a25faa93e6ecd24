"""The numbers of recorded calls as Prometheus reads them from a file (its text format, version 0.0.4).

Counts grow as long as a log does; they begin anew with a new log, as counters may. Amounts are in the currency's own
unit. No series has a path, an id or any other text of a call among its labels, so that there is an end of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from vipps_lint.catalog.errors import ANY, meanings
from vipps_lint.report import Report
from vipps_lint.report.frame import visible
from vipps_lint.report.health import FAILED, Health

PREFIX = "vipps_lint"
OTHER = "other"
"""The code of errors of which nothing is known: anybody may answer anything."""

Labels = tuple[tuple[str, str], ...]
"""Names and values."""


def prometheus(report: Report) -> str:
    """The file for an audit. Series without labels are always there, others where there is anything to tell."""
    return "".join(f"{line}\n" for line in _lines(report, report.health or Health()))


def _lines(report: Report, health: Health) -> Iterator[str]:
    yield from _metric("records_total", "counter", "Records that were looked at.", [((), report.scanned)])
    unread = "Records that could not be read, so that nothing of them is judged."
    yield from _metric("unread_records_total", "counter", unread, [((), report.unread)])
    files = "Recordings that could not be read, or not to their end."
    yield from _metric("unread_files", "gauge", files, [((), len(report.unread_files))])
    yield from _calls(health)
    errors = "Errors that were answered, by what Vipps calls them."
    yield from _metric("errors_total", "counter", errors, _errors(report).items())
    findings = [
        ((("rule", rule), ("severity", severity.value)), number)
        for rule, breach in health.breaches.items()
        for severity, number in breach.severities.items()
    ]
    yield from _metric("findings_total", "counter", "Findings by rule and severity.", findings)
    yield from _reserved(health)


def _calls(health: Health) -> Iterator[str]:
    calls, failed = Counter[Labels](), Counter[Labels]()
    for answer, number in health.answers.items():
        calls[("operation", answer.operation), ("status", answer.kind)] += number
        failed[(("operation", answer.operation),)] += number if answer.kind in FAILED else 0
    yield from _metric("calls_total", "counter", "Calls by operation and class of status.", calls.items())
    yield from _metric("failed_calls_total", "counter", "Calls that were answered with an error.", failed.items())


def _reserved(health: Health) -> Iterator[str]:
    of = "of which a part was captured, and the rest neither captured nor released"
    payments = [((("currency", name),), count) for name, (count, _) in health.reserved.items()]
    amounts = [
        ((("currency", name),), f"{minor // 100}.{minor % 100:02}") for name, (_, minor) in health.reserved.items()
    ]
    yield from _metric("reserved_payments", "gauge", f"Payments in production {of}.", payments)
    yield from _metric("reserved_amount", "gauge", f"What is left of payments {of}, in kroner or euros.", amounts)


def _errors(report: Report) -> Counter[Labels]:
    """The errors by API, code and status; codes that are not listed are one."""
    found, listed = Counter[Labels](), meanings()
    for one, number in report.failures.items():
        group = one.group.casefold()
        code = f"{one.group} {one.code}".strip() if (one.api, group, one.code, 0) in listed else OTHER
        code = one.group if code == OTHER and (one.api, group, ANY, 0) in listed else code
        found[("api", one.api or OTHER), ("code", code), ("status", f"{one.status}")] += number
    return found


def _metric(name: str, kind: str, help: str, series: Iterable[tuple[Labels, int | str]]) -> Iterator[str]:
    yield f"# HELP {PREFIX}_{name} {help}"
    yield f"# TYPE {PREFIX}_{name} {kind}"
    for labels, value in sorted(series, key=lambda one: one[0]):
        listed = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
        yield f"{PREFIX}_{name}{f'{{{listed}}}' if listed else ''} {value}"


def _escaped(text: str) -> str:
    return visible(text).replace("\\", r"\\").replace('"', r"\"")
