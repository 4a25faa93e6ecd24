"""Secrets that are written where others can read them: in a log, in the source."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import ClassVar

from vipps_lint.call import Call, How
from vipps_lint.checks.base import STRICT, Evidence
from vipps_lint.checks.environment import is_aside
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import Pointer, alternatives
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger

PLACEHOLDER = re.compile(
    r"[<>{}\[\]$%\s]|x{3}|\*{2}|\.{2}|…|(.)\1{4}|1234|abcd|your|change|replace|place|insert|dummy|fake|mock|test|example|"
    r"sample|demo|todo|foobar|none|null|client.?secret|subscription|api.?key",
    re.IGNORECASE,
)
"""What people write where a secret will stand."""

LENGTH, VARIETY = 16, 8
"""How long a text is that can be a secret that a machine has made, and how many different characters it has."""


@immutable(frozen=True)
class Logged:
    """A value that the code writes to a log, itself or with what is around it."""

    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset({"name"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        for logged in call.logged:
            if at[: len(logged.pointer)] == logged.pointer:
                yield Violation(at, {"name": str(at[-1])}, place=logged.place)


@immutable(frozen=True)
class HardCoded:
    """A secret that is written in the source, if only as a default. The finding never quotes it.

    A `chosen` secret is one that the merchant makes up: any text can be one. `known` ones are shown in public.
    """

    known: tuple[str, ...] = ()
    chosen: bool = False
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset({"name"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        origin = call.origin(at)
        if origin is None or origin.how is not How.LITERAL or is_aside(origin.place.path):
            return
        value = call[at]
        texts = [one for one in alternatives(value) if isinstance(one, str) and one]
        made = bool(texts) and all(is_made(one, self.known) for one in texts)
        if made or (self.chosen and isinstance(value, str) and _is_meant(value, self.known)):
            yield Violation(at, {"name": str(at[-1])})


def is_made(text: str, known: Collection[str] = ()) -> bool:
    """Whether a machine has made the secret, so that it surely is one; the `known` ones are none."""
    scheme, _, credentials = text.rpartition(" ")
    if scheme.lower() == "basic":
        return is_made(decoded(credentials).partition(":")[2], known)
    if credentials.startswith("eyJ") and decoded((*credentials.split("."), "")[1]) in ("", "{}"):
        return False  # a token of nobody
    letters, digits = re.search("[A-Za-z]", credentials), re.search("[0-9]", credentials)
    various = len(credentials) >= LENGTH and len(set(credentials)) >= VARIETY
    return various and letters is not None and digits is not None and _is_meant(credentials, known)


def _is_meant(text: str, known: Collection[str]) -> bool:
    return text != "" and text not in known and not PLACEHOLDER.search(text)


def decoded(text: str) -> str:
    """The text that is written in base64; nothing where it is none."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
