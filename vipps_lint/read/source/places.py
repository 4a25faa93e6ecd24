"""Where nodes stand. libcst's own way to tell costs as much as parsing; here it only writes the code down once more."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, Self

import libcst as cst
from libcst._nodes.internal import CodegenState

Span = tuple[int, int]

_LINE_ENDS = re.compile(r"\r\n?|\n")


def places(module: cst.Module, nodes: Iterable[cst.CSTNode]) -> list[tuple[int, int, int, int]]:
    """Line, column, end line and end column (from 1) of each node; zeros for one that is not in the module's code."""
    writer = _Writer(module.default_indent, module.default_newline)
    module._codegen(writer)
    text = "".join(writer.tokens)
    lines = [0, *(found.end() for found in _LINE_ENDS.finditer(text))]
    offsets = list(accumulate(map(len, writer.tokens), initial=0))
    offsets.append(offsets[-1])  # the last token was a line's end that the file does not have
    found = []
    for node in nodes:
        span = writer.spans.get(id(node))
        found.append((*_place(offsets[span[0]], lines), *_place(offsets[span[1]], lines)) if span else (0, 0, 0, 0))
    return found


def _place(offset: int, lines: Sequence[int]) -> tuple[int, int]:
    line = bisect_right(lines, offset)
    return line, offset - lines[line - 1] + 1


class _Writer(CodegenState):
    """The tokens of a module, and from which to which of them each node goes. It is its own context manager."""

    def __init__(self, indent: str, newline: str) -> None:
        super().__init__(indent, newline)
        self.spans: dict[int, Span] = {}
        self._open: list[tuple[cst.CSTNode, int, cst.CSTNode | None, cst.CSTNode | None]] = []

    def record_syntactic_position(  # type: ignore[override] # a context manager of ten times the speed
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> Self:
        self._open.append((node, len(self.tokens), start_node, end_node))
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        node, start, first, last = self._open.pop()
        end = len(self.tokens)
        if first is not None:
            start = self.spans.get(id(first), (start,))[0]
        if last is not None:
            end = self.spans.get(id(last), (end, end))[1]
        self.spans[id(node)] = start, end
