"""Functions and loops that are being followed."""

from __future__ import annotations

from dataclasses import dataclass, field

from vipps_lint.read.source import ir
from vipps_lint.read.source.state import State
from vipps_lint.read.source.values import Known


@dataclass
class Loop:
    """A loop that is being followed (`unrolled`: item by item), and the ends of its body that are not its last line."""

    retries: bool = False
    unrolled: bool = False
    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)

    def ends(self, kind: str) -> list[State]:
        """The states at `break` or at `continue`."""
        return self.breaks if kind == "break" else self.continues


@dataclass
class Frame:
    """One function that is being evaluated, or the module itself; `given` are the nodes of its arguments' text."""

    definition: ir.FunctionDefinition | ir.Lambda | None
    node: int | None = None
    given: frozenset[int] = frozenset()
    returns: list[tuple[State, Known]] = field(default_factory=list)
    yields: list[Known] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the function is called; nothing in the body of a module."""
        return getattr(self.definition, "name", "lambda") if self.definition else ""
