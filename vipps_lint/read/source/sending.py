"""A recognised call, noted: what is sent, as far as it is known, and where that is written."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import parse_qsl

from vipps_lint.document import ABSENT, YES, Hole, Object, Value
from vipps_lint.read.routes import Match
from vipps_lint.read.source import ir
from vipps_lint.read.source.freeze import Freezer, scalar
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.values import Answer, Data, Known, each


def record(machine: Machine, match: Match, sent: Sent, it: ir.CallOf, plain: bool, raises: bool = False) -> Answer:
    """Note the call with all that is known of it, and give the response that it will have."""
    freezer = Freezer(machine)
    parts: dict[str, Value] = {
        "path": Object(dict(match.parameters)),
        "query": _query(freezer, sent, match),
        "headers": _headers(freezer, sent),
    }
    body = _body(freezer, sent)
    if body is not ABSENT:
        parts["body"] = body
    freezer.value(sent.url, ("path",))
    noted = Record(
        match=match,
        method=sent.method,
        document=Object(parts),
        origins=freezer.origins,
        node=it.node,
        site=_site(machine, sent, it),
        chain=tuple(frame.node for frame in machine.frames if frame.node is not None),
        plain=plain,
        raises=raises,
        before=machine.state.trace,
        outcomes=dict(machine.state.outcomes),
        surface=it.node,
    )
    machine.records.append(noted)
    machine.state.trace = (*machine.state.trace, (noted, YES))
    return Answer(noted, "response", ("response",), it.node)


def _site(machine: Machine, sent: Sent, it: ir.CallOf) -> int:
    """Where people would say that the call is: in the outermost function that writes a piece of the URL."""
    pieces = [piece for url in each(sent.url) if isinstance(url, Data) for piece in (url.node, *url.pieces)]
    for outer, inner in pairwise(machine.frames):
        definition = outer.definition
        if definition is None or inner.node is None:
            continue
        if any(piece is not None and definition.node < piece <= definition.last for piece in pieces):
            return inner.node
    return it.node


def _query(freezer: Freezer, sent: Sent, match: Match) -> Value:
    if sent.query is None:
        return match.url.query
    given = freezer.value(sent.query, ("query",))
    match_fields = dict(match.url.query.fields)
    return (
        Object({**match_fields, **given.fields}, given.open or match.url.query.open)
        if isinstance(given, Object)
        else Object(match_fields, True)
    )


def _headers(freezer: Freezer, sent: Sent) -> Value:
    """The headers; a session, a wrapper or a hook may add some, so only a plain call shows them all."""
    if sent.headers is None:
        return Object({}, True)
    given = freezer.value(sent.headers, ("headers",))
    if not isinstance(given, Object):
        return Object({}, True)
    for pointer in [one for one in freezer.origins if one[0] == "headers" and len(one) > 1]:
        freezer.origins[("headers", str(pointer[1]).lower(), *pointer[2:])] = freezer.origins[pointer]
    return Object({key.lower(): value for key, value in given.fields.items()}, given.open or not sent.whole_headers)


def _body(freezer: Freezer, sent: Sent) -> Value:
    """The body: what is given, open where a wrapper may add to it, a hole where it is not seen."""
    if sent.body is None:
        certain = sent.library and sent.body_known and sent.method in ("GET", "DELETE", "POST", "PUT", "PATCH")
        return ABSENT if certain else Hole(reason="the body is not seen")
    text = scalar(sent.body) if isinstance(sent.body, Data) else None
    if isinstance(text, str) and "=" in text and "{" not in text:
        return Object(dict(parse_qsl(text)))
    frozen = freezer.value(sent.body, ("body",))
    if isinstance(frozen, Object) and not sent.library:
        return Object(frozen.fields, True)
    return (
        frozen
        if isinstance(frozen, Object) or (sent.library and not isinstance(frozen, str))
        else Hole(reason="the body is not seen")
    )


@dataclass
class Sent:
    """The parts of a request that the arguments of a call are."""

    method: str
    url: Known
    body: Known | None = None
    query: Known | None = None
    headers: Known | None = None
    body_known: bool = True
    loose: bool = False
    library: bool = False
    whole_headers: bool = False
