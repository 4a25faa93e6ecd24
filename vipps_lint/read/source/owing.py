"""What a path owes on which a call has failed: that somebody is told what Vipps says of it."""

from __future__ import annotations

from collections.abc import Iterable

from vipps_lint.immutable import immutable
from vipps_lint.read.source.records import Record

Debt = tuple[Record, int]
"""A call that has failed, and the node of the test that says so."""


@immutable(frozen=True, slots=True)
class Debts:
    """The debts of one path: those that are open, and those that were ever paid on it.

    Where paths meet, what one of them has paid is paid: whether it is taken may depend on the same condition.
    """

    open: frozenset[Debt] = frozenset()
    paid: frozenset[Debt] = frozenset()

    def joined(self, other: Debts) -> Debts:
        """The debts where two paths meet."""
        if self is other:
            return self
        paid = self.paid | other.paid
        return Debts((self.open | other.open) - paid, paid)

    def owing(self, record: Record, node: int) -> Debts:
        """The debts after a test has said that a call has failed."""
        return Debts(self.open | {(record, node)}, self.paid)

    def paying(self, record: Record) -> Debts:
        """The debts after somebody was told of the answer of a call."""
        mine = self._of(record)
        return Debts(self.open - mine, self.paid | mine) if mine else self

    def excusing(self, record: Record) -> Debts:
        """The debts of a path on which the call has failed in a way that was asked for: it needs no explanation."""
        mine = self._of(record)
        return Debts(self.open - mine, self.paid) if mine else self

    def _of(self, record: Record) -> frozenset[Debt]:
        return frozenset(debt for debt in self.open if debt[0] is record)


NO_DEBTS = Debts()


def present(debts: Iterable[Debts]) -> None:
    """Note what is left at the ends of all paths, once for each call."""
    left = NO_DEBTS
    for one in debts:
        left = left.joined(one)
    first = dict(sorted(left.open, key=lambda debt: debt[1], reverse=True))
    for record, node in first.items():
        record.lapse("unlogged", node)
