"""Headers that an operation requires, and how the token is sent in its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import ClassVar

from vipps_lint.call import Call, Operation
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence, judged
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import (
    MAYBE,
    NO,
    YES,
    Hole,
    Object,
    Pointer,
    Template,
    Truth,
    Value,
    alternatives,
    ask,
    certain,
    is_a,
    present,
    show,
)
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger

BY_THE_CLIENT = frozenset({"accept", "content-type"})
"""What HTTP clients send by themselves, whatever the code says."""

SCHEME = "Bearer "

UNAUTHORISED = (401, 403)
"""How Vipps answers to a call without its keys or its token."""


STATUS = ("response", "status")


def required(operation: Operation | None) -> Iterator[str]:
    """The headers that an operation requires, without those that every client sends."""
    for name in operation.reference.headers if operation else ():
        if name.lower() not in BY_THE_CLIENT:
            yield name


def _missing(call: Call) -> Iterator[str]:
    """The headers that the operation requires and that are certainly not sent."""
    yield from (name for name in required(call.operation) if present(call.header(name)) is NO)


def _open(call: Call, names: tuple[str, ...], answered: Truth) -> Iterator[Undecided]:
    """What leaves it open whether one of the headers is sent."""
    if answered is MAYBE:
        yield Undecided(STATUS)
    for name in names:
        if present(call.header(name)) is MAYBE:
            yield Undecided(("headers", name.lower()))
        elif present(call.header(name)) is NO and _in_body(call, name) is MAYBE:
            yield Undecided(("body", name))


def _answered(call: Call, statuses: tuple[int, ...]) -> Truth:
    """Whether an answer of Vipps fits a missing header. Another one proves that only the recorder does not have it."""
    if call.genuine is not YES or not statuses:
        return YES
    return ask(call.status(), lambda status: certain(status in statuses) if isinstance(status, int) else MAYBE)


def _in_body(call: Call, name: str) -> Truth:
    """Whether one of the credentials is a field of the body."""
    return present(call["body", name]) if name.startswith("client_") else NO


@immutable(frozen=True)
class RequiredHeaders:
    """Headers that the operation requires: those of `only`, or all `but` some.

    `rejected` says with which statuses Vipps answers to a call without them, if it does not take it. One that is sent
    with a typing error gets a finding of its own, with the right name as `instead`; one that is sent in the body is
    another rule's.
    """

    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    rejected: tuple[int, ...] = ()
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"missing", "found"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        answered = _answered(call, self.rejected)
        if answered is not NO:
            yield from _open(call, tuple(name for name in required(call.operation) if self.asks(name)), answered)
        if answered is not YES:
            return
        missing = [name for name in _missing(call) if self.asks(name) and _in_body(call, name) is NO]
        typos = {name: typo for name in missing if (typo := _typo(call, name))}
        for name, typo in typos.items():
            where = ("headers", typo)
            yield Violation(where, {"missing": f"`{name}`", "found": typo}, name, place=call.key_place(where))
        if whole := [f"`{name}`" for name in missing if name not in typos]:
            yield Violation(("headers",), {"missing": " and ".join(whole), "found": ""})

    def asks(self, name: str) -> bool:
        """Whether a header that the operation requires is one of the check's."""
        return name in self.only if self.only else name not in self.but


def _typo(call: Call, name: str) -> str | None:
    """A header that is sent and probably meant to be this one."""
    sent = call["headers",]
    known = {one.lower() for one in call.operation.reference.headers} if call.operation else set()
    names = [one for one in sent.fields if one not in known] if isinstance(sent, Object) else []
    return next(iter(get_close_matches(name.lower(), names, 1, 0.8)), None)


@immutable(frozen=True)
class HeadersInBody:
    """Required headers that are fields of the body instead."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"names"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        named = tuple(name for name in required(call.operation) if _in_body(call, name) is not NO)
        answered = _answered(call, UNAUTHORISED)
        if named and answered is not NO:
            yield from _open(call, named, answered)
        names = [name for name in _missing(call) if _in_body(call, name) is YES]
        if names and answered is YES:
            where = ("body", names[0])
            listed = " and ".join(f"`{name}`" for name in names)
            yield Violation(where, {"names": listed}, place=call.key_place(where))


@immutable(frozen=True)
class Bearer:
    """A token in a header that does not begin with exactly `Bearer ` before it."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        wrong, answered = ask(call[at], _is_no_bearer), _answered(call, UNAUTHORISED)
        return judged(wrong & answered, at if wrong is MAYBE else STATUS, lambda: _bare(call, at))


def _bare(call: Call, at: Pointer) -> Violation:
    """A token as it came is wrong where the header is written, text where that is."""
    several = [one for one in alternatives(call[at]) if one is not None]
    if several and all(isinstance(one, Hole) for one in several):
        return Violation(at, {"value": show(several[0]).strip("{}")}, place=call.key_place(at))
    return Violation(at)


def _is_no_bearer(value: Value) -> Truth:
    """Whether a value is text without the scheme, or is the scheme without a token."""
    match value:
        case str():
            return certain(not value.startswith(SCHEME) or not value[len(SCHEME) :].strip())
        case Template((str() as start, *_)):
            spelled = start[: len(SCHEME)] == SCHEME[: len(start)]
            return MAYBE if spelled and len(start) < len(SCHEME) else certain(not spelled)
        case None | Hole(symbol=("answer", _, (*_, "access_token"))):
            return YES  # nothing at all, or the token as Vipps gives it
        case _:
            return NO if is_a(value, "string") is NO else MAYBE
