"""One guard's judgement: requests and responses to calls, calls to findings, findings to a bounded memory.

Knows no client and no mode, and reads no clock: the moment of a call is given. May be used from several threads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from threading import RLock

from vipps_lint.call import Call, Place
from vipps_lint.catalog import Catalog, Rule
from vipps_lint.checks import FACES, Evidence
from vipps_lint.diagnostic import Diagnostic, Note
from vipps_lint.document import ABSENT, MAYBE, Hole
from vipps_lint.engine import judge, verdicts
from vipps_lint.guard.history import History, Seen
from vipps_lint.guard.told import Told, call_that_shows
from vipps_lint.ledger import Ledger, sales_unit
from vipps_lint.read.request import Answer, Exchange, read_call, with_answer
from vipps_lint.read.routes import Routes
from vipps_lint.report.mask import masked

HISTORY = 10_000
"""How many calls, and how many findings, a guard remembers."""


OF_ANSWERS = frozenset({Evidence.RESPONSE, Evidence.ANSWER})
"""What the rules need that are judged when the answer is there."""

NO_HISTORY = Ledger()
"""What calls are judged by where nothing is asked of those before."""


class Core:
    """Everything that one guard knows."""

    def __init__(
        self, catalog: Catalog, routes: Routes, ignore: Collection[str] = (), history: int = HISTORY
    ) -> None:
        self.routes = routes
        judged = (one for one in catalog.rules.values() if one.name not in ignore)
        self._rules = catalog.only(one.name for one in judged if one.needs <= FACES["guard"])
        self._rules_of_requests = catalog.only(
            one.name for one in self._rules.rules.values() if one.needs.isdisjoint(OF_ANSWERS)
        )
        self._rules_of_answers = catalog.only(one.name for one in self._rules.rules.values() if _looks_at_answers(one))
        self.seen: deque[Seen] = deque(maxlen=history)
        self.diagnostics: deque[Diagnostic] = deque(maxlen=history)
        self.notes: deque[Note] = deque(maxlen=history)
        self.requests = 0
        self.findings = 0
        self.history = History()
        self._told: list[Told] = []
        self._shown: dict[tuple[object, object], int] = {}
        self._lock = RLock()

    def sent(self, exchange: Exchange, place: Place, at: datetime) -> Seen | None:
        """The call that is about to be sent, with what its request breaks; None where it is none of Vipps'."""
        call = read_call(exchange, self.routes, place, at=at)
        if call is None:
            return None
        seen = Seen(call)
        with self._lock:
            self._show(call)
            self.seen.append(seen)
            self.requests += 1
            if found := self._judged(call, self._rules_of_requests):
                self._add(seen, [one for one in found if not self._is_told_by_answer(one)])
        return seen

    def answered(self, seen: Seen, answer: Answer) -> list[Diagnostic]:
        """What the answer brings to light; the call becomes part of the history that later ones are judged by.

        A body of the request that was a stream is judged now.
        """
        with self._lock:
            was_hole = answer.sent is not None and isinstance(seen.call[("body",)], Hole)
            seen.call = call = with_answer(seen.call, answer)
            rules = self._rules if was_hole else self._rules_of_answers
            new = self._judged(call, rules)
            if new:
                known = {(old.rule, old.pointer) for old in seen.found}
                told = (one for one in new if was_hole or self._is_told_by_answer(one))
                new = [one for one in told if (one.rule, one.pointer) not in known]
                self._add(seen, new)
            self.history.add(seen)
        return new

    def lost(self, seen: Seen) -> None:
        """The call got no answer: it may have had its effect, or not."""
        with self._lock:
            seen.call = replace(seen.call, succeeded=MAYBE)
            self.history.add(seen)

    def told(self, fact: Told) -> None:
        """Take a fact for granted from now on."""
        with self._lock:
            self._told.append(fact)

    def certain(self, seen: Seen) -> set[str]:
        """The rules that a call is known to keep or to break: before its answer by the history as it is now.

        Once answered it is history itself, so what it met is not asked again.
        """
        call = seen.call
        assert call.at is not None, "the guard dates every exchange"
        answered = call[("response",)] is not ABSENT
        history = NO_HISTORY if answered else self._before(call, self._rules)
        said = list(verdicts(call, history, self._rules, call.at.date()))
        still = {one.rule for one in said if any(one.obligations())}
        late = {name for name, rule in self._rules.rules.items() if Evidence.HISTORY in rule.needs}
        return {one.rule for one in said} - still - (late if answered else set(self._rules_of_answers.rules))

    def _show(self, call: Call) -> None:
        """Fold the facts that were told, once for each host and sales unit: they hold wherever the program calls."""
        if not self._told:
            return
        whose = (call.host, sales_unit(call))
        for fact in self._told[self._shown.get(whose, 0) :]:
            if (known := call_that_shows(fact, call, self.routes)) is not None:
                self.history.ledger().fold(known)
        self._shown[whose] = len(self._told)

    def _judged(self, call: Call, rules: Catalog) -> list[Diagnostic]:
        assert call.at is not None, "the guard dates every exchange"
        found = [masked(one) for one in judge(call, self._before(call, rules), rules, call.at.date())]
        if not found:
            return found
        self.notes.extend(note for one in found if one.internal and (note := _note(one)) not in self.notes)
        return [one for one in found if not one.internal]

    def _before(self, call: Call, rules: Catalog) -> Ledger:
        """The history that a call meets, if any of its rules asks for it."""
        asked = rules.questions(call.operation.id if call.operation else None)
        return self.history.ledger() if asked.historic else NO_HISTORY

    def _is_told_by_answer(self, one: Diagnostic) -> bool:
        """Whether only the answer tells. The rest was judged by the history as it was when the request went out."""
        return Evidence.RESPONSE in self._rules.rules[one.rule].needs or one.pointer.startswith("response")

    def _add(self, seen: Seen, found: list[Diagnostic]) -> None:
        seen.found += found
        self.diagnostics.extend(found)
        self.findings += len(found)


def _looks_at_answers(rule: Rule) -> bool:
    spots = (spot for found in rule.spots.values() for spot in found)
    return Evidence.RESPONSE in rule.needs or any(spot.at[:1] == ("response",) for spot in spots)


def _note(crash: Diagnostic) -> Note:
    return Note(crash.place.path, f"{crash.rule}: {crash.message}", crash.place.line)
