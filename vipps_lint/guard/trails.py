"""The ways of calls: which lines of the user's code a call passed, and which rules have a certain answer for it.

Only a guard that is asked for it keeps them: they cost more than the judgement.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from vipps_lint.guard.core import HISTORY
from vipps_lint.guard.guard import Guard
from vipps_lint.guard.history import Seen
from vipps_lint.guard.lines import Line, Passed, users_lines
from vipps_lint.read.request import Answer, Exchange
from vipps_lint.report.mask import masked_call


@dataclass(eq=False, slots=True)
class Trail:
    """One call: its operation, the lines (innermost first) that it passed, and the rules that are decided for it.

    `key` is the operation's id, or the method where there is no such operation. The lines are `whole` where they lead
    to the call without a gap.
    """

    operation: str
    key: str
    lines: list[Passed]
    whole: bool
    decided: set[str] = field(default_factory=set)

    def plain(self) -> dict[str, Any]:
        """As data that may ride on a report."""
        return {
            "operation": self.operation,
            "key": self.key,
            "lines": [list(line) for line in self.lines],
            "whole": self.whole,
            "decided": sorted(self.decided),
        }


class TracedGuard(Guard):
    """A guard that also keeps the trails of the calls, for whoever compares them with the source."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.trails: deque[Trail] = deque(maxlen=HISTORY)
        self._of: WeakKeyDictionary[Seen, Trail] = WeakKeyDictionary()

    def sent(self, request: Exchange, line: Line) -> Any:
        """Note the trail, and what the request decides by the history as it is now."""
        note = super().sent(request, line)
        if note is not None:
            call = masked_call(note.seen.call)
            key = call.operation.id if call.operation else call.method
            trail = Trail(call.label, key, *users_lines())
            trail.decided |= self._core.certain(note.seen)
            self._of[note.seen] = trail
            self.trails.append(trail)
        return note

    def answered(self, note: object, answer: Answer) -> Any:
        """Note what the answer, or its body that is read later, decides."""
        note = super().answered(note, answer)
        if note is not None and (trail := self._of.get(note.seen)) is not None:
            trail.decided |= self._core.certain(note.seen)
        return note


def trails_of(guard: Guard) -> Iterator[Trail]:
    """The trails that a guard has kept since the last time."""
    while isinstance(guard, TracedGuard) and guard.trails:
        yield guard.trails.popleft()
