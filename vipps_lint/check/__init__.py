"""The linter: Python files to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from vipps_lint.cache import Cache
from vipps_lint.call import Call, Place
from vipps_lint.catalog import Catalog, catalog
from vipps_lint.check.files import Files, markers
from vipps_lint.check.ways import Sighting, merged
from vipps_lint.diagnostic import Diagnostic, Note
from vipps_lint.engine import judge
from vipps_lint.ledger import Ledger
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import Source, Workshop, read_files, read_source
from vipps_lint.report import Report
from vipps_lint.report.sources import decoded
from vipps_lint.scan import look
from vipps_lint.scan.excluding import Exclusion


def check_paths(paths: Sequence[Path], rules: Catalog, *, today: date) -> Report:
    """Check files, and folders with all Python files in them that git does not ignore."""
    scan = look([str(path) for path in paths], Exclusion((), ""), Cache(""), markers=markers(rules))
    return check_files(Files(scan), rules, today)


def check_files(files: Files, rules: Catalog, today: date, workshop: Workshop | None = None) -> Report:
    """Check the files that a scan has found. What cannot be read becomes a note; `scanned` counts the others.

    Texts are parsed in the workshop, or one after the other.
    """
    scan = files.scan
    report = Report("check", scanned=scan.count())
    report.notes += (Note(path, reason) for path, reason in scan.unread().items())
    report.sources |= {path: decoded(text) for path, text in files.texts(scan.comments()).items()}
    texts = files.texts(scan.routes())
    if texts:
        source = read_files(texts, files, Routes(rules.operations.values()), workshop)
        _judge(source, rules, today, report)
    return report


def check_source(text: str | bytes, path: str, today: date, rules: Catalog | None = None) -> Report:
    """Check one piece of source, whatever it contains; `path` is how the report names it."""
    chosen = rules or catalog()
    report = Report("check", scanned=1)
    _judge(read_source(text, path, Routes(chosen.operations.values())), chosen, today, report)
    return report


def _judge(source: Source, rules: Catalog, today: date, report: Report) -> None:
    """Put what there is to say of the calls into the report."""
    report.notes += source.notes
    found: list[Sighting] = []
    for one in source.paths:
        history = Ledger()
        for earlier, happened in one.before:
            history.fold(earlier, happened)
        found += (Sighting(diagnostic, one.call) for diagnostic in judge(one.call, history, rules, today))
    calls = _once_each(one.call for one in source.paths)
    places = {place: source.located(place) for place in _places(found, calls)}
    report.calls += [_placed(call, places) for call in calls]
    located = (Sighting(_located(one.found, places), _placed(one.call, places)) for one in found)
    report.diagnostics += sorted(merged(located), key=_order)


def _once_each(calls: Iterable[Call]) -> list[Call]:
    """One call for each place and operation, however many paths lead there."""
    return list({(call.place, call.label): call for call in calls}.values())


def _places(found: Iterable[Sighting], calls: Iterable[Call]) -> Iterator[Place]:
    for one in found:
        yield one.found.place
        yield from (related.place for related in one.found.related)
        yield from (step.place for step in one.call.chain)
    yield from (call.place for call in calls if call.place)


def _located(diagnostic: Diagnostic, places: Mapping[Place, Place]) -> Diagnostic:
    related = tuple(replace(one, place=places.get(one.place, one.place)) for one in diagnostic.related)
    return replace(diagnostic, place=places.get(diagnostic.place, diagnostic.place), related=related)


def _placed(call: Call, places: Mapping[Place, Place]) -> Call:
    chain = tuple(replace(step, place=places.get(step.place, step.place)) for step in call.chain)
    return replace(call, place=places.get(call.place, call.place) if call.place else None, chain=chain)


def _order(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    return diagnostic.place.path, diagnostic.place.line or 0, diagnostic.place.column or 0, diagnostic.rule
