"""What is noted of a call while it is evaluated: the request, and how the code treats the answer."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from vipps_lint.call import Fallback, Origin, Patience, Read, Use
from vipps_lint.document import Object, Pointer, Truth
from vipps_lint.immutable import immutable
from vipps_lint.read.routes import Match
from vipps_lint.read.source import ir
from vipps_lint.read.source.values import Data, Known

if TYPE_CHECKING:
    from vipps_lint.read.source.values import Class

Noted = tuple[str, int, dict[str, str]]
"""A lapse: its kind, the node that it is shown at, and the facts for the message."""

Raised = tuple["Class", frozenset[int]]
"""An exception of the project that was raised, and the records of the calls that had failed then."""

Keys: TypeAlias = frozenset[Hashable]
"""What a value is known by: the symbols of its holes, and its text."""


@immutable(frozen=True, slots=True)
class Logged:
    """A value that is written to a log: what each of its alternatives is known by."""

    keys: tuple[Keys, ...]
    node: int


@dataclass
class Beside:
    """What code does beside its calls: the values that it logs, the tests and handlers around what is being followed.

    Each test comes with whether it asks only if something is there. `waits_by_default` says that all sockets have a
    time-out, and `defaults` are the nodes of texts that are used where nobody gives another. `failing` are the
    records whose errors each of the handlers is for, `raised` exceptions of the project, `outside` what else it calls.
    """

    logged: dict[Logged, None] = field(default_factory=dict)
    tests: list[tuple[ir.Expression, bool]] = field(default_factory=list)
    waits_by_default: bool = False
    defaults: set[int] = field(default_factory=set)
    raised: list[Raised] = field(default_factory=list)
    failing: list[frozenset[int]] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def note_default(self, value: Known) -> None:
        """The value is used where nobody gives another."""
        if isinstance(value, Data) and value.node is not None:
            self.defaults.add(value.node)


@dataclass(eq=False)
class Record:
    """One evaluation of one call site.

    `site` is where people would say that the call is, `surface` the outermost call that the response came out of;
    `chain` has the calls that lead to the one that sends, each with the name of the function that it is in.
    `client` is the library that sends, where it is known; `plain` says that one sends with nothing hooked in. The flags
    say what was ever done with the answer: its status looked at (`checked`), asked to raise (`strict`), written into
    text or handed on (`stated`); the whole handed on to code that is not seen (`escaped`), its body read, logged or
    handed on with an error (`told`). All errors of a `contained` one have been caught. `used` is where the body is read
    first, `judged` where the code asks whether all is well. `unfollowed` says why it may be looked at where nobody sees
    it, `meant_to_fail` that a test demands that the call fails.
    """

    match: Match
    method: str
    document: Object
    origins: dict[Pointer, Origin]
    node: int
    site: int
    chain: tuple[tuple[int, str], ...]
    client: str
    plain: bool
    raises: bool
    before: tuple[tuple[Record, Truth], ...]
    outcomes: dict[int, Truth]
    surface: int = 0
    loops: tuple[int, ...] = ()
    patience: Patience | None = None
    kept: bool = False
    fed: set[int] = field(default_factory=set)
    fallbacks: tuple[Fallback, ...] = ()
    repeated: bool = False
    reads: list[Read] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    checked: bool = False
    escaped: bool = False
    told: bool = False
    stated: bool = False
    meant_to_fail: bool = False
    unfollowed: str = ""
    strict: bool = False
    contained: bool = False
    used: int | None = None
    judged: int | None = None
    lapses: list[Noted] = field(default_factory=list)

    def lapse(self, kind: str, node: int, **facts: str) -> None:
        """Note that the code treats the answer badly in one way."""
        self.lapses.append((kind, node, facts))
