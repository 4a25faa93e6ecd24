"""The catalog as tables: the rules with what they are on a day, and the operations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from string import Formatter
from typing import Any

from vipps_lint.catalog import Catalog, Rule, Stage
from vipps_lint.checks import FACES
from vipps_lint.diagnostic import Severity
from vipps_lint.report.frame import width


def rules_text(catalog: Catalog, today: date) -> str:
    """One line for each rule: its name, how severe it is on the day, who can decide it, and what it says."""
    rows = [(rule.name, severity(rule, today), "/".join(faces(rule)), headline(rule)) for rule in _rules(catalog)]
    return table([("rule", f"on {today}", "decided by", "says"), *rows])


def operations_text(catalog: Catalog) -> str:
    """One line for each operation: its id, the call, and when it stops working."""
    rows = [
        (one.id, one.label, f"removed {one.retired.removed}" if one.retired else "")
        for one in catalog.operations.values()
    ]
    return table([("operation", "call", ""), *rows])


def rules_json(catalog: Catalog, today: date) -> str:
    """The same as `rules_text` for programs, with what `explain` knows."""
    found = [_rule(rule, today) for rule in _rules(catalog)]
    return json.dumps({"version": 1, "as_of": str(today), "rules": found}, indent=2) + "\n"


def operations_json(catalog: Catalog) -> str:
    """The same as `operations_text` for programs."""
    found = [
        {
            "id": one.id,
            "api": one.api.title,
            "method": one.method,
            "route": one.route,
            "environments": {name: str(since) for name, since in one.environments.items()},
            "removed": str(one.retired.removed) if one.retired else None,
        }
        for one in catalog.operations.values()
    ]
    return json.dumps({"version": 1, "operations": found}, indent=2) + "\n"


def _rules(catalog: Catalog) -> list[Rule]:
    return sorted(catalog.rules.values(), key=lambda rule: rule.name)


def _rule(rule: Rule, today: date) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "severity": severity(rule, today),
        "faces": list(faces(rule)),
        "message": rule.message,
        "help": " / ".join(cures(rule, today)),
        "why": rule.why,
        "source": rule.source,
        "verified": str(rule.verified),
        "operations": list(rule.operations),
        "timeline": [
            {"from": str(stage.since), "severity": level(stage), "when": condition(stage)} for stage in rule.timeline
        ],
    }


def severity(rule: Rule, today: date) -> str:
    """How severe a rule is on a day: `warning`, `warning/error` where that depends on the call, or `off`."""
    levels = {stage.severity for stage in _holding(rule, today) if stage.severity}
    return "/".join(sorted((one.value for one in levels), key=lambda one: Severity(one).rank)) or "off"


def cures(rule: Rule, today: date) -> list[str]:
    """What the rule advises on a day; more than one text where that depends on the call."""
    helps = [stage.help or rule.help for stage in _holding(rule, today) if stage.severity]
    return list(dict.fromkeys(helps)) or [rule.help]


def _holding(rule: Rule, today: date) -> list[Stage]:
    """The stages that are in force on a day, each for some calls."""
    latest = {(stage.on, tuple(stage.when.items())): stage for stage in _begun(rule, today)}
    general = latest.get(((), ()))
    # a stage for some calls counts as long as no later one speaks of all calls
    return [stage for stage in latest.values() if general is None or stage.since >= general.since]


def _begun(rule: Rule, today: date) -> Iterable[Stage]:
    return sorted((stage for stage in rule.timeline if stage.since <= today), key=lambda stage: stage.since)


def level(stage: Stage) -> str:
    """The severity that begins with a stage."""
    return stage.severity.value if stage.severity else "off"


def condition(stage: Stage) -> str:
    """Which calls a stage speaks of; empty for all."""
    on = ", ".join(stage.on)
    when = " and ".join(f"{'.'.join(map(str, at))} = {json.dumps(value)}" for at, value in stage.when.items())
    return " where ".join(part for part in (on, when) if part)


def faces(rule: Rule) -> tuple[str, ...]:
    """The faces that can have the evidence which the rule needs."""
    return tuple(face for face, evidence in FACES.items() if rule.needs <= evidence)


def headline(rule: Rule) -> str:
    """What the rule says, with `…` for the words that come from the call."""
    return "".join(_pieces(rule.message))


def _pieces(message: str) -> Iterator[str]:
    for words, name, _, _ in Formatter().parse(message):
        yield words + ("…" if name is not None else "")


def table(rows: list[tuple[str, ...]]) -> str:
    """The rows in columns as wide as their widest cell; the last column takes what it needs."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = ("  ".join([*map(_padded, row[:-1], widths), row[-1]]).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def _padded(cell: str, room: int) -> str:
    return cell + " " * (room - width(cell))
