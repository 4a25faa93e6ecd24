"""How long code waits for the answer of a call; only source can tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from vipps_lint.call import Call
from vipps_lint.checks.base import STRICT, Evidence
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import MAYBE, YES, Hole, Pointer, Truth, Value, ask, certain, closed
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger


@immutable(frozen=True)
class WaitsForEver:
    """A request without a time-out."""

    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset()
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        waits = call.patience
        if waits and ask(waits.read, lambda seconds: certain(seconds is None)) is YES:
            yield Violation(at, place=waits.place)
        yield from _open(waits.read if waits else Hole(), at)


@immutable(frozen=True)
class WaitsTooShort:
    """A request that gives up before Vipps may have answered: seconds for the connection and for the answer."""

    connect: int
    read: int
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset({"seconds", "what", "least"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        waits = call.patience
        if waits and _below(waits.read, self.read) is YES:
            yield Violation(at, {"what": "an answer", "seconds": waits.read, "least": self.read}, place=waits.place)
        elif waits and _below(waits.connect, self.connect) is YES:
            facts: dict[str, Value] = {"what": "a connection", "seconds": waits.connect, "least": self.connect}
            yield Violation(at, facts, place=waits.place)
        else:
            yield from _open(waits.read if waits else Hole(), at)


def _open(seconds: Value, at: Pointer) -> Iterator[Undecided]:
    if not closed(seconds):
        yield Undecided(at, "how long the client waits is not known")


def _below(seconds: Value, least: int) -> Truth:
    return ask(seconds, lambda one: certain(one < least) if isinstance(one, int | float) else MAYBE)
