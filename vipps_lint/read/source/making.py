"""Texts to what the evaluation needs of them, as bytes. Nothing else parses."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack

import libcst

from vipps_lint.packing import packed
from vipps_lint.read.source.lower import Lowering
from vipps_lint.read.source.lowered import PLACE, Lowered, Unreadable
from vipps_lint.read.source.places import places
from vipps_lint.read.source.roomy import TooDeepError, TooLongError, refuse_too_much, uncollected, with_room


def made(texts: Sequence[bytes]) -> list[bytes]:
    """What `lowered.restored` needs of each text. Never raises for anything in a text."""
    with uncollected():
        return with_room(lambda: [_made(text) for text in texts])


def _made(text: bytes) -> bytes:
    try:
        return packed(_lowered(text))
    except Exception as error:  # noqa: BLE001 - whatever is in a file, it is a note
        return packed(Unreadable(_trouble(error), getattr(error, "raw_line", None)))


def _lowered(text: bytes) -> Lowered:
    refuse_too_much(text)
    module = libcst.parse_module(text)
    lowering = Lowering()
    block = lowering.module(module)
    return Lowered(block, b"".join(pack(PLACE, *one) for one in places(module, lowering.nodes)))


def _trouble(error: Exception) -> str:
    """What is wrong with a file that cannot be read, in words."""
    match error:
        case libcst.ParserSyntaxError(raw_line=line):
            return f"does not parse: syntax error in line {line}"
        case TooDeepError() | RecursionError():
            return "is nested too deep to be read as Python"
        case TooLongError():
            return "is too long to be read as source"
        case _:
            reason = f"{type(error).__name__}: {error}".partition("\n")[0]
            return f"cannot be read as Python: {reason}"
