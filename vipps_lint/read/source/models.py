"""What is known of code outside the file: some functions of the standard library, and the methods of dict, list, str."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urljoin

from vipps_lint.document import MAYBE, YES, DaysAhead, Hole, Template
from vipps_lint.read.source.freeze import scalar
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.text import as_text, formatted, joined, text_method
from vipps_lint.read.source.values import (
    Answer,
    Data,
    Dict,
    Encoded,
    Known,
    List,
    Ref,
    Slot,
    choose,
    each,
    unknown,
)


@dataclass
class Arguments:
    """The evaluated arguments of a call; `open` where a star hides some."""

    positional: list[Known] = field(default_factory=list)
    named: dict[str, Known] = field(default_factory=dict)
    open: bool = False
    keys: dict[str, int] = field(default_factory=dict)

    def get(self, index: int, name: str) -> Known | None:
        """The argument at a position or with a name."""
        if name in self.named:
            return self.named[name]
        return self.positional[index] if 0 <= index < len(self.positional) else None

    def all(self) -> list[Known]:
        """Every argument."""
        return [*self.positional, *self.named.values()]


Model = Callable[[Machine, Arguments, int], Known | None]

TELLING = ("logging", "structlog", "loguru", "sentry_sdk", "warnings", "traceback", "rollbar", "bugsnag", "newrelic")
LOG_METHODS = frozenset({
    "debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log", "print", "echo", "secho",
    "capture_exception", "capture_message", "print_exc", "trace", "notice",
})  # fmt: skip
HARMLESS = (
    "builtins", "json", "copy", "pprint", "typing", "time", "datetime", "uuid", "hashlib", "hmac", "base64", "os",
    "urllib.parse", "re", "math", "decimal", "string", "secrets", "random", "collections", "itertools", "functools",
    "asyncio", "orjson", "ujson", "simplejson",
)  # fmt: skip
"""Code that leaves the dicts alone that it is given."""


def is_logging(name: str) -> bool:
    """Whether a dotted name is a function that only writes or reports what it is given."""
    return name.startswith(TELLING) or name == "builtins.print" or name.rpartition(".")[2] in LOG_METHODS


def _dumps(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "obj")
    return None if value is None else Encoded(value, node)


def _loads(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    match arguments.get(0, "s"):
        case Answer(record=record, kind="text" | "response"):
            record.told = True
            return Answer(record, "body", ("response", "body"), node)
        case Encoded(value):
            return value
        case _:
            return None


def _environment(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    name, default = arguments.get(0, "key"), arguments.get(1, "default")
    shown = name.value if isinstance(name, Data) else "…"
    source = f"os.environ[{shown!r}]"
    hole = unknown(source, ("environment", shown), node, f"`{shown}` is read from the environment")
    return hole if default is None or default == Data(None) else choose((default, hole))


def _fresh(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    return Data(Hole("string", ("fresh", machine.number()), True, "…"), node)


def _text(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "object")
    if isinstance(value, Answer):
        return replace(value, kind="text" if value.kind == "response" else value.kind)
    if isinstance(value, Data) and isinstance(value.value, Hole) and isinstance(value.value.symbol, DaysAhead):
        return Data(Hole("string", value.value.symbol, source=value.value.source), node)
    return None if value is None else _per_choice(value, lambda one: joined([scalar(one)], node))


def _per_choice(value: Known, function: Callable[[Known], Known]) -> Known:
    return choose(function(one) for one in each(value))


def _integer(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "x")
    if isinstance(value, Data) and isinstance(value.value, str | float | int):
        try:
            return Data(int(value.value), node)
        except (ValueError, OverflowError):
            pass
    hole = value.value if isinstance(value, Data) and isinstance(value.value, Hole) else Hole()
    return Data(Hole("integer", ("int", hole.symbol) if hole.symbol else None, source=hole.source), node)


def _float(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "x")
    if isinstance(value, Data) and isinstance(value.value, int | float):
        return Data(float(value.value), node)
    return Data(Hole("number"), node)


def _dict(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    fields: dict[str, Slot] = {}
    is_open = arguments.open
    for one in arguments.positional:
        match machine.thing(one):
            case Dict(inner, inner_open):
                fields.update(inner)
                is_open = is_open or inner_open
            case _:
                is_open = True
    for name, value in arguments.named.items():
        fields[name] = Slot(value, arguments.keys.get(name))
    return machine.new(Dict(fields, is_open, node))


def _copy(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "x")
    return None if value is None else copied(machine, value)


def copied(machine: Machine, value: Known, depth: int = 0) -> Known:
    """A copy of a dict or list and all in it; shared parts of a shallow copy are taken for copies too."""
    match value, machine.thing(value):
        case Ref(), Dict() as thing if depth < 20:
            fields = {key: replace(slot, value=copied(machine, slot.value, depth + 1)) for key, slot in thing.fields.items()}
            return machine.new(replace(thing, fields=fields))
        case Ref(), List() as items if depth < 20:
            return machine.new(replace(items, items=tuple(copied(machine, one, depth + 1) for one in items.items)))
        case _:
            return value


def _join_url(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    base, path = arguments.get(0, "base"), arguments.get(1, "url")
    if base is None or path is None:
        return None
    one, other = scalar(base), scalar(path)
    if isinstance(one, str) and isinstance(other, str):
        return Data(urljoin(one, other), node)
    return joined([one, "/", *(other.lstrip("/") if isinstance(other, str) else other,)], node)


def _quoted(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "string")
    if isinstance(value, Data) and isinstance(value.value, str):
        return Data(quote(value.value, safe=""), node)
    return value if isinstance(value, Data) else None


def _today(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    return Data(Hole(symbol=DaysAhead(0), source="date.today()"), node)


def _now(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    return Data(Hole(symbol=("now", 0, machine.number()), fresh=True, source="datetime.now()"), node)


def _round(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    return Data(Hole("number"), node) if len(arguments.all()) > 1 else _integer(machine, arguments, node)


def _timedelta(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    days, weeks = arguments.get(0, "days"), arguments.named.get("weeks")
    others = set(arguments.named) - {"days", "weeks"} or len(arguments.positional) > 1
    numbers = [0 if one is None else one.value if isinstance(one, Data) else None for one in (days, weeks)]
    if others or not all(type(number) is int for number in numbers):
        return None
    total = int(numbers[0]) + 7 * int(numbers[1])  # type: ignore[arg-type]
    return Data(Hole(symbol=("timedelta", total), source="timedelta(…)"), node)


def _first(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    """Functions that give back what they get."""
    return arguments.positional[0] if arguments.positional else None


def _is_instance(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    match arguments.positional:
        case [Answer() as answer, *_]:
            answer.record.checked = True
            return replace(answer, kind="part", node=node)
        case _:
            return None


def _measured(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    match arguments.positional:
        case [Answer() as answer, *_]:
            return replace(answer, kind="part", node=node, optional=True)
        case [Data(str() as text)]:
            return Data(len(text), node)
        case _:
            return Data(Hole("integer"), node)


MODELS: dict[str, Model] = {
    "json.dumps": _dumps, "orjson.dumps": _dumps, "ujson.dumps": _dumps, "simplejson.dumps": _dumps,
    "flask.json.dumps": _dumps, "json.loads": _loads, "json.load": _loads, "orjson.loads": _loads,
    "os.environ.get": _environment, "os.getenv": _environment, "environ.get": _environment, "decouple.config": _environment,
    "uuid.uuid4": _fresh, "uuid.uuid1": _fresh, "secrets.token_hex": _fresh, "secrets.token_urlsafe": _fresh,
    "time.time": _fresh, "time.time_ns": _fresh, "builtins.str": _text, "builtins.int": _integer, "builtins.float": _float,
    "builtins.round": _round, "builtins.dict": _dict, "copy.copy": _copy, "copy.deepcopy": _copy,
    "urllib.parse.urljoin": _join_url, "urllib.parse.quote": _quoted, "urllib.parse.quote_plus": _quoted,
    "datetime.date.today": _today, "datetime.timedelta": _timedelta, "datetime.datetime.now": _now,
    "datetime.datetime.utcnow": _now, "django.utils.timezone.now": _now,
    "asyncio.run": _first, "asyncio.wait_for": _first, "asyncio.create_task": _first, "asyncio.ensure_future": _first,
    "asgiref.sync.async_to_sync": _first, "builtins.isinstance": _is_instance, "builtins.len": _measured,
    "builtins.bool": _first, "builtins.list": _first, "builtins.sorted": _first, "builtins.reversed": _first,
}  # fmt: skip


def data_method(machine: Machine, receiver: Data, name: str, arguments: Arguments, node: int) -> Known | None:
    """A method of text, or of a day; None where nothing is known of it."""
    scalars = [scalar(one) for one in arguments.positional]
    match receiver.value, name:
        case Hole(symbol=("now", int(days), _), source=source), "date":
            return Data(Hole(symbol=DaysAhead(days), source=source), node)
        case Hole(symbol=("now", int(days), _), source=source), "strftime":
            return _spelled_day(DaysAhead(days), source, name, scalars, node)
        case Hole(symbol=DaysAhead() as ahead, source=source), ("isoformat" | "strftime"):
            return _spelled_day(ahead, source, name, scalars, node)
        case str() as text, "format":
            named = {key: scalar(one) for key, one in arguments.named.items()}
            return None if arguments.open else formatted(text, scalars, named, node)
        case str() as separator, "join":
            return _joined_list(machine, separator, arguments, node)
        case Hole(fresh=True), _:
            return Data(as_text(receiver.value), node)
        case (str() | Template() | Hole()) as text, _:
            return text_method(text, name, scalars, node)
        case _:
            return None


def _spelled_day(ahead: DaysAhead, source: str, name: str, scalars: list[object], node: int) -> Known | None:
    day = Data(Hole("string", ahead, source=source), node)
    return day if name == "isoformat" or scalars == ["%Y-%m-%d"] else None


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
            other = _dict(machine, arguments, node)
            assert other is not None
            machine.put(ref, merged(machine, thing, machine.thing(other)))
            return Data(None, node)
        case "copy":
            return copied(machine, ref)
        case "items" | "keys" | "values" | "get":
            return unknown()
        case _:
            machine.havoc(ref)
            return unknown()


def _field(machine: Machine, ref: Ref, thing: Dict, name: str, key: Data, arguments: Arguments) -> Known:
    slot = thing.fields.get(str(key.value))
    default = arguments.get(1, "default") or Data(None, key.node)
    if name == "setdefault":
        value = default if slot is None and not thing.open else choose((slot.value if slot else unknown(), default))
        machine.put(ref, replace(thing, fields={**thing.fields, str(key.value): Slot(value, key.node)}))
        return value
    if name == "pop":
        machine.put(ref, replace(thing, fields={k: v for k, v in thing.fields.items() if k != key.value}))
    if slot is None:
        return choose((default, unknown())) if thing.open else default
    return slot.value if slot.sure is YES else choose((slot.value, default))


def merged(machine: Machine, thing: Dict, other: object) -> Dict:
    """A dict after another was spread over it."""
    if not isinstance(other, Dict):
        return spread_unknown(thing)
    fields = dict(spread_unknown(thing).fields if other.open else thing.fields)
    for key, slot in other.fields.items():
        before = fields.get(key)
        if slot.sure is YES or before is None:
            fields[key] = slot
        else:
            fields[key] = Slot(choose((before.value, slot.value)), before.key, before.sure | MAYBE)
    return Dict(fields, thing.open or other.open, thing.node)


def spread_unknown(thing: Dict) -> Dict:
    """A dict after something unknown was spread over it: any key may be replaced, and there may be more."""
    fields = {key: replace(slot, value=choose((slot.value, unknown()))) for key, slot in thing.fields.items()}
    return Dict(fields, True, thing.node)


def list_method(machine: Machine, ref: Ref, thing: List, name: str, arguments: Arguments) -> Known | None:
    """A method of a list, with its effect on the list."""
    match name, arguments.positional:
        case "append", [one]:
            machine.put(ref, replace(thing, items=(*thing.items, one)))
            return Data(None)
        case "extend", [one]:
            match machine.thing(one):
                case List(items, is_open):
                    machine.put(ref, List((*thing.items, *items), thing.open or is_open, thing.node))
                case _:
                    machine.put(ref, replace(thing, open=True))
            return Data(None)
        case "copy", _:
            return copied(machine, ref)
        case ("index" | "count"), _:
            return unknown()
        case _:
            machine.havoc(ref)
            return unknown()
