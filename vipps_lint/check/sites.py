"""The call sites of the source: one entry for each, with what is known of it and what the rules could say.

A function is followed on its own and once more for each caller. What its callers decide is decided, so the open
questions are those of the outermost ways, and the findings those of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vipps_lint.call import Call, Place, Step
from vipps_lint.diagnostic import Judgement, Obligation
from vipps_lint.engine import Verdict
from vipps_lint.immutable import immutable


@immutable(frozen=True, slots=True)
class Followed:
    """One call on one way, and what the rules say of it."""

    call: Call
    verdicts: tuple[Verdict, ...]


def sites(followed: Iterable[Followed]) -> Iterator[tuple[Call, Judgement]]:
    """Each call site once, however many ways lead there: as its only caller sees it, or as its function does."""
    groups: dict[tuple[Place | None, str], list[Followed]] = {}
    for one in followed:
        groups.setdefault((one.call.place, one.call.label), []).append(one)
    for group in groups.values():
        ways = _outermost(group)
        shown = ways[0] if len(ways) == 1 else min(group, key=lambda one: len(one.call.chain))
        yield shown.call, _judgement(group, ways)


def _outermost(group: list[Followed]) -> list[Followed]:
    """Those that no longer way ends with, one for each way."""
    ends = {one.call.chain[start:] for one in group for start in range(1, len(one.call.chain))}
    return list({one.call.chain: one for one in group if one.call.chain not in ends}.values())


def _judgement(group: list[Followed], ways: list[Followed]) -> Judgement:
    asked = {verdict.rule for one in group for verdict in one.verdicts}
    broken = {verdict.rule for one in group for verdict in one.verdicts if verdict.findings}
    still = dict.fromkeys(
        obligation for one in ways for verdict in one.verdicts for obligation in verdict.obligations()
        if verdict.rule not in broken
    )  # fmt: skip
    kept = asked - broken - {obligation.rule for obligation in still}
    return Judgement(tuple(sorted(broken)), tuple(sorted(kept)), tuple(sorted(still, key=_order)), _ways(ways))


def _ways(followed: list[Followed]) -> tuple[tuple[Step, ...], ...]:
    return tuple(sorted((one.call.chain for one in followed), key=_steps))


def _steps(chain: tuple[Step, ...]) -> list[tuple[str, int, int]]:
    return [(step.place.path, step.place.line or 0, step.place.column or 0) for step in chain]


def _order(obligation: Obligation) -> tuple[str, str, str]:
    return obligation.rule, obligation.pointer, obligation.reason
