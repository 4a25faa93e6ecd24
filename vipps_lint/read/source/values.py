"""What an expression can be while a module is evaluated, and the state of one path of execution.

Values know where they were written, so that a diagnostic can stand at the token that is wrong. What can be changed
(dicts, lists, instances, clients) lives in a heap and is referred to, so that a helper that adds a key is seen; the
contents are replaced, never changed in place, so that a fork of a path is a shallow copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from vipps_lint.document import ALTERNATIVES, YES, Hole, Pointer, Template, Truth
from vipps_lint.immutable import immutable
from vipps_lint.read.source import ir

if TYPE_CHECKING:
    from vipps_lint.read.source.records import Record

Scalar: TypeAlias = str | int | float | bool | Hole | Template | None

Piece: TypeAlias = tuple[int, str]
"""A node and the text that it writes, as far as it is known."""


@immutable(frozen=True, slots=True)
class Data:
    """A scalar, and the node that wrote it; `pieces` are what text was joined from, `held` what else was formatted into
    it. A `member` may print otherwise; `stands_for` is what a text is sent instead of, where that is missing."""

    value: Scalar
    node: int | None = None
    pieces: tuple[Piece, ...] = field(default=(), compare=False)
    held: tuple[Known, ...] = field(default=(), compare=False)
    member: str = field(default="", compare=False)
    prints: bool = field(default=True, compare=False)
    stands_for: str = field(default="", compare=False)

    def written(self) -> tuple[Piece, ...]:
        """The node and the known text of the value itself and of all its pieces."""
        parts = self.value.parts if isinstance(self.value, Template) else (self.value,)
        known = "".join(part for part in parts if isinstance(part, str))
        return self.pieces if self.node is None else ((self.node, known), *self.pieces)


@immutable(frozen=True, slots=True)
class Exact:
    """A value of Python that JSON does not have: a day, a decimal, bytes."""

    value: Any
    node: int | None = None


@immutable(frozen=True, slots=True)
class Ref:
    """A reference to something that can change: a `Dict`, `List`, `Instance` or `Client` in the heap."""

    id: int


@immutable(frozen=True, slots=True)
class View:
    """`body.items()`, `body.keys()`, `body.values()`: what is in a dict when somebody looks."""

    of: Ref
    kind: str


@immutable(frozen=True, slots=True)
class Choice:
    """One of a few values, after branches have met. Build it with `choose`."""

    values: tuple[Known, ...]


@immutable(frozen=True, slots=True)
class Encoded:
    """JSON text of a value: `json.dumps(body)`."""

    value: Known
    node: int | None


@immutable(frozen=True, slots=True, eq=False)
class Function:
    """A function of the project, with the scope it was made in; `bound` is what comes before its arguments.

    A `wrapped` one has a decorator that is not seen, which may change the arguments; a `watched` one has any that may
    look at its answers and errors. In the place of an `overridden` one there may be that of a class below.
    """

    definition: ir.FunctionDefinition | ir.Lambda
    scope: Scope
    bound: tuple[Known, ...] = ()
    given: tuple[tuple[str, Known], ...] = ()
    name: str = ""
    wrapped: bool = False
    watched: bool = False
    overridden: bool = False


@immutable(frozen=True, slots=True, eq=False)
class Class:
    """A class of the project; `ancestors` are its bases and theirs in order, `kind` is what fills its fields."""

    definition: ir.ClassDefinition
    scope: Scope
    bases: tuple[Known, ...]
    attributes: Mapping[str, Known]
    ancestors: tuple[Known, ...] = ()
    kind: str = ""


@immutable(frozen=True, slots=True)
class External:
    """Something from outside the file by its dotted name: `requests.post`, `logging.getLogger()`."""

    name: str
    node: int | None = None


@immutable(frozen=True, slots=True)
class Prepared:
    """A call of outside that is kept as it is: a request that is not sent yet, what describes a field."""

    arguments: tuple[tuple[str | int, Known], ...]
    name: str
    node: int | None


@immutable(frozen=True, slots=True)
class Answer:
    """Something of the response of a call.

    `kind` is response, status, ok (true when all is well), failed, expected (true for failures that the code names),
    unexpected, body, text or part. `pointer` is where in the response a body is; a `part` is anything computed from it.
    One that was `passed` came from another function that may have more of it.
    """

    record: Record
    kind: str
    pointer: Pointer = ("response",)
    node: int | None = None
    optional: bool = False
    passed: bool = False


@immutable(frozen=True, slots=True)
class Caught:
    """The exception that a handler has caught, and the calls that it may be an error of."""

    handler: int
    records: tuple[Record, ...] = ()


@immutable(frozen=True, slots=True)
class Pending:
    """An imported name that nobody has asked for yet: its dotted name, and the file that imports it."""

    dotted: str
    origin: str


@immutable(frozen=True, slots=True)
class Module:
    """A module of the project, by the path of its file."""

    path: str


Known: TypeAlias = (
    Pending
    | Module
    | Data
    | Exact
    | Ref
    | View
    | Choice
    | Encoded
    | Function
    | Class
    | External
    | Prepared
    | Answer
    | Caught
)


@immutable(frozen=True, slots=True)
class Slot:
    """A field of a dict: its value, the node of its key, and whether it is surely there."""

    value: Known
    key: int | None = None
    sure: Truth = YES


@immutable(frozen=True, slots=True)
class Dict:
    """A dict; of an `ordered` one it is known in which order its keys were set."""

    fields: Mapping[str, Slot]
    open: bool = False
    node: int | None = None
    ordered: bool = True


@immutable(frozen=True, slots=True)
class List:
    items: tuple[Known, ...]
    open: bool = False
    node: int | None = None


@immutable(frozen=True, slots=True)
class Instance:
    """An instance of a project's class; an open one may have attributes that are not known."""

    of: Class
    attributes: Mapping[str, Known]
    open: bool = False


@immutable(frozen=True, slots=True)
class Client:
    """An HTTP client of a known library; `plain` while nothing has been hooked into it.

    Of a `settled` one it is known what others than the path that is followed may have set in it.
    """

    name: str
    arguments: Mapping[str, Known]
    plain: bool = True
    settled: bool = False


Thing: TypeAlias = Dict | List | Instance | Client


def hole_of(value: Known) -> Hole | None:
    """The hole that a value is; None for everything else."""
    return value.value if isinstance(value, Data) and isinstance(value.value, Hole) else None


def unknown(source: str = "", symbol: object = None, node: int | None = None, reason: str = "") -> Data:
    """A value that is not known."""
    return Data(Hole(symbol=symbol, source=source, reason=reason), node)


def is_none(value: Known | None) -> bool:
    """Whether there is no value, or Python's None."""
    return value is None or (isinstance(value, Data) and value.value is None)


def choose(values: Iterable[Known]) -> Known:
    """The alternatives as one value; too many are unknown."""
    flat: list[Known] = []
    for value in values:
        for one in value.values if type(value) is Choice else (value,):
            for other in flat:
                if one is other or same(one, other):
                    break
            else:
                flat.append(one)
                if len(flat) > ALTERNATIVES:
                    return unknown(reason="too many alternatives")
    return flat[0] if len(flat) == 1 else Choice(tuple(flat))


def same(one: Known, other: Known) -> bool:
    """Whether two values are the same, wherever they were written first."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Data) and isinstance(other, Data):
        mine, theirs = one.value, other.value
        if type(mine) is not type(theirs):
            return False
        if isinstance(mine, Hole) and (mine.symbol is None or mine.symbol != theirs.symbol):  # type: ignore[union-attr]
            return False  # most are told apart by this, and to compare the rest takes time
        return mine == theirs
    return one == other


def each(value: Known) -> tuple[Known, ...]:
    """The alternatives of a value."""
    return value.values if isinstance(value, Choice) else (value,)


@dataclass(eq=False)
class Scope:
    """The names of a module, a class body or a function; `variables` are those of the path that is being followed."""

    number: int
    parent: Scope | None = None
    is_class: bool = False
    is_comprehension: bool = False
    shared: set[str] = field(default_factory=set)
