"""The examples of a rule as people read them: what is sent, without what every such request has; or Python in full."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from vipps_lint.call import dotted, pointer
from vipps_lint.catalog import Catalog, Rule
from vipps_lint.changes import BeforeFile, ExampleFile
from vipps_lint.checks import Evidence
from vipps_lint.document import Pointer
from vipps_lint.examples import Request, requests, source

PARTS = ("query", "headers", "body", "response")


def as_http(rule: Rule, example: ExampleFile, catalog: Catalog) -> str:
    """The calls of an example: for each its first line, and the values that the example is about."""
    if example.python is not None:
        return source(catalog, example, rule)
    made = requests(catalog, example, rule)
    changes: list[BeforeFile] = [*example.before, example]
    lines = [line for request, change in zip(made, changes, strict=True) for line in _call(request, change, rule)]
    lines += [f"  code reads {read}" for read in example.reads]
    if example.instead is not None:
        lines.append(f"  send instead: {example.instead}")
    return "\n".join(lines)


def as_python(rule: Rule, example: ExampleFile, catalog: Catalog) -> str:
    """The whole source that makes the calls of an example."""
    return source(catalog, example, rule)


def _call(request: Request, change: BeforeFile, rule: Rule) -> Iterator[str]:
    when = f"  ({request.at:%Y-%m-%d})" if change.at else ""
    yield f"{request.method} {request.url}{when}"
    for at, value in _leaves({part: getattr(request, part) for part in PARTS}):
        if any(at[: len(one)] == one for one in _telling(request, change, rule)):
            yield f"  {dotted(at)} = {json.dumps(value, ensure_ascii=False)}"
    yield from (f"  no {name}" for name in change.without)


def _telling(request: Request, change: BeforeFile, rule: Rule) -> set[Pointer]:
    """The places that matter: what the example changes, what the rule looks at, what moves the state of a payment."""
    changed = {at for at, _ in _leaves({part: getattr(change, part) for part in PARTS})}
    looked = {spot.at for spot in rule.spots.get(request.operation.id, ()) if spot.at}
    moving = request.operation.effects if Evidence.HISTORY in rule.needs else ()
    return changed | looked | {at for effect in moving for at in effect.facts.values()}


def _leaves(value: Any, at: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Every value that is no table, with the way to it."""
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            step = pointer(f"headers.{name}")[1:] if at == ("headers",) else (name,)
            yield from _leaves(item, (*at, *step))
    elif value not in (None, {}) or len(at) > 1:
        yield at, value
