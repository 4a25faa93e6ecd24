"""Rule files to a catalog: everything that they say is checked here, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from string import Formatter
from typing import Any

from vipps_lint.call import Api, Effect, Operation, Retirement, pointer
from vipps_lint.catalog import Catalog, Rule, Spot, Stage
from vipps_lint.changes import GoodFile
from vipps_lint.checks import Check
from vipps_lint.diagnostic import Severity
from vipps_lint.rulefiles import (
    ApiFile,
    EffectFile,
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


def build(rules: Path) -> Catalog:
    """The catalog of a folder. Raises `RuleFileError` for the first file that cannot be used."""
    apis: dict[str, Api] = {}
    operations: dict[str, Operation] = {}
    good: dict[str, GoodFile] = {}
    described = references(rules / "shapes")
    for path in sorted((rules / "api").glob("*.toml")):
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
        raise RuleFileError(f"{rules}: no operation files in it; a catalog has them in `api/*.toml`")
    found = {path.stem: _rule(path, operations) for path in sorted(rules.glob("*.toml"))}
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
    return replace(
        own,
        at=own.at or shared.at,
        path={**shared.path, **own.path},
        query={**shared.query, **own.query},
        headers={**shared.headers, **own.headers},
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
