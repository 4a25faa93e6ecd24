"""Expressions of the IR."""

from __future__ import annotations

from typing import TypeAlias

from vipps_lint.immutable import immutable


@immutable(frozen=True, slots=True)
class Constant:
    """A literal: text, number, bool or None. `known` is False for what JSON does not have (bytes, `...`, complex)."""

    node: int
    value: str | int | float | bool | None
    known: bool = True


@immutable(frozen=True, slots=True)
class Name:
    node: int
    id: str


@immutable(frozen=True, slots=True)
class Attribute:
    node: int
    value: Expression
    name: str


@immutable(frozen=True, slots=True)
class Subscript:
    """`value[index]`; several indices at once are none."""

    node: int
    value: Expression
    index: Expression | None


@immutable(frozen=True, slots=True)
class Slice:
    """`first:last:step` as an index."""

    node: int
    parts: tuple[Expression | None, Expression | None, Expression | None]


@immutable(frozen=True, slots=True)
class Argument:
    """One argument: `star` is "", "*" or "**"."""

    value: Expression
    keyword: str | None = None
    star: str = ""


@immutable(frozen=True, slots=True)
class CallOf:
    node: int
    function: Expression
    arguments: tuple[Argument, ...]


@immutable(frozen=True, slots=True)
class Format:
    """An f-string: text and expressions in turn, each with its format (`r:>3`, empty for none, None if not known)."""

    node: int
    parts: tuple[str | Expression, ...]
    formats: tuple[str | None, ...]


@immutable(frozen=True, slots=True)
class Binary:
    node: int
    left: Expression
    operator: str
    right: Expression


@immutable(frozen=True, slots=True)
class Logical:
    """`and` / `or`."""

    node: int
    operator: str
    left: Expression
    right: Expression


@immutable(frozen=True, slots=True)
class Unary:
    node: int
    operator: str
    operand: Expression


@immutable(frozen=True, slots=True)
class Compare:
    """One comparison; a chain is lowered to the pairs joined with `and`."""

    node: int
    left: Expression
    operator: str
    right: Expression


@immutable(frozen=True, slots=True)
class Conditional:
    node: int
    test: Expression
    body: Expression
    otherwise: Expression


@immutable(frozen=True, slots=True)
class DictDisplay:
    """`{key: value}`; a key of None is a spread."""

    node: int
    items: tuple[tuple[Expression | None, Expression], ...]


@immutable(frozen=True, slots=True)
class ListDisplay:
    """A list, tuple or set; the flags say which items are spreads."""

    node: int
    items: tuple[Expression, ...]
    spreads: tuple[bool, ...]
    is_tuple: bool = False


@immutable(frozen=True, slots=True)
class Comprehension:
    """`kind` is list, set, dict or generator; a dict has a key."""

    node: int
    kind: str
    key: Expression | None
    element: Expression
    clauses: tuple[tuple[Expression, Expression, tuple[Expression, ...]], ...]


@immutable(frozen=True, slots=True)
class Parameter:
    """A parameter; `kind` is "", "*", "**" or "keyword" (after a star)."""

    node: int
    name: str
    annotation: str | None
    default: Expression | None
    kind: str = ""


@immutable(frozen=True, slots=True)
class Lambda:
    node: int
    parameters: tuple[Parameter, ...]
    body: Expression
    last: int


@immutable(frozen=True, slots=True)
class Await:
    node: int
    value: Expression


@immutable(frozen=True, slots=True)
class Walrus:
    node: int
    name: str
    value: Expression


@immutable(frozen=True, slots=True)
class Yield:
    node: int
    value: Expression | None


@immutable(frozen=True, slots=True)
class Other:
    """Anything else; its parts are evaluated, its value is not known."""

    node: int
    parts: tuple[Expression, ...]


Expression: TypeAlias = (
    Constant | Name | Attribute | Subscript | CallOf | Format | Binary | Logical | Unary | Compare | Conditional
    | Slice | DictDisplay | ListDisplay | Comprehension | Lambda | Await | Walrus | Yield | Other
)  # fmt: skip
