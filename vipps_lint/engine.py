"""Where rules meet calls. Knows no face, reads no clock: the day that a call is judged on comes with the call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from vipps_lint.call import Call, Origin, Place, dotted
from vipps_lint.catalog import Catalog, Question, Rule, Spot, Stage
from vipps_lint.checks import Evidence
from vipps_lint.checks.quick import Shortcut
from vipps_lint.checks.traffic import LeftReserved
from vipps_lint.diagnostic import Diagnostic, Obligation, Severity, Undecided, Violation
from vipps_lint.document import Object, Pointer, Value, select, show, unselected, why
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger

EVERY = frozenset(Evidence)

LOOK_THEMSELVES = {Evidence.CODE, Evidence.ANSWER}
"""What checks need that find their places themselves: code may read an item that no document holds."""


@immutable(frozen=True, slots=True)
class Verdict:
    """What one rule says of one place in a call: what it found, and which questions stay open."""

    rule: str
    call: Call
    findings: tuple[Diagnostic, ...] = ()
    undecided: tuple[Undecided, ...] = ()

    def obligations(self) -> Iterator[Obligation]:
        """The open questions in words; what points at something that is known is none."""
        if not self.undecided:
            return
        document = Object({**self.call.document.fields, "host": self.call.host, "scheme": self.call.scheme})
        for one in self.undecided:
            if reason := one.reason or why(document, one.at):
                yield Obligation(self.rule, dotted(one.at), reason)


def judge(call: Call, history: Ledger, catalog: Catalog, today: date) -> Iterable[Diagnostic]:
    """All findings of one call, given the calls before it.

    `today` is the day of the call in UTC: its own, or the one that the user judges source by. A check that crashes
    becomes a diagnostic that names its rule, marked `internal`, and the other rules go on. Nothing is said of a call
    that is meant to fail.
    """
    asked = catalog.questions(call.operation.id if call.operation else None)
    left = asked.open if _is_fine(asked.fine, call, today) else asked.every
    return _found(left, call, history, today) if left and not call.meant_to_fail else ()


def _found(asked: Iterable[Question], call: Call, history: Ledger, today: date) -> Iterator[Diagnostic]:
    fine: dict[int, bool] = {}  # many rules have one shortcut
    for rule, spot, shortcut in asked:
        if shortcut is not None and id(shortcut) not in fine:
            fine[id(shortcut)] = _is_fine(shortcut, call, today)
        if shortcut is None or not fine[id(shortcut)]:
            yield from (one for one in _answers(rule, spot, call, history, today) if isinstance(one, Diagnostic))


def at_the_end(history: Ledger, catalog: Catalog, until: datetime) -> Iterator[tuple[Call, Diagnostic]]:
    """What all calls until some moment tell together: findings of what has not happened since a call, with that."""
    for rule in catalog.rules.values():
        check = next(iter(rule.spots.values()))[0].check
        for call, violation in check.at_the_end(history, until) if isinstance(check, LeftReserved) else ():
            stage = rule.stage(call, call.at.date() if call.at else until.date())
            concerned = call.operation is not None and call.operation.id in rule.spots
            if concerned and stage is not None and stage.severity is not None:
                yield call, diagnostic(rule, stage, stage.severity, call, violation)


def verdicts(
    call: Call, history: Ledger, catalog: Catalog, today: date, evidence: frozenset[Evidence] = EVERY
) -> Iterator[Verdict]:
    """What each rule that is in force for the call says of it: the findings of `judge`, and what stays open.

    Rules that need more than the evidence that there is are not asked.
    """
    operation = call.operation.id if call.operation else None
    for rule, spot in () if call.meant_to_fail else catalog.decided(operation, evidence):
        if rule.severity(call, today) is None:
            doubts = (at for one in rule.timeline if one.since <= today for at in one.doubts(call))
            yield from (Verdict(rule.name, call, undecided=(Undecided(at),)) for at in doubts)
            continue
        answers = list(_answers(rule, spot, call, history, today))
        found = tuple(one for one in answers if isinstance(one, Diagnostic))
        still = tuple(one for one in answers if isinstance(one, Undecided))
        if "*" in spot.at and not spot.check.needs & LOOK_THEMSELVES:
            still += tuple(map(Undecided, unselected(call.document, spot.at)))
        yield Verdict(rule.name, call, found, still)


def _is_fine(shortcut: Shortcut, call: Call, today: date) -> bool:
    try:
        return shortcut(call, today)
    except Exception:  # noqa: BLE001 - a bug of ours: the check itself must decide
        return False


def _answers(rule: Rule, spot: Spot, call: Call, history: Ledger, today: date) -> Iterator[Diagnostic | Undecided]:
    try:
        for at in _places(call, spot):
            for answer in spot.check.violations(call, history, at, today):
                if isinstance(answer, Undecided):
                    yield answer
                    continue
                stage = rule.stage(call, today)  # asked last: most calls break no rule
                if stage is not None and stage.severity is not None:
                    yield diagnostic(rule, stage, stage.severity, call, answer)
    except Exception as error:  # noqa: BLE001 - a bug of ours must not hide the findings of the other rules
        if rule.severity(call, today) is not None:
            yield _crash(rule, spot, call, error)


def _places(call: Call, spot: Spot) -> Iterable[Pointer]:
    """Every value that the spot names."""
    if "*" not in spot.at or spot.check.needs & LOOK_THEMSELVES:
        return (spot.at,)
    return (at for at, _ in select(call.document, spot.at))


def diagnostic(rule: Rule, stage: Stage, severity: Severity, call: Call, violation: Violation) -> Diagnostic:
    """The violation in words, at the smallest place that is known."""
    words = _words(call, violation)
    cure = stage.help or rule.help
    text = cure if violation.instead is not None or "{instead}" not in cure else rule.otherwise
    origin = call.origin(violation.at) or Origin(Place("?"))
    return Diagnostic(
        rule=rule.name,
        severity=violation.severity or severity,
        message=rule.message.format_map(words),
        help=text.format_map(words),
        place=violation.place or origin.place,
        operation=call.label,
        pointer=dotted(violation.at),
        instead=violation.instead,
        related=violation.related,
    )


def _words(call: Call, violation: Violation) -> Mapping[str, str]:
    facts: dict[str, Value] = {"value": call[violation.at], **violation.facts}
    words = {name: show(value) for name, value in facts.items()}
    return {**words, "operation": call.label, "instead": violation.instead or ""}


def _crash(rule: Rule, spot: Spot, call: Call, error: Exception) -> Diagnostic:
    origin = call.origin(spot.at) or Origin(Place("?"))
    return Diagnostic(
        rule=rule.name,
        severity=Severity.ERROR,
        message=f"this rule could not judge `{call.label}`: {_where(error)}",
        help="this is a bug in vipps-lint, not in your call; please report it with the call",
        place=origin.place,
        operation=call.label,
        pointer=dotted(spot.at),
        internal=True,
    )


def _where(error: Exception) -> str:
    """The kind of an error and the line that it comes from; its own words may quote what is private in the call."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    file = re.split(r"[/\\]", at.tb_frame.f_code.co_filename)[-1] if at else "?"
    return f"{type(error).__name__} in {file}:{at.tb_lineno if at else 0}"
