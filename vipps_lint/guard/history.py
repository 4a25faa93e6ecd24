"""What the calls that guards have seen tell of payments and agreements. Reckoned when somebody asks: most calls are
judged without it, and by then the bodies of their answers have been read."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import RLock

from vipps_lint.call import Call
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.ledger import Ledger

LIVES = 1_000
"""How many payments, and how many agreements, are followed; a forgotten one is unknown, which is never a finding."""


@dataclass(eq=False)
class Seen:
    """One call that a guard watches: as it was sent, and once it is answered with its answer."""

    call: Call
    found: list[Diagnostic] = field(default_factory=list)
    settled: bool = False


class History:
    """Takes calls in the order of their answers. Guards that come after one another share one."""

    def __init__(self) -> None:
        self._ledger = Ledger()
        self._waiting: list[Seen] = []
        self._lock = RLock()

    def add(self, seen: Seen) -> None:
        """Take in a call that was answered, or lost; one that is told of twice counts once."""
        with self._lock:
            self._waiting.append(seen)
            if len(self._waiting) > LIVES:
                self.ledger()

    def ledger(self) -> Ledger:
        """All that is known now."""
        with self._lock:
            for seen in self._waiting:
                if not seen.settled:
                    seen.settled = True
                    self._fold(seen.call)
            self._waiting.clear()
            return self._ledger

    def _fold(self, call: Call) -> None:
        self._ledger.fold(call)
        for book in (self._ledger.payments, self._ledger.agreements):
            while len(book) > LIVES:
                book.forget_first()
