"""Due dates: how they are written, and how far ahead they must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from vipps_lint.call import Call
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence
from vipps_lint.checks.environment import environment
from vipps_lint.diagnostic import Violation
from vipps_lint.document import (
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
from vipps_lint.ledger import Ledger

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str) -> date | None:
    """The day that text spells as `YYYY-MM-DD`; None where it does not, or there is no such day."""
    if not ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Day:
    """A real day, written `YYYY-MM-DD` and nothing more."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        value = call[at]
        if present(value) is YES and ask(value, _is_day) is NO:
            yield Violation(at, instead=_rewritten(value))


def _is_day(value: Value) -> Truth:
    match value:
        case str():
            return certain(day(value) is not None)
        case Template(parts):
            known = "".join(part for part in parts if isinstance(part, str))
            return MAYBE if re.fullmatch(r"[0-9-]*", known) and len(known) <= 10 else NO
        case _:
            return NO if is_a(value, "string") is NO else MAYBE


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


@dataclass(frozen=True)
class Lead:
    """From which day on how many days a due date must lie ahead, in production and in the test environment."""

    since: date
    production: int
    test: int
    __pydantic_config__: ClassVar = STRICT


@dataclass(frozen=True)
class LeadTime:
    """A due date that is too near. Days are counted in UTC, as Vipps' servers do.

    A call from a place east of Greenwich may already be in the next day, which asks for more, never for less. Where
    the environment is not known the shorter lead of the two holds.
    """

    leads: tuple[Lead, ...]
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"days", "earliest"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        days = self._days(call, today)
        earliest = today + timedelta(days=days)
        if ask(call[at], lambda value: _too_soon(value, earliest, days)) is YES:
            yield Violation(at, {"days": days, "earliest": earliest.isoformat()})

    def _days(self, call: Call, today: date) -> int:
        lead = max((lead for lead in self.leads if lead.since <= today), key=lambda lead: lead.since, default=None)
        if lead is None:
            return 0
        days = {"production": lead.production, "test": lead.test}
        name = environment(call)
        return days[name] if name else min(days.values())


def _too_soon(value: Value, earliest: date, days: int) -> Truth:
    match value:
        case str():
            due = day(value)
            return MAYBE if due is None else certain(due < earliest)
        case Hole(symbol=DaysAhead(ahead)):
            return certain(ahead < days)
        case _:
            return MAYBE
