"""A call of a Vipps operation, as any reader sees it: what was sent, what came back, and where that is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import Enum

from vipps_lint.document import MAYBE, YES, Hole, Object, Pointer, Truth, Value, get
from vipps_lint.immutable import immutable
from vipps_lint.shape import UNKNOWN, Reference


@immutable(frozen=True, slots=True)
class Place:
    """Where something stands: lines and columns (from 1, columns in characters) of a file, or a record of a log.

    The source reader gives places as a `node` of its syntax tree; its `Source` turns them into lines.
    """

    path: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    record: int | None = None
    node: int | None = None


@immutable(frozen=True, slots=True)
class Step:
    """One call expression on the way from the user's code to the request, and the function that it stands in.

    `within` is empty in the body of a module.
    """

    place: Place
    within: str = ""


class How(Enum):
    """How a value was made, where the source tells; a default is a literal that holds where nobody gives another."""

    LITERAL = "literal"
    DEFAULT = "default"
    COMPUTED = "computed"
    UNKNOWN = "unknown"


@immutable(frozen=True, slots=True)
class Origin:
    """Where a value comes from."""

    place: Place
    how: How = How.UNKNOWN


@immutable(frozen=True, slots=True)
class Retirement:
    """When an operation stops working: announced on one day, removed on another (if that is known), and what to use
    `instead`."""

    announced: date | None
    removed: date | None
    instead: str
    source: str


@immutable(frozen=True, slots=True)
class Effect:
    """What a successful call does to the state of a payment, a charge or an agreement.

    `facts` maps the names that the ledger knows (`amount`, `captured`, `price`, ...) to places in the call.
    """

    entity: str
    key: Pointer
    kind: str
    success: frozenset[int]
    releases: bool
    facts: Mapping[str, Pointer]


@immutable(frozen=True, slots=True)
class Api:
    """One Vipps API and the paths that belong to it; `common` ones are made of words that others use too."""

    id: str
    title: str
    prefixes: tuple[str, ...]
    typos: tuple[str, ...]
    hosts: Mapping[str, str]
    source: str
    common: bool = False


@immutable(frozen=True, slots=True)
class Operation:
    """One operation of an API: `id` is `api.verb-noun`, `route` the path with `{parameters}`.

    `reference` is what is described of its headers, its body and its answer.
    """

    id: str
    api: Api
    method: str
    route: str
    environments: Mapping[str, date]
    only: str | None
    retired: Retirement | None
    effects: tuple[Effect, ...]
    reference: Reference = UNKNOWN

    @property
    def label(self) -> str:
        """The operation as people write it: `POST /ecomm/v2/payments`."""
        return f"{self.method} {self.route}"


@immutable(frozen=True, slots=True)
class Read:
    """A value of the call that the code uses: a field of the response that it reads, or what it writes to a log.

    One that is `optional` may be missing without an error; one of an object that was `passed` to a function may be a
    field of something else, too.
    """

    pointer: Pointer
    place: Place
    optional: bool = False
    passed: bool = False


@immutable(frozen=True, slots=True)
class Fallback:
    """Text that code sends at a place where what it would send is missing."""

    pointer: Pointer
    value: str
    missing: str
    place: Place


class Usage(Enum):
    """What code does with a field of the response beside reading it."""

    NUMBER = "number"
    COMPARISON = "comparison"


@immutable(frozen=True, slots=True)
class Asked:
    """A value that a field is compared with, and where the value is written."""

    value: Value
    place: Place


@immutable(frozen=True, slots=True)
class Use:
    """What code certainly does with a field of the response: reckon with it, or compare it with some values.

    A `complete` comparison cannot hold for any value but those that are `asked` for.
    """

    pointer: Pointer
    place: Place
    usage: Usage
    asked: tuple[Asked, ...] = ()
    complete: bool = True


class Lapse(Enum):
    """What code does wrong with the answer of a call."""

    UNCHECKED = "unchecked"
    SWALLOWED = "swallowed"
    UNLOGGED = "unlogged"
    MISDIRECTED = "misdirected"
    FALSY = "falsy"
    ANSWERED = "answered"
    DISGUISED = "disguised"


@immutable(frozen=True, slots=True)
class Handling:
    """A certain fact about how the code treats the answer; only source can tell.

    The answer may be `used` somewhere. Where its status is `stated`, somebody learns at least that there was an error.
    """

    lapse: Lapse
    place: Place
    used: Place | None = None
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    stated: bool = False


@immutable(frozen=True, slots=True)
class Patience:
    """How many seconds the client waits for a connection and for an answer (None: for ever), and where that is said."""

    connect: Value
    read: Value
    place: Place


KEY = "#key"
"""The last step of the pointer under which `origins` has the place of a field's key."""

NO_DOCUMENT = Object({})


@immutable(frozen=True, slots=True)
class Call:
    """One call. `document` has the parts `path`, `query`, `headers` (lower-case names), `body` and `response`.

    `host` is the text before the path, or a hole. `at` is the moment of the call (with a time zone), if it is known.
    `succeeded` says what is taken for granted when the response has no known status. `genuine` says whether Vipps
    itself gave the response, which then proves what it accepted. `repeated` says that code makes the call for each
    request of a customer. `nearest` is the operation that is probably meant by
    a path that is none, `known` NO where it is certainly none and MAYBE where that is open. `chain` leads from the
    outermost function that was followed to the expression that sends the request; `place` is the step of it that
    names the route. `unfollowed` says why the code that treats the answer was not seen to its end, if it was not;
    a call that is `meant_to_fail` is wrong on purpose.
    """

    api: Api
    operation: Operation | None
    method: str
    path: str
    document: Object = NO_DOCUMENT
    host: Value = field(default_factory=Hole)
    scheme: Value = field(default_factory=Hole)
    at: datetime | None = None
    place: Place | None = None
    chain: tuple[Step, ...] = ()
    origins: Mapping[Pointer, Origin] = field(default_factory=dict)
    reads: tuple[Read, ...] = ()
    uses: tuple[Use, ...] = ()
    handling: tuple[Handling, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    repeated: bool = False
    patience: Patience | None = None
    logged: tuple[Read, ...] = ()
    fed: tuple[Place, ...] = ()
    unfollowed: str = ""
    meant_to_fail: bool = False
    succeeded: Truth = MAYBE
    genuine: Truth = MAYBE
    nearest: str | None = None
    known: Truth = YES

    def __getitem__(self, pointer: Pointer) -> Value:
        return get(self.document, pointer)

    @property
    def label(self) -> str:
        """The call as a diagnostic names it: the operation, or method and path where there is no such operation."""
        return self.operation.label if self.operation else f"{self.method} {self.path}"

    def origin(self, pointer: Pointer) -> Origin | None:
        """Where the value at `pointer` (or the nearest thing around it) is written."""
        for length in range(len(pointer), -1, -1):
            if (found := self.origins.get(pointer[:length])) is not None:
                return found
        return Origin(self.place) if self.place else None

    def key_place(self, pointer: Pointer) -> Place | None:
        """Where the key of a field is written, if the source shows it."""
        found = self.origins.get((*pointer, KEY))
        return found.place if found else None

    def header(self, name: str) -> Value:
        """The value of a header, whatever its capitals."""
        return get(self.document, ("headers", name.lower()))

    def status(self) -> Value:
        """The HTTP status of the response; ABSENT where no response is known."""
        return get(self.document, ("response", "status"))


def pointer(text: str) -> Pointer:
    """The pointer for dotted text; header names become lower-case, digits stay names."""
    steps = text.split(".")
    if steps[0] == "headers":
        return ("headers", ".".join(steps[1:]).lower())
    return tuple(steps)


def dotted(at: Pointer) -> str:
    """The pointer as dotted text."""
    return ".".join(str(step) for step in at)

