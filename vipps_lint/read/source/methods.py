"""The methods of text, days, dicts and lists."""

from __future__ import annotations

import re
from dataclasses import replace

from vipps_lint.document import YES, DaysAhead, Hole, Template
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.freeze import printed, scalar
from vipps_lint.read.source.leaks import holding
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.text import formatted, joined, pieced, text_method
from vipps_lint.read.source.things import copied, dict_from, extended, listed, merged
from vipps_lint.read.source.values import Data, Dict, Known, List, Ref, Slot, View, choose, unknown


def data_method(machine: Machine, receiver: Data, name: str, arguments: Arguments, node: int) -> Known | None:
    """A method of text, or of a day; None where nothing is known of it."""
    scalars = [printed(one) if name == "format" else scalar(one) for one in arguments.positional]
    match receiver.value, name:
        case Hole(symbol=("now", int(days), _), source=source), "date":
            return Data(Hole(symbol=DaysAhead(days), source=source), node)
        case Hole(symbol=("now", int(days), _), source=source), "isoformat" if not arguments.all():
            time = [Hole("string", source="time") for _ in range(3)]
            day = Hole("string", DaysAhead(days), source=source)
            return joined([day, "T", time[0], ":", time[1], ":", time[2]], node)
        case Hole(symbol=("now", int(days), _), source=source), "strftime":
            return _spelled_day(DaysAhead(days), source, name, scalars, node)
        case Hole(symbol=DaysAhead() as ahead, source=source), ("isoformat" | "strftime"):
            return _spelled_day(ahead, source, name, scalars, node)
        case str() as text, "format":
            named = {key: printed(one) for key, one in arguments.named.items()}
            made = None if arguments.open else formatted(text, scalars, named, node)
            given = receiver, *arguments.all()
            return made and holding(machine, pieced(made, given), given)
        case str() as separator, "join":
            return _joined_list(machine, separator, arguments, node)
        case Hole(fresh=True), _:
            return Data(Hole("string", ("fresh", machine.number()), True, receiver.value.source), node)
        case (str() | Template() | Hole()) as text, _:
            return text_method(text, name, scalars, node)
        case _:
            return None


def _spelled_day(ahead: DaysAhead, source: str, name: str, scalars: list[object], node: int) -> Known | None:
    match scalars:
        case [] if name == "isoformat":
            return Data(Hole("string", ahead, source=source), node)
        case ["%Y-%m-%d" | "%F"]:
            return Data(Hole("string", ahead, source=source), node)
        case [str() as form] if name == "strftime":
            signs = re.split(r"(%-?[A-Za-z%])", form)
            return joined([Hole("string", source=one) if one.startswith("%") else one for one in signs], node)
        case _:
            return None


def _joined_list(machine: Machine, separator: str, arguments: Arguments, node: int) -> Known | None:
    match [machine.thing(one) for one in arguments.positional]:
        case [List(items, False)]:
            pieces: list[object] = []
            for one in items:
                pieces += [separator, scalar(one)] if pieces else [scalar(one)]
            return joined(pieces, node)  # type: ignore[arg-type]
        case _:
            return None


def dict_method(machine: Machine, ref: Ref, thing: Dict, name: str, arguments: Arguments, node: int) -> Known | None:
    """A method of a dict, with its effect on the dict."""
    key = arguments.positional[0] if arguments.positional else None
    match name:
        case "get" | "pop" | "setdefault" if isinstance(key, Data) and isinstance(key.value, str):
            return _field(machine, ref, thing, name, key, arguments)
        case "update":
            other = dict_from(machine, arguments, node)
            assert other is not None
            machine.put(ref, merged(machine, thing, machine.thing(other)))
            return Data(None, node)
        case "copy":
            return copied(machine, ref)
        case "items" | "keys" | "values" if not arguments.all():
            return View(ref, name)
        case "get":
            return unknown()
        case "clear":
            machine.put(ref, Dict({}, False, thing.node))
            return Data(None)
        case _:
            machine.havoc(ref)
            return unknown()


def _field(machine: Machine, ref: Ref, thing: Dict, name: str, key: Data, arguments: Arguments) -> Known:
    slot = thing.fields.get(str(key.value))
    default = arguments.get(1, "default") or Data(None, key.node)
    if name == "setdefault" and slot is not None and slot.sure is YES:
        return slot.value
    if name == "setdefault":
        value = default if slot is None and not thing.open else choose((slot.value if slot else unknown(), default))
        machine.put(ref, replace(thing, fields={**thing.fields, str(key.value): Slot(value, key.node)}))
        return value
    if name == "pop":
        machine.put(ref, replace(thing, fields={k: v for k, v in thing.fields.items() if k != key.value}))
    if slot is None:
        return choose((default, unknown())) if thing.open else default
    return slot.value if slot.sure is YES else choose((slot.value, default))


def list_method(machine: Machine, ref: Ref, thing: List, name: str, arguments: Arguments) -> Known | None:
    """A method of a list, with its effect on the list."""
    match name, arguments.positional:
        case "append", [one]:
            machine.escape(one)
            if thing.open:
                return Data(None)
            machine.put(ref, listed((*thing.items, one), False, thing.node))
            return Data(None)
        case "extend", [one]:
            machine.put(ref, extended(machine, thing, one))
            return Data(None)
        case "insert", [Data(int() as index), one] if not thing.open:
            machine.escape(one)
            items = list(thing.items)
            items.insert(index, one)
            machine.put(ref, replace(thing, items=tuple(items)))
            return Data(None)
        case "clear", []:
            machine.put(ref, List((), False, thing.node))
            return Data(None)
        case "copy", _:
            return copied(machine, ref)
        case (("index" | "count"), _):
            return unknown()
        case _:
            machine.havoc(ref)
            return unknown()
