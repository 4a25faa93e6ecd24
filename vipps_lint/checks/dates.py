"""Days and moments: how they are written, and how far ahead due dates must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import ClassVar

from vipps_lint.call import Call
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence, judged
from vipps_lint.checks.environment import environment
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import (
    ABSENT,
    MAYBE,
    NO,
    YES,
    DaysAhead,
    Hole,
    Pointer,
    Template,
    Truth,
    Value,
    ask,
    certain,
    is_a,
    present,
)
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
MOMENT = re.compile(f"{ISO_DAY.pattern}[Tt]{TIME}")
IN_MOMENTS = re.compile(r"[0-9TtZz:.+-]*")


def day(text: str) -> date | None:
    """The day that text spells as `YYYY-MM-DD`; None where it does not, or there is no such day."""
    if not ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@immutable(frozen=True)
class Day:
    """A real day, written `YYYY-MM-DD` and nothing more."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        value = call[at]
        answer = ask(value, lambda one: present(one) & ~_is_day(one))
        return judged(answer, at, lambda: Violation(at, instead=_rewritten(value)))


def _is_day(value: Value) -> Truth:
    match value:
        case str():
            return certain(day(value) is not None)
        case Template(parts):
            known = "".join(part for part in parts if isinstance(part, str))
            return MAYBE if re.fullmatch(r"[0-9-]*", known) and len(known) <= 10 else NO
        case _:
            return NO if is_a(value, "string") is NO else MAYBE


@immutable(frozen=True)
class Moment:
    """A moment with its zone, written as RFC 3339 says: `2026-12-24T23:00:00Z`. Null is none."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        return judged(ask(call[at], _is_no_moment), at)


def _is_no_moment(value: Value) -> Truth:
    """Whether a value is text and no moment; other types are another check's."""
    match value:
        case str():
            return certain(not spells_moment(value))
        case Template(parts):
            known = (part for part in parts if isinstance(part, str))
            return MAYBE if all(map(IN_MOMENTS.fullmatch, known)) else YES
        case Hole(type="string" | None):
            return MAYBE
        case _:
            return NO


def spells_moment(text: str) -> bool:
    """Whether text is a moment with its zone as RFC 3339 writes it."""
    found = MOMENT.fullmatch(text)
    hour, minute, second = (int(part) for part in found.groups()) if found else (24, 0, 0)
    return day(text[:10]) is not None and hour < 24 and minute < 60 and second <= 60


def _rewritten(value: Value) -> str | None:
    """The day that is meant, where the text can mean only one."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).date().isoformat()
    except ValueError:
        pass
    try:
        return datetime.strptime(value, "%d.%m.%Y").date().isoformat()
    except ValueError:
        return None


@immutable(frozen=True)
class Lead:
    """From which day on how many days a due date must lie ahead, in production and in the test environment."""

    since: date
    production: int
    test: int
    __pydantic_config__: ClassVar = STRICT


@immutable(frozen=True)
class LeadTime:
    """A due date that is too near. Days are counted in UTC, as Vipps' servers do.

    A call from a place east of Greenwich may already be in the next day, which asks for more, never for less. Where
    the environment is not known the shorter lead of the two holds.
    """

    leads: tuple[Lead, ...]
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"days", "earliest"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        name, lead = environment(call), self._lead(today)
        asked = {"production": lead.production, "test": lead.test}
        days = asked[name] if name else min(asked.values())
        answer = _too_soon(call[at], today, days)
        if answer is YES:
            yield Violation(at, {"days": days, "earliest": (today + timedelta(days=days)).isoformat()})
        elif answer is MAYBE:
            yield Undecided(at)
        elif name is None and _too_soon(call[at], today, max(asked.values())) is not NO:
            yield Undecided(("host",))

    def _lead(self, today: date) -> Lead:
        begun = (lead for lead in self.leads if lead.since <= today)
        return max(begun, key=lambda lead: lead.since, default=Lead(date.min, 0, 0))


def _too_soon(due: Value, today: date, days: int) -> Truth:
    earliest = today + timedelta(days=days)

    def question(value: Value) -> Truth:
        match value:
            case str():
                found = day(value)
                return MAYBE if found is None else certain(found < earliest)
            case Hole(symbol=DaysAhead(ahead)):
                return certain(ahead < days)
            case _:
                return NO if value is ABSENT else MAYBE

    return ask(due, question)
