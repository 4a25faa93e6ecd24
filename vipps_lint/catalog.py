"""The files in `rules/` as a `Catalog`: all operations of all APIs, and all rules with their checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from vipps_lint.call import Api, Call, Effect, Operation, Retirement, pointer
from vipps_lint.checks import Check, Evidence
from vipps_lint.diagnostic import Severity
from vipps_lint.document import MAYBE, YES, Pointer, equal, from_json
from vipps_lint.rulefiles import (
    ApiFile,
    EffectFile,
    ExampleFile,
    GoodFile,
    OperationFile,
    RetirementFile,
    RuleFile,
    RuleFileError,
    Where,
    check_from,
    load,
)
from vipps_lint.shape import UNKNOWN, Reference
from vipps_lint.shapefiles import references

WORDS = frozenset({"value", "instead", "operation"})
"""What every message may quote."""


@dataclass(frozen=True)
class Stage:
    """One step of a rule's timeline; the last one that has begun and fits the call decides. None means off."""

    since: date
    severity: Severity | None
    on: tuple[str, ...]
    when: Mapping[Pointer, Any]
    help: str | None = None

    def fits(self, call: Call) -> bool:
        """Whether the stage speaks of this call. What is not known does not fit, but it may well turn a rule off."""
        name = call.operation.id if call.operation else ""
        named = not self.on or any(fnmatchcase(name, pattern) for pattern in self.on)
        answers = [equal(call[at], from_json(value)) for at, value in self.when.items()]
        return named and all(answer is YES or (answer is MAYBE and self.severity is None) for answer in answers)


@dataclass(frozen=True)
class Spot:
    """Where a rule looks in the calls of one operation, and the check that it asks there."""

    at: Pointer
    check: Check


@dataclass(frozen=True)
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
        begun = [stage for stage in self.timeline if stage.since <= today and stage.fits(call)]
        return sorted(begun, key=lambda stage: stage.since)[-1] if begun else None

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that the rule is about; `*` is all, and paths that are no operation too."""
        return tuple(self.spots)


@dataclass(frozen=True)
class Catalog:
    """Everything that `rules/` says."""

    operations: Mapping[str, Operation]
    rules: Mapping[str, Rule]
    good: Mapping[str, GoodFile] = field(repr=False)
    apis: Mapping[str, Api]

    def spots(self, operation: str | None) -> tuple[tuple[Rule, Spot], ...]:
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

    _index: dict[str | None, tuple[tuple[Rule, Spot], ...]] = field(default_factory=dict, repr=False)


def folder() -> Path:
    """Where the rule files are: beside the code in a wheel, beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


@cache
def catalog(rules: Path | None = None) -> Catalog:
    """The catalog of a folder of rule files, by default the one that ships with vipps-lint.

    Raises `RuleFileError`, one line that names file and key, for the first file that cannot be used.
    """
    place = rules or folder()
    apis: dict[str, Api] = {}
    operations: dict[str, Operation] = {}
    good: dict[str, GoodFile] = {}
    described = references(place / "shapes")
    for path in sorted((place / "api").glob("*.toml")):
        shown = f"rules/api/{path.name}"
        file = load(path, ApiFile, shown)
        api = Api(path.stem, file.title, file.prefix, file.typos, file.hosts, file.source, file.common)
        apis[api.id] = api
        for name, one in file.operations.items():
            operations[f"{api.id}.{name}"] = _operation(api, name, file, one, described)
            good[f"{api.id}.{name}"] = _good(file.good, one.good)
    if strangers := sorted(described.keys() - operations.keys()):
        raise RuleFileError(f"rules/shapes: no operation is called `{strangers[0]}`; rules/api has them all")
    if not operations:
        raise RuleFileError(f"{place}: no operation files in it; a catalog has them in `api/*.toml`")
    found = {path.stem: _rule(path, operations) for path in sorted(place.glob("*.toml"))}
    return Catalog(operations, found, good, apis)


def _operation(
    api: Api, name: str, file: ApiFile, one: OperationFile, described: Mapping[str, Reference]
) -> Operation:
    return Operation(
        f"{api.id}.{name}",
        api,
        one.method,
        one.route,
        {str(name): day for name, day in (one.environments or file.environments).items()},
        one.only,
        _retirement(one.retired or file.retired),
        tuple(_effect(effect) for effect in one.effects),
        described.get(f"{api.id}.{name}", UNKNOWN),
    )


def _retirement(file: RetirementFile | None) -> Retirement | None:
    return Retirement(file.announced, file.removed, file.instead, file.source) if file else None


def _effect(file: EffectFile) -> Effect:
    facts = {name: pointer(text) for name, text in (file.model_extra or {}).items()}
    return Effect(file.entity, pointer(file.key), file.kind, frozenset(file.success), file.releases, facts)


def _good(shared: GoodFile, own: GoodFile) -> GoodFile:
    """An operation's good request, with what its API's requests share."""
    return own.model_copy(
        update={
            "at": own.at or shared.at,
            "path": {**shared.path, **own.path},
            "query": {**shared.query, **own.query},
            "headers": {**shared.headers, **own.headers},
        }
    )


def _rule(path: Path, operations: Mapping[str, Operation]) -> Rule:
    shown = f"rules/{path.name}"
    file = load(path, RuleFile, shown)
    spots = {operation: tuple(found) for operation, found in _spots(file, operations, shown).items()}
    checks = [spot.check for found in spots.values() for spot in found]
    _words(file, checks[0], shown)
    _examples(file, spots, operations, shown)
    return Rule(
        path.stem,
        spots,
        file.message,
        file.help,
        file.otherwise or file.help,
        file.why,
        file.source,
        file.verified,
        tuple(_stages(file)),
        frozenset().union(*(check.needs for check in checks)),
        file.valid,
        file.invalid,
    )


def _examples(file: RuleFile, spots: Mapping[str, Any], operations: Mapping[str, Operation], shown: str) -> None:
    """Every example must be of an operation that exists, before it can be run."""
    for kind, examples in (("valid", file.valid), ("invalid", file.invalid)):
        for number, example in enumerate(examples):
            named = [example.operation or next(iter(spots)), *(one.operation for one in example.before)]
            for name in named:
                if name not in operations:
                    raise RuleFileError(f"{shown}: {kind}.{number}.operation: no operation is called `{name}`")


def _stages(file: RuleFile) -> Iterator[Stage]:
    for one in file.timeline:
        severity = None if one.severity == "off" else Severity(one.severity)
        when = {pointer(text): value for text, value in one.when.items()}
        yield Stage(one.since, severity, one.on, when, " ".join(one.help.split()) if one.help else None)


def _spots(file: RuleFile, operations: Mapping[str, Operation], shown: str) -> dict[str, list[Spot]]:
    """Where the rule looks, operation by operation; patterns such as `ecom.*` are spelled out."""
    listed = file.on if isinstance(file.on, Mapping) else dict.fromkeys(file.on, file.field)
    spots: dict[str, list[Spot]] = {}
    for pattern, where in listed.items():
        names = ["*"] if pattern == "*" else [name for name in operations if fnmatchcase(name, pattern)]
        if not names:
            raise RuleFileError(f"{shown}: on: no operation is called `{pattern}`; rules/api has them all")
        own = where if isinstance(where, Where) else Where(field=where)
        check = check_from({**file.check, **own.check}, shown)
        fields = (own.field,) if isinstance(own.field, str) else own.field
        for name in names:
            for spot in (Spot(pointer(text) if text else (), check) for text in fields):
                if spot not in spots.setdefault(name, []):
                    spots[name].append(spot)
    return spots


def _words(file: RuleFile, check: Check, shown: str) -> None:
    """Every word in braces in a message must be one that the check gives."""
    allowed = WORDS | check.words
    texts = {"message": file.message, "help": file.help, "otherwise": file.otherwise or ""}
    texts |= {f"timeline.{number}.help": one.help for number, one in enumerate(file.timeline) if one.help}
    for key, text in texts.items():
        for _, word, _, _ in Formatter().parse(text):
            if word is not None and word not in allowed:
                listed = ", ".join(sorted(allowed))
                raise RuleFileError(f"{shown}: {key}: unknown word `{{{word}}}`; allowed are {listed}")
