"""Fields that must be there, or must not be where they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Any, ClassVar

from vipps_lint.call import Call, dotted, pointer
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence, judged
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import ABSENT, MAYBE, NO, YES, Pointer, ask, equal, from_json, get, is_a, keys, present, quoted
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger, accepted


@immutable(frozen=True)
class Required:
    """Fields below the rule's field that must be there; one violation names all that are not.

    `a or b` is there when one of them is. `when` says which values the call must certainly have; the first of them is
    where the finding stands.
    """

    fields: tuple[str, ...]
    when: Mapping[str, Any] = field(default_factory=dict)
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"missing"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        asked = {pointer(name): equal(call[pointer(name)], from_json(value)) for name, value in self.when.items()}
        sent = {names: [present(get(call[at], pointer(name))) for name in names.split(" or ")] for names in self.fields}
        if NO in asked.values() or all(YES in answers for answers in sent.values()):
            return
        if MAYBE in asked.values():
            yield from (Undecided(one) for one, answer in asked.items() if answer is MAYBE)
            return
        missing = [names for names, answers in sent.items() if set(answers) == {NO}]
        if missing:
            listed = (" or ".join(f"`{name}`" for name in names.split(" or ")) for names in missing)
            yield Violation(next(map(pointer, self.when), at), {"missing": " and ".join(listed)})
            return
        lacking = (name for names, answers in sent.items() if YES not in answers for name in names.split(" or "))
        yield from (Undecided((*at, *pointer(name))) for name in lacking)


@immutable(frozen=True)
class RequiredByType:
    """Fields that an object must have because of its `type`; `otherwise` is the type of one that does not say.

    What Vipps has accepted lacks nothing.
    """

    fields: Mapping[str, tuple[str, ...]]
    otherwise: str = ""
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"type", "missing"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        there, taken = present(call[at]), accepted(call)
        if there is NO or taken is YES:
            return
        said = get(call[at], ("type",))
        type_ = self.otherwise if said is ABSENT else said
        if there is MAYBE or not isinstance(type_, str):
            yield from map(Undecided, (at, (*at, "type")))
            return
        sent = {name: present(get(call[at], (name,))) for name in self.fields.get(type_, ())}
        missing = [f"`{name}`" for name, answer in sent.items() if answer is NO]
        if missing and taken is NO:
            yield Violation(at, {"type": type_, "missing": " and ".join(missing)})
        yield from (Undecided(("response", "status")) for _ in missing[:1] if taken is MAYBE)
        yield from (Undecided((*at, name)) for name, answer in sent.items() if answer is MAYBE)


@immutable(frozen=True)
class Misplaced:
    """A field that is not at its place but somewhere else in the body or in the query."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"found", "right"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        if present(call[at]) is not NO:
            yield Undecided(at)
            return
        for part in ("body", "query"):
            for found in keys(call[part,], (part,)):
                if found[-1] == at[-1] and present(call[found]) is YES:
                    facts = {"found": dotted(found), "right": dotted(at)}
                    yield Violation(found, facts, place=call.key_place(found))
            yield Undecided((part,))


@immutable(frozen=True)
class Type:
    """A field that must have one JSON type wherever it is sent."""

    type: str
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        answer = ask(call[at], lambda value: present(value) & ~is_a(value, self.type))
        return judged(answer, at, lambda: Violation(at, {"value": quoted(call[at])}))
