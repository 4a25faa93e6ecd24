"""Definitions of functions and classes."""

from __future__ import annotations

from vipps_lint.read.source import classes, decorators, expressions, instances, ir, statements
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.values import Class, Function, Scope


def function(machine: Machine, it: ir.FunctionDefinition, scope: Scope) -> bool:
    """Bind a function to its name, as its decorators leave it."""
    machine.outlive(scope)
    made = Function(it, scope, name=it.name)
    if scope.is_class and any(_is_accessor(one) for one in it.decorators):
        machine.others.sets(it.name)  # a setter: what is set is not what is got
        return True
    machine.assign(scope, it.name, decorators.applied(machine, made, scope))
    if not scope.is_class:
        (machine.entries if len(machine.frames) == 1 else machine.inner).append(made)
    return True


def _is_accessor(decorator: ir.Expression) -> bool:
    match decorator:
        case ir.Attribute(name="setter" | "deleter" | "getter"):
            return True
        case _:
            return False


def class_(machine: Machine, it: ir.ClassDefinition, scope: Scope) -> bool:
    """Follow the body of a class and bind the class to its name."""
    bases = tuple(expressions.evaluate(machine, one, scope) for one in it.bases)
    inner = machine.scope(scope, is_class=True)
    machine.outlive(inner)
    statements.run(machine, it.body, inner)
    attributes = {name: value for (number, name), value in machine.state.variables.items() if number == inner.number}
    machine.decorating += 1
    kind = instances.kind(bases, tuple(expressions.evaluate(machine, one, scope) for one in it.decorators))
    machine.decorating -= 1
    of = Class(it, scope, bases, attributes, classes.ancestors(bases), kind)
    machine.assign(scope, it.name, of)
    if len(machine.frames) == 1:
        machine.classes[it.node] = of
        machine.others.inherits(of)
    return True
