"""What an expression can be while a module is evaluated, and the state of one path of execution.

Values know where they were written, so that a diagnostic can stand at the token that is wrong. What can be changed
(dicts, lists, instances, clients) lives in a heap and is referred to, so that a helper that adds a key is seen; the
contents are replaced, never changed in place, so that a fork of a path is a shallow copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from vipps_lint.document import ALTERNATIVES, MAYBE, YES, Hole, Pointer, Template, Truth, identical
from vipps_lint.read.source import ir

if TYPE_CHECKING:
    from vipps_lint.read.source.records import Record

Scalar: TypeAlias = str | int | float | bool | None | Hole | Template


@dataclass(frozen=True, slots=True)
class Data:
    """A scalar of a JSON document, and the node that wrote it; `pieces` are the nodes that text was joined from."""

    value: Scalar
    node: int | None = None
    pieces: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to something that can change: a `Dict`, `List`, `Instance` or `Client` in the heap."""

    id: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values, after branches have met. Build it with `choose`."""

    values: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """JSON text of a value: `json.dumps(body)`."""

    value: Known
    node: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the project, with the scope it was made in; `bound` is what comes before its arguments."""

    definition: ir.FunctionDefinition | ir.Lambda
    scope: Scope
    bound: tuple[Known, ...] = ()
    given: tuple[tuple[str, Known], ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class of the project: its own attributes, and the bases that are known (others: `open`)."""

    definition: ir.ClassDefinition
    scope: Scope
    bases: tuple[Known, ...]
    attributes: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class External:
    """Something from outside the file by its dotted name: `requests.post`, `logging.getLogger()`."""

    name: str
    node: int | None = None

    @property
    def root(self) -> str:
        """The first part of the name."""
        return self.name.lstrip(".").partition(".")[0]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request object that is not sent yet: `urllib.request.Request(...)`."""

    arguments: tuple[tuple[str | int, Known], ...]
    name: str
    node: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Something of the response of a call. `kind`: response, status, ok (true when all is well), failed, body, text, part.

    `pointer` is where in the response a body is; a `part` is anything computed from it.
    """

    record: Record
    kind: str
    pointer: Pointer = ("response",)
    node: int | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Caught:
    """The exception that a handler has caught."""

    handler: int


Known: TypeAlias = Data | Ref | Choice | Encoded | Function | Class | External | Prepared | Answer | Caught


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of a dict: its value, the node of its key, and whether it is surely there."""

    value: Known
    key: int | None = None
    sure: Truth = YES


@dataclass(frozen=True, slots=True)
class Dict:
    fields: Mapping[str, Slot]
    open: bool = False
    node: int | None = None


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[Known, ...]
    open: bool = False
    node: int | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a project's class; an open one may have attributes that are not known."""

    of: Class
    attributes: Mapping[str, Known]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """An HTTP client of a known library; `plain` while nothing has been hooked into it."""

    name: str
    arguments: Mapping[str, Known]
    plain: bool = True


Thing: TypeAlias = Dict | List | Instance | Client


def unknown(source: str = "", symbol: object = None, node: int | None = None, reason: str = "") -> Data:
    """A value that is not known."""
    return Data(Hole(symbol=symbol, source=source, reason=reason), node)


def choose(values: Iterable[Known]) -> Known:
    """The alternatives as one value; too many are unknown."""
    flat: list[Known] = []
    for value in values:
        for one in value.values if isinstance(value, Choice) else (value,):
            if not any(same(one, other) for other in flat):
                flat.append(one)
    if len(flat) == 1:
        return flat[0]
    if len(flat) > ALTERNATIVES:
        return unknown(reason="too many alternatives")
    return Choice(tuple(flat))


def same(one: Known, other: Known) -> bool:
    """Whether two values are the same, wherever they were written first."""
    if one is other:
        return True
    if isinstance(one, Data) and isinstance(other, Data):
        return identical(one.value, other.value) and not (isinstance(one.value, Hole) and one.value.symbol is None)
    return type(one) is type(other) and one == other


def each(value: Known) -> tuple[Known, ...]:
    """The alternatives of a value."""
    return value.values if isinstance(value, Choice) else (value,)


@dataclass(eq=False)
class Scope:
    """The names of a module, a class body or a function; `variables` are those of the path that is being followed."""

    number: int
    parent: Scope | None = None
    is_class: bool = False
    shared: set[str] = field(default_factory=set)


@dataclass
class State:
    """One path of execution: variables by scope, the heap, the calls so far and what is known of their outcomes.

    `below` is a state that all paths share and none changes (the module after its body ran), so that a fork copies
    only what is new.
    """

    variables: dict[tuple[int, str], Known] = field(default_factory=dict)
    heap: dict[int, Thing] = field(default_factory=dict)
    trace: tuple[tuple[Record, Truth], ...] = ()
    outcomes: dict[int, Truth] = field(default_factory=dict)
    below: State | None = None

    def variable(self, scope: int, name: str) -> Known | None:
        """The value of a variable; None where nothing has set it."""
        found = self.variables.get((scope, name))
        return self.below.variable(scope, name) if found is None and self.below is not None else found

    def thing(self, id: int) -> Thing | None:
        """What a reference with this id refers to."""
        found = self.heap.get(id)
        return self.below.thing(id) if found is None and self.below is not None else found

    def fork(self) -> State:
        """A copy that goes its own way."""
        return State(dict(self.variables), dict(self.heap), self.trace, dict(self.outcomes), self.below)

    def above(self) -> State:
        """A state that begins where this one is left, which must not change any more."""
        return State({}, {}, self.trace, dict(self.outcomes), self)

    def joined(self, other: State) -> State:
        """The state where the two paths meet."""
        variables = dict(self.variables)
        for name in self.variables.keys() | other.variables.keys():
            mine, theirs = self.variables.get(name), other.variables.get(name)
            if mine is not theirs:
                variables[name] = _met(mine or self.variable(*name), theirs or other.variable(*name))
        heap = dict(self.heap)
        for id in self.heap.keys() | other.heap.keys():
            one, two = self.thing(id), other.thing(id)
            if one is not two:
                heap[id] = two if one is None else one if two is None else _merged(one, two)  # type: ignore[assignment]
        outcomes = {
            id: self.outcomes.get(id, YES) if self.outcomes.get(id, YES) is other.outcomes.get(id, YES) else MAYBE
            for id in self.outcomes.keys() | other.outcomes.keys()
        }
        return State(variables, heap, _braided(self.trace, other.trace), outcomes, self.below)


def _met(one: Known | None, other: Known | None) -> Known:
    """A variable after two paths met; one that only one of them sets may be anything else on the other."""
    if one is None or other is None:
        return one or other or unknown()
    return one if one is other else choose((one, other))


def _merged(one: Thing, other: Thing) -> Thing:
    match one, other:
        case Dict(), Dict():
            return merge_dicts(one, other)
        case List(), List() if len(one.items) == len(other.items):
            items = tuple(choose(pair) for pair in zip(one.items, other.items, strict=True))
            return List(items, one.open or other.open, one.node)
        case List(), List():
            return List((), True, one.node)
        case Instance(), Instance():
            names = one.attributes.keys() | other.attributes.keys()
            both = {name: _met(one.attributes.get(name), other.attributes.get(name)) for name in names}
            return replace(one, attributes=both, open=one.open or other.open)
        case Client(), Client():
            return replace(one, plain=one.plain and other.plain)
        case _:
            return one


def merge_dicts(one: Dict, other: Dict) -> Dict:
    """A dict after two paths met: a key that only one of them sets may be there."""
    fields: dict[str, Slot] = {}
    for key in [*one.fields, *(key for key in other.fields if key not in one.fields)]:
        mine, theirs = one.fields.get(key), other.fields.get(key)
        if mine is not None and theirs is not None:
            sure = mine.sure & theirs.sure
            fields[key] = mine if mine == theirs else Slot(choose((mine.value, theirs.value)), mine.key, sure)
        else:
            only = mine or theirs
            assert only is not None
            absent_side_open = (other if mine is not None else one).open
            value = choose((only.value, unknown())) if absent_side_open else only.value
            fields[key] = Slot(value, only.key, MAYBE)
    return Dict(fields, one.open or other.open, one.node)


def _braided(
    one: tuple[tuple[Record, Truth], ...], other: tuple[tuple[Record, Truth], ...]
) -> tuple[tuple[Record, Truth], ...]:
    """The calls of two paths: those before they parted surely happened, the others may have."""
    if one is other:
        return one
    common = 0
    while common < min(len(one), len(other)) and one[common][0] is other[common][0]:
        common += 1
    shared = tuple((mine[0], mine[1] & theirs[1]) for mine, theirs in zip(one[:common], other[:common], strict=True))
    rest = {id(record): record for record, _ in (*one[common:], *other[common:])}
    return (*shared, *((record, MAYBE) for record in rest.values()))
