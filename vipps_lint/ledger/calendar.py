"""The interval windows of agreements: fixed stretches of the calendar, not so many days since the last charge.

Documented by examples only (Recurring API guide, "Intervals"): a monthly charge may come any day of the next month, a
weekly one from Monday. For counts above one the windows start with the one that holds the agreement's first day.
"""

from __future__ import annotations

from datetime import date, timedelta


def ordinal(day: date, unit: str) -> int | None:
    """The number of the year, month, week (from Monday) or day; None for a unit that Vipps does not have."""
    match unit:
        case "YEAR":
            return day.year
        case "MONTH":
            return day.year * 12 + day.month - 1
        case "WEEK":
            return (day.toordinal() - 1) // 7
        case "DAY":
            return day.toordinal()
        case _:
            return None


def window(day: date, unit: str, count: int, anchor: date | None) -> int | None:
    """Which interval `day` lies in; None where that is not known (several units an interval, and no first day)."""
    if count > 1 and anchor is None:
        return None
    this, first = ordinal(day, unit), ordinal(anchor or day, unit)
    if this is None or first is None or count < 1:
        return None
    return (this - first) // count if count > 1 else this


def next_window(day: date, unit: str, count: int) -> date | None:
    """The first day of the interval after the one that begins with `day`'s unit."""
    match unit:
        case "YEAR":
            return date(day.year + count, 1, 1)
        case "MONTH":
            months = day.year * 12 + day.month - 1 + count
            return date(months // 12, months % 12 + 1, 1)
        case "WEEK":
            return day - timedelta(days=day.weekday()) + timedelta(weeks=count)
        case "DAY":
            return day + timedelta(days=count)
        case _:
            return None


def later(day: date, unit: str, count: int) -> date | None:
    """The day `count` units after `day`: the end of a period that began on it (31 January + a month: 28 February)."""
    match unit:
        case "YEAR" | "MONTH":
            months = day.year * 12 + day.month - 1 + count * (12 if unit == "YEAR" else 1)
            first = date(months // 12, months % 12 + 1, 1)
            last = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)).day
            return first.replace(day=min(day.day, last))
        case "WEEK":
            return day + timedelta(weeks=count)
        case "DAY":
            return day + timedelta(days=count)
        case _:
            return None


def day_of(text: object) -> date | None:
    """The day that an ISO date or date-time names; None where it names none."""
    if not isinstance(text, str) or len(text) < 10:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
