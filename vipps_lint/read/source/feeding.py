"""Calls that are surely made anew for the one that takes its answer: a token for each payment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vipps_lint.document import MAYBE, YES, Hole, Object, Template, Value, alternatives
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.records import Record

CACHE = re.compile(r"cache|memo|once|singleton", re.IGNORECASE)
"""How a decorator is called that keeps what its function has returned."""


def is_kept(machine: Machine) -> bool:
    """Whether a function that is being followed keeps what it returns, so that it does not run each time."""
    decorators = (one for frame in machine.frames for one in getattr(frame.definition, "decorators", ()))
    return any(CACHE.search(source_of(one)) for one in decorators)


def feed(records: list[Record]) -> None:
    """Note on each call where it is surely made anew for a later one that sends something of its answer in a header.

    That is where the call itself is; or, where its function does not make it each time, where the function is used in
    a way that it does. One whose answer is used again and again in a loop is made for many.
    """
    before = [(record, one, happened) for record in records for one, happened in record.before]
    sometimes = {one.node for _, one, happened in before if happened is MAYBE}
    sent = {id(record): _sent(record) for record in records}
    taken = [(record, one, happened) for record, one, happened in before if id(one) in sent[id(record)]]
    for_many = {id(one) for record, one, _ in taken if set(record.loops) - set(one.loops)}
    for _, one, happened in taken:
        if happened is YES and not one.kept and id(one) not in for_many:
            one.fed.add(one.chain[0][0] if one.node in sometimes else one.site)


def _sent(record: Record) -> set[int]:
    """The calls of whose answers there surely is something in a header."""
    headers = record.document.fields.get("headers")
    values = headers.fields.values() if isinstance(headers, Object) else ()
    return {id for value in values for id in set.intersection(*(set(_answers(one)) for one in alternatives(value)))}


def _answers(value: Value) -> Iterator[int]:
    """The calls whose answers are in a value."""
    parts: Iterable[object] = value.parts if isinstance(value, Template) else (value,)
    for part in parts:
        match part:
            case Hole(symbol=("answer", int(number), *_)):
                yield number
            case _:
                continue
