"""Text and numbers with holes: joining, formatting, the methods of `str`, arithmetic."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from vipps_lint.document import DaysAhead, Hole, Nature, Template
from vipps_lint.immutable import changed
from vipps_lint.read.source.values import Data, Scalar

PURE = frozenset({
    "strip", "rstrip", "lstrip", "lower", "upper", "title", "capitalize", "replace", "removeprefix", "removesuffix",
    "zfill", "rjust", "ljust",
})  # fmt: skip
"""Methods of `str` whose result is text and follows from the text and the arguments alone."""

LONGEST = 20_000
"""Text of more characters is not followed: no URL and no field of a body is as long."""

PIECES = 500
"""Nor is text of more pieces."""


def joined(parts: Iterable[Scalar], node: int | None) -> Data:
    """The pieces one after the other, as text."""
    flat: list[str | Hole] = []
    length = 0
    for part in parts:
        for piece in part.parts if isinstance(part, Template) else _e164(part) if isinstance(part, Hole) else (part,):
            text = piece if isinstance(piece, Hole) else spelled(piece)
            length += len(text) if isinstance(text, str) else LONGEST // PIECES
            if length > LONGEST:
                return endless(node)
            if isinstance(text, str) and flat and isinstance(flat[-1], str):
                flat[-1] += text
            elif text != "":
                flat.append(text)
    if not flat:
        return Data("", node)
    if len(flat) == 1 and isinstance(flat[0], str):
        return Data(flat[0], node)
    if len(flat) == 1 and isinstance(flat[0], Hole):
        return Data(as_text(flat[0]), node)
    return Data(Template(tuple(flat)), node)


def endless(node: int | None) -> Data:
    """Text that is too long to be followed."""
    return Data(Hole("string", reason="the text is very long"), node)


def _e164(hole: Hole) -> tuple[str | Hole, ...]:
    """The text of something unknown; a phone number as an object is written with a `+` before its digits."""
    if hole.nature is not Nature.PHONE:
        return (hole,)
    return ("+", replace(hole, type="string", symbol=("e164", hole.symbol), nature=Nature.E164))


def pieced(text: Data, values: Iterable[object]) -> Data:
    """The text with the values that it was joined from as its pieces."""
    pieces = [piece for one in values if isinstance(one, Data) for piece in one.written()]
    return changed(text, pieces=tuple(dict.fromkeys(pieces))[:8])


def as_text(hole: Hole) -> Hole:
    """The text of an unknown value: `str(x)` or `f"{x}"`."""
    if hole.type in (None, "string"):
        return replace(hole, type="string")
    symbol = ("text", hole.symbol) if hole.symbol is not None else None
    digits = Nature.DIGITS if hole.type == "integer" else None
    return Hole("string", symbol, hole.fresh, hole.source, hole.reason, digits)


def spelled(value: str | int | float | bool | None) -> str:
    """What Python prints for a scalar."""
    return value if isinstance(value, str) else str(value)


def percent(template: str, values: Sequence[Scalar], node: int | None) -> Data | None:
    """`template % values` where only `%s`, `%d` and `%%` occur; None otherwise."""
    pieces = re.split(r"(%%|%[sd])", template)
    if sum(piece in ("%s", "%d") for piece in pieces) != len(values) or "%" in "".join(pieces[::2]):
        return None
    rest = iter(values)
    return joined((_percent(piece, rest) for piece in pieces), node)


def _percent(piece: str, rest: Iterable[Scalar]) -> Scalar:
    if piece == "%%":
        return "%"
    return next(iter(rest)) if piece in ("%s", "%d") else piece


def formatted(template: str, positional: Sequence[Scalar], named: dict[str, Scalar], node: int | None) -> Data | None:
    """`template.format(...)` where the fields are plain names and numbers; None otherwise."""
    parts: list[Scalar] = []
    automatic = 0
    for piece in re.split(r"(\{\{|\}\}|\{[A-Za-z0-9_]*\})", template):
        if piece in ("{{", "}}"):
            parts.append(piece[0])
        elif piece.startswith("{"):
            key = piece[1:-1]
            if key == "":
                key, automatic = str(automatic), automatic + 1
            if key.isdecimal() and int(key) < len(positional):
                parts.append(positional[int(key)])
            elif key in named:
                parts.append(named[key])
            else:
                return None
        elif "{" in piece or "}" in piece:
            return None
        else:
            parts.append(piece)
    return joined(parts, node)


def text_method(text: Scalar, name: str, arguments: Sequence[Scalar], node: int | None) -> Data | None:
    """The result of a method of `str` on known text; trimming works at the known ends of a template."""
    known = all(isinstance(one, str | int) for one in arguments)
    if not known or name not in PURE:
        return None
    if isinstance(text, str):
        if _grown(text, name, arguments) > LONGEST:
            return endless(node)
        try:
            return Data(getattr(text, name)(*arguments), node)
        except (TypeError, ValueError):
            return None
    if isinstance(text, Template) and name in ("rstrip", "lstrip", "strip"):
        return joined(_trimmed(text.parts, name, arguments), node)
    if isinstance(text, Hole) and name in ("rstrip", "strip", "lstrip") and list(arguments) == ["/"]:
        return Data(as_text(text), node)  # a base URL stays a base URL
    texts = len(arguments) == 2 and all(isinstance(one, str) for one in arguments)
    if isinstance(text, Hole) and text.symbol is not None and name == "replace" and texts:
        return Data(Hole("string", ("replace", text.symbol, *arguments), source=text.source), node)
    return None


def _grown(text: str, name: str, arguments: Sequence[Scalar]) -> int:
    """How long the result of a method of known text can be."""
    match name, arguments:
        case (("zfill" | "ljust" | "rjust"), [int(width), *_]):
            return max(width, len(text))
        case "replace", [str(old), str(new), *_]:
            return len(text) + text.count(old) * len(new)
        case _:
            return len(text)


def _trimmed(parts: tuple[str | Hole, ...], name: str, arguments: Sequence[Scalar]) -> list[str | Hole]:
    trimmed = list(parts)
    if name in ("lstrip", "strip") and isinstance(trimmed[0], str):
        trimmed[0] = trimmed[0].lstrip(*arguments)  # type: ignore[arg-type]
    if name in ("rstrip", "strip") and isinstance(trimmed[-1], str):
        trimmed[-1] = trimmed[-1].rstrip(*arguments)  # type: ignore[arg-type]
    return trimmed


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
}


def arithmetic(operator: str, left: Scalar, right: Scalar) -> Scalar:
    """The result of arithmetic on known numbers; a hole (with the type, if that is known) otherwise."""
    plain = (int, float)
    if isinstance(left, plain) and isinstance(right, plain) and operator in ARITHMETIC:
        try:
            result = ARITHMETIC[operator](left, right)
        except (ZeroDivisionError, OverflowError):
            return Hole()
        return result if abs(result) < 10**18 else Hole()
    if operator in "+-*" and any(isinstance(one, float) for one in (left, right)):
        return Hole("float", nature=Nature.HUNDREDFOLD if operator == "*" and 100 in (left, right) else None)
    types = {_number_type(left), _number_type(right)}
    if operator not in ARITHMETIC or not types <= {"integer", "number", "float"}:
        return Hole()
    if types == {"integer"} and operator != "/":
        natures = [one.nature for one in (left, right) if isinstance(one, Hole)]
        return Hole("integer", nature=Nature.CUT_OFF if operator in "+-*" and Nature.CUT_OFF in natures else None)
    hundredfold = operator == "*" and types != {"integer"} and 100 in (left, right)
    return Hole(
        "float" if operator == "/" or "float" in types else "number",
        nature=Nature.HUNDREDFOLD if hundredfold else None,
    )


def _number_type(value: Scalar) -> str | None:
    match value:
        case Hole(type=name):
            return name
        case float():
            return "float"
        case _:
            return "integer" if isinstance(value, int) and not isinstance(value, bool) else None


def day_after(value: Scalar, days: Scalar, sign: int) -> Hole | None:
    """`date.today() + timedelta(days=2)`; None where the two are something else."""
    match value, days:
        case Hole(symbol=DaysAhead(ahead)), Hole(symbol=("timedelta", int(number))):
            return Hole(symbol=DaysAhead(ahead + sign * number), source=value.source)
        case Hole(symbol=("now", int(ahead), unique)), Hole(symbol=("timedelta", int(number))):
            return Hole(symbol=("now", ahead + sign * number, unique), fresh=True, source=value.source)
        case _:
            return None
