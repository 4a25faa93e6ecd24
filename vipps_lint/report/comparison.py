"""Two audits compared: what is worse, better, new or gone since the earlier one.

Logs of different length are compared by shares. A difference that chance may have made is none, and of few calls
nothing is said; but a rule that no call broke before is new with its first finding: findings are certain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from vipps_lint.diagnostic import Failure
from vipps_lint.immutable import immutable
from vipps_lint.report.chance import FEWEST, Part, differ, enough
from vipps_lint.report.numbers import counted, grouped, share

Data = Mapping[str, Any]
Pair = tuple[Data, Data]

NUMBERS = ("calls", "failed", "unknown")
NOTHING: Data = {**dict.fromkeys(NUMBERS, 0), "count": 0, "severity": "", "operations": ()}
"""What is known of something that one side does not have."""

WORSE, BETTER, NEW, GONE, SAME, FEW = "worse", "better", "new", "gone", "same", "too few calls"
MORE, FEWER, BUSIER = "more", "fewer", 1.5
"""Calls are neither better nor worse; they are told of where their share has grown, or shrunk, by half."""


UNASKED = "not asked"
"""Of a rule that only one of the audits has asked."""

TOLD = (NEW, WORSE, GONE, BETTER, MORE, FEWER)
"""What is told, in this order."""

SIDES = ("now", "before")


def comparison(before: Data, now: Data) -> dict[str, Any]:
    """The comparison of two reports, each with `health` and `errors` as JSON has them, as plain data."""
    parts = [
        ("operations", _operations(before["health"], now["health"])),
        ("rules", _rules(before["health"], now["health"])),
        ("errors", _errors(before, now)),
    ]
    made = {name: list(found) for name, found in parts}
    return {
        "before": _extent(before["health"]),
        "now": _extent(now["health"]),
        **made,
        "worse": sum(one["worse"] for one in chain(*made.values())),
    }


def _extent(health: Data) -> dict[str, Any]:
    return {name: health[name] for name in ("first_day", "last_day", "calls")}


def _operations(before: Data, now: Data) -> Iterator[dict[str, Any]]:
    """The operations by the share of their calls that failed; what was not recorded is in neither part."""
    for label, (old, new) in _paired(before["operations"], now["operations"], _label):
        answered = [_part(one["failed"], one["calls"] - one["unknown"]) for one in (old, new)]
        verdict = (NEW if not old["calls"] else "") or (GONE if not new["calls"] else "") or _verdict(*answered)
        yield {
            "operation": label,
            "before": {name: old[name] for name in NUMBERS},
            "now": {name: new[name] for name in NUMBERS},
            "verdict": verdict,
            "calls": _change(_part(old["calls"], before["calls"]), _part(new["calls"], now["calls"])),
            "worse": verdict == WORSE,
        }


def _rules(before: Data, now: Data) -> Iterator[dict[str, Any]]:
    """The rules by the share of calls that break them, of the calls of all operations where either audit found any."""
    calls = [_calls(health) for health in (before, now)]
    for rule, sides in _paired(before["findings"], now["findings"], _rule):
        where = {each["operation"] for side in sides for each in side["operations"]}
        parts = [
            _part(one["calls"], sum(known[label] for label in where)) for one, known in zip(sides, calls, strict=True)
        ]
        severity = sides[1]["severity"] or sides[0]["severity"]
        verdict = _appearance(*parts) if _asked(rule, before) and _asked(rule, now) else UNASKED
        yield {
            "rule": rule,
            "severity": severity,
            "before": {"calls": parts[0].count, "of": parts[0].of},
            "now": {"calls": parts[1].count, "of": parts[1].of},
            "verdict": verdict,
            "worse": verdict in (NEW, WORSE) and severity != "info",
        }


def _asked(rule: str, health: Data) -> bool:
    """Whether an audit asked a rule: it may be younger, or the project has turned it off."""
    return health.get("rules") is None or rule in health["rules"]


def _errors(before: Data, now: Data) -> Iterator[dict[str, Any]]:
    """The errors by their share of the operation's calls. A new one may be a customer's: only many of it are worse."""
    calls = [_calls(side["health"]) for side in (before, now)]
    called = {*calls[0], *calls[1]}
    for _, sides in _paired(before["errors"], now["errors"], _error):
        shown = sides[1] if sides[1]["count"] else sides[0]
        parts = [
            _part(one["count"], known[shown["operation"]] if shown["operation"] in called else known.total())
            for one, known in zip(sides, calls, strict=True)
        ]
        verdict = _appearance(*parts)
        yield {
            **{name: shown[name] for name in ("operation", "status", "group", "code", "title")},
            "before": {"count": parts[0].count, "of": parts[0].of},
            "now": {"count": parts[1].count, "of": parts[1].of},
            "verdict": verdict,
            "worse": verdict in (NEW, WORSE) and _verdict(*parts) == WORSE,
        }


def _paired(before: Iterable[Data], now: Iterable[Data], key: Callable[[Data], str]) -> Iterator[tuple[str, Pair]]:
    """What has the same key on both sides; what one side does not have has zeros there."""
    sides = [{key(one): one for one in side} for side in (before, now)]
    for name in sorted({*sides[0], *sides[1]}):
        yield name, (sides[0].get(name, NOTHING), sides[1].get(name, NOTHING))


def _label(one: Data) -> str:
    return str(one["operation"])


def _rule(one: Data) -> str:
    return str(one["rule"])


def _error(one: Data) -> str:
    """What makes an error the same one; titles are reworded, codes are not."""
    return "\0".join(map(str, (one["operation"], one["status"], one["group"], one["code"] or one["title"])))


def _calls(health: Data) -> Counter[str]:
    return Counter({one["operation"]: one["calls"] for one in health["operations"]})


def _part(count: int, of: int) -> Part:
    return Part(min(count, max(of, 0)), max(of, 0))


def _appearance(before: Part, now: Part) -> str:
    """What has become of something that ought not to be there at all: it can come up, and go where calls go on."""
    if now.count and not before.count:
        return NEW
    if before.count and not now.count and now.of >= FEWEST:
        return GONE
    return _verdict(before, now)


def _verdict(before: Part, now: Part) -> str:
    """What has become of the share of something bad."""
    if not enough(before, now):
        return FEW
    if not differ(before, now):
        return SAME
    return WORSE if now.share > before.share else BETTER


def _change(before: Part, now: Part) -> str:
    """What has become of an operation's share of all calls."""
    if not enough(before, now):
        return FEW
    if not differ(before, now, BUSIER):
        return SAME
    return MORE if now.share > before.share else FEWER


@immutable(frozen=True, slots=True)
class Told:
    """One change for people: what has become of what, with its shares in words; `worse` as in the data."""

    worse: bool
    verdict: str
    subject: str
    measure: str
    now: str
    before: str


def told(compared: Data) -> list[Told]:
    """The changes, the worst first; what is as before, and what nothing can be said of, is left out."""
    found = [*_told_rules(compared), *_told_operations(compared), *_told_errors(compared)]
    return sorted(found, key=lambda one: (not one.worse, TOLD.index(one.verdict)))


def _told_rules(compared: Data) -> Iterator[Told]:
    for one in compared["rules"]:
        if one["verdict"] in TOLD:
            yield Told(one["worse"], one["verdict"], one["rule"], "calls break it", *_shares(one, "calls"))


def _told_operations(compared: Data) -> Iterator[Told]:
    for one in compared["operations"]:
        subject, appeared = f"`{one['operation']}`", one["verdict"] in (NEW, GONE)
        if one["verdict"] in TOLD and not appeared:
            sides = {side: {**one[side], "of": one[side]["calls"] - one[side]["unknown"]} for side in SIDES}
            yield Told(one["worse"], one["verdict"], subject, "calls failed", *_shares(sides, "failed"))
        if appeared or one["calls"] in TOLD:
            sides = {side: {**one[side], "of": compared[side]["calls"]} for side in SIDES}
            verdict = one["verdict"] if appeared else one["calls"]
            yield Told(False, verdict, subject, "calls of all", *_shares(sides, "calls"))


def _told_errors(compared: Data) -> Iterator[Told]:
    for one in compared["errors"]:
        if one["verdict"] in TOLD:
            failure = Failure(*(one[name] for name in ("operation", "status", "group", "code", "title")))
            subject = f"`{failure.operation}`: {failure.status} {failure.reason}".rstrip()
            yield Told(one["worse"], one["verdict"], subject, "calls got it", *_shares(one, "count"))


def _shares(one: Data, name: str) -> tuple[str, str]:
    """The share now, and that before."""
    now, before = (f"{share(one[side][name], one[side]['of'])} of {grouped(one[side]['of'])}" for side in SIDES)
    return now, before


def unsaid(compared: Data) -> str:
    """Of how many things there are too few calls, as a sentence; empty where there are enough of all."""
    few = sum(one["verdict"] == FEW for name in ("operations", "rules", "errors") for one in compared[name])
    things = counted(few, "more operation, rule or error", "more operations, rules and errors")
    return f"Of {things} there are too few calls to tell." if few else ""


def period(extent: Data) -> str:
    """The days of an audit, and its calls."""
    days = " to ".join(dict.fromkeys(filter(None, (extent["first_day"], extent["last_day"]))))
    return f"{days or 'calls without a time'} ({counted(extent['calls'], 'call')})"
