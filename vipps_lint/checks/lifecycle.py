"""Operations that are gone, will go, or never were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from vipps_lint.call import Call
from vipps_lint.checks.base import REQUEST, STRICT, Evidence
from vipps_lint.diagnostic import Severity, Undecided, Violation
from vipps_lint.document import NO, Pointer
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger


@immutable(frozen=True)
class Retired:
    """An operation with a removal date: a warning from the announcement on, the rule's severity from the removal on."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"verb", "removed", "replacement", "source"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        retired = call.operation.retired if call.operation else None
        if retired is None or retired.removed is None or today < (retired.announced or retired.removed):
            return
        gone = today >= retired.removed
        facts = {
            "verb": "stopped working" if gone else "stops working",
            "removed": retired.removed.isoformat(),
            "replacement": retired.instead,
            "source": retired.source,
        }
        yield Violation(("path",), facts, severity=None if gone else Severity.WARNING)


@immutable(frozen=True)
class Superseded:
    """An operation that has a successor and no removal date."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"since", "replacement", "source"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        retired = call.operation.retired if call.operation else None
        if retired is None or retired.removed is not None or retired.announced is None or today < retired.announced:
            return
        since = retired.announced.isoformat()
        yield Violation(("path",), {"since": since, "replacement": retired.instead, "source": retired.source})


@immutable(frozen=True)
class UnknownOperation:
    """A path that belongs to an API but is none of its operations, whatever fills its unknown parts."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"api"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        if call.operation is None and call.known is NO:
            yield Violation(("path",), {"api": call.api.title}, instead=call.nearest)
        elif call.operation is None:
            yield Undecided(("path",), f"`{call.path}` may be one of several operations")
