"""Functions that a web framework calls once for each request, and what people send to them.

A parameter, a field of the request or an item of it is `INPUT` until something has looked at it: nothing is known of
its form. What a decorator, a validator or code that is not seen may have checked is no input any more.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from vipps_lint.document import Hole, Nature
from vipps_lint.read.source import ir
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.values import Data, Function, Known, hole_of

ROUTES = frozenset({"route", "get", "post", "put", "patch", "delete", "api_view", "api_route"})
"""The last names of decorators that make a function answer requests, and say at which path or to which methods."""

HARMLESS = ROUTES | {
    "csrf_exempt", "require_POST", "require_GET", "require_http_methods", "login_required", "permission_classes",
    "authentication_classes", "never_cache", "transaction.atomic", "cross_origin", "staticmethod", "classmethod",
}  # fmt: skip
"""Decorators that look at no field of a request."""

SENT = frozenset({"json", "form", "args", "values", "data", "POST", "GET", "query_params", "get_json", "query", "body"})
"""What a request has of what people send: attributes, or methods that give it."""

REQUESTS = ("flask.request", "quart.request", "bottle.request")


def is_view(definition: ir.FunctionDefinition | ir.Lambda | None) -> bool:
    """Whether a function runs for each request: by its decorator, or because it is given one."""
    if not isinstance(definition, ir.FunctionDefinition) or definition.name.startswith("test"):
        return False
    names = [_name(one) for one in definition.decorators]
    if "fixture" in names:
        return False
    given = [one.name for one in definition.parameters if one.name not in ("self", "cls")]
    return given[:1] == ["request"] or any(_routes(one) for one in definition.decorators)


def _name(decorator: ir.Expression) -> str:
    called = decorator.function if isinstance(decorator, ir.CallOf) else decorator
    return source_of(called).rpartition(".")[2]


def _routes(decorator: ir.Expression) -> bool:
    """`@app.post("/pay")`, `@api_view(["POST"])`."""
    match decorator:
        case ir.CallOf(function=ir.Attribute(name=name), arguments=[ir.Argument(value=ir.Constant(value=path)), *_]):
            return name in ROUTES and isinstance(path, str) and path.startswith("/")
        case ir.CallOf(function=ir.Name(id="api_view")):
            return True
        case _:
            return False


def arrived(machine: Machine, view: Function, parameter: ir.Parameter, value: Known) -> Known:
    """The parameter of a view that no call gives: the request, or what the framework takes out of it."""
    hole, definition = hole_of(value), view.definition
    if hole is None or not is_view(definition) or not _all_harmless(definition):
        return value
    if parameter.name == "request":
        machine.memory.requests.add(hole.symbol)
        return value
    routed = isinstance(definition, ir.FunctionDefinition) and any(_routes(one) for one in definition.decorators)
    return _input(value) if routed and parameter.kind == "" and parameter.name not in ("self", "cls") else value


def passed(machine: Machine, function: Function, parameter: ir.Parameter, value: Known) -> None:
    """The parameter of a function that is followed on its own: of one that nobody calls it is what a caller gives."""
    hole, definition = hole_of(value), function.definition
    is_own = isinstance(definition, ir.FunctionDefinition) and not function.name.startswith("__")
    if hole is None or not is_own or parameter.annotation not in (None, "str") or not _all_harmless(definition):
        return
    if machine.memory.mentioned and function.name not in machine.memory.mentioned:
        machine.memory.given.add(hole.symbol)


def part(machine: Machine, of: Known | None, name: object, found: Known) -> Known:
    """An attribute or item of something unknown, or what its method gives: what is in input is input."""
    hole = hole_of(of) if of is not None else None
    if hole is None or (hole.symbol not in machine.memory.requests and hole.nature is not Nature.INPUT):
        return found
    if hole.nature is not Nature.INPUT and name not in SENT:
        return found
    inner = hole_of(found)
    if inner is not None and inner.symbol is not None:
        machine.memory.whole[inner.symbol] = hole.symbol
    return _input(found)


def sent(machine: Machine, name: str, node: int) -> Data | None:
    """`flask.request.json`: what people send, where the request is a name of the framework."""
    owner, _, last = name.partition(".request.")
    if f"{owner}.request" not in REQUESTS or last.partition(".")[0] not in SENT or "." in last:
        return None
    if not all(_all_harmless(frame.definition) for frame in machine.frames):
        return None
    return Data(Hole(symbol=("request", last), source=f"request.{last}", nature=Nature.INPUT), node)


def looked_at(machine: Machine, value: Known) -> None:
    """Something has looked at a value, or may have: its form is no longer open."""
    for one in machine.parts(value):
        hole = hole_of(one)
        if hole is not None and (hole.nature is Nature.INPUT or hole.symbol in machine.memory.given):
            machine.memory.examined.add(hole.symbol)


def seen(machine: Machine, hole: Hole) -> Hole:
    """The unknown value as it is by now: no input if something has looked at it or at what it is a part of."""
    if hole.nature is None and hole.symbol in machine.memory.given - machine.memory.examined:
        return replace(hole, nature=Nature.GIVEN)
    symbol: Hashable = hole.symbol if hole.nature is Nature.INPUT else None
    while symbol is not None:
        if symbol in machine.memory.examined:
            return replace(hole, nature=None)
        symbol = machine.memory.whole.get(symbol)
    return hole


def _input(value: Known) -> Known:
    hole = hole_of(value)
    return replace(value, value=replace(hole, nature=Nature.INPUT)) if isinstance(value, Data) and hole else value


def _all_harmless(definition: ir.FunctionDefinition | ir.Lambda | None) -> bool:
    decorators = definition.decorators if isinstance(definition, ir.FunctionDefinition) else ()
    return all(_name(one) in HARMLESS for one in decorators)
