"""Rows: what one record tells, small enough to be kept by the million and to be sent to other machines.

A row is a tuple of what `marshal` can write. Of a call it has what calls together are judged by: the whole request but
for its secrets, and of the answer what changes the state of a payment or an agreement.
"""

from __future__ import annotations

import marshal
import pickle
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zlib import crc32

from vipps_lint.call import Call, Operation, Place
from vipps_lint.catalog import Catalog
from vipps_lint.document import Array, Object, Truth, Value, from_plain, plain
from vipps_lint.read.redaction import HIDDEN, PLAIN, is_blacked_out, is_clear, without_redactions

UNJUDGED = frozenset((
    "authorization", "ocp-apim-subscription-key", "client_secret", "cookie", "user-agent", "accept", "accept-encoding",
    "connection", "host", "content-type", "content-length", "vipps-system-name", "vipps-system-version",
    "vipps-system-plugin-name", "vipps-system-plugin-version",
))  # fmt: skip
"""Request headers that no row has: nothing is judged by them together with other calls."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BLACKED_OUT = b""
FAILED = 400


class Tally(NamedTuple):
    """What is counted of a call: its answer by operation, day and status, the errors in it, and its own findings.

    `found` are packed findings, `failures` the fields of `Failure`.
    """

    label: str
    operation: str | None
    day: str
    status: int
    failures: tuple[tuple[Any, ...], ...] = ()
    found: bytes = b""


class Row(NamedTuple):
    """One record under one of its threads.

    `moment` is in seconds since 1970, None for a record that has no time and follows none that has one. `number` and
    `line` count from 1 in the portion. `call` is packed; a record is counted by the one row that has a `tally`.
    """

    moment: float | None
    portion: int
    number: int
    line: int
    identity: bytes | None
    entity: str
    call: bytes
    tally: tuple[Any, ...] | None


Tree = Mapping[str, Any]
"""Names of fields, each with those of them that are meant: all where there are none."""


def wanted(operation: Operation) -> Tree:
    """The fields of the body of an answer that the effects of an operation look at."""
    tree: dict[str, Any] = {}
    for effect in operation.effects:
        for at in (effect.key, *effect.facts.values()):
            if at[:2] == ("response", "body"):
                level = tree
                for step in at[2:]:
                    level = level.setdefault(str(step), {})
    return tree


def shelf(thread: str, shelves: int) -> int:
    """Which of so many parts of the rows a thread belongs to; the same in every process and on every machine."""
    return crc32(thread.encode("utf-8", "surrogatepass")) % shelves


def packed(call: Call, wanted: Tree) -> bytes:
    """A call as bytes: what it may be judged by together with others, but for what the recorder has blacked out.

    `wanted` are the fields of the body of its answer that change a state.
    """
    parts = _parts(call.document.plain or call.document.fields, wanted)
    about = (
        call.operation.id if call.operation else None,
        call.api.id,
        call.method,
        call.path,
        _plain(call.host),
        _plain(call.scheme),
        call.known.value,
        call.succeeded.value,
        call.genuine.value,
        call.at.timestamp() if call.at else None,
    )
    if is_clear(parts):
        return marshal.dumps((*about, True, parts))
    return marshal.dumps((*about, False, {name: _plain(from_plain(part)) for name, part in parts.items()}))


def _parts(document: Mapping[str, Any], wanted: Tree) -> dict[str, Any]:
    """The parts of a call without what nobody asks for, as a JSON parser made them where that is kept."""
    parts = {name: plain(part) for name, part in document.items()}
    sent, response = parts.get("headers"), parts.get("response")
    if type(sent) is dict:
        parts["headers"] = {name: item for name, item in sent.items() if name not in UNJUDGED}
    elif type(sent) is Object:
        kept = {name: item for name, item in sent.fields.items() if name not in UNJUDGED}
        parts["headers"] = Object(kept, sent.open)
    if type(response) is dict:
        parts["response"] = _cut(response, wanted)
    return parts


def unpacked(written: bytes, catalog: Catalog, place: Place) -> Call:
    """The call that was packed, as it stands at a place."""
    name, api, method, path, host, scheme, known, succeeded, genuine, at, whole, parts = marshal.loads(written)
    return Call(
        api=catalog.apis[api],
        operation=catalog.operations[name] if name else None,
        method=method,
        path=path,
        document=from_plain(parts if whole else {name: _value(part) for name, part in parts.items()}),
        host=_value(host),
        scheme=_value(scheme),
        at=None if at is None else EPOCH + timedelta(seconds=at),
        place=place,
        known=Truth(known),
        succeeded=Truth(succeeded),
        genuine=Truth(genuine),
    )


def _cut(response: dict[str, Any], wanted: Tree) -> dict[str, Any]:
    """An answer with only what is wanted of it; an error is kept whole."""
    status, body = response.get("status"), plain(response.get("body"))
    if (type(status) is int and status >= FAILED) or type(body) is not dict:
        return response
    return {**response, "body": _chosen(body, wanted)}


def _chosen(value: dict[str, Any], wanted: Tree) -> dict[str, Any]:
    """An object with only the fields that are wanted, and of those what is wanted of them, or all."""
    kept = {}
    for name, below in wanted.items():
        if name in value:
            item = plain(value[name])
            kept[name] = _chosen(item, below) if below and type(item) is dict else item
    return kept


def _plain(value: Value) -> Any:
    """A value as plain data; what is not known, or has no form in JSON, is the only item of a tuple."""
    kind = type(value)
    if kind is str:
        return (BLACKED_OUT,) if is_blacked_out(value) else value  # type: ignore[arg-type]
    if kind in PLAIN:
        return value
    if kind is Object and not value.open:  # type: ignore[union-attr]
        return {name: _plain(item) for name, item in value.fields.items()}  # type: ignore[union-attr]
    if kind is Array and not value.open:  # type: ignore[union-attr]
        return [_plain(item) for item in value.items]  # type: ignore[union-attr]
    return (pickle.dumps(without_redactions(value)),)


def _value(data: Any) -> Value:
    kind = type(data)
    if kind is str or kind in PLAIN:
        return data  # type: ignore[no-any-return]
    if kind is dict:
        return Object({name: _value(item) for name, item in data.items()})
    if kind is list:
        return Array(tuple(_value(item) for item in data))
    return HIDDEN if data[0] == BLACKED_OUT else pickle.loads(data[0])
