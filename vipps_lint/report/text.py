"""A report as text: each finding with its code frame, then the notes, then the numbers in one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vipps_lint.call import Place
from vipps_lint.diagnostic import Diagnostic, Note, Related
from vipps_lint.immutable import immutable
from vipps_lint.report import Report
from vipps_lint.report.frame import frame, visible
from vipps_lint.report.numbers import counted, grouped
from vipps_lint.report.summary import errors, first_of_each, sentence

MOST = 20
"""How many findings of each rule are shown where recorded calls may have thousands."""

CHANGES = 50
"""How many changes since an earlier audit are shown."""

COLORS = {"error": "31", "warning": "33", "info": "36", "note": "32", "frame": "34", "bold": "1"}


BLOCKS, PLAIN = "▁▂▃▄▅▆▇█", ".:-=+*#@"
"""The heights of a sparkline, and how they are where there are no blocks."""


@immutable(frozen=True, slots=True)
class Screen:
    """What text is shown on: how many columns it has, whether it obeys colours, and whether it knows blocks."""

    width: int = 100
    color: bool = False
    blocks: bool = True

    @property
    def scale(self) -> str:
        """The heights of a sparkline, from the lowest up."""
        return BLOCKS if self.blocks else PLAIN


PAPER = Screen()


def text(report: Report, *, screen: Screen = PAPER, quiet: bool = False, undecided: bool = False) -> str:
    """The report for a person; `quiet` leaves only the findings, `undecided` adds the questions that stay open."""
    paint = Paint(screen.color)
    blocks = list(_findings(report, paint))
    if undecided and (questions := list(_open_questions(report, paint))):
        blocks.append("\n".join(questions))
    if not quiet and report.health:
        from vipps_lint.report.overview import overview

        blocks += filter(None, ["\n".join(overview(report.health.as_data(), screen, paint))])
    if not quiet and report.comparison:
        blocks.append("\n".join(_compared(report.comparison, paint)))
    if not quiet and report.failures:
        blocks.append("\n".join(map(visible, errors(report.failures))))
    if not quiet:
        notes = [f"{paint('note', 'note')}: {sentence_of(note)}" for note in report.notes]
        blocks.append("\n".join([*notes, sentence(report)]))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _findings(report: Report, paint: Paint) -> Iterator[str]:
    """Each finding with its frame; of recorded calls, which may break a rule all the time, the first of each rule."""
    found, more = first_of_each(report.diagnostics, MOST if report.face == "audit" else None)
    last = {one.rule: index for index, one in enumerate(found)}
    for index, one in enumerate(found):
        yield "\n".join(finding(one, report, paint))
        if more[one.rule] and last[one.rule] == index:
            yield f"… and {grouped(more[one.rule])} more of {one.rule}; `--format json` lists all"


def _compared(comparison: Mapping[str, Any], paint: Paint) -> Iterator[str]:
    """What has changed since an earlier audit, the worst first."""
    from vipps_lint.report.comparison import period, told, unsaid

    changes = told(comparison)
    yield paint("frame", f"compared with {period(comparison['before'])}{'' if changes else ': nothing has changed'}")
    for one in changes[:CHANGES]:
        verdict = paint("error", one.verdict) if one.worse else one.verdict
        gap = " " * (7 - len(one.verdict))
        yield f"{verdict}{gap}{visible(one.subject)}: {one.now} {one.measure}, was {one.before}"
    if more := changes[CHANGES:]:
        yield f"… and {counted(len(more), 'more change')}"
    if words := unsaid(comparison):
        yield words


def _open_questions(report: Report, paint: Paint) -> Iterator[str]:
    """One line for each call, rule and reason."""
    for call, judgement in zip(report.calls, report.judgements, strict=False):
        place = where(call.place) if call.place else "?"
        for rule, reason in dict.fromkeys((one.rule, one.reason) for one in judgement.undecided):
            yield f"{paint('note', 'undecided')}: {place}: {rule} of `{visible(call.label)}`: {visible(reason)}"


class Paint:
    """Colours words for a terminal, or leaves them as they are."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, kind: str, words: str) -> str:
        """The words in the colour of their kind."""
        return f"\x1b[1;{COLORS[kind]}m{words}\x1b[0m" if self._color else words


def finding(diagnostic: Diagnostic, report: Report, paint: Paint) -> Iterator[str]:
    """The lines of one finding."""
    head = paint(diagnostic.severity.value, f"{diagnostic.severity.value}[{diagnostic.rule}]")
    yield f"{head}{paint('bold', f': {visible(diagnostic.message)}')}"
    place, label = diagnostic.place, _label(diagnostic)
    rows = frame(place, report.sources.get(place.path), label, report.secrets)
    yield from _located(place, rows, paint, diagnostic.pointer)
    margin = _margin(place)
    if rows:
        yield f"{margin} {paint('frame', '|')}"
    elif label:
        yield f"{margin} {paint('frame', '=')} {label}"
    if diagnostic.help:
        yield f"{margin} {paint('frame', '=')} help: {visible(diagnostic.help)}"
    for step in diagnostic.chain:
        yield f"{margin} {paint('frame', ':::')} {where(step.place)}: {visible(step.message)}"
    for related in diagnostic.related:
        yield from _related(related, report, paint)


def _related(related: Related, report: Report, paint: Paint) -> Iterator[str]:
    yield f"{paint('note', 'note')}: {visible(related.message)}"
    rows = frame(related.place, report.sources.get(related.place.path), secrets=report.secrets)
    yield from _located(related.place, rows, paint)


def _located(place: Place, rows: list[tuple[str, str]], paint: Paint, pointer: str = "") -> Iterator[str]:
    """The arrow to a place, and the frame where there is a text to show."""
    field = f" {visible(pointer)}" if pointer and (place.record is not None or place.line is None) else ""
    yield f"{_margin(place)}{paint('frame', '-->')} {where(place)}{field}"
    for number, code in rows:
        bar = paint("frame", f"{number or _margin(place)} |")
        yield f"{bar} {code if number else paint('frame', code)}" if code else bar


def _margin(place: Place) -> str:
    """Blanks as wide as the line's number."""
    return " " * len(str(place.line or " "))


def _label(diagnostic: Diagnostic) -> str:
    """How the value under the marks has to do with the call; nothing where the message already says it."""
    operation = f"`{visible(diagnostic.operation)}`"
    match diagnostic.pointer.partition(".")[0]:
        case "":
            return "" if operation in diagnostic.message else operation
        case "response":
            return f"answered by {operation}"
        case _:
            return f"sent by {operation}"


def where(place: Place) -> str:
    """The place in one word: `shop.py:41:37`, `calls.har#17`."""
    path = visible(place.path)
    if place.record is not None:
        return f"{path}#{place.record}"
    return ":".join([path, *(str(number) for number in (place.line, place.column) if number is not None)])


def sentence_of(note: Note) -> str:
    """The note with its place in front, unless it begins with it itself."""
    place = where(Place(note.path, note.line, record=note.record))
    message = visible(note.message)
    return message if not note.path or message.startswith(visible(note.path)) else f"{place}: {message}"
