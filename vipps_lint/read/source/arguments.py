"""The arguments of a call, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass, field

from vipps_lint.read.source.values import Known


@dataclass
class Arguments:
    """The evaluated arguments of a call; `open` where a star hides some."""

    positional: list[Known] = field(default_factory=list)
    named: dict[str, Known] = field(default_factory=dict)
    open: bool = False
    shifted: bool = False
    keys: dict[str, int] = field(default_factory=dict)

    def get(self, index: int, name: str) -> Known | None:
        """The argument at a position or with a name."""
        if name in self.named:
            return self.named[name]
        return self.positional[index] if 0 <= index < len(self.positional) else None

    def all(self) -> list[Known]:
        """Every argument."""
        return [*self.positional, *self.named.values()]
