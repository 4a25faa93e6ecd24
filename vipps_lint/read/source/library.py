"""What is known of code outside the file: some functions of the standard library, and what only logs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from posixpath import normpath
from urllib.parse import quote, urljoin

from vipps_lint.document import DaysAhead, Hole, Nature
from vipps_lint.read.source import sequences
from vipps_lint.read.source.answers import refused
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.freeze import printed, scalar
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.text import joined
from vipps_lint.read.source.things import copied, dict_from
from vipps_lint.read.source.values import (
    Answer,
    Caught,
    Data,
    Encoded,
    Known,
    choose,
    each,
    is_none,
    unknown,
)

Model = Callable[[Machine, Arguments, int], Known | None]

TELLING = ("logging", "structlog", "loguru", "sentry_sdk", "warnings", "traceback", "rollbar", "bugsnag", "newrelic")
LOG_METHODS = frozenset({
    "debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log", "print", "echo", "secho",
    "capture_exception", "capture_message", "print_exc", "trace", "notice",
})  # fmt: skip
HARMLESS = (
    "builtins", "json", "copy", "pprint", "typing", "time", "datetime", "uuid", "hashlib", "hmac", "base64", "os",
    "urllib.parse", "re", "math", "decimal", "string", "secrets", "collections", "itertools", "functools",
    "asyncio", "orjson", "ujson", "simplejson",
)  # fmt: skip
"""Code that leaves the dicts alone that it is given."""


@lru_cache(maxsize=4096)
def of(name: str, packages: tuple[str, ...]) -> bool:
    """Whether a dotted name is in one of some packages."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@lru_cache(maxsize=4096)
def is_logging(name: str) -> bool:
    """Whether a dotted name is a function that only writes or reports what it is given."""
    return of(name, TELLING) or name == "builtins.print" or name.rpartition(".")[2] in LOG_METHODS


def _dumps(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "obj")
    return None if value is None else Encoded(value, node)


def _loads(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    match arguments.get(0, "s"):
        case Answer(record=record, kind="text" | "response"):
            machine.state.tell(record)
            return Answer(record, "body", ("response", "body"), node)
        case Encoded(value):
            return copied(machine, value, deep=True)
        case _:
            return None


def _environment(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    name, default = arguments.get(0, "key"), arguments.get(1, "default")
    if name is None:  # `env = Env()`
        return None
    shown = name.value if isinstance(name, Data) and isinstance(name.value, str) else None
    source = f"os.environ[{shown or '…'!r}]"
    symbol = ("environment", shown) if shown else None
    hole = unknown(source, symbol, node, f"`{shown or '…'}` is read from the environment")
    if default is None or is_none(default):
        return hole
    machine.beside.note_default(default)
    return choose((default, hole))


def _fresh(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    return Data(Hole("string", ("fresh", machine.number()), True, "…"), node)


def _clock(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    return Data(Hole("number", ("fresh", machine.number()), True, "time.time()"), node)


def _text(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "object")
    if isinstance(value, Answer):
        return replace(value, kind="text" if value.kind == "response" else value.kind)
    if isinstance(value, Data) and isinstance(value.value, Hole) and isinstance(value.value.symbol, DaysAhead):
        return Data(Hole("string", value.value.symbol, source=value.value.source), node)
    return None if value is None else _per_choice(value, lambda one: joined([printed(one)], node))


def _per_choice(value: Known, function: Callable[[Known], Known]) -> Known:
    return choose(function(one) for one in each(value))


def _integer(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "x")
    if value is None or len(arguments.all()) != 1:
        return Data(Hole("integer"), node)
    return _per_choice(value, lambda one: _whole(one, "int", node))


def _floor(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "x")
    return None if value is None else _per_choice(value, lambda one: _whole(one, "floor", node))


def _whole(value: Known, function: str, node: int) -> Known:
    """`int(x)` and its like: the whole part."""
    match value:
        case Data(str() | float() | int() as known):
            try:
                return Data(int(known) if function == "int" or isinstance(known, str) else math.floor(known), node)
            except (ValueError, OverflowError):
                return Data(Hole("integer"), node)
        case Data(Hole(nature=Nature.HUNDREDFOLD, source=source)):
            return Data(Hole("integer", source=f"{function}({source})", nature=Nature.CUT_OFF), node)
        case Data(Hole(symbol=symbol, source=source)):
            return Data(Hole("integer", (function, symbol) if symbol else None, source=source), node)
        case _:
            return Data(Hole("integer"), node)


def _float(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    match arguments.get(0, "x"):
        case Data(int() | float() as known):
            return Data(float(known), node)
        case Data(Hole(type="integer")):
            return unknown(node=node)  # a float without a fraction, which arithmetic keeps exact
        case Data(Hole(source=source)):
            return Data(Hole("float", source=source), node)
        case _:
            return Data(Hole("float"), node)


def _copy(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "x")
    return None if value is None else copied(machine, value)


def _deep_copy(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    value = arguments.get(0, "x")
    return None if value is None else copied(machine, value, deep=True)


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
    match arguments.all():
        case [Data(int() | float() as value)] if abs(value) < 10**15:
            return Data(round(value), node)
        case [_]:
            return _integer(machine, Arguments([unknown()]), node)
        case [Data(Hole(type="number" | "float" as kind)), _]:
            return Data(Hole(kind), node)
        case _:
            return unknown(node=node)


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


def _path(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    """`Path(text)`, which is like the text where that is already written as a path is."""
    match arguments.all():
        case [Data(str() as text)] if normpath(text) == text:
            return arguments.positional[0]
        case _:
            return None


def _second(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    return arguments.positional[1] if len(arguments.positional) == 2 else None


def _is_instance(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    match arguments.positional:
        case [Answer() as answer, *_]:
            answer.record.checked = True
            return replace(answer, kind="part", node=node)
        case _:
            return None


def _boolean(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    match arguments.positional:
        case [Data(str() | int() | float() | None as value)]:
            return Data(bool(value), node)
        case [Answer() as answer]:
            return answer
        case _:
            return Data(Hole("boolean"), node)


def _by_name(machine: Machine, arguments: Arguments, node: int) -> Known | None:
    match arguments.positional:
        case [Caught() as caught, Data("response"), *_]:
            return refused(caught, node)
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
    "os.environ.get": _environment, "os.getenv": _environment, "environ.get": _environment,
    "decouple.config": _environment, "environ.Env": _environment, "environ.Env().str": _environment,
    "environ.Env().url": _environment, "starlette.config.Config": _environment,
    "uuid.uuid4": _fresh, "uuid.uuid1": _fresh, "secrets.token_hex": _fresh, "secrets.token_urlsafe": _fresh,
    "time.time": _clock, "time.time_ns": _clock, "time.monotonic": _clock,
    "builtins.str": _text, "builtins.int": _integer, "builtins.float": _float,
    "math.floor": _floor, "math.trunc": _integer,
    "builtins.round": _round, "builtins.dict": dict_from, "copy.copy": _copy, "copy.deepcopy": _deep_copy,
    "urllib.parse.urljoin": _join_url, "urllib.parse.quote": _quoted, "urllib.parse.quote_plus": _quoted,
    "datetime.date.today": _today, "datetime.timedelta": _timedelta, "datetime.datetime.now": _now,
    "datetime.datetime.utcnow": _now, "django.utils.timezone.now": _now,
    "typing.cast": _second,
    "asyncio.run": _first, "asyncio.wait_for": _first, "asyncio.create_task": _first, "asyncio.ensure_future": _first,
    "asgiref.sync.async_to_sync": _first, "asgiref.sync.sync_to_async": _first,
    "builtins.isinstance": _is_instance, "builtins.len": _measured,
    "builtins.bool": _boolean, "builtins.getattr": _by_name,
    "pathlib.Path": _path, "pathlib.PurePath": _path, "pathlib.PurePosixPath": _path,
    "yarl.URL": _first, "httpx.URL": _first, **sequences.MODELS,
}  # fmt: skip
