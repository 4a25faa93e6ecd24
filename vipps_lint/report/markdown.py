"""A report as Markdown, for the summary of a CI job: what is wrong by rule, and the numbers of recorded calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vipps_lint.call import Place
from vipps_lint.catalog.errors import meaning
from vipps_lint.diagnostic import Failure, Severity
from vipps_lint.report import Report
from vipps_lint.report.frame import visible
from vipps_lint.report.numbers import grouped, money, share
from vipps_lint.report.summary import first_of_each, most_frequent, sentence
from vipps_lint.report.text import sentence_of, where

MOST = 50
"""How many rows a table has; the others are counted."""

_SIGNS = re.compile(r"[\\`*_\[\]<>|~&\n\r]")
_QUOTED = re.compile(r"`([^`\n]+)`")

Row = tuple[str, ...]


def markdown(report: Report) -> str:
    """The report as tables. No text of a call can be taken for markup."""
    blocks = [f"# vipps-lint {report.face}", cell(sentence(report)), *_findings(report)]
    if report.health is not None:
        blocks += _health(report.health.as_data())
    if report.comparison is not None:
        blocks += _compared(report.comparison)
    errors = most_frequent(report.failures)
    rows = [(*_error(one), grouped(number)) for one, number in errors]
    blocks += _table("Errors that were answered", ("Operation", "Status", "Error", "What to do", "Times:"), rows)
    blocks += _table("Notes", ("Note",), [(cell(sentence_of(note)),) for note in report.notes])
    return "\n\n".join(blocks) + "\n"


def cell(text: str) -> str:
    """Text with no sign that Markdown obeys; what stands in backticks is code."""
    parts = _QUOTED.split(visible(text))
    return "".join(f"<code>{_plain(one)}</code>" if index % 2 else _plain(one) for index, one in enumerate(parts))


def _plain(text: str) -> str:
    return _SIGNS.sub(lambda found: " " if found[0] in "\n\r" else f"&#{ord(found[0])};", text)


def _code(text: str) -> str:
    return f"<code>{_plain(visible(text))}</code>"


def _findings(report: Report) -> Iterator[str]:
    """The rules, the worst and most frequent first, each with its first finding."""
    first, more = first_of_each(report.diagnostics, 1)
    severity: dict[str, Severity] = {}
    for one in report.diagnostics:
        severity[one.rule] = max(severity.get(one.rule, Severity.INFO), one.severity, key=lambda each: each.rank)
    found = [(one, 1 + more[one.rule]) for one in first]
    found.sort(key=lambda each: (-severity[each[0].rule].rank, -each[1]))
    rows = [
        (
            severity[one.rule].value,
            _plain(one.rule),
            grouped(number),
            f"{_plain(where(one.place))}: {cell(one.message)}",
        )
        for one, number in found
    ]
    yield from _table("What is wrong", ("Severity", "Rule", "Findings:", "First"), rows)


def _callsites(health: dict[str, Any]) -> Iterator[str]:
    """Where the source makes the calls, and which rules they break."""
    broken: dict[str, list[str]] = {}
    for finding in health["findings"]:
        for used in finding["operations"]:
            broken.setdefault(used["operation"], []).append(_plain(finding["rule"]))
    rows = [
        (
            _code(one["operation"]),
            ", ".join(_code(where(Place(**place))) for place in one["callsites"]) or "no call of it was found",
            ", ".join(broken.get(one["operation"], ())),
        )
        for one in health["operations"]
        if "callsites" in one
    ]
    yield from _table("Where the calls are made", ("Operation", "Called in", "Breaks"), rows)


def _error(one: Failure) -> Row:
    known = meaning(one)
    said = ": ".join(filter(None, (one.reason, known.meaning)))
    return _code(one.operation), f"{one.status}", cell(said), cell(known.cure)


def _health(health: dict[str, Any]) -> Iterator[str]:
    """The numbers of recorded calls."""
    operations = [
        (_code(one["operation"]), grouped(one["calls"]), *(share(one[name], one["calls"]) for name in _SHARES))
        for one in health["operations"]
    ]
    yield from _table("Operations", ("Operation", "Calls:", "Succeeded:", "Failed:", "Not recorded:"), operations)
    yield from _callsites(health)
    reserved = [(grouped(one["payments"]), money(one["amount"], one["currency"])) for one in health["reserved"]]
    yield from _table("Money left reserved after a capture", ("Payments:", "Left:"), reserved)
    ahead = [
        (
            one["day"],
            ", ".join(map(_code, one["operations"])),
            cell(" ".join(filter(None, (one["rule"], one["change"])))),
            cell(one["help"]),
        )
        for one in health["ahead"]
    ]
    yield from _table("What comes", ("Day", "Operation", "Change", "What to do"), ahead)


def _compared(comparison: Mapping[str, Any]) -> Iterator[str]:
    """What has changed since an earlier audit."""
    from vipps_lint.report.comparison import period, told, unsaid

    changes = told(comparison)
    rows = [(one.verdict, cell(one.subject), one.measure, one.now, one.before) for one in changes]
    yield from _table("What has changed", ("Change", "What", "Share of", "Now:", "Before:"), rows)
    outcome = "" if changes else ": nothing has changed"
    yield f"Compared with {period(comparison['before'])}{outcome}. {unsaid(comparison)}".rstrip()


_SHARES = ("succeeded", "failed", "unknown")


def _table(title: str, head: Row, rows: Iterable[Row]) -> Iterator[str]:
    """A heading and a table, unless it has no rows; a name that ends in `:` heads a column of numbers."""
    if listed := [*rows]:
        rule = ("---:" if one.endswith(":") else "---" for one in head)
        lines = (" | ".join(one) for one in ([one.rstrip(":") for one in head], rule, *listed[:MOST]))
        yield f"## {title}"
        yield "\n".join(f"| {one} |" for one in lines)
    if len(listed) > MOST:
        yield f"and {grouped(len(listed) - MOST)} more"
