"""The first half of an audit: the records of a portion, each judged by itself, become rows.

Says nothing of what calls tell together: whether a record was written down twice, and all that needs a history.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, field
from datetime import date
from typing import Any

from vipps_lint.audit.formats import readings
from vipps_lint.audit.portions import Portion
from vipps_lint.audit.rows import FAILED, Row, packed, unpacked, wanted
from vipps_lint.call import Call, Place
from vipps_lint.catalog import Catalog
from vipps_lint.checks import FACES
from vipps_lint.checks.base import Evidence
from vipps_lint.checks.environment import Host, environment_of
from vipps_lint.diagnostic import Diagnostic, Note
from vipps_lint.document import MAYBE, YES, Truth, Value
from vipps_lint.engine import judge
from vipps_lint.immutable import changed, immutable
from vipps_lint.ledger import Ledger, Thread, changes_all, threads
from vipps_lint.packing import packed as as_bytes
from vipps_lint.packing import unpacked as from_bytes
from vipps_lint.read.fields import Fields
from vipps_lint.read.record import Record
from vipps_lint.read.redaction import is_blacked_out, without_redactions
from vipps_lint.read.request import read_call
from vipps_lint.read.routes import Routes, Url
from vipps_lint.report.failures import failures
from vipps_lint.report.health import label
from vipps_lint.report.mask import masked

Chosen = Callable[[Iterable[Diagnostic]], Iterable[Diagnostic]]
"""The findings that a project wants to see, as severe as it says."""

SPOKEN = 20
"""How many records of a file that cannot be read get a note of their own; the others are counted in one more."""

NO_CALLS = frozenset({"OPTIONS", "CONNECT"})
"""What browsers and proxies ask a server on their own account."""

TOGETHER = frozenset({Evidence.HISTORY})
"""The evidence of rules that ask for the calls before."""

EVERY = (Thread("", None),)
"""The thread of a call of which nobody knows what it has changed."""

NOTHING = Ledger()
"""The history of a call that is judged by itself."""

ALL = None
"""The thread of a row that every state must be told of."""

Keyed = tuple[str | None, Row]
"""A row with the thread that it belongs to, or `ALL`."""


@immutable(frozen=True, slots=True)
class Setting:
    """What an audit is about, the same in all its processes: the rules, the day of records without a time, and what
    the project says of its logs and of the findings that it wants to see.
    """

    rules: Catalog
    today: date
    fields: Fields = field(default_factory=Fields)
    chosen: Chosen = list

    def __reduce__(self) -> tuple[Callable[..., Setting], tuple[Any, ...]]:
        """How it comes to other processes: what the catalog has worked out stays behind."""
        return _setting, (as_bytes(self.rules), self.today, self.fields, self.chosen)

    def alone(self) -> Catalog:
        """The rules that judge each call by itself."""
        return self.rules.only(name for name, rule in self.rules.rules.items() if rule.needs.isdisjoint(TOGETHER))


def decidable(catalog: Catalog) -> Catalog:
    """The rules that records can decide."""
    return catalog.only(name for name, rule in catalog.rules.items() if rule.needs <= FACES["audit"])


def _setting(rules: bytes, *others: Any) -> Setting:
    return Setting(from_bytes(rules), *others)


@dataclass
class Account:
    """What a portion tells beside its rows: how many records it has, and how many of them were read, the first and the
    last moment in it, the records without a time (the number of the first one, and how many), what could not be read,
    and why its rows could not be kept, if they could not.
    """

    portion: int
    path: str
    scanned: int = 0
    read: int = 0
    calls: int = 0
    first: float | None = None
    last: float | None = None
    undated: tuple[int, int] = (0, 0)
    notes: list[Note] = field(default_factory=list)
    unspoken: int = 0
    failure: str = ""
    fields: Fields = field(default_factory=Fields)


class Mapper:
    """Reads portions. What the last one tells beside its rows is the `account`.

    `watch` is told how many records of a portion have been read, every thousand records.
    """

    def __init__(self, setting: Setting, watch: Callable[[int], None] = lambda count: None) -> None:
        self._setting = setting
        self._watch = watch
        self._alone = setting.alone()
        self._routes = Routes(setting.rules.operations.values())
        self._wanted = {name: wanted(operation) for name, operation in setting.rules.operations.items()}
        self.account = Account(0, "")

    def rows(self, portion: Portion) -> Iterator[Keyed]:
        """The rows of a portion; when they have been taken, its account is complete."""
        account = self.account = Account(portion.index, portion.source.path, fields=self._setting.fields)
        for reading in readings(portion.source, self._setting.fields, portion.start, portion.end):
            if isinstance(reading, Note):
                _noted(account, reading)
            else:
                account.scanned = reading.place.record or 0
                account.read += 1
                yield from self._recorded(reading, account)
                if account.scanned % 1000 == 0:
                    self._watch(account.scanned)

    def _recorded(self, record: Record, account: Account) -> Iterator[Keyed]:
        at = record.exchange.at
        if at is not None:
            account.last = at.timestamp()
            account.first = account.last if account.first is None else account.first
        elif record.sent:
            first, count = account.undated
            account.undated = (first or record.place.record or 0, count + 1)
        call = self.call(record)
        if call is not None:
            account.calls += 1
            yield from self._told(call, record, account)

    def call(self, record: Record) -> Call | None:
        """The call of Vipps that a record is, as the recorder wrote it."""
        exchange = record.exchange
        if exchange.method in NO_CALLS or (isinstance(exchange.url, str) and not self._routes.may_match(exchange.url)):
            return None
        call = read_call(exchange, self._routes, record.place, _is_genuine)
        return call if call is not None and _meant_for_vipps(call) else None

    def _told(self, call: Call, record: Record, account: Account) -> Iterator[Keyed]:
        """The rows of a call: the first is counted, the others only carry it to its other threads."""
        place, identity = record.place, record.identity
        asked = self._threads(call) if record.sent else ()
        homes = [(f"{one.entity}\0{key}", one.entity) for one in asked if (key := _key(one.id)) is not None]
        written = self._packed(call) if asked else b""
        about = (account.last, account.portion, place.record or 0, place.line or 0, identity)
        if not homes:
            yield (identity.hex() if identity else repr(place)), Row(*about, "", b"", self._tally(call))
        for index, (thread, entity) in enumerate(homes):
            yield thread, Row(*about, entity, written, None if index else self._tally(call))
        for one in asked if len(homes) < len(asked) else ():
            if _key(one.id) is None:
                yield ALL, Row(*about, one.entity, written, None)

    def _threads(self, call: Call) -> tuple[Thread, ...]:
        """The threads that a call belongs to."""
        return EVERY if changes_all(call) else threads(call)

    def _packed(self, call: Call) -> bytes:
        return packed(call, self._wanted[call.operation.id] if call.operation else {})

    def kept(self, call: Call) -> Call:
        """The call with only what later ones are judged by."""
        return unpacked(self._packed(call), self._setting.rules, call.place or Place("?"))

    def _tally(self, call: Call) -> tuple[Any, ...]:
        day, status = call.at.date() if call.at else None, call.status()
        today, code = day or self._setting.today, status if isinstance(status, int) else 0
        errors: tuple[tuple[Any, ...], ...] = ()
        found = list(judge(call, NOTHING, self._alone, today))
        if found or code >= FAILED:  # a call in which nothing is found has nothing wrong that is blacked out either
            if (legible := without_redactions(call.document)) is not call.document:
                call = changed(call, document=legible)
                found = list(judge(call, NOTHING, self._alone, today))
            found = [*self._setting.chosen(map(masked, found))]
            errors = tuple(map(astuple, failures([call])))
        name = call.operation.id if call.operation else None
        tally = (label(call), name, day.isoformat() if day else "", code)
        return (*tally, errors, pickle.dumps(found) if found else b"") if errors or found else tally


def _key(value: Value) -> str | None:
    """An id as text; None for one that is not plainly known."""
    if type(value) is str:
        return None if is_blacked_out(value) else value
    return str(value) if type(value) is int else None


def _noted(account: Account, note: Note) -> None:
    if note.record is None:
        account.notes.append(note)
        return
    account.scanned = note.record
    if sum(one.record is not None for one in account.notes) < SPOKEN:
        account.notes.append(note)
    else:
        account.unspoken += 1


def _is_genuine(url: Url) -> Truth:
    """Whether Vipps itself has answered a call that was recorded."""
    return YES if environment_of(url.api, url.host) else MAYBE


def _meant_for_vipps(call: Call) -> bool:
    """Whether it is more than a path of another service that looks like one of Vipps'.

    The host is Vipps' or unknown, or the operation is certain (a mock or a proxy), or the host is a slip of the pen.
    """
    if call.genuine is YES or call.operation or not isinstance(call.host, str):
        return True
    return any(Host().violations(call, Ledger(), (), date.min))
