"""A report as GitHub workflow commands: each finding becomes an annotation in the pull request."""

from __future__ import annotations

from collections.abc import Iterator

from vipps_lint.diagnostic import Diagnostic, Note, Related, Severity
from vipps_lint.report import Report
from vipps_lint.report.kept import in_order
from vipps_lint.report.summary import sentence
from vipps_lint.report.text import sentence_of, where

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github(report: Report) -> str:
    """One workflow command a line for the findings and the notes, then the numbers as plain text."""
    lines = [_annotation(one) for one in in_order(report.diagnostics)]
    lines += [_notice(note) for note in report.notes]
    return "\n".join([*lines, sentence(report)]) + "\n"


def _annotation(diagnostic: Diagnostic) -> str:
    place = diagnostic.place
    one_line = place.end_line in (None, place.line)  # GitHub drops the columns of a token on several lines
    properties = {
        "file": _file(place.path),
        "line": place.line,
        "col": place.column if one_line else None,
        "endLine": place.end_line,
        "endColumn": place.end_column if one_line else None,
        "title": f"vipps-lint({diagnostic.rule})",
    }
    return _command(COMMANDS[diagnostic.severity], properties, "\n".join(_words(diagnostic)))


def _words(diagnostic: Diagnostic) -> Iterator[str]:
    record = diagnostic.place.record is not None
    yield f"{where(diagnostic.place)} {diagnostic.pointer}: {diagnostic.message}" if record else diagnostic.message
    if diagnostic.help:
        yield f"help: {diagnostic.help}"
    yield from (f"{step.message}: {where(step.place)}" for step in diagnostic.chain)
    yield from (_related(related) for related in diagnostic.related)


def _related(related: Related) -> str:
    return f"note: {related.message} ({where(related.place)})"


def _notice(note: Note) -> str:
    properties = {"file": _file(note.path) or None, "line": note.line, "title": "vipps-lint"}
    return _command("notice", properties, sentence_of(note))


def _file(path: str) -> str:
    """The path as GitHub spells it on every system."""
    return path.replace("\\", "/").removeprefix("./")


def _command(name: str, properties: dict[str, str | int | None], message: str) -> str:
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None)
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
