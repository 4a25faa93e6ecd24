"""One rule in full, for the person who met it: what it says, why, since when, who says so, and examples."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date

from vipps_lint.call import dotted
from vipps_lint.catalog import Catalog, Rule
from vipps_lint.checks import Evidence
from vipps_lint.report.illustrate import as_http, as_python
from vipps_lint.report.rules import condition, cures, faces, level, severity, table

WIDTH = 96


def explain(rule: Rule, catalog: Catalog, today: date, *, python: bool = False) -> str:
    """The rule as a page of text; with `python`, its examples are source that makes the calls."""
    shown = as_python if python else as_http
    parts = [
        f"{rule.name} ({_now(rule, today)})\n",
        _paragraph(rule.message, "") + "".join(_cures(rule, today)),
        "Why\n" + _paragraph(rule.why),
        "Since\n" + _indented(_timeline(rule)),
        "Where\n" + _indented(_spots(rule, catalog)),
        f"Decided by {_deciders(rule)}\nSource     {rule.source}\nVerified   {rule.verified}\n",
        *(f"Wrong\n{_indented(shown(rule, example, catalog))}" for example in rule.invalid),
        *(f"Right\n{_indented(shown(rule, example, catalog))}" for example in rule.valid),
    ]
    return "\n".join(parts)


def _now(rule: Rule, today: date) -> str:
    now = severity(rule, today)
    return f"not in force on {today}" if now == "off" else f"{' or '.join(now.split('/'))} on {today}"


def _cures(rule: Rule, today: date) -> Iterator[str]:
    """What to do about it on the day, each in a paragraph."""
    found = cures(rule, today)
    if rule.help in found and rule.otherwise != rule.help:
        found = [*found, rule.otherwise]
    for number, cure in enumerate(found):
        yield _paragraph(f"{'or:  ' if number else 'help:'} {cure}", "")


def _deciders(rule: Rule) -> str:
    listed = ", ".join(faces(rule))
    if Evidence.HISTORY in rule.needs:
        return f"{listed} (check: where the source proves which call came before)"
    return listed


def _timeline(rule: Rule) -> str:
    stages = sorted(rule.timeline, key=lambda stage: stage.since)
    return table([(str(stage.since), level(stage), condition(stage)) for stage in stages])


def _spots(rule: Rule, catalog: Catalog) -> str:
    return table(list(_rows(rule, catalog)))


def _rows(rule: Rule, catalog: Catalog) -> Iterator[tuple[str, ...]]:
    for name, spots in rule.spots.items():
        label = catalog.operations[name].label if name in catalog.operations else "every call"
        yield name, label, ", ".join(dotted(spot.at) for spot in spots)


def _paragraph(words: str, indent: str = "  ") -> str:
    return textwrap.fill(words, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False) + "\n"


def _indented(words: str) -> str:
    return textwrap.indent(words.rstrip("\n") + "\n", "  ")
