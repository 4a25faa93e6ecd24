"""`match` statements to tests one after the other, as far as patterns can be written as tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import TypeAlias

import libcst as cst

from vipps_lint.read.source import ir

Lower: TypeAlias = Callable[[cst.BaseExpression], ir.Expression]

Case: TypeAlias = tuple[cst.MatchPattern, ir.Expression | None, ir.Block]
"""A pattern, its guard and its body."""


def tests(subject: ir.Name, cases: Sequence[Case], lower: Lower) -> ir.Block:
    """The cases as a chain of `if` and `else`, the names of each pattern bound before its test."""
    if not cases:
        return ()
    (pattern, guard, body), *rest = cases
    test = _test(subject, pattern, lower)
    if guard is not None:
        test = ir.Logical(subject.node, "and", test, guard)
    return (*_bindings(subject, pattern), ir.If(test, body, tests(subject, rest, lower)))


def _bindings(subject: ir.Name, pattern: cst.MatchPattern) -> Iterator[ir.Assign]:
    """What a pattern binds: the subject itself, or something of it."""
    for name in _captures(pattern):
        whole = isinstance(pattern, cst.MatchAs) and pattern.name is not None and pattern.name.value == name
        yield ir.Assign((ir.Name(subject.node, name),), subject if whole else ir.Other(subject.node, ()))


def _captures(pattern: cst.CSTNode) -> Iterator[str]:
    if isinstance(pattern, cst.MatchAs | cst.MatchStar | cst.MatchMapping):
        name = pattern.rest if isinstance(pattern, cst.MatchMapping) else pattern.name
        if name is not None:
            yield name.value
    for child in pattern.children:
        yield from _captures(child)


def _test(subject: ir.Expression, pattern: cst.MatchPattern, lower: Lower) -> ir.Expression:
    """Whether a value has a pattern; what no test says is not known."""
    node = subject.node
    match pattern:
        case cst.MatchValue(value=value):
            return ir.Compare(node, subject, "==", lower(value))
        case cst.MatchSingleton(value=value):
            return ir.Compare(node, subject, "is", lower(value))
        case cst.MatchOr(patterns=several):
            return _all(node, "or", [_test(subject, one.pattern, lower) for one in several])
        case cst.MatchAs(pattern=None):
            return ir.Constant(node, True)
        case cst.MatchAs(pattern=cst.MatchPattern() as inner):
            return _test(subject, inner, lower)
        case cst.MatchClass(cls=of):
            given = (ir.Argument(subject), ir.Argument(lower(of)))
            inside = [*pattern.patterns, *pattern.kwds]
            is_one = ir.CallOf(node, ir.Name(node, "isinstance"), given)
            return _all(node, "and", [is_one, *(ir.Other(node, ()) for _ in inside[:1])])
        case _:
            return ir.Other(node, ())


def _all(node: int, operator: str, several: Sequence[ir.Expression]) -> ir.Expression:
    return reduce(lambda one, other: ir.Logical(node, operator, one, other), several)
