"""Room for deep and much code: libcst and our own walk recurse, and a stack that runs out would end the process."""

from __future__ import annotations

import gc
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

STACK = 256 * 1024 * 1024
FRAMES = 6000
LONGEST_CHAIN = 5000
NESTING = 200
"""How deep Python itself lets brackets be nested."""

MARKS = 250_000
"""How many commas, lines and other signs a text may have: each becomes nodes of a tree, a kilobyte or more."""

_SIGNS = (b",", b"\n", b";", b"=", b"(", b"[", b"{", b".", b"+", b":")
_BRACKETS = re.compile(rb"[()\[\]{}]")
_LINKS = re.compile(rb"[-+*/%.(\[{~@|&]|not\b|and\b|or\b|if\b|lambda\b|await\b")


class TooDeepError(Exception):
    """Code that is nested deeper than any parser of Python would read."""


class TooLongError(Exception):
    """Code that is so long that its tree would fill the memory."""


def with_room(work: Callable[[], T]) -> T:
    """Do some work on a large stack of its own; what it raises is raised here."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked
            errors.append(error)

    before, frames = threading.stack_size(STACK), sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(max(frames, FRAMES))
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        threading.stack_size(before)
        thread.join()
    finally:
        sys.setrecursionlimit(frames)
    if errors:
        raise errors[0]
    return results[0]


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: trees and states have no cycles, and would be searched again and again."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def refuse_too_much(text: bytes) -> None:
    """Raise an error for code that a parser might not survive: deep brackets, endless chains in one line, sheer length.

    Brackets in strings count too, so the exact count is only taken where the quick one is high.
    """
    if len(text) > MARKS and sum(map(text.count, _SIGNS)) > MARKS:
        raise TooLongError
    if any(len(line) > LONGEST_CHAIN and len(_LINKS.findall(line)) > LONGEST_CHAIN for line in text.split(b"\n")):
        if _depth(text) > NESTING or _chained(text):
            raise TooDeepError
    elif _depth(text) > NESTING and _exact_depth(text) > NESTING:
        raise TooDeepError


def _chained(text: bytes) -> bool:
    """Whether a line is one long chain; a long list or dict is flat and harmless."""
    return any(
        len(links) > LONGEST_CHAIN and line.count(b",") < len(links) // 4
        for line in text.split(b"\n")
        if (links := _LINKS.findall(line))
    )


def _depth(text: bytes) -> int:
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        depth += 1 if found[0] in b"([{" else -1
        deepest = max(deepest, depth)
    return deepest


def _exact_depth(text: bytes) -> int:
    import tokenize

    depth = deepest = 0
    try:
        for token in tokenize.tokenize(iter(text.splitlines(keepends=True)).__next__):
            if token.type == tokenize.OP and token.string in "()[]{}":
                depth += 1 if token.string in "([{" else -1
                deepest = max(deepest, depth)
    except (tokenize.TokenError, SyntaxError):
        pass
    return deepest
