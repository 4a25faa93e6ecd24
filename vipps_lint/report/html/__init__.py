"""The health report as one page that needs nothing else: opened from disk, printed, read aloud. It has no script.

The page shows the numbers of the JSON report. All text is escaped where it is put in; a policy in the page lets a
browser load nothing, run nothing and use no other style than the page's own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from vipps_lint.call import Place
from vipps_lint.catalog import Catalog
from vipps_lint.report import Report
from vipps_lint.report.comparison import period, told, unsaid
from vipps_lint.report.days import spans
from vipps_lint.report.frame import visible
from vipps_lint.report.html.charts import MOST, bars
from vipps_lint.report.html.words import code, moment
from vipps_lint.report.json import document
from vipps_lint.report.numbers import counted, grouped, money, share
from vipps_lint.report.summary import missing_of
from vipps_lint.report.text import sentence_of, where

FOLDER = Path(__file__).parent
MOST_NOTES, MOST_ERRORS, MOST_CHANGES = 50, 100, 100
"""How many notes, kinds of errors and changes the page shows; the others are counted."""


def page(report: Report, catalog: Catalog, today: date) -> str:
    """The page for an audit, with what the catalog says of the rules that are broken; it was made today."""
    data = document(report, findings=False)
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    return _template().render(
        health=data["health"],
        errors=data["errors"][:MOST_ERRORS],
        more_errors=max(0, len(data["errors"]) - MOST_ERRORS),
        numbers=data["summary"],
        reasons={one["rule"]: _reasons(one["rule"], catalog) for one in data["health"]["findings"]},
        charts=_charts(data["health"]),
        **_changes(report.comparison),
        missing=missing_of(report),
        notes=[sentence_of(note) for note in sorted(report.notes, key=lambda one: not one.lost)[:MOST_NOTES]],
        more_notes=max(0, len(report.notes) - MOST_NOTES),
        today=today,
        style=Markup(style),
        digest=b64encode(sha256(style.encode()).digest()).decode(),
    )


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(code=code, grouped=grouped, moment=moment)
    environment.globals.update(counted=counted, money=money, share=share, place=_place)
    return environment.get_template("page.html.j2")


def _shown(value: object) -> object:
    """Text without signs that a browser obeys; what is markup already is ours."""
    return visible(value) if type(value) is str else value


def _changes(comparison: Mapping[str, Any] | None) -> dict[str, Any]:
    """What has changed since an earlier audit; nothing where there is none."""
    if comparison is None:
        return {"changes": [], "more_changes": 0, "unsaid": "", "compared": ""}
    changes = told(comparison)
    return {
        "changes": changes[:MOST_CHANGES],
        "more_changes": max(0, len(changes) - MOST_CHANGES),
        "unsaid": unsaid(comparison),
        "compared": period(comparison["before"]),
    }


def _place(one: Mapping[str, Any]) -> str:
    return where(Place(**one))


def _reasons(rule: str, catalog: Catalog) -> tuple[str, str]:
    """Why it is a rule, and who says so; nothing of one that the catalog does not know."""
    found = catalog.rules.get(rule)
    return (found.why, found.source) if found else ("", "")


def _charts(health: dict[str, Any]) -> list[Any]:
    """One chart for each operation, all of the same days."""
    covered = spans(health["first_day"], health["last_day"], MOST)
    return [bars(one["days"], covered) for one in health["operations"]]
