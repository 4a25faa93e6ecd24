"""What was read of a program against what it really sends.

For every request that is really sent there must be a call that was read, at that place, of which the document can be
filled so that it is what was sent, and the past so that it is what happened. A call that was not read at all is a miss,
and no wrong claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runs import Sent, runs

from vipps_lint.call import Call
from vipps_lint.catalog import catalog
from vipps_lint.document import ABSENT, NO, YES, Array, Hole, Object, OneOf, Template, Value
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import Path, read_source

ROUTES = Routes(catalog().operations.values())
TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "float": float,
    "boolean": bool,
    "object": dict,
    "array": list,
}


def disagreements(program: str, past: bool = True) -> list[str]:
    """Everything that was read of a program, of its calls and (if asked for) their past, and is not so."""
    paths = read(program)
    return [
        f"main{run.arguments}: call {sent.site}: {why}"
        for run in runs(program)
        for sent in run.sent
        for why in wrong(paths, sent, past)
    ]


def read(program: str) -> list[Path]:
    """The calls that the reader sees on the paths of `main`."""
    return [path for path in read_source(program, "shop.py", ROUTES).paths if path.call.chain[0].within == "main"]


def wrong(paths: list[Path], sent: Sent, past: bool) -> Iterator[str]:
    """Why no call that was read is the one that was sent; nothing if one may be."""
    here = [path for path in paths if site_of(path.call) in (sent.site, None)]
    reasons = [why_not(path, sent, past) for path in here]
    if here and all(reasons):
        yield "; ".join(reasons)


def site_of(call: Call) -> str | None:
    """The number of a call, by which it is found; None where it is not known."""
    path = call.document.fields["path"]
    number = path.fields["orderId"] if isinstance(path, Object) else None
    return number if isinstance(number, str) else None


def why_not(path: Path, sent: Sent, past: bool) -> str:
    """Why a call that was read is not the one that was sent; empty if it may be."""
    body = path.call.document.fields.get("body", ABSENT)
    if not (may_be_none(body) if sent.body is None else fills(body, sent.body)):
        return f"body {body} but sent {sent.body}"
    return why_not_before(path, sent) if past else ""


def why_not_before(path: Path, sent: Sent) -> str:
    """Why the calls that were read before a call are not those that were sent before it."""
    happened = [one.site for one in sent.before]
    for call, truth in path.before:
        site = site_of(call)
        results = {one.succeeds for one in sent.before if one.site == site}
        if truth is YES and site is not None and site not in happened:
            return f"call {site} surely happened before, but it did not"
        if truth is YES and call.succeeded is NO and results == {True}:
            return f"call {site} failed before, but it succeeded"
    known = {site_of(call) for call, _ in path.before}
    missing = [] if None in known else [site for site in happened if site not in known]
    return f"calls {missing} happened before, but are not in the past" if missing else ""


def may_be_none(body: Value) -> bool:
    """Whether there may be no body at all."""
    return body is ABSENT or body is None or isinstance(body, Hole | OneOf)


def fills(claimed: Value, real: Any) -> bool:
    """Whether the holes of a value can be filled so that it is the real one."""
    match claimed:
        case OneOf(values):
            return any(one is not ABSENT and fills(one, real) for one in values)
        case Hole(type=str() as kind):
            return real is None or (isinstance(real, TYPES[kind]) and (kind == "boolean") is isinstance(real, bool))
        case Hole():
            return True
        case Template(parts):
            pattern = "".join(".*" if isinstance(part, Hole) else re.escape(part) for part in parts)
            return isinstance(real, str) and re.fullmatch(pattern, real, re.DOTALL) is not None
        case Object():
            return isinstance(real, dict) and fills_object(claimed, real)
        case Array(items, is_open):
            enough = isinstance(real, list | tuple) and (
                len(real) == len(items) or (is_open and len(real) > len(items))
            )
            return enough and all(map(fills, items, real))
        case _:
            return type(claimed) is type(real) and bool(claimed == real)


def fills_object(claimed: Object, real: dict[Any, Any]) -> bool:
    """The same for a dict."""
    for name, value in claimed.fields.items():
        may_lack = isinstance(value, OneOf) and ABSENT in value.values
        if not (fills(value, real[name]) if name in real else may_lack):
            return False
    return claimed.open or all(isinstance(key, str) and key in claimed.fields for key in real)
