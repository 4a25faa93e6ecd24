"""A report in numbers, and in the order that people read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from vipps_lint.call import Place
from vipps_lint.diagnostic import Diagnostic, Failure, Severity
from vipps_lint.immutable import immutable
from vipps_lint.report import Report

KINDS = 50
"""How many kinds of errors are told of in text."""

Failures = Counter[Failure]
"""How often each error was answered."""


@immutable(frozen=True, slots=True)
class Summary:
    """How much was found, in how much. `sources` counts the files that have calls."""

    findings: dict[Severity, int]
    calls: int
    operations: int
    sources: int
    scanned: int
    suppressed: int

    @property
    def total(self) -> int:
        """All findings."""
        return sum(self.findings.values())


def summary(report: Report) -> Summary:
    """The report in numbers."""
    health = report.health
    found = health.severities() if health else Counter(diagnostic.severity for diagnostic in report.diagnostics)
    return Summary(
        findings={severity: found[severity] for severity in reversed(Severity)},
        calls=health.answers.total() if health else len(report.calls),
        operations=len(health.ids if health else {call.operation.id for call in report.calls if call.operation}),
        sources=health.files if health else len({call.place.path for call in report.calls if call.place}),
        scanned=report.scanned,
        suppressed=report.suppressed,
    )


def errors(found: Failures) -> Iterator[str]:
    """The most frequent errors as text, with what they mean where that is first met; nothing where there are none."""
    from vipps_lint.catalog.errors import meaning

    if found:
        yield "1 error was answered" if found.total() == 1 else f"{found.total()} errors were answered"
    kinds, explained = most_frequent(found), set()
    for one, number in kinds[:KINDS]:
        yield f"{number:6}  {one.operation}: {one.status} {one.reason}".rstrip()
        known = meaning(one)
        if known not in explained:
            explained.add(known)
            yield from (f"{'':8}{words}" for words in (known.meaning, known.cure and f"help: {known.cure}") if words)
    if more := kinds[KINDS:]:
        yield f"… and {len(more)} more kind{'s' * (len(more) > 1)} of errors"


def most_frequent(found: Failures) -> list[tuple[Failure, int]]:
    """The errors with their numbers, the most frequent first."""
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def first_of_each(diagnostics: Iterable[Diagnostic], most: int | None = None) -> tuple[list[Diagnostic], Counter[str]]:
    """The first findings of each rule in reading order, and how many more of it there are.

    Of many findings few are held at once. Without `most`, all of them are first.
    """
    if most is None:
        return reading_order(diagnostics), Counter()
    first: dict[str, list[Diagnostic]] = {}
    more = Counter[str]()
    for one in diagnostics:
        these = first.setdefault(one.rule, [])
        these.append(one)
        more[one.rule] += 1
        if len(these) > 2 * most:
            these[:] = reading_order(these)[:most]
    shown = [one for these in first.values() for one in reading_order(these)[:most]]
    more.subtract(Counter(one.rule for one in shown))
    return reading_order(shown), more


def reading_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings by place: file, then line or record; at one place the worst first."""
    return sorted(diagnostics, key=lambda one: (*_order(one.place), -one.severity.rank, one.rule, one.message))


def _order(place: Place) -> tuple[str, int, int, int]:
    return place.path, place.record or 0, place.line or 0, place.column or 0


def sentence(report: Report) -> str:
    """The numbers in one line: what was found, then what was looked at, and whether that was all."""
    numbers, missing = summary(report), missing_of(report)
    said = ["Nothing was checked"]
    if numbers.scanned or numbers.total:
        said = [_findings(numbers), _extent(numbers, "record" if report.face == "audit" else "file", report.face)]
    return "".join(f"{one}. " for one in [*said, *([missing] if missing else [])]).strip()


def missing_of(report: Report) -> str:
    """What a report lacks, as a sentence without its end; nothing of one that is whole."""
    if report.incomplete:
        return "This report is not complete, see the notes"
    if unread := len(report.unread_files):
        return f"{_count(unread, 'file')} could not be read, or not to the end, see the notes"
    return ""


def _findings(numbers: Summary) -> str:
    listed = [_count(number, severity.value) for severity, number in numbers.findings.items() if number]
    hidden = f" ({numbers.suppressed} suppressed)" if numbers.suppressed else ""
    return (_listed(listed) if listed else "no findings").capitalize() + hidden


def _extent(numbers: Summary, unit: str, face: str) -> str:
    looked = f"Looked at {_count(numbers.scanned, unit)}"
    if not numbers.calls:
        return f"{looked}: no calls of a Vipps API"
    where = f" in {_count(numbers.sources, 'file')}" if numbers.sources and face != "guard" else ""
    return f"{looked}: {_count(numbers.calls, 'call')} of {_count(numbers.operations, 'operation')}{where}"


def _count(number: int, noun: str) -> str:
    plural = noun if noun == "info" else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
