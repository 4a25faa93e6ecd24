"""A recognised call, noted: what is sent, as far as it is known, and where that is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import parse_qsl

from vipps_lint.call import How, Patience
from vipps_lint.document import ABSENT, MAYBE, YES, Hole, Object, Template, Value, alternatives, one_of
from vipps_lint.read.routes import Match
from vipps_lint.read.source import ir, jsontext, views
from vipps_lint.read.source.feeding import is_kept
from vipps_lint.read.source.freeze import Freezer, scalar
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.values import Answer, Data, Known, Piece, each, is_none

WORK = 50
"""As how many expressions a call counts, because it will be judged; each call before it counts as one more."""


def record(machine: Machine, match: Match, sent: Sent, it: ir.CallOf, plain: bool, raises: bool = False) -> Answer:
    """Note the call with all that is known of it, and give the response that it will have."""
    machine.step(WORK + len(machine.state.trace))
    site, frame = _site(machine, sent, it)
    freezer = Freezer(machine, machine.frames[frame].definition)
    parts: dict[str, Value] = {
        "path": Object(dict(match.parameters)),
        "query": _query(freezer, sent, match),
        "headers": _headers(freezer, sent),
    }
    body = _body(freezer, sent)
    if body is not ABSENT:
        parts["body"] = body
    _places_of_url(freezer, sent)
    noted = Record(
        match=match,
        method=sent.method,
        document=Object(parts),
        origins=freezer.origins,
        node=it.node,
        site=site,
        chain=tuple(_chain(machine, it)),
        client=sent.sender,
        plain=plain,
        raises=raises,
        before=machine.state.trace,
        outcomes=dict(machine.state.outcomes),
        surface=it.node,
        loops=tuple(machine.loops),
        patience=sent.patience,
        kept=is_kept(machine),
        fallbacks=tuple(freezer.fallbacks),
        repeated=any(views.is_view(frame.definition) for frame in machine.frames),
    )
    machine.records.append(noted)
    machine.state.trace = (*machine.state.trace, (noted, MAYBE if sent.loose else YES))
    return Answer(noted, "response", ("response",), it.node)


def _chain(machine: Machine, it: ir.CallOf) -> Iterator[tuple[int, str]]:
    """The calls that are being followed, from the outermost function on, and the one that sends."""
    for around, frame in pairwise(machine.frames):
        if frame.node is not None and frame.definition is not None and frame.node != frame.definition.node:
            yield frame.node, around.name
    yield it.node, machine.frames[-1].name


def _site(machine: Machine, sent: Sent, it: ir.CallOf) -> tuple[int, int]:
    """Where people would say that the call is: in the innermost function that was not given the route, but wrote it.

    The node of the call there, and the place of the function among the frames.
    """
    pieces = _written(sent.url)
    routes = {node for node, text in pieces if machine.routes.mentions(text)} or {node for node, _ in pieces}
    site = it.node
    for index in range(len(machine.frames) - 1, -1, -1):
        frame = machine.frames[index]
        if frame.node is None or not frame.given & routes:
            return site, index
        site = frame.node
    return site, 0


def _written(url: Known) -> list[Piece]:
    return [piece for one in each(url) if isinstance(one, Data) for piece in one.written()]


def _places_of_url(freezer: Freezer, sent: Sent) -> None:
    """The piece of the URL that spells the route where the call is, and the piece that says the host."""
    site, pieces = freezer.site, _written(sent.url)
    for node, text in pieces:
        if freezer.machine.routes.mentions(text) and (site is None or site.node < node <= site.last):
            freezer.note(("path",), node, How.LITERAL)
    if asked := [node for node, text in pieces if "?" in text]:
        freezer.note(("query",), asked[-1], How.LITERAL)
    freezer.value(sent.url, ("path",))
    hosts = [node for node, text in pieces if "://" in text]
    if hosts:
        is_default = hosts[-1] in freezer.machine.beside.defaults
        freezer.note(("host",), hosts[-1], How.DEFAULT if is_default else How.LITERAL)


def _query(freezer: Freezer, sent: Sent, match: Match) -> Value:
    if sent.query is None:
        return match.url.query
    given = freezer.value(sent.query, ("query",))
    match_fields = dict(match.url.query.fields)
    if not isinstance(given, Object):
        return Object(match_fields, True)
    return Object({**match_fields, **given.fields}, given.open or match.url.query.open)


def _headers(freezer: Freezer, sent: Sent) -> Value:
    """The headers, those of the client too; one that is not wholly seen, a wrapper or a hook may add some."""
    own, of_client = _given(freezer, sent.headers), _given(freezer, sent.client.get("headers"))
    is_open = own.open or of_client.open or not sent.whole_headers or not is_none(sent.client.get("auth"))
    if not (own.fields or of_client.fields):
        return Object({}, True)
    for pointer in [one for one in freezer.origins if one[0] == "headers" and len(one) > 1]:
        freezer.origins[("headers", str(pointer[1]).lower(), *pointer[2:])] = freezer.origins[pointer]
    return Object({key.lower(): value for one in (of_client, own) for key, value in one.fields.items()}, is_open)


def _given(freezer: Freezer, headers: Known | None) -> Object:
    """The headers that are given at one place: none, or open where they are not known."""
    if headers is None or is_none(headers):
        return Object({})
    found = freezer.value(headers, ("headers",))
    return found if isinstance(found, Object) else Object({}, True)


def _body(freezer: Freezer, sent: Sent) -> Value:
    """The body: what is given, open where a wrapper may add to it, a hole where it is not seen."""
    if sent.body is None:
        certain = sent.library and sent.body_known and sent.method in ("GET", "DELETE", "POST", "PUT", "PATCH")
        return ABSENT if certain else Hole(reason="the body is not seen")
    text = scalar(sent.body) if isinstance(sent.body, Data) else None
    if isinstance(text, str) and "=" in text and "{" not in text:
        return Object(dict(parse_qsl(text)))
    frozen = freezer.value(sent.body, ("body",))
    if isinstance(text, str | Template):
        written = jsontext.document(text) if sent.library else None
        return Hole(reason="the body is not seen") if written is None else written
    if sent.library and not isinstance(frozen, str):
        # None is no body, where it may be one of several
        return one_of(ABSENT if one is None else one for one in alternatives(frozen))
    return Object(frozen.fields, True) if isinstance(frozen, Object) else Hole(reason="the body is not seen")


@dataclass
class Sent:
    """The parts of a request that the arguments of a call are."""

    method: str
    url: Known
    body: Known | None = None
    query: Known | None = None
    headers: Known | None = None
    client: Mapping[str, Known] = field(default_factory=dict)
    body_known: bool = True
    loose: bool = False
    library: bool = False
    whole_headers: bool = False
    sender: str = ""
    patience: Patience | None = None
