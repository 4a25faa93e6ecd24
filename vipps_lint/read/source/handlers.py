"""What an exception handler does with the error of a Vipps call: nothing, or something that loses it."""

from __future__ import annotations

from vipps_lint.read.source import ir
from vipps_lint.read.source.answers import is_sleep
from vipps_lint.read.source.library import is_logging
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.records import Record

CATCHING = frozenset({
    "Exception", "BaseException", "RequestException", "HTTPError", "HTTPStatusError", "ClientError",
    "ClientResponseError", "URLError", "TransportError", "RequestError",
})  # fmt: skip
"""Classes under which the errors of the known clients arrive; a timeout alone may well be retried in silence."""

ANSWERING = frozenset(
    {"jsonify", "JsonResponse", "JSONResponse", "Response", "HttpResponse", "redirect", "render", "dict"}
)
"""Calls that make an answer to one's own user, and log nothing."""


def judge(handler: ir.Handler, inside: list[Record]) -> None:
    """Note on the calls inside the `try` what their handler does with an error; none of it where something may log."""
    if not inside or not catches(handler.classes):
        return
    if _tells(handler):
        for record in inside:
            record.told = True
        return
    kind = "swallowed" if _is_empty(handler.body) else "unlogged" if _only_answers(handler.body) else None
    if kind is not None:
        inside[-1].lapses.append((kind, handler.node))


def catches(classes: tuple[str, ...]) -> bool:
    """Whether a handler of these classes gets the errors of a call; no class catches everything."""
    return not classes or any(one.rpartition(".")[2] in CATCHING for one in classes)


def suppressed(expression: ir.Expression) -> tuple[str, ...]:
    """The classes in `contextlib.suppress(...)`."""
    match expression:
        case ir.CallOf(arguments=arguments):
            return tuple(source_of(argument.value) for argument in arguments)
        case _:
            return ("?",)


def _tells(handler: ir.Handler) -> bool:
    """Whether the handler logs, hands the error on, or raises."""
    for part in ir.walk(handler.body):
        match part:
            case ir.Raise():
                return True
            case ir.Name(id=name) if name == handler.name:
                return True
            case ir.CallOf() if is_logging(source_of(part.function)):
                return True
    return False


def _is_empty(body: ir.Block) -> bool:
    """Whether nothing is done: pass, continue, a pause, or a constant given back."""
    return all(_does_nothing(statement) for statement in body)


def _does_nothing(statement: ir.Statement) -> bool:
    match statement:
        case ir.Jump() | ir.Return(None) | ir.Return(ir.Constant()) | ir.Do(ir.Constant()):
            return True
        case ir.Return(ir.DictDisplay(items=()) | ir.ListDisplay(items=())):
            return True
        case ir.Do(value=value):
            return is_sleep(value)
        case _:
            return False


def _only_answers(body: ir.Block) -> bool:
    """Whether the handler ends with an answer to somebody, and calls nothing that might log."""
    calls = [part for part in ir.walk(body) if isinstance(part, ir.CallOf)]
    ends = bool(body) and isinstance(body[-1], ir.Return)
    return ends and all(source_of(one.function).rpartition(".")[2] in ANSWERING or is_sleep(one) for one in calls)
