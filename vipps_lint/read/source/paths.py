"""What was noted of calls, as calls with the calls before them."""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.call import Call, Handling, Lapse, Read, Step
from vipps_lint.document import MAYBE, YES, Hole, Object, Pointer, Truth, Value
from vipps_lint.read.source import Path
from vipps_lint.read.source.leaks import Leaks
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.records import Record


def _response(record: Record) -> Object:
    """The response, of which nothing is known but that its ids are those that the code takes out of it."""
    response: Value = Object({}, True)
    for effect in record.match.operation.effects if record.match.operation else ():
        if effect.key[0] == "response":
            response = _with(
                response, effect.key[1:], Hole(symbol=("answer", id(record), effect.key), source=str(effect.key[-1]))
            )
    assert isinstance(response, Object)
    return response


def _with(value: Value, at: Pointer, leaf: Hole) -> Value:
    """The open object with a value put at a pointer."""
    if not at:
        return leaf
    fields = dict(value.fields) if isinstance(value, Object) else {}
    fields[str(at[0])] = _with(fields.get(str(at[0]), Object({}, True)), at[1:], leaf)
    return Object(fields, True)


class Paths:
    """Records to calls; a call that is in the past of several is made for each outcome only once."""

    def __init__(self, machine: Machine) -> None:
        self.place = machine.place
        self.leaks = Leaks(machine.beside.logged)
        self.made: dict[tuple[int, Truth], Call] = {}

    def path(self, record: Record) -> Path:
        before = [(self.earlier(one, record), happened) for one, happened in record.before]
        return Path(self.call(record, YES), before)

    def earlier(self, one: Record, record: Record) -> Call:
        """A call before another; one in a loop that is over may have been made any number of times."""
        call = self.call(one, record.outcomes.get(id(one), YES))
        return replace(call, operation=None, known=MAYBE) if set(one.loops) - set(record.loops) else call

    def call(self, record: Record, succeeded: Truth) -> Call:
        key = id(record), succeeded
        if key not in self.made:
            self.made[key] = self._call(record, succeeded)
        return self.made[key]

    def _call(self, record: Record, succeeded: Truth) -> Call:
        match = record.match
        used = self.place(record.used) if record.used is not None else None
        lapses = tuple(
            Handling(Lapse(kind), self.place(node), used, facts, record.stated) for kind, node, facts in record.lapses
        )
        return Call(
            api=match.url.api,
            operation=match.operation,
            known=match.known,
            method=record.method,
            path=match.url.path,
            document=Object({**record.document.fields, "response": _response(record)}),
            host=match.url.host,
            scheme=match.url.scheme,
            place=self.place(record.site),
            chain=tuple(Step(self.place(node), within) for node, within in record.chain),
            origins=record.origins,
            reads=tuple(record.reads),
            uses=tuple(record.uses),
            handling=lapses,
            patience=record.patience,
            fed=tuple(self.place(node) for node in sorted(record.fed)),
            logged=tuple(Read(pointer, self.place(node)) for pointer, node in self.leaks.of(record)),
            unfollowed=record.unfollowed,
            meant_to_fail=record.meant_to_fail,
            fallbacks=record.fallbacks,
            repeated=record.repeated,
            succeeded=succeeded,
            nearest=match.nearest,
        )
