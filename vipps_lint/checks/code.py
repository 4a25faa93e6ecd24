"""How code makes what it sends, and what it does with the answer of a call; only source can tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from vipps_lint.call import Call, Handling, Lapse, Usage, Use, dotted
from vipps_lint.checks.base import NO_WORDS, STRICT, Evidence
from vipps_lint.checks.environment import is_aside
from vipps_lint.checks.received import first_of_each, listed, shape_at, shown, slip, values_at
from vipps_lint.diagnostic import Related, Severity, Undecided, Violation
from vipps_lint.document import ABSENT, Hole, Nature, Pointer, Value, alternatives, quoted, select, show
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger


@immutable(frozen=True)
class Reads:
    """Code that uses a field of the response, or an answer that has it; `*` in the rule's field stands for any item.

    Answers have it until it is `removed`.
    """

    removed: date
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.ANSWER})
    words: ClassVar[frozenset[str]] = frozenset({"read"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        for read in call.reads:
            if _covers(at, read.pointer):
                yield Violation(read.pointer, {"read": dotted(read.pointer[2:])}, place=read.place)
        if today >= self.removed:
            known, still = values_at(call, at)
            sent = (place for place, value in known if value not in (None, ABSENT))
            yield from first_of_each(Violation(place, {"read": shown(place)}) for place in sent)
            yield from still


def _covers(pattern: Pointer, found: Pointer) -> bool:
    return len(pattern) == len(found) and all(
        one == other or (one == "*" and (other == "*" or isinstance(other, int)))
        for one, other in zip(pattern, found, strict=True)
    )


@immutable(frozen=True)
class Reckons:
    """Code that uses a field of the response as a number, which it is not."""

    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset({"read"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        for use in _uses(call, at, Usage.NUMBER):
            yield Violation(use.pointer, {"read": _named(use.pointer)}, place=use.place)


@immutable(frozen=True)
class Compares:
    """Code that waits for what a field of the response never is, when it only ever is one of some `values`.

    Where a comparison asks for one of those too, the other values are only of no use. An answer that has such a value
    is a stub's; one with a slip is another check's.
    """

    values: tuple[str | bool, ...]
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.ANSWER})
    words: ClassVar[frozenset[str]] = frozenset({"read", "never", "values"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        for use in _uses(call, at, Usage.COMPARISON):
            vain = [one for one in use.asked if one.value not in self.values]
            if vain:
                severity = None if use.complete and len(vain) == len(use.asked) else Severity.INFO
                facts = self._facts(_named(use.pointer), [one.value for one in vain])
                yield Violation(use.pointer, facts, place=vain[0].place, severity=severity)
        known, still = values_at(call, at)
        vainly = ((place, value) for place, value in known if self._is_never(call, place, value))
        yield from first_of_each(Violation(place, self._facts(shown(place), [value])) for place, value in vainly)
        yield from still

    def _is_never(self, call: Call, at: Pointer, value: Value) -> bool:
        """Whether a value of an answer is text that the field never has, and no slip."""
        wrong = isinstance(value, str) and isinstance(self.values[0], str) and value not in self.values
        return wrong and not slip(value, shape_at(call, at))

    def _facts(self, read: str, vain: list[Value]) -> dict[str, str]:
        never = " or ".join(f"`{quoted(value)}`" for value in vain)
        return {"read": read, "never": never, "values": listed(self.values)}


def _uses(call: Call, at: Pointer, usage: Usage) -> Iterator[Use]:
    """What code does in one way with a field, each place once."""
    return iter(dict.fromkeys(use for use in call.uses if use.usage is usage and _covers(at, use.pointer)))


def _named(pointer: Pointer) -> str:
    """A field of the response as a message names it."""
    return dotted(pointer[2:]).replace(".*", "[]").removeprefix("*.")


@immutable(frozen=True)
class Handles:
    """Code that treats the answer of a call badly in one certain way.

    An error of which only the body is lost is advice: its status is told.
    """

    lapse: Lapse
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset({"exception", "client"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        for handling in call.handling:
            if handling.lapse is self.lapse:
                severity = Severity.INFO if handling.stated and self.lapse is Lapse.UNLOGGED else None
                yield Violation(at, handling.facts, place=handling.place, related=_used(handling), severity=severity)
        if call.unfollowed and self.lapse is Lapse.UNCHECKED:
            yield Undecided(at, call.unfollowed)


def _used(handling: Handling) -> tuple[Related, ...]:
    """Where an answer is used that nobody has looked at."""
    if handling.lapse is not Lapse.UNCHECKED or handling.used is None:
        return ()
    return (Related(handling.used, "what it says is used here"),)


@immutable(frozen=True)
class Made:
    """A value that code makes in a way that is a mistake, on one of its paths at least."""

    nature: Nature
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        for place, value in select(call.document, at):
            made = [one for one in alternatives(value) if isinstance(one, Hole) and one.nature is self.nature]
            if made:
                yield Violation(place, {"value": show(made[0]).strip("{}")})
            elif any(isinstance(one, Hole) and one.nature in (None, Nature.GIVEN) for one in alternatives(value)):
                yield Undecided(place)


@immutable(frozen=True)
class MadeForOne:
    """A call that is surely made anew for each call that takes its answer, in what runs in production."""

    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        for place in call.fed:
            if not is_aside(place.path):
                yield Violation(at, place=place)


@immutable(frozen=True)
class StandsIn:
    """Text that code sends where the value that belongs there is missing."""

    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset({"missing"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        for fallback in call.fallbacks:
            if fallback.pointer == at:
                facts = {"value": quoted(fallback.value), "missing": fallback.missing}
                yield Violation(at, facts, place=fallback.place)


@immutable(frozen=True)
class Constant:
    """Text that never changes in code that runs in production, once for each request of a customer."""

    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        origin = call.origin(at)
        if call.repeated and isinstance(call[at], str) and not (origin and is_aside(origin.place.path)):
            yield Violation(at)
