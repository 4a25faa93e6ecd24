"""What a check says (`Violation`) and what the user sees (`Diagnostic`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum

from vipps_lint.call import Place, Step
from vipps_lint.document import Pointer, Value
from vipps_lint.immutable import immutable


class Severity(Enum):
    """How bad a finding is: an error is rejected or costs money, a warning is accepted and harms, an info is advice."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for info, 2 for error."""
        return list(Severity).index(self)


@immutable(frozen=True, slots=True)
class Related:
    """Another place that the user has to see to understand the finding."""

    place: Place
    message: str


@immutable(frozen=True, slots=True)
class Violation:
    """A certain breach of a rule: where, the facts for the rule's message, and what to send instead.

    `severity` replaces the rule's own where the data says more (a removal that is still ahead is a warning).
    """

    at: Pointer = ()
    facts: Mapping[str, Value] = field(default_factory=dict)
    instead: str | None = None
    place: Place | None = None
    related: tuple[Related, ...] = ()
    severity: Severity | None = None


@immutable(frozen=True, slots=True)
class Undecided:
    """A question that stays open because of what is not known at `at`; nothing where all of that is known.

    `reason` says why, where the value itself cannot.
    """

    at: Pointer = ()
    reason: str = ""


@immutable(frozen=True, slots=True)
class Obligation:
    """A rule that could not be decided for a call: what is not known, and why, in words."""

    rule: str
    pointer: str
    reason: str


@immutable(frozen=True, slots=True)
class Judgement:
    """What the rules say of a call of the source: broken, kept or open; `ways` are the chains that lead to it."""

    broken: tuple[str, ...]
    kept: tuple[str, ...]
    undecided: tuple[Obligation, ...]
    ways: tuple[tuple[Step, ...], ...]


@immutable(frozen=True, slots=True)
class Diagnostic:
    """One finding, complete: it makes sense without the rule file beside it.

    `chain` has the steps from the token to the request, where that is sent from another place, and `sites` all calls
    that the finding is about.
    """

    rule: str
    severity: Severity
    message: str
    help: str
    place: Place
    operation: str
    pointer: str
    instead: str | None = None
    related: tuple[Related, ...] = ()
    chain: tuple[Related, ...] = ()
    sites: tuple[Place, ...] = ()
    internal: bool = False


@immutable(frozen=True, slots=True, order=True)
class Failure:
    """One kind of error of an operation, by what its API calls the group, the code and the title, if it has them.

    `api` is the API's id; empty where the path is no operation, so that nothing is known of its errors.
    """

    operation: str
    status: int
    group: str = ""
    code: str = ""
    title: str = ""
    api: str = ""

    @property
    def reason(self) -> str:
        """The error in a few words: `Payment 61`, `Bad Request (charge-amount-too-high)`."""
        named = f"{self.group} {self.code}".strip()
        if not (named and self.title):
            return named or self.title
        return f"{self.title} ({named})"


@immutable(frozen=True, slots=True)
class Note:
    """Something that could not be read, in one sentence that names file, place and cure.

    `lost` says that it is a whole file, or all that stands behind the place.
    """

    path: str
    message: str
    line: int | None = None
    record: int | None = None
    lost: bool = False
