"""Lines, and the items of a JSON list, from text that comes in pieces. No more is held than one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from vipps_lint.read.request import DECODER

LONGEST = 1 << 24
"""How many characters a record may have; longer ones are passed over."""

BETWEEN = re.compile(r"[\s,]*")
WORD = re.compile(rf'[^\s,"\[\]{{}}]{{1,{LONGEST}}}')
"""A number or a name, which has no sign of its own at its end."""

MARK = re.compile(r'["{}\[\]]')
INSIDE = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
"""What a string holds before its end."""


class BrokenOffError(Exception):
    """The text ends, or is no JSON, at a line and column."""

    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column


class Passed(Enum):
    """Why an item was passed over."""

    LONG = f"longer than {LONGEST // 1_000_000} million characters"
    DEEP = "nested too deep to be read"


Item = tuple[Any, str] | Passed
"""An item of a list with how it is written."""


def lines(pieces: Iterable[str]) -> Iterator[str | None]:
    """Each line; None in the place of one that is too long."""
    line = _Line()
    for piece in pieces:
        first, *others = piece.split("\n")
        line.add(first)
        for other in others:
            yield line.taken()
            line.add(other)
    yield line.taken()


class _Line:
    """A line as far as it has been read."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def add(self, part: str) -> None:
        self._length += len(part)
        if self._length > LONGEST:
            self._parts.clear()
        else:
            self._parts.append(part)

    def taken(self) -> str | None:
        """The line; the next begins."""
        whole = "".join(self._parts) if self._length <= LONGEST else None
        self._parts.clear()
        self._length = 0
        return whole


class Items:
    """The items of a list, one after the other. What stands before the one that is read is forgotten."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._text = ""
        self._at = 0
        self._place = 1, 1

    def begin(self, start: re.Pattern[str]) -> bool:
        """Go to the first item, behind what the pattern finds; False where it finds nothing."""
        while (found := start.search(self._text)) is None:
            self._at = max(len(self._text) - 100, 0)
            if not self._more():
                return False
        self._at = found.end()
        return True

    def __iter__(self) -> Iterator[Item]:
        """Each item to the end of the list. Raises `BrokenOffError` where it goes on and none can be read."""
        while self._next():
            yield self._item()

    def _next(self) -> bool:
        """Go to the next item; False at the end of the list."""
        while True:
            found = BETWEEN.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at] != "]"
            if not self._more():
                raise BrokenOffError(*self._where(self._at))

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._place = self._where(self._at)
        self._text, self._at = self._text[self._at :] + piece, 0
        return True

    def _where(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in the text that is held."""
        line, column = self._place
        if newlines := self._text.count("\n", 0, offset):
            return line + newlines, offset - self._text.rfind("\n", 0, offset)
        return line, column + offset

    def _item(self) -> Item:
        """The item that begins here. Where it cannot be decoded, its end is looked for, in what is still to come."""
        while WORD.fullmatch(self._text, self._at) and self._more():
            pass
        try:
            return self._decoded()
        except (ValueError, RecursionError):
            pass
        start, nesting, seen, is_long = self._where(self._at), _Nesting(), self._at, False
        while not (end := nesting.end(self._text, seen)):
            seen = nesting.seen
            if is_long := is_long or seen - self._at > LONGEST:
                self._at = seen
            seen -= self._at
            if not self._more():
                raise BrokenOffError(*start) if is_long else self._broken()
        if is_long:
            self._at = end
            return Passed.LONG
        try:
            return self._decoded()
        except RecursionError:
            self._at = end
            return Passed.DEEP
        except ValueError:
            raise self._broken() from None

    def _decoded(self) -> tuple[Any, str]:
        value, end = DECODER.raw_decode(self._text, self._at)
        if end == len(self._text) and not isinstance(value, dict | list | str):
            raise ValueError("a number may go on where the text breaks off")
        written = self._text[self._at : end]
        self._at = end
        return value, written

    def _broken(self) -> BrokenOffError:
        try:
            DECODER.raw_decode(self._text, self._at)
        except (ValueError, RecursionError) as error:
            return BrokenOffError(*self._where(getattr(error, "pos", self._at)))
        return BrokenOffError(*self._where(len(self._text)))


class _Nesting:
    """How deep in brackets, and whether in a string, the text of a value is, as far as it has been `seen`."""

    def __init__(self) -> None:
        self.seen = 0
        self._depth = 0
        self._quoted = False

    def end(self, text: str, at: int) -> int | None:
        """Where the value ends, from `at` on; None where it goes on behind the text."""
        while at < len(text):
            if self._quoted:
                found = INSIDE.match(text, at)
                at = found.end() if found else at
                if text[at : at + 1] != '"':  # the text ends here, or with half an escape
                    break
                at, self._quoted = at + 1, False
            elif found := MARK.search(text, at):
                at = found.end()
                self._enter(found[0])
            else:
                at = len(text)
                break
            if self._depth <= 0 and not self._quoted:
                return at
        self.seen = at
        return None

    def _enter(self, mark: str) -> None:
        if mark == '"':
            self._quoted = True
        else:
            self._depth += 1 if mark in "{[" else -1
