"""Statements of the IR."""

from __future__ import annotations

from typing import TypeAlias

from vipps_lint.immutable import immutable
from vipps_lint.read.source.ir.expressions import Expression, Parameter

SUBJECT = "<match>"
"""The variable that holds what a `match` statement is about."""


@immutable(frozen=True, slots=True)
class Do:
    """An expression as a statement."""

    value: Expression


@immutable(frozen=True, slots=True)
class Assign:
    targets: tuple[Expression, ...]
    value: Expression
    annotation: str | None = None


@immutable(frozen=True, slots=True)
class Declaration:
    """A name with an annotation and no value."""

    name: str
    annotation: str | None


@immutable(frozen=True, slots=True)
class Augment:
    target: Expression
    operator: str
    value: Expression
    node: int


@immutable(frozen=True, slots=True)
class Delete:
    targets: tuple[Expression, ...]


@immutable(frozen=True, slots=True)
class Return:
    value: Expression | None


@immutable(frozen=True, slots=True)
class Raise:
    value: Expression | None
    cause: Expression | None
    asserted: bool = False


@immutable(frozen=True, slots=True)
class Jump:
    """`break` or `continue`."""

    kind: str


@immutable(frozen=True, slots=True)
class If:
    test: Expression
    body: Block
    otherwise: Block


@immutable(frozen=True, slots=True)
class For:
    target: Expression
    iterable: Expression
    body: Block
    otherwise: Block


@immutable(frozen=True, slots=True)
class While:
    test: Expression
    body: Block
    otherwise: Block


@immutable(frozen=True, slots=True)
class Handler:
    """One `except`: the dotted names of the classes (none: it catches everything) and the name it binds."""

    node: int
    classes: tuple[str, ...]
    name: str | None
    body: Block


@immutable(frozen=True, slots=True)
class Try:
    body: Block
    handlers: tuple[Handler, ...]
    otherwise: Block
    final: Block


@immutable(frozen=True, slots=True)
class With:
    items: tuple[tuple[Expression, Expression | None], ...]
    body: Block


@immutable(frozen=True, slots=True)
class FunctionDefinition:
    """A function; its nodes are those from `node` to `last`."""

    node: int
    name: str
    parameters: tuple[Parameter, ...]
    body: Block
    decorators: tuple[Expression, ...]
    is_generator: bool
    last: int


@immutable(frozen=True, slots=True)
class ClassDefinition:
    node: int
    name: str
    bases: tuple[Expression, ...]
    body: Block
    decorators: tuple[Expression, ...]


@immutable(frozen=True, slots=True)
class Import:
    """`bindings` are (local name, dotted name) pairs; the dots of a relative import stay in front."""

    bindings: tuple[tuple[str, str], ...]


@immutable(frozen=True, slots=True)
class Shared:
    """`global` or `nonlocal` names."""

    names: tuple[str, ...]


Statement: TypeAlias = (
    Do | Assign | Declaration | Augment | Delete | Return | Raise | Jump | If | For | While | Try | With
    | FunctionDefinition | ClassDefinition | Import | Shared
)  # fmt: skip
Block: TypeAlias = tuple[Statement, ...]
