"""The call sites of the source, and what the tests of a run did with them: which they called, and what that decided.

A call belongs to the site whose expression is on its way, or else to the one with most of whose callers and wrappers
it shares its way. Reads no source: the sites are those of the linter's report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

from vipps_lint.guard.lines import Passed
from vipps_lint.guard.tally import counted, indented
from vipps_lint.immutable import immutable

Find = Callable[[str], str]
"""Gives a file one name, however it is written and wherever a copy of it lies."""


@immutable(frozen=True, slots=True)
class Span:
    """Where an expression stands."""

    file: str
    first: int
    last: int

    def has(self, line: Passed) -> bool:
        """Whether a line that ran is one of its lines."""
        return line.file == self.file and self.first <= line.line <= self.last


@dataclass(eq=False, slots=True)
class Site:
    """One call site: `opened` has the rules that the source leaves open, with what is not known.

    `key` is the operation's id, or the method where the path is no operation's: two readings of that may differ.
    It is `doubtful` where a call that nobody could place may have been made here.
    """

    path: str
    line: int
    operation: str
    key: str
    here: Span
    within: str
    steps: tuple[frozenset[Span], ...]
    opened: Mapping[str, tuple[str, ...]]
    calls: int = 0
    decided: set[str] = field(default_factory=set)
    doubtful: bool = False

    def awaited_at(self, line: Passed) -> bool:
        """Whether a line that ran is one of the coroutine that the site stands in: it may await what the site made."""
        return line.file == self.here.file and bool(line.coroutine) and line.coroutine == self.within

    @property
    def still(self) -> list[str]:
        """The rules that are open also after the tests."""
        return sorted(self.opened.keys() - self.decided)

    @property
    def settled(self) -> list[str]:
        """The rules that the source leaves open and the tests have decided."""
        return sorted(self.opened.keys() & self.decided)


def sites_of(calls: Iterable[Mapping[str, Any]], find: Find, judged: Collection[str]) -> list[Site]:
    """The sites that a report of the linter lists under `calls`; only what tests can decide (`judged`) is open."""
    return [_site(call, find, judged) for call in calls]


def _site(call: Mapping[str, Any], find: Find, judged: Collection[str]) -> Site:
    opened: dict[str, tuple[str, ...]] = {}
    for one in call["rules"]["undecided"]:
        if one["rule"] in judged:
            opened[one["rule"]] = tuple(dict.fromkeys((*opened.get(one["rule"], ()), one["reason"])))
    steps = tuple(frozenset(_span(step, find) for step in way) for way in call["ways"])
    here = _span(call, find)
    around = (step["within"] for way in call["ways"] for step in way if _span(step, find) == here)
    within = next(around, "").rpartition(".")[2]
    key = call["id"] or call["method"]
    return Site(call["path"], call["line"], call["operation"], key, here, within, steps, opened)


def _span(place: Mapping[str, Any], find: Find) -> Span:
    return Span(find(place["path"]), place["line"], place["end_line"] or place["line"])


class CallSites:
    """All sites, and the calls that belong to none; `root` is how the paths of the project's own files begin."""

    def __init__(self, sites: Sequence[Site], root: str = "") -> None:
        self.sites = sites
        self.root = root
        self.elsewhere: Counter[tuple[str, str, int]] = Counter()
        self.unplaced: Counter[str] = Counter()
        self._of: dict[str, list[Site]] = {}
        for site in sites:
            self._of.setdefault(site.key, []).append(site)

    def add(self, trail: Mapping[str, Any], find: Find, number: int = 1) -> None:
        """Count calls that tests made on one way."""
        lines = [Passed(find(file), line, coroutine) for file, line, coroutine in trail["lines"]]
        called = self._called(trail["key"], lines)
        for site in called:
            site.calls += number
            site.decided.update(trail["decided"])
        if not called:
            self._count_elsewhere(trail, lines, number)

    def _count_elsewhere(self, trail: Mapping[str, Any], lines: Sequence[Passed], number: int) -> None:
        """Count calls that belong to no site for certain; they may have been made by those whose files they passed."""
        if trail["whole"]:
            file, line, _ = trail["lines"][0]
            self.elsewhere[(trail["operation"], file.removeprefix(self.root), line)] += number
        else:
            self.unplaced[trail["operation"]] += number
        files = {line.file for line in lines}
        for site in self._of.get(trail["key"], ()):
            site.doubtful = site.doubtful or not trail["whole"] or site.here.file in files

    def document(self) -> dict[str, Any]:
        """What became of the sites, as plain data."""
        elsewhere = [
            {"operation": operation, "path": path, "line": line, "calls": number}
            for (operation, path, line), number in sorted(self.elsewhere.items())
        ]
        return {"sites": [_plain(site) for site in self.sites], "elsewhere": elsewhere, "unplaced": dict(self.unplaced)}

    def lines(self, width: int, verbose: bool = False) -> Iterator[str]:
        """The same as text: the sites that were called, those that never were, and the calls that belong to none."""
        called = [site for site in self.sites if site.calls]
        doubtful = [site for site in self.sites if site.doubtful and not site.calls]
        missed = [site for site in self.sites if not site.doubtful and not site.calls]
        yield from wrap(self._share(len(called)), width)
        for title, sites in (("", called), ("never called:", missed), ("not known whether called:", doubtful)):
            if sites and title:
                yield title
            for site in sites:
                yield f"{site.calls or '':6}  {_named(site)}"
                yield from _told(site, width, verbose)
        if self.elsewhere:
            yield "calls that passed none of these call sites:"
        for (operation, path, line), number in sorted(self.elsewhere.items()):
            yield f"{number:6}  {path}:{line} {operation}"
        if self.unplaced:
            yield "calls of tasks or threads that do not show who started them:"
        yield from (f"{number:6}  {operation}" for operation, number in sorted(self.unplaced.items()))

    def _share(self, called: int) -> str:
        if not self.sites:
            return "call sites: the linter knows none in these paths"
        opened = sum(len(site.opened) for site in self.sites)
        settled = sum(len(site.settled) for site in self.sites)
        decided = f"; of {counted(opened, 'rule')} that the source leaves open, {settled} decided" if opened else ""
        return f"call sites: {called} of {len(self.sites)} called{decided}"

    def _called(self, key: str, lines: Sequence[Passed]) -> list[Site]:
        """The sites that a call passed: more than one only where they stand on one line."""
        sites = self._of.get(key, ())
        here = [site for site in sites if any(map(site.here.has, lines))]
        if here:
            return _least(here, lambda site: site.here.last - site.here.first)
        awaited = [site for site in sites if any(map(site.awaited_at, lines))]
        if len(awaited) == 1:
            return awaited
        shared = {site: max((_shared(way, lines) for way in site.steps), default=0) for site in sites}
        best = _least([site for site in sites if shared[site]], lambda site: -shared[site])
        return best if len(best) == 1 else []


def _least(sites: list[Site], measure: Callable[[Site], int]) -> list[Site]:
    low = min(map(measure, sites), default=0)
    return [site for site in sites if measure(site) == low]


def _shared(way: Collection[Span], lines: Sequence[Passed]) -> int:
    return sum(any(map(step.has, lines)) for step in way)


def _plain(site: Site) -> dict[str, Any]:
    return {
        "operation": site.operation,
        "path": site.path,
        "line": site.line,
        "calls": site.calls if site.calls or not site.doubtful else None,
        "decided": site.settled,
        "undecided": {rule: [*site.opened[rule]] for rule in site.still},
    }


def _named(site: Site) -> str:
    return f"{site.path}:{site.line} {site.operation}"


def _told(site: Site, width: int, verbose: bool) -> Iterator[str]:
    """What is decided of a site and what is open, below its name."""
    if verbose:
        yield from indented(f"decided: {', '.join(site.settled)}" if site.settled else "", width)
        for rule in site.still:
            yield from indented(f"open: {rule}: {'; '.join(site.opened[rule])}", width)
        return
    done = f"{len(site.settled)} decided" if site.settled else ""
    still = f"open: {', '.join(site.still)}" if site.still else ""
    yield from indented("; ".join(filter(None, (done, still))), width)
