"""The files in `rules/` as a `Catalog`: all operations of all APIs, and all rules with their checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from vipps_lint.cache import Cache, default_folder, stamp
from vipps_lint.call import Api, Call, Operation
from vipps_lint.changes import ExampleFile, GoodFile
from vipps_lint.checks import Check, Evidence
from vipps_lint.checks.quick import Shortcut, always, together
from vipps_lint.checks.shortcuts import Shortcuts
from vipps_lint.diagnostic import Severity
from vipps_lint.document import MAYBE, YES, Pointer, equal, from_json
from vipps_lint.immutable import immutable
from vipps_lint.packing import packed, unpacked

KIND = "catalog"
CODE = ("", "catalog", "checks", "document")
"""The folders of the package whose files decide what a catalog looks like."""


@immutable(frozen=True)
class Stage:
    """One step of a rule's timeline; the last one that has begun and fits the call decides. None means off."""

    since: date
    severity: Severity | None
    on: tuple[str, ...]
    when: Mapping[Pointer, Any]
    help: str | None = None

    def fits(self, call: Call) -> bool:
        """Whether the stage speaks of this call. What is not known does not fit, but it may well turn a rule off."""
        if not self.on and not self.when:
            return True
        answers = [equal(call[at], from_json(value)) for at, value in self.when.items()]
        return self._names(call) and all(
            answer is YES or (answer is MAYBE and self.severity is None) for answer in answers
        )

    def names(self, operation: str) -> bool:
        """Whether the stage speaks of calls of an operation, by its id."""
        return not self.on or _named(operation, self.on)

    def _names(self, call: Call) -> bool:
        return self.names(call.operation.id if call.operation else "")

    def doubts(self, call: Call) -> Iterator[Pointer]:
        """The fields whose unknown values leave it open whether the stage speaks of this call."""
        if self._names(call):
            yield from (at for at, value in self.when.items() if equal(call[at], from_json(value)) is MAYBE)


@cache
def _named(operation: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of some patterns names an operation; there are few of both, and it is asked for each call."""
    return any(fnmatchcase(operation, pattern) for pattern in patterns)


@immutable(frozen=True)
class Spot:
    """Where a rule looks in the calls of one operation, and the check that it asks there."""

    at: Pointer
    check: Check


@immutable(frozen=True)
class Rule:
    """One judgement: where it looks, what it asks, what it says, and since when it is how severe."""

    name: str
    spots: Mapping[str, tuple[Spot, ...]]
    message: str
    help: str
    otherwise: str
    why: str
    source: str
    verified: date
    timeline: tuple[Stage, ...]
    needs: frozenset[Evidence]
    valid: tuple[ExampleFile, ...] = field(default=(), repr=False)
    invalid: tuple[ExampleFile, ...] = field(default=(), repr=False)

    def severity(self, call: Call, today: date) -> Severity | None:
        """How severe the rule is on a day, for a call; None where it is not in force."""
        stage = self.stage(call, today)
        return stage.severity if stage else None

    def stage(self, call: Call, today: date) -> Stage | None:
        """The latest stage that has begun and fits the call; of two that began on one day the one listed later."""
        latest = None
        for stage in self.timeline:
            if stage.since <= today and (latest is None or latest.since <= stage.since) and stage.fits(call):
                latest = stage
        return latest

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that the rule is about; `*` is all, and paths that are no operation too."""
        return tuple(self.spots)


Spots = tuple[tuple[Rule, Spot], ...]
"""Rules, and where each looks."""

Question = tuple[Rule, Spot, Shortcut | None]
"""A rule that looks somewhere in calls of an operation, and the short way to say that it finds nothing."""


@immutable(frozen=True)
class Questions:
    """What is asked of calls of one operation: `every` question, and the `open` ones that a `fine` call leaves.

    `historic` says whether any of them asks for the calls before.
    """

    fine: Shortcut
    every: tuple[Question, ...]
    open: tuple[Question, ...]
    historic: bool

    @classmethod
    def of(cls, questions: Iterable[Question]) -> Questions:
        """The questions, with one shortcut that stands for all of theirs."""
        every = tuple(questions)
        fine = together(shortcut for _, _, shortcut in every if shortcut is not None)
        historic = any(Evidence.HISTORY in spot.check.needs for _, spot, _ in every)
        return cls(fine, every, tuple(one for one in every if one[2] is None), historic)


@immutable(frozen=True)
class Catalog:
    """Everything that `rules/` says."""

    operations: Mapping[str, Operation]
    rules: Mapping[str, Rule]
    good: Mapping[str, GoodFile] = field(repr=False)
    apis: Mapping[str, Api]

    def questions(self, operation: str | None) -> Questions:
        """What of `spots` can find anything in calls of the operation."""
        if operation not in self._questions:
            shortcuts = Shortcuts(self.operations[operation] if operation else None)
            asked = ((rule, spot, shortcuts.of(spot.check, spot.at)) for rule, spot in self.spots(operation))
            self._questions[operation] = Questions.of(one for one in asked if one[2] is not always)
        return self._questions[operation]

    def only(self, rules: Iterable[str]) -> Catalog:
        """The catalog with only these rules; the same one for the same rules, with all that it has worked out."""
        kept = frozenset(rules)
        if kept not in self._parts:
            chosen = {name: rule for name, rule in self.rules.items() if name in kept}
            self._parts[kept] = replace(self, rules=chosen)
        return self._parts[kept]

    def spots(self, operation: str | None) -> Spots:
        """The rules that look at calls of one operation (None: a path that is no operation), and where."""
        if operation not in self._index:
            self._index[operation] = tuple(
                (rule, spot)
                for rule in self.rules.values()
                for name, spots in rule.spots.items()
                if name == "*" or (operation and name == operation)
                for spot in spots
            )
        return self._index[operation]

    def decided(self, operation: str | None, evidence: frozenset[Evidence]) -> Spots:
        """Those of `spots` whose rules need no more than some evidence."""
        key = operation, evidence
        if key not in self._decided:
            self._decided[key] = tuple(one for one in self.spots(operation) if one[0].needs <= evidence)
        return self._decided[key]

    _index: dict[str | None, Spots] = field(default_factory=dict, init=False, repr=False, compare=False)
    _decided: dict[tuple[str | None, frozenset[Evidence]], Spots] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _questions: dict[str | None, Questions] = field(default_factory=dict, init=False, repr=False, compare=False)
    _parts: dict[frozenset[str], Catalog] = field(default_factory=dict, init=False, repr=False, compare=False)


def folder() -> Path:
    """Where the rule files are: beside the code in a wheel, beside the package in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


@cache
def catalog(rules: Path | None = None, kept: Cache | None = None) -> Catalog:
    """The catalog of a folder of rule files, by default the one that ships with vipps-lint.

    Rule files are read and validated when one of them, or the program, has changed; otherwise what was made of them is
    taken from a cache, by default the user's own. Raises `RuleFileError`, one line that names file and key, for the
    first file that cannot be used.
    """
    place = rules or folder()
    store = kept or Cache(default_folder())
    key = _key(place)
    entry = store.get(KIND, key)
    return (entry and _opened(entry)) or _built(place, store, key)


def _key(rules: Path) -> str:
    package = Path(__file__).parents[1]
    folders = [rules, *(one for one in sorted(rules.iterdir()) if one.is_dir()), *(package / part for part in CODE)]
    return stamp(*map(str, folders))


def _opened(entry: bytes) -> Catalog | None:
    try:
        found = unpacked(entry)
    except ValueError:
        return None
    return found if isinstance(found, Catalog) else None


def _built(rules: Path, store: Cache, key: str) -> Catalog:
    from vipps_lint.catalog.building import build

    made = build(rules)
    store.put(KIND, key, packed(made))
    return made
