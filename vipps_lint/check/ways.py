"""One report for one mistake, however many calls and callers lead to it.

A function is followed on its own and once more for each caller, so the same token may be wrong on many ways. A way
counts only where no shorter one to the same call shows the mistake: then its callers have a part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from vipps_lint.call import Call, Place, Step
from vipps_lint.diagnostic import Diagnostic, Related
from vipps_lint.immutable import immutable

FURTHER = 3
"""How many further calls or callers a finding names before it only counts them."""


@immutable(frozen=True, slots=True)
class Sighting:
    """A finding of one call, followed on one way."""

    found: Diagnostic
    call: Call

    @property
    def way(self) -> tuple[Step, ...]:
        """The steps from the outermost caller to the call that names the route."""
        places = [step.place for step in self.call.chain]
        return self.call.chain[: places.index(self.call.place) + 1] if self.call.place in places else ()


def merged(sightings: Iterable[Sighting]) -> Iterator[Diagnostic]:
    """One finding for each rule and token: the worst one, with the ways from the token to the requests."""
    groups: dict[tuple[str, Place], list[Sighting]] = {}
    for one in sightings:
        groups.setdefault((one.found.rule, one.found.place), []).append(one)
    for group in groups.values():
        telling = sorted(_nearest(group), key=lambda one: (-one.found.severity.rank, *_order(one)))
        sites = tuple(dict.fromkeys(one.call.place for one in telling if one.call.place))
        yield replace(telling[0].found, chain=tuple(_chain(telling)), sites=sites)


def _order(sighting: Sighting) -> tuple[object, ...]:
    steps = [(step.place.path, step.place.line or 0, step.place.column or 0) for step in sighting.way]
    return len(steps), steps


def _nearest(group: list[Sighting]) -> list[Sighting]:
    """The sightings without those that have callers which no shorter way to the same call needs."""
    shortest: dict[Place | None, int] = {}
    for one in group:
        site = one.call.place
        shortest[site] = min(shortest.get(site, len(one.way)), len(one.way))
    return [one for one in group if len(one.way) == shortest[one.call.place]]


def _chain(sightings: list[Sighting]) -> Iterator[Related]:
    """The steps of the first way, then what is new in each of the others, as long as they are few."""
    first, *others = sightings
    token = first.found.place
    shown = {step.place for step in first.way}
    for step in first.way:
        if not _around(step.place, token):
            yield Related(step.place, "sent here" if step == first.way[-1] else _called(step))
    further: dict[Place, tuple[Step, Sighting]] = {}
    for one in others:
        if new := _new(one, shown):
            further.setdefault(new.place, (new, one))
    for number, (step, one) in enumerate(list(further.values())[:FURTHER], 1):
        sent = step == one.way[-1]
        words = f"sent here by `{one.call.label}`" if sent else _called(step)
        more = len(further) - FURTHER
        yield Related(step.place, f"{words}, and {more} more" if number == FURTHER and more > 0 else words)


def _called(step: Step) -> str:
    return f"called here from `{step.within}()`" if step.within else "called here"


def _new(sighting: Sighting, shown: set[Place]) -> Step | None:
    """The call, where it is another one; else the first caller that is another one."""
    if not sighting.way or _around(sighting.way[-1].place, sighting.found.place):
        return None
    ordered = (sighting.way[-1], *sighting.way[:-1])
    return next((step for step in ordered if step.place not in shown), None)


def _around(place: Place, token: Place) -> bool:
    """Whether an expression stands on the line of a token, so that whoever sees the one sees the other."""
    if place.path != token.path or place.line is None or token.line is None:
        return place == token
    return place.line <= token.line <= (place.end_line or place.line)
