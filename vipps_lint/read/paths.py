"""Paths with unknown pieces, and the routes that they may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from urllib.parse import unquote

from vipps_lint.call import Operation
from vipps_lint.document import Hole, Template, Value
from vipps_lint.immutable import immutable

FIRST, LAST = 0xF0000, 0xF0FFF
"""Holes stand in the text as characters of a private plane, so that plain string methods can take it apart."""

MARK = f"[{chr(FIRST)}-{chr(LAST)}]"
"""The pattern of one hole."""

ONE, MORE = "\x01", "\x02"
"""A parameter of a route as two tokens: one character that is no slash, and any number of further ones."""


class Marked:
    """Text in which each hole is one private character."""

    def __init__(self, value: str | Template) -> None:
        self.holes: list[Hole] = []
        self.text = "".join(map(self._mark, value.parts if isinstance(value, Template) else (value,)))

    def _mark(self, part: str | Hole) -> str:
        if isinstance(part, str):
            return re.sub(MARK, "\ufffd", part)
        self.holes.append(part)
        return chr(FIRST + len(self.holes) - 1)

    def value(self, text: str, unquoted: bool = False) -> Value:
        """A stretch of the text with its holes, as a value."""
        if not self.holes:
            return text if unquoted else unquote(text)
        pieces = [piece for piece in re.split(f"({MARK})", text) if piece]
        parts = [
            self._hole(piece) if re.match(MARK, piece) else piece if unquoted else unquote(piece) for piece in pieces
        ]
        if not parts:
            return ""
        return parts[0] if len(parts) == 1 else Template(tuple(parts))

    def shown(self, text: str) -> str:
        """A stretch of the text as a user reads it: a hole is its source in braces."""
        if not self.holes:
            return text
        return re.sub(MARK, lambda mark: "{" + (self._hole(mark[0]).source or "…") + "}", text)

    def _hole(self, mark: str) -> Hole:
        return self.holes[ord(mark) - FIRST]


@immutable(frozen=True)
class Route:
    """The route of an operation, ready to be compared with paths (both without slashes at their ends)."""

    operation: Operation

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The steps between the slashes; a parameter is in braces."""
        return tuple(self.operation.route.strip("/").split("/"))

    @cached_property
    def form(self) -> tuple[int, str, str]:
        """How many steps there are, the first, and the last if it is no parameter."""
        return len(self.steps), self.steps[0], "" if self.steps[-1].startswith("{") else self.steps[-1]

    @cached_property
    def names(self) -> tuple[tuple[int, str], ...]:
        """The parameters, each with the number of its step, from 0."""
        return tuple((index, step[1:-1]) for index, step in enumerate(self.steps) if step.startswith("{"))

    @cached_property
    def _fixed(self) -> tuple[tuple[int, str], ...]:
        return tuple((index, step) for index, step in enumerate(self.steps) if not step.startswith("{"))

    def is_written(self, steps: Sequence[str]) -> bool:
        """Whether as many steps as this route has, none of them empty, are written as it is, capitals and all."""
        for index, step in self._fixed:  # noqa: SIM110 - a loop, because every call passes it
            if steps[index] != step:
                return False
        return True

    @cached_property
    def literals(self) -> int:
        """How many steps are no parameters."""
        return sum(not step.startswith("{") for step in self.steps)

    @cached_property
    def _wanted(self) -> tuple[str, ...]:
        """The literal steps in small letters; nothing for a parameter."""
        return tuple("" if step.startswith("{") else step.lower() for step in self.steps)

    @cached_property
    def _tokens(self) -> str:
        return re.sub(r"\{[^}]*\}", ONE + MORE, "/".join(self.steps).lower())

    def is_spelled(self, steps: Sequence[str]) -> bool:
        """Whether as many steps (in small letters) as this route has are this route, each parameter filled by one."""
        for wanted, step in zip(self._wanted, steps, strict=True):
            if step != wanted if wanted else step == "":
                return False
        return True

    def may_be(self, path: str) -> bool:
        """Whether the path can be this route when unknown pieces may be any text, slashes too.

        One in the last step may also begin the query; one before a known slash does not.
        """
        return _may_be(path.lower(), self._tokens)

    def parameters(self, path: str, marked: Marked) -> dict[str, Value]:
        """The path parameters of a path that is this route."""
        pairs = zip(self.steps, path.split("/"), strict=True)
        return {step[1:-1]: marked.value(segment) for step, segment in pairs if step.startswith("{")}

    def likeness(self, path: str, alike: Callable[[str, str], float]) -> float:
        """How much the least similar literal step of the path resembles this route's; 0 if there are more or fewer."""
        segments = path.split("/")
        if len(segments) != len(self.steps):
            return 0
        pairs = zip(self.steps, segments, strict=True)
        return min(1.0 if step.startswith("{") else alike(step, segment) for step, segment in pairs)


def _may_be(path: str, tokens: str) -> bool:
    """Reads the path once, with all places in the route where it may have come to."""
    places = {0}
    for at, character in enumerate(path):
        places |= {place + 1 for place in places if tokens[place : place + 1] == MORE}
        if FIRST <= ord(character) <= LAST:
            if places and "/" not in path[at:]:
                return True
            places = set(range(min(places), len(tokens) + 1)) if places else places
        else:
            places = {after for place in places for after in _step(tokens, place, character)}
    return bool(places & {len(tokens), len(tokens) - (tokens[-1:] == MORE)})


def _step(tokens: str, place: int, character: str) -> tuple[int, ...]:
    match tokens[place : place + 1]:
        case "\x02":
            return (place,) if character != "/" else ()
        case "\x01":
            return (place + 1,) if character != "/" else ()
        case literal:
            return (place + 1,) if literal == character else ()
