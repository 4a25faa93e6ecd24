"""Where rules meet calls. Knows no face, reads no clock: the day that a call is judged on comes with the call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from vipps_lint.call import Call, Origin, Place, dotted
from vipps_lint.catalog import Catalog, Rule, Spot, Stage
from vipps_lint.checks import Evidence
from vipps_lint.diagnostic import Diagnostic, Severity, Violation
from vipps_lint.document import Pointer, Value, select, show
from vipps_lint.ledger import Ledger


def judge(call: Call, history: Ledger, catalog: Catalog, today: date) -> Iterator[Diagnostic]:
    """All findings of one call, given the calls before it.

    `today` is the day of the call in UTC: its own, or the one that the user judges source by. A check that crashes
    becomes a diagnostic that names its rule, marked `internal`, and the other rules go on.
    """
    for rule, spot in catalog.spots(call.operation.id if call.operation else None):
        try:
            for at in _places(call, spot):
                for violation in spot.check.violations(call, history, at, today):
                    stage = rule.stage(call, today)  # asked last: most calls break no rule
                    if stage is not None and stage.severity is not None:
                        yield diagnostic(rule, stage, stage.severity, call, violation)
        except Exception as error:  # noqa: BLE001 - a bug of ours must not hide the findings of the other rules
            if rule.severity(call, today) is not None:
                yield _crash(rule, spot, call, error)


def _places(call: Call, spot: Spot) -> Iterable[Pointer]:
    """Every value that the spot names; what code reads may be an item that no document holds."""
    if "*" not in spot.at or Evidence.CODE in spot.check.needs:
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
        message=f"this rule could not judge `{call.label}`: {type(error).__name__}: {error}",
        help="this is a bug in vipps-lint, not in your call; please report it with the call",
        place=origin.place,
        operation=call.label,
        pointer=dotted(spot.at),
        internal=True,
    )
