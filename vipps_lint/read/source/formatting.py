"""Text with values in it, as f-strings write them."""

from __future__ import annotations

from typing import Any

from vipps_lint.document import ALTERNATIVES, Hole
from vipps_lint.read.source import exact, expressions, ir, operators
from vipps_lint.read.source.freeze import printed
from vipps_lint.read.source.leaks import holding
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.telling import explains
from vipps_lint.read.source.text import joined, pieced
from vipps_lint.read.source.values import Data, Known, Scope, choose, each, hole_of


def formatted(machine: Machine, it: ir.Format, scope: Scope) -> Known:
    """The text, or the few that it may be."""
    pieces: list[tuple[Any, ...]] = []
    values: list[Known] = []
    whole: list[Known] = []
    for part, written in zip(it.parts, it.formats, strict=True):
        if isinstance(part, str):
            pieces.append((part,))
            continue
        value = expressions.evaluate(machine, part, scope)
        values += each(value)
        whole.append(value)
        for answer in machine.answers(value):
            if explains(answer):
                machine.state.tell(answer.record)
            elif answer.kind == "status":
                answer.record.stated = True
                answer.record.checked = answer.record.checked or not machine.logging  # the text may be looked at
        exactly = _written(machine, value, written, it.node) if written else None
        if exactly is not None:
            pieces.append((exactly,))
        elif written == "":
            pieces.append(tuple(operators.named(printed(one), part) for one in each(value)))
        else:
            pieces.append((Hole("string", source=source_of(part), fresh=_is_fresh(value)),))
    return choose(holding(machine, pieced(text, values), whole) for text in _combined(pieces, it.node))


def _written(machine: Machine, value: Known, written: str, node: int) -> Any:
    """What a piece with a format is written as, where its value is known."""
    conversion, _, spec = written.partition(":")
    made = exact.formatted(machine, value, spec, conversion, node)
    return made.value if isinstance(made, Data) else None


def _is_fresh(value: Known) -> bool:
    hole = hole_of(value)
    return hole is not None and hole.fresh


def _combined(pieces: list[tuple[Any, ...]], node: int) -> list[Data]:
    """The texts of pieces that may each be one of a few."""
    texts: list[list[Any]] = [[]]
    for piece in pieces:
        few = piece if len(texts) * len(piece) <= ALTERNATIVES else (Hole("string"),)
        texts = [[*text, one] for text in texts for one in few]
    return [joined(text, node) for text in texts]
