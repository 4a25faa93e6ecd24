"""The auditor: recorded calls, judged one after the other at their own time. Says which of them were wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from datetime import UTC, date, datetime
from pathlib import Path

from vipps_lint.audit.files import Source, sources
from vipps_lint.audit.formats import is_recording, readings
from vipps_lint.audit.history import History
from vipps_lint.audit.reserved import Reserved
from vipps_lint.call import Call, Place
from vipps_lint.catalog import Catalog
from vipps_lint.checks import FACES
from vipps_lint.checks.environment import Host, environment
from vipps_lint.diagnostic import Diagnostic, Note
from vipps_lint.document import ABSENT, YES, Object
from vipps_lint.engine import judge
from vipps_lint.immutable import changed, immutable
from vipps_lint.ledger import Ledger
from vipps_lint.read.fields import Fields
from vipps_lint.read.record import Record
from vipps_lint.read.redaction import without_redactions
from vipps_lint.read.request import Exchange, read_call
from vipps_lint.read.routes import Routes
from vipps_lint.report import Report
from vipps_lint.report.ahead import ahead
from vipps_lint.report.failures import failures
from vipps_lint.report.health import Health
from vipps_lint.report.mask import masked, masked_text

Progress = Callable[[int], None]
"""Is told how many records have been read so far, every thousand records and at the end."""

Chosen = Callable[[Iterable[Diagnostic]], Iterable[Diagnostic]]
"""The findings that a project wants to see, as severe as it says."""

HORIZON = 90
"""How many days ahead changes are told of."""

SPOKEN = 20
"""How many records of a file that cannot be read get a note of their own; the others are counted in one more."""

NO_CALLS = frozenset({"OPTIONS", "CONNECT"})
"""What browsers and proxies ask a server on their own account."""


@immutable(frozen=True, slots=True)
class Intake:
    """How recordings are read: what is said of the lines of other logs, and who is told how far it is."""

    fields: Fields = field(default_factory=Fields)
    progress: Progress = lambda count: None


def audit(
    paths: Sequence[Path | str],
    catalog: Catalog,
    *,
    as_of: date | None = None,
    intake: Intake | None = None,
    chosen: Chosen = list,
    horizon: int = HORIZON,
) -> Report:
    """Judge the calls that HAR files and JSON Lines record; `-` is the standard input. All files are one history.

    Of a folder, or of a pattern such as `logs/**/*.har`, those files are read that are recordings. The requests of a
    Postman collection are judged, too, each by itself.

    A record is judged on the day that it was made, one without a time on `as_of` (by default, today). `scanned` counts
    every record, whether or not it is a call of Vipps and could be read. `health` has the numbers of the calls.
    """
    intake = intake or Intake()
    report = Report("audit", health=(health := Health(horizon=horizon)))
    routes = Routes(catalog.operations.values())
    history = _read(paths, report, intake, routes)
    today = as_of or datetime.now(UTC).date()
    report.notes += [*history.notes(today), *intake.fields.notes()]
    ledger, reserved = Ledger(), Reserved()
    rules = catalog.only(name for name, rule in catalog.rules.items() if rule.needs <= FACES["audit"])
    for call, sent in _calls(history.in_time(), routes):
        known = ledger if sent else Ledger()
        found = [*chosen(map(masked, judge(call, known, rules, call.at.date() if call.at else today)))]
        report.calls.append(_outline(call))
        report.failures.update(failures([call]))
        report.diagnostics += found
        report.notes += _folded(call, known)
        health.count(report.calls[-1], found)
        if sent:
            reserved.note(call)
    health.reserved = reserved.left(ledger)
    health.ahead = ahead(catalog, health.ids.values(), today, horizon)
    return report


def schema() -> str:
    """The JSON Schema of a record of JSON Lines, as text."""
    return Path(__file__).with_name("record.schema.json").read_text(encoding="utf-8")


def _read(paths: Sequence[Path | str], report: Report, intake: Intake, routes: Routes) -> History:
    history = History()
    for source in sources(paths):
        if isinstance(source, Note):
            report.notes.append(source)
            continue
        if not source.named and not is_recording(source, intake.fields):
            continue
        for record in _records(source, report, intake.fields):
            history.add(_kept(record, routes))
            if report.scanned % 1000 == 0:
                intake.progress(report.scanned)
    intake.progress(report.scanned)
    return history


def _kept(record: Record, routes: Routes) -> Record:
    """The record; of one that is no call of Vipps only its place in the order of time."""
    method, url, at = record.exchange.method, record.exchange.url, record.exchange.at
    if not isinstance(url, str) or routes.may_match(url):
        return record
    return changed(record, exchange=Exchange(method, "/", at=at))


def _records(source: Source, report: Report, fields: Fields) -> Iterator[Record]:
    """The records of one file. The notes go to the report; records that cannot be read are counted all the same."""
    before, spoken, more = report.scanned, 0, 0
    for reading in readings(source, fields):
        match reading:
            case Record(place=Place(record=int() as number)):
                report.scanned = before + number
                yield reading
            case Note(record=int() as number):
                report.scanned = before + number
                spoken, more = spoken + 1, more + (spoken >= SPOKEN)
                report.notes += [reading] if spoken <= SPOKEN else []
            case Note():
                report.notes.append(reading)
    if more:
        report.notes.append(Note(source.path, f"{more} more notes about records of this file are left out"))


def _calls(records: Iterable[Record], routes: Routes) -> Iterator[tuple[Call, bool]]:
    """The records that are calls of Vipps, and whether they were made."""
    for record in records:
        exchange = record.exchange
        call = None if exchange.method in NO_CALLS else read_call(exchange, routes, record.place)
        if call is not None and _meant_for_vipps(call):
            call = without_redactions(call)
            yield changed(call, genuine=YES) if environment(call) else call, record.sent


def _meant_for_vipps(call: Call) -> bool:
    """Whether it is more than a path of another service that looks like one of Vipps'.

    The host is Vipps' or unknown, or the operation is certain (a mock or a proxy), or the host is a slip of the pen.
    """
    if not isinstance(call.host, str) or environment(call) or call.operation:
        return True
    return any(Host().violations(call, Ledger(), (), date.min))


def _outline(call: Call) -> Call:
    """The call as it may leave the auditor: which operation it was and how it was answered, nothing that was in it."""
    status = call.status()
    told = Object({} if status is ABSENT else {"response": Object({"status": status})})
    return changed(call, document=told, path=masked_text(call.path))


def _folded(call: Call, ledger: Ledger) -> Iterator[Note]:
    """Make the call part of the history that later calls are judged by."""
    try:
        ledger.fold(call)
    except Exception as error:  # noqa: BLE001 - a bug of ours must not hide the findings of the other calls
        place = call.place or Place("?")
        message = f"`{call.label}` could not be taken into the history ({type(error).__name__}); please report this bug"
        yield Note(place.path, message, place.line, place.record)


__all__ = ["Intake", "audit", "schema"]
