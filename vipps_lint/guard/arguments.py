"""What users write when they make a guard, checked: days and the names of rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from difflib import get_close_matches

from vipps_lint.catalog import Catalog

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def day(given: date | str | None) -> date | None:
    """The day that is given; a moment is its day, in UTC where it has a zone."""
    if isinstance(given, datetime):
        return (given.astimezone(UTC) if given.tzinfo else given).date()
    if given is None or isinstance(given, date):
        return given
    try:
        if DAY.fullmatch(given):
            return date.fromisoformat(given)
    except (TypeError, ValueError):
        pass
    raise ValueError(f"as_of: {given!r} is no day; write a `date`, or text such as `2022-04-15`")


def rule_names(names: Iterable[str], rules: Catalog) -> frozenset[str]:
    """The names, each of which must be a rule: a typo would hide nothing and say nothing."""
    listed = (names,) if isinstance(names, str) else tuple(names)
    for name in listed:
        if name not in rules.rules:
            hint = meant(str(name), rules.rules)
            raise ValueError(f"ignore: no rule is called `{name}`{hint}; see `vipps-lint rules`")
    return frozenset(listed)


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, as a remark; empty where there is none."""
    close = get_close_matches(word, tuple(known), 1)
    return f" (did you mean `{close[0]}`?)" if close else ""


def listed(words: Iterable[str]) -> str:
    """The words, quoted."""
    return ", ".join(f"`{word}`" for word in words)
