"""Attributes of objects that are not known, where one place in the project sets them."""

from __future__ import annotations

from vipps_lint.read.source import calls, expressions, ir, keeping, sessions
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.sessions import CLIENTS
from vipps_lint.read.source.values import External, Known, Scope

NAMES = frozenset(name.rpartition(".")[2] for name in CLIENTS)


def client(machine: Machine, name: str) -> Known | None:
    """The HTTP client that an attribute is, where the project sets it to one and never to anything else but None."""
    match [one for one in machine.set_values.get(name, ()) if not _is_none(one[0])]:
        case [(ir.CallOf() as made, scope)] if is_client(made):
            return _made(machine, name, made, scope)
        case _:
            return None


def is_client(expression: ir.Expression) -> bool:
    """Whether an expression makes something that is called like the clients of known libraries."""
    return isinstance(expression, ir.CallOf) and source_of(expression.function).rpartition(".")[2] in NAMES


def _is_none(expression: ir.Expression) -> bool:
    return isinstance(expression, ir.Constant) and expression.known and expression.value is None


def _made(machine: Machine, name: str, made: ir.CallOf, scope: Scope) -> Known | None:
    callee = expressions.evaluate(machine, made.function, scope)
    if not isinstance(callee, External) or callee.name not in CLIENTS:
        return None
    arguments = calls.evaluate_arguments(machine, made, scope)
    return sessions.made(machine, callee.name, arguments, keeping.is_untouched(machine, name))
