"""The linter: Python files to findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from vipps_lint.cache import Cache
from vipps_lint.call import Call, Place
from vipps_lint.catalog import Catalog, Rule, catalog
from vipps_lint.check.files import Files, markers
from vipps_lint.check.sites import Followed, sites
from vipps_lint.check.ways import Sighting, merged
from vipps_lint.checks import FACES, Evidence
from vipps_lint.diagnostic import Diagnostic, Note
from vipps_lint.document import Truth
from vipps_lint.engine import Verdict, verdicts
from vipps_lint.immutable import changed
from vipps_lint.ledger import Ledger
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import Path as Way
from vipps_lint.read.source import Source, Workshop, read_files, read_source
from vipps_lint.report import Report
from vipps_lint.report.mask import secrets
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
        files.begin()
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
    report.secrets |= {text for one in source.paths for text in secrets(one.call)}
    report.notes += source.notes
    past = Past()
    followed = [_judged(source, one, past.of(one), rules, today) for one in source.paths]
    found = [Sighting(found, one.call) for one in followed for verdict in one.verdicts for found in verdict.findings]
    for call, judgement in sorted(sites(followed), key=lambda one: position(one[0].place)):
        report.calls.append(call)
        report.judgements.append(judgement)
    report.diagnostics = sorted(merged(found), key=lambda one: (position(one.place), one.rule))


class Past:
    """What the calls before a call have left. Most calls of a path come one after the other: then only one is new."""

    def __init__(self) -> None:
        self._ledger = Ledger()
        self._folded: list[tuple[Call, Truth]] = []

    def of(self, path: Way) -> Ledger:
        """The ledger of the calls before the last one of a path, to be read until the next is asked for."""
        known = len(self._folded)
        begun = zip(self._folded, path.before, strict=False)
        if known > len(path.before) or not all(one is other and sure is true for (one, sure), (other, true) in begun):
            self._ledger, self._folded, known = Ledger(), [], 0
        for call, happened in path.before[known:]:
            self._ledger.fold(call, happened)
        self._folded = path.before
        return self._ledger


def _judged(source: Source, path: Way, history: Ledger, rules: Catalog, today: date) -> Followed:
    """What the rules say of a call, given the calls before it; rules that only other faces decide are not asked."""
    said = verdicts(path.call, history, rules, today, FACES["check"])
    told = (_of_code(one, rules.rules[one.rule]) for one in said)
    return Followed(_placed(source, path.call), tuple(_located(source, one) for one in told))


def _of_code(verdict: Verdict, rule: Rule) -> Verdict:
    """Without the questions that only an answer leaves open: no source holds it."""
    return changed(verdict, undecided=()) if verdict.undecided and Evidence.ANSWER in rule.needs else verdict


def _located(source: Source, verdict: Verdict) -> Verdict:
    if not verdict.findings:
        return verdict
    return changed(verdict, findings=tuple(_found(source, one) for one in verdict.findings))


def _found(source: Source, diagnostic: Diagnostic) -> Diagnostic:
    related = tuple(changed(one, place=source.located(one.place)) for one in diagnostic.related)
    return changed(diagnostic, place=source.located(diagnostic.place), related=related)


def _placed(source: Source, call: Call) -> Call:
    chain = tuple(changed(step, place=source.located(step.place)) for step in call.chain)
    return changed(call, place=source.located(call.place) if call.place else None, chain=chain)


def position(place: Place | None) -> tuple[str, int, int]:
    """Where a place comes in the order of files and lines."""
    return (place.path, place.line or 0, place.column or 0) if place else ("", 0, 0)
