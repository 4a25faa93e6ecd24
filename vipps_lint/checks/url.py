"""URLs that Vipps or a customer is sent to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from vipps_lint.call import Call, pointer
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence
from vipps_lint.diagnostic import Violation
from vipps_lint.document import NO, YES, OneOf, Pointer, Template, Value, ask, certain, equal, from_json, show
from vipps_lint.ledger import Ledger

LOCAL = re.compile(r"(?!http:)[a-z][a-z0-9+.-]*://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?=[:/?#]|$)")


@dataclass(frozen=True)
class Https:
    """A URL with `http://`, except where a field certainly has the value that `unless` names."""

    unless: Mapping[str, Any] = field(default_factory=dict)
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        value = call[at]
        if _holds(call, self.unless) and ask(value, lambda one: certain(_start(one).startswith("http://"))) is YES:
            yield Violation(at, instead=_with_tls(value))


@dataclass(frozen=True)
class Public:
    """A URL on the machine itself, which Vipps cannot reach; one with `http://` is another check's."""

    unless: Mapping[str, Any] = field(default_factory=dict)
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation]:
        if _holds(call, self.unless) and ask(call[at], lambda one: certain(_is_local(one))) is YES:
            yield Violation(at)


def _holds(call: Call, unless: Mapping[str, Any]) -> bool:
    """Whether none of the exceptions may be the case."""
    return all(equal(call[pointer(text)], from_json(value)) is NO for text, value in unless.items())


def _start(value: Value) -> str:
    """What the text certainly begins with, in small letters."""
    first = value.parts[0] if isinstance(value, Template) else value
    return first.lower() if isinstance(first, str) else ""


def _is_local(value: Value) -> bool:
    start = _start(value)
    found = LOCAL.match(start)
    return found is not None and (isinstance(value, str) or found.end() < len(start))


def _with_tls(value: Value) -> str | None:
    """The URL with `https://`; none for a machine that has no certificate."""
    rest = show(value)[len("http://") :]
    return None if isinstance(value, OneOf) or _is_local(f"https://{rest}") else f"https://{rest}"
