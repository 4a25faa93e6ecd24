"""What is wholly known is computed by Python itself: pure functions and methods of text, numbers, days and decimals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import add, floordiv, ge, gt, le, lt, mod, mul, neg, pos, sub, truediv
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlencode, urljoin

from vipps_lint.document import YES, Hole, Template
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.things import items_of
from vipps_lint.read.source.values import Data, Dict, Exact, Known, List, Ref, Slot, View, unknown


class _Unknown:
    """The type of `UNKNOWN`."""


UNKNOWN = _Unknown()
"""Stands for what is not wholly known."""

WIDE = re.compile(r"\d{4}")
"""A width in a format that would make a long text."""

LONGEST = 10_000
"""Longer texts and lists are not computed with, nor numbers of more bits, nor powers beyond a few digits."""

LARGEST = 10 * LONGEST
"""What a replacement in a text may make of it."""

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "builtins.abs": abs, "builtins.max": max, "builtins.min": min, "builtins.sum": sum, "builtins.len": len,
    "builtins.round": round, "builtins.int": int, "builtins.float": float, "builtins.str": str, "builtins.bool": bool,
    "builtins.format": format, "builtins.divmod": divmod, "builtins.pow": pow, "builtins.ord": ord, "builtins.chr": chr,
    "builtins.sorted": sorted, "decimal.Decimal": Decimal, "datetime.date": date, "datetime.datetime": datetime,
    "datetime.time": time, "datetime.date.fromisoformat": date.fromisoformat,
    "datetime.datetime.fromisoformat": datetime.fromisoformat, "datetime.datetime.strptime": datetime.strptime,
    "datetime.datetime.combine": datetime.combine, "urllib.parse.quote": quote, "urllib.parse.unquote": unquote,
    "urllib.parse.quote_plus": quote_plus, "urllib.parse.urlencode": urlencode, "urllib.parse.urljoin": urljoin,
    "json.loads": json.loads,
}  # fmt: skip
"""Functions whose result follows from their arguments alone, wherever they run."""

METHODS: dict[type, frozenset[str]] = {
    str: frozenset({
        "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "casefold", "swapcase", "replace",
        "removeprefix", "removesuffix", "zfill", "rjust", "ljust", "center", "split", "rsplit", "splitlines",
        "partition", "rpartition", "startswith", "endswith", "isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum",
        "find", "index", "count", "encode", "format",
    }),
    bytes: frozenset({"decode", "hex"}),
    int: frozenset({"bit_length"}),
    float: frozenset({"is_integer"}),
    Decimal: frozenset({"quantize", "normalize", "to_integral_value", "as_integer_ratio"}),
    date: frozenset({"isoformat", "strftime", "replace", "weekday", "isoweekday", "toordinal"}),
    datetime: frozenset({"isoformat", "strftime", "replace", "date", "time", "weekday", "isoweekday"}),
    time: frozenset({"isoformat", "strftime"}),
    timedelta: frozenset({"total_seconds"}),
}  # fmt: skip
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": add, "-": sub, "*": mul, "/": truediv, "//": floordiv, "%": mod, "**": pow, "<": lt, "<=": le, ">": gt,
    ">=": ge,
}  # fmt: skip
SIGNS: dict[str, Callable[[Any], Any]] = {"-": neg, "+": pos}
CONVERSIONS: dict[str, Callable[[Any], str]] = {"r": repr, "a": ascii, "s": str}
PRINTED = (str, int, float, Decimal, date, datetime, time)


def called(machine: Machine, name: str, arguments: Arguments, node: int) -> Known | None:
    """The result of a function of outside; None where it is not known, or the function is not one of these."""
    function = FUNCTIONS.get(name)
    if function is None or (name == "builtins.sorted" and "key" in arguments.named):
        return None
    given = _arguments(machine, arguments)
    if given is None or not (given[0] or given[1]) or (function in (str, format) and not _prints(given[0])):
        return None
    return _computed(machine, lambda: function(*given[0], **given[1]), node)


def method(machine: Machine, receiver: Known, name: str, arguments: Arguments, node: int) -> Known | None:
    """The result of a method of something known; None where it is not known."""
    owner = python_of(machine, receiver)
    given = _arguments(machine, arguments) if name in METHODS.get(type(owner), ()) else None
    if given is None or any(isinstance(one, int) and abs(one) > LONGEST for one in given[0]):
        return None
    longest = max((len(one) for one in _all(given) if isinstance(one, str)), default=0)
    if isinstance(owner, str) and len(owner) * longest > LARGEST:
        return None
    if name == "format" and (WIDE.search(owner) or not all(isinstance(one, PRINTED) for one in _all(given))):
        return None
    return _computed(machine, lambda: getattr(owner, name)(*given[0], **given[1]), node)


def operated(machine: Machine, operator: str, left: Known, right: Known, node: int) -> Known | None:
    """The result of an operator on two scalars; None where it is not known."""
    function = OPERATORS.get(operator)
    if function is None or isinstance(left, Ref) or isinstance(right, Ref):
        return None
    one, other = python_of(machine, left), python_of(machine, right)
    if one is UNKNOWN or other is UNKNOWN or not _is_small(operator, one, other):
        return None
    if operator == "%" and isinstance(one, str):
        return None
    return _computed(machine, lambda: function(one, other), node)


def _is_small(operator: str, one: Any, other: Any) -> bool:
    if operator == "**":
        return isinstance(other, int | float) and isinstance(one, int | float) and abs(other) <= 64 and abs(one) < 10**6
    texts = [len(part) for part in (one, other) if isinstance(part, str | bytes)]
    times = [part for part in (one, other) if isinstance(part, int)]
    return operator != "*" or not texts or not times or texts[0] * times[0] <= LONGEST


def signed(machine: Machine, sign: str, value: Known, node: int) -> Known | None:
    """A number with a sign."""
    function, number = SIGNS.get(sign), python_of(machine, value)
    return None if function is None or number is UNKNOWN else _computed(machine, lambda: function(number), node)


def formatted(machine: Machine, value: Known, spec: str, conversion: str, node: int) -> Known | None:
    """A value as an f-string writes it: `{value!r:>3}`."""
    known = python_of(machine, value)
    if not isinstance(known, PRINTED) or WIDE.search(spec):
        return None
    if conversion:
        known = CONVERSIONS[conversion](known)
    return _computed(machine, lambda: format(known, spec), node)


def percent(machine: Machine, template: str, right: Known, is_tuple: bool, node: int) -> Data | None:
    """`template % right`, where all that it prints is known."""
    given = python_of(machine, right)
    values = given if is_tuple else list(given.values()) if isinstance(given, dict) else [given]
    if WIDE.search(template) or not isinstance(values, list) or not all(isinstance(one, PRINTED) for one in values):
        return None
    made = _computed(machine, lambda: template % (tuple(values) if is_tuple else given), node)
    return made if isinstance(made, Data) else None


def item(machine: Machine, value: Known, index: Known, node: int) -> Known | None:
    """A character, or a slice of a text or of a list."""
    key = python_of(machine, index)
    match value, machine.thing(value):
        case Data(str() as text), _ if isinstance(key, int | slice):
            return _computed(machine, lambda: text[key], node)
        case _, List(items, False) if isinstance(key, slice):
            return machine.new(List(items[key], False, node))
        case _:
            return None


def _arguments(machine: Machine, arguments: Arguments) -> tuple[list[Any], dict[str, Any]] | None:
    positional = [python_of(machine, one) for one in arguments.positional]
    named = {name: python_of(machine, one) for name, one in arguments.named.items()}
    if arguments.open or arguments.shifted or any(one is UNKNOWN for one in (*positional, *named.values())):
        return None
    return positional, named


def _all(given: tuple[list[Any], dict[str, Any]]) -> list[Any]:
    return [*given[0], *given[1].values()]


def _prints(values: list[Any]) -> bool:
    """Whether a value prints as it does in the program: lists stand for tuples too, and members of enums differ."""
    return bool(values) and isinstance(values[0], PRINTED)


def _computed(machine: Machine, compute: Callable[[], Any], node: int) -> Known | None:
    try:
        return known_of(machine, compute(), node)
    except Exception:  # noqa: BLE001 - what fails here fails in the program too, so that nothing is known after it
        return None


def python_of(machine: Machine, value: Known) -> Any:
    """What a wholly known value is in Python; `UNKNOWN` for any other."""
    match value, machine.thing(value):
        case Exact(known), _:
            return known
        case Data(Hole(symbol=("timedelta", int(days)))), _:
            return timedelta(days=days)
        case Data(Hole() | Template()) | Data(prints=False), _:
            return UNKNOWN
        case Data(known), _:
            return UNKNOWN if _is_long(known) else known
        case _, Dict(fields, False, _, True) if all(slot.sure is YES for slot in fields.values()):
            found = {name: python_of(machine, slot.value) for name, slot in fields.items()}
            return UNKNOWN if any(one is UNKNOWN for one in found.values()) else found
        case ((View() | Ref()), _):
            return _list(machine, value)
        case _:
            return UNKNOWN


def _is_long(known: Any) -> bool:
    """Whether to compute with a value would take long: text doubles and numbers square in a few lines of a loop."""
    if isinstance(known, str | bytes):
        return len(known) > LONGEST
    return isinstance(known, int) and known.bit_length() > LONGEST


def _list(machine: Machine, value: Known) -> Any:
    items = items_of(machine, value)
    if items is None or len(items) > LONGEST or isinstance(machine.thing(value), Dict):
        return UNKNOWN
    found = [python_of(machine, one) if there is YES else UNKNOWN for one, there in items]
    return UNKNOWN if any(one is UNKNOWN for one in found) else found


def known_of(machine: Machine, value: Any, node: int) -> Known:
    """A value of Python as the evaluation knows it."""
    match value:
        case bool() | None | str():
            return Data(value, node)
        case int() | float():
            return Data(value, node) if abs(value) < 10**18 else unknown(node=node)
        case list() | tuple():
            return machine.new(List(tuple(known_of(machine, one, node) for one in value), False, node))
        case dict() if all(isinstance(key, str) for key in value):
            fields = {key: Slot(known_of(machine, one, node)) for key, one in value.items()}
            return machine.new(Dict(fields, False, node))
        case date() | time() | timedelta() | Decimal() | bytes() | slice():
            return Exact(value, node)
        case _:
            return unknown(node=node)
