"""Text: its characters and its length."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import ClassVar

from vipps_lint.call import Call
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence, judged
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import (
    MAYBE,
    NO,
    YES,
    Hole,
    Nature,
    Pointer,
    Template,
    Truth,
    Value,
    alternatives,
    ask,
    certain,
    is_a,
    present,
    quoted,
)
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger

DIGITS = frozenset(string.digits)


@immutable(frozen=True)
class Spelling:
    """Text of some length; where `signs` are given, only of letters, digits and them. Other types are not asked.

    Where `empty` is false, empty text is another rule's.
    """

    least: int = 0
    most: int | None = None
    signs: str | None = None
    empty: bool = True
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"problem"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        value = call[at]
        signs = None if self.signs is None else alphabet(f"A-Za-z0-9{self.signs}")
        problems = {spelling_problem(one, self.least, self.most, signs, self.empty) for one in alternatives(value)}
        unknown = any(isinstance(one, Hole | Template) and is_a(one, "string") is not NO for one in alternatives(value))
        if None not in problems:
            yield Violation(at, {"problem": " or ".join(sorted(filter(None, problems)))})
        elif unknown or problems != {None}:
            yield Undecided(at)


def spelling_problem(
    value: Value, least: int, most: int | None, signs: frozenset[str] | None, empty: bool = True
) -> str | None:
    """What is certainly wrong with a text: a sign that it must not have, or its length. Nothing for other types."""
    if not isinstance(value, str | Template):
        return None
    text = _known(value)
    wrong = [] if signs is None else sorted({*text} - signs)
    if wrong:
        return f"has {_listed(wrong)}"
    if most is not None and len(text) > most:
        return f"has {'at least ' if isinstance(value, Template) else ''}{len(text)} characters"
    if isinstance(value, Template) or len(text) >= least:
        return None
    return f"has {len(text)} characters" if text else "is empty" if empty else None


@lru_cache
def alphabet(written: str) -> frozenset[str]:
    """The characters of a class that is written as in `A-Za-z0-9-`: ranges of letters and digits, and signs."""
    ranges = re.findall("([A-Za-z0-9])-([A-Za-z0-9])", written)
    rest = re.sub("[A-Za-z0-9]-[A-Za-z0-9]", "", written)
    return frozenset(rest).union(*(map(chr, range(ord(first), ord(last) + 1)) for first, last in ranges))


def _known(value: str | Template) -> str:
    parts = (value,) if isinstance(value, str) else value.parts
    return "".join(part for part in parts if isinstance(part, str))


def _listed(wrong: list[str]) -> str:
    return " and ".join("a space" if sign == " " else f"`{sign}`" for sign in wrong)


@immutable(frozen=True)
class OnlyDigits:
    """Text that is nothing but digits."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        return judged(ask(call[at], _is_digits), at)


def _is_digits(value: Value) -> Truth:
    match value:
        case str():
            return certain(value != "" and {*value} <= DIGITS)
        case Template(parts):
            answer = YES
            for part in parts:
                answer &= YES if isinstance(part, Hole) and part.type == "integer" else _is_digits(part)
            return answer
        case Hole(nature=Nature.DIGITS):
            return YES
        case Hole(type="string" | None):
            return MAYBE
        case _:
            return NO


@immutable(frozen=True)
class Digits:
    """What must be text of digits, and certainly is of another type or has another character."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        answer = ask(call[at], _has_no_digits_alone)
        return judged(answer, at, lambda: Violation(at, {"value": quoted(call[at])}))


def _has_no_digits_alone(value: Value) -> Truth:
    match value:
        case str() | Template():
            wrong = bool({*_known(value)} - DIGITS) or value == ""
            return YES if wrong else MAYBE if isinstance(value, Template) else NO
        case Hole(type=kind):
            return MAYBE if kind in (None, "string") else YES
        case _:
            return present(value)
