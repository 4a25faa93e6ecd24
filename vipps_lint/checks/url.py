"""URLs that Vipps or a customer is sent to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Any, ClassVar

from vipps_lint.call import Call, pointer
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence, judged
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import (
    MAYBE,
    NO,
    OneOf,
    Pointer,
    Template,
    Truth,
    Value,
    ask,
    certain,
    equal,
    from_json,
    is_a,
    show,
)
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger

LOCAL = re.compile(r"(?!http:)[a-z][a-z0-9+.-]*://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?=[:/?#]|$)")


@immutable(frozen=True)
class Https:
    """A URL with `http://`, except where a field certainly has the value that `unless` names.

    Where `only` is set, an app's own scheme will not do either: the URL must begin with `https://`.
    """

    unless: Mapping[str, Any] = field(default_factory=dict)
    only: bool = False
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        answer = _unless(ask(call[at], _is_other if self.only else _is_plain), call, self.unless)
        beside = map(pointer, self.unless)
        return judged(answer, at, lambda: Violation(at, instead=_with_tls(call[at])), beside)


@immutable(frozen=True)
class Public:
    """A URL on the machine itself, which Vipps cannot reach; one with `http://` is another check's."""

    unless: Mapping[str, Any] = field(default_factory=dict)
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        answer = _unless(ask(call[at], _may_be_local), call, self.unless)
        return judged(answer, at, beside=map(pointer, self.unless))


def _unless(answer: Truth, call: Call, exceptions: Mapping[str, Any]) -> Truth:
    """The answer, if none of the exceptions is the case."""
    for text, value in exceptions.items() if answer is not NO else ():
        answer &= ~equal(call[pointer(text)], from_json(value))
    return answer


def _is_plain(value: Value) -> Truth:
    start = _start(value)
    if isinstance(value, str) or not "http://".startswith(start):
        return certain(start.startswith("http://"))
    return NO if is_a(value, "string") is NO else MAYBE


def _is_other(value: Value) -> Truth:
    """Whether a text begins with anything else than `https://`."""
    start = _start(value)
    if isinstance(value, str) or not "https://".startswith(start[:8]):
        return certain(not start.startswith("https://"))
    return MAYBE if is_a(value, "string") is not NO and len(start) < 8 else NO


def _may_be_local(value: Value) -> Truth:
    if isinstance(value, str) or _is_local(value):
        return certain(_is_local(value))
    rest = _start(value).partition("://")[2]
    ended = re.search("[:/?#]", rest) is not None
    return NO if ended or is_a(value, "string") is NO else MAYBE


def _start(value: Value) -> str:
    """What the text certainly begins with, in small letters."""
    first = value.parts[0] if isinstance(value, Template) else value
    return first.lower() if isinstance(first, str) else ""


def _is_local(value: Value) -> bool:
    start = _start(value)
    found = LOCAL.match(start)
    return found is not None and (isinstance(value, str) or found.end() < len(start))


def _with_tls(value: Value) -> str | None:
    """The URL with `https://`; none for another scheme, or a machine that has no certificate."""
    if not _start(value).startswith("http://"):
        return None
    rest = show(value)[len("http://") :]
    return None if isinstance(value, OneOf) or _is_local(f"https://{rest}") else f"https://{rest}"
