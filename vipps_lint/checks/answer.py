"""The fields that code reads of answers, and those that answers have, against what is described of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from vipps_lint.call import Call, Read, dotted
from vipps_lint.checks.base import STRICT, Evidence
from vipps_lint.checks.received import ANSWER, first_of_each, received, shown
from vipps_lint.checks.shape import misspelled
from vipps_lint.diagnostic import Severity, Undecided, Violation
from vipps_lint.document import NO, YES, Object, Pointer, get, present
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger
from vipps_lint.shape import GONE, Shape

OF_ERRORS = frozenset({
    "code", "detail", "details", "error", "errorCode", "errorGroup", "errorMessage", "errors", "extraDetails",
    "instance", "message", "status", "statusCode", "title", "traceId", "type",
})  # fmt: skip
"""Fields of the answers that tell of errors, which are not described."""


@immutable(frozen=True)
class KnownReads:
    """Code that reads a field which the answer does not have, where another one is meant; or an answer that has it.

    Any other may be younger than the description; in an answer of an API to which no fields are added it is not
    described at all. Code that reads the right one too is prepared for both, and in an answer that has the right one
    too none is meant by it. `but` are names that other rules speak of.
    """

    but: tuple[str, ...] = ()
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.ANSWER})
    words: ClassVar[frozenset[str]] = frozenset({"read"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        answer = call.operation.reference.answer if call.operation else None
        if answer is not None:
            yield from self._read(call, answer)
            yield from first_of_each(self._received(call, answer))

    def _received(self, call: Call, answer: Shape) -> Iterator[Violation | Undecided]:
        known, still = received(call)
        for around, value, shape in known:
            for name, item in value.fields.items() if isinstance(value, Object) else ():
                if shape.has((name,)) is NO and name not in self.but:
                    found = _strange(call, answer, (*around, name))
                    if found is not None:
                        yield found if present(item) is YES else Undecided(found.at)
        yield from still

    def _read(self, call: Call, answer: Shape) -> Iterator[Violation]:
        known = {read.pointer[2:] for read in call.reads}
        for read in call.reads:
            meant = _meant(answer, read.pointer[2:])
            if meant is not None and meant not in known and not self._is_elsewhere(read):
                severity = Severity.WARNING if read.optional else None
                facts = {"read": dotted(read.pointer[2:])}
                yield Violation(read.pointer, facts, dotted(meant), place=read.place, severity=severity)

    def _is_elsewhere(self, read: Read) -> bool:
        """Whether the read is another rule's, or one of a function that may get other things too."""
        return read.passed or read.pointer[-1] in self.but


def _strange(call: Call, answer: Shape, at: Pointer) -> Violation | None:
    """What is wrong with a field of an answer that is not described."""
    meant, facts = _meant(answer, at[2:]), {"read": shown(at)}
    if meant is not None and present(get(call.document, (*ANSWER, *meant))) is NO:
        return Violation(at, facts, shown((*ANSWER, *meant)))
    grows = call.operation is None or not call.operation.reference.final
    return None if grows or meant is not None else Violation(at, facts, severity=Severity.INFO)


def _meant(answer: Shape, at: Pointer) -> Pointer | None:
    """The field that is meant by one that does not exist: of the same object with a slip, or of one around it."""
    around = _walked(answer, at[:-1])
    name = at[-1] if at else "*"
    if not around or not isinstance(name, str) or name in OF_ERRORS | {"*"} or around[-1].fields is None:
        return None
    fields = around[-1].fields
    if (known := fields.get(name)) is not None:
        return (*at[:-1], *known.instead.split(".")) if known.instead else None
    slip = next((one for one, inner in fields.items() if inner.type != GONE and misspelled(name, one)), None)
    if slip is not None:
        return (*at[:-1], slip)
    outer = [length for length, shape in enumerate(around[:-1]) if shape.fields and name in shape.fields]
    return (*at[: outer[-1]], name) if outer else None


def _walked(answer: Shape, at: Pointer) -> list[Shape]:
    """The shapes from the whole answer to the value at a place; none where it is not described."""
    shapes = [answer]
    for step in at:
        inner = shapes[-1].step(step)
        if inner is None:
            return []
        shapes.append(inner)
    return shapes
