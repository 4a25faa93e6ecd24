"""How values are declared that are made by the thousand and that nobody changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as immutable
else:
    from dataclasses import dataclass

    def immutable(*, frozen, **options):
        """A dataclass whose values the type checker guards; Python does not, which makes them ten times as fast."""

        def declared(kind):
            hashed = frozen and options.get("eq", True) and "__hash__" not in vars(kind)
            return dataclass(unsafe_hash=hashed, **options)(kind)

        return declared


__all__ = ["immutable"]
