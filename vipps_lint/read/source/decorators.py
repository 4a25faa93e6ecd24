"""Decorators: own ones are followed, harmless ones ignored, and any other may change what goes in."""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.read.source import expressions, functions
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.values import Function, Known, Scope, each

HARMLESS = frozenset({
    "property", "cached_property", "staticmethod", "classmethod", "abstractmethod", "override", "overload", "final",
    "wraps", "lru_cache", "cache", "singledispatch", "contextmanager", "asynccontextmanager", "fixture", "retry",
    "on_exception", "on_predicate", "task", "shared_task", "periodic_task", "job", "command", "group", "option",
    "argument",
    "route", "get", "post", "put", "patch", "delete", "websocket", "api_route", "before_request", "after_request",
    "errorhandler", "exception_handler", "middleware", "on_event", "receiver", "register", "login_required",
    "permission_required", "csrf_exempt", "require_POST", "require_GET", "require_http_methods", "api_view", "atomic",
    "action", "permission_classes", "method_decorator", "async_to_sync", "sync_to_async",
    "timeit", "timed", "log_calls",
    "listens_for", "coroutine", "parametrize", "usefixtures", "skip", "skipif", "mark", "cli",
})  # fmt: skip
"""Decorators, by the last part of their names, that call the function with the arguments that it was given."""


SILENT = frozenset(
    {
        "property",
        "cached_property",
        "staticmethod",
        "classmethod",
        "abstractmethod",
        "override",
        "wraps",
        "cache",
        "lru_cache",
    }
)
"""Decorators that certainly do nothing about an answer or an error."""


def applied(machine: Machine, function: Function, scope: Scope) -> Known:
    """What a decorated function is: what own decorators return, or the function with arguments that may be changed."""
    value: Known = function
    definition = function.definition
    for decorator in reversed(getattr(definition, "decorators", ())):
        name = source_of(decorator).partition("(")[0].rpartition(".")[2]
        machine.decorating += 1
        found = expressions.evaluate(machine, decorator, scope)
        machine.decorating -= 1
        if isinstance(found, Function):
            made = functions.inline(machine, found, Arguments([value]), found.definition.node)
            known = [one for one in each(made) if isinstance(one, Function)]
            value = made if known and len(known) == len(each(made)) else _wrapped(value)
        elif name not in HARMLESS:
            value = _wrapped(value)
        if name not in SILENT and isinstance(value, Function):
            value = replace(value, watched=True)
    return value


def _wrapped(value: Known) -> Known:
    return replace(value, wrapped=True) if isinstance(value, Function) else value
