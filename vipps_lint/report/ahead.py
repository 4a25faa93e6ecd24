"""What will change soon for the operations that are called: what stops working, and what rules become."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from vipps_lint.call import Operation
from vipps_lint.catalog import Catalog, Rule, Stage
from vipps_lint.immutable import immutable
from vipps_lint.report.rules import condition, faces, level


@immutable(frozen=True, slots=True, order=True)
class Ahead:
    """One change: the day, what it is in words, what to do, and the operations that it is about.

    `rule` is empty where the operation itself changes.
    """

    day: str
    rule: str
    change: str
    help: str
    operations: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "day": self.day,
            "rule": self.rule or None,
            "change": self.change,
            "help": self.help,
            "operations": [*self.operations],
        }


def ahead(catalog: Catalog, called: Collection[str], today: date, days: int) -> list[Ahead]:
    """The changes after today and within some days, for the operations (by their ids) that were called."""
    operations = [catalog.operations[name] for name in sorted(called) if name in catalog.operations]
    found = [one for operation in operations for one in _retiring(operation)]
    found += [one for rule in catalog.rules.values() if "audit" in faces(rule) for one in _stages(rule, operations)]
    return sorted(one for one in found if 0 < (date.fromisoformat(one.day) - today).days <= days)


def _retiring(operation: Operation) -> Iterator[Ahead]:
    """The days on which an operation is deprecated and removed."""
    if (retired := operation.retired) is None:
        return
    for day, change in ((retired.announced, "is deprecated"), (retired.removed, "stops working")):
        if day is not None:
            yield Ahead(day.isoformat(), "", change, f"use this instead: {retired.instead}", (operation.label,))


def _stages(rule: Rule, operations: list[Operation]) -> Iterator[Ahead]:
    """The days on which a rule changes for some of the operations."""
    for stage in rule.timeline:
        labels = tuple(one.label for one in operations if _meant(rule, stage, one))
        if labels:
            where = f" where {condition(stage)}" if stage.when else ""
            yield Ahead(
                stage.since.isoformat(), rule.name, f"{_now(stage)}{where}", stage.help or rule.otherwise, labels
            )


def _now(stage: Stage) -> str:
    return "is no longer in force" if stage.severity is None else f"becomes {_article(level(stage))}"


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _meant(rule: Rule, stage: Stage, operation: Operation) -> bool:
    return not rule.spots.keys().isdisjoint(("*", operation.id)) and stage.names(operation.id)
