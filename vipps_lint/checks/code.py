"""How code makes what it sends, and what it does with the answer of a call; only source can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from vipps_lint.call import Call, Lapse, dotted
from vipps_lint.checks.base import NO_WORDS, STRICT, Evidence
from vipps_lint.diagnostic import Violation
from vipps_lint.document import Hole, Nature, Pointer, alternatives, select, show
from vipps_lint.ledger import Ledger


@dataclass(frozen=True)
class Reads:
    """Code that uses a field of the response; `*` in the rule's field stands for any item."""

    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset({"read"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        for read in call.reads:
            if _covers(at, read.pointer):
                yield Violation(read.pointer, {"read": dotted(read.pointer[2:])}, place=read.place)


def _covers(pattern: Pointer, found: Pointer) -> bool:
    return len(pattern) == len(found) and all(
        one == other or (one == "*" and (other == "*" or isinstance(other, int)))
        for one, other in zip(pattern, found, strict=True)
    )


@dataclass(frozen=True)
class Handles:
    """Code that treats the answer of a call badly in one certain way."""

    lapse: Lapse
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        for handling in call.handling:
            if handling.lapse is self.lapse:
                yield Violation(at, place=handling.place)


@dataclass(frozen=True)
class Made:
    """A value that code makes in a way that is a mistake, on one of its paths at least."""

    nature: Nature
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        for place, value in select(call.document, at):
            made = [one for one in alternatives(value) if isinstance(one, Hole) and one.nature is self.nature]
            if made:
                yield Violation(place, {"value": show(made[0]).strip("{}")})
