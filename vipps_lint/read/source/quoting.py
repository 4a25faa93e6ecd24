"""Code as a message quotes it."""

from __future__ import annotations

from vipps_lint.read.source import ir


def source_of(expression: ir.Expression) -> str:
    """The expression as a message quotes it: names, attributes, subscripts and calls; `…` for the rest."""
    match expression:
        case ir.Name(id=name):
            return name
        case ir.Attribute(value=value, name=name):
            return f"{source_of(value)}.{name}"
        case ir.Subscript(value=value, index=ir.Constant(value=str() | int() as index)):
            return f"{source_of(value)}[{index!r}]"
        case ir.Subscript(value=value):
            return f"{source_of(value)}[…]"
        case ir.CallOf(function=function, arguments=()):
            return f"{source_of(function)}()"
        case ir.CallOf(function=function):
            return f"{source_of(function)}(…)"
        case ir.Await(value=value):
            return source_of(value)
        case ir.Binary(left=left, operator=operator, right=right):
            return f"{source_of(left)} {operator} {source_of(right)}"
        case ir.Constant(value=value):
            return repr(value)
        case _:
            return "…"
