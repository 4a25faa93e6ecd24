"""What every check has: the evidence it needs, the words it gives to messages, and its one question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import Enum
from typing import ClassVar, Protocol

from vipps_lint.call import Call
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import MAYBE, YES, Pointer, Truth
from vipps_lint.ledger import Ledger

STRICT = {"extra": "forbid"}
"""How rule files are read into checks: a key that the check does not know is an error."""


class Evidence(Enum):
    """What a check must be told beside the request itself; a face that cannot tell it cannot decide the rule."""

    HISTORY = "history"
    TIME = "time"
    RESPONSE = "response"
    CODE = "code"
    TRAFFIC = "traffic"
    """Real traffic in real time; tests and their stubs are faster and repeat themselves."""

    ANSWER = "answer"
    """An answer that may be a stub's, or code that reads one; what Vipps itself answers is right."""

    __hash__ = object.__hash__  # Python's own one is slow, and these are asked for with each rule of each call


FACES: dict[str, frozenset[Evidence]] = {
    "check": frozenset({Evidence.HISTORY, Evidence.CODE, Evidence.ANSWER}),
    "guard": frozenset({Evidence.HISTORY, Evidence.TIME, Evidence.RESPONSE, Evidence.ANSWER}),
    "audit": frozenset(
        {Evidence.HISTORY, Evidence.TIME, Evidence.RESPONSE, Evidence.ANSWER, Evidence.TRAFFIC}
    ),
}
"""What each face can tell; what it does not know of a single call is a hole."""


class Check(Protocol):
    """One entry of the vocabulary that rule files are written in.

    `needs` is the evidence without which it stays silent, `words` the facts that a message may quote beside
    `{value}`, `{instead}` and `{operation}`.
    """

    words: ClassVar[frozenset[str]]

    @property
    def needs(self) -> frozenset[Evidence]: ...

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        """The certain breaches at `at`, given what came before the call; `today` is the (UTC) day of the call.

        Where the answer is neither yes nor no it says which value leaves the question open.
        """
        ...


REQUEST: frozenset[Evidence] = frozenset()
"""The evidence of a check that asks for nothing but the request."""

NO_WORDS: frozenset[str] = frozenset()


def judged(
    answer: Truth, at: Pointer, found: Callable[[], Violation] | None = None, beside: Iterable[Pointer] = ()
) -> Iterator[Violation | Undecided]:
    """What is said of the value at `at` that is wrong if the answer is yes; `beside` it other values decide."""
    if answer is YES:
        yield found() if found else Violation(at)
    elif answer is MAYBE:
        yield from map(Undecided, (at, *beside))
