"""Secrets that are written where others can read them: in a log, in the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from vipps_lint.call import Call
from vipps_lint.checks.base import STRICT, Evidence
from vipps_lint.diagnostic import Violation
from vipps_lint.document import Pointer
from vipps_lint.ledger import Ledger


@dataclass(frozen=True)
class Logged:
    """A value that the code writes to a log, itself or with what is around it."""

    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset({"name"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        for logged in call.logged:
            if at[: len(logged.pointer)] == logged.pointer:
                yield Violation(at, {"name": str(at[-1])}, place=logged.place)
