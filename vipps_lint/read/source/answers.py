"""The response of a call as the code handles it: what is read, whether the status is looked at, what errors tell."""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.call import Read
from vipps_lint.document import MAYBE, NO, YES, Truth
from vipps_lint.read.source import ir
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.telling import ERROR_FIELDS, OUTCOMES
from vipps_lint.read.source.values import Answer, Caught, Choice, Data, Dict, Known, List, choose, each, unknown

ATTRIBUTES = {
    "status_code": "status", "status": "status", "code": "status", "ok": "ok", "is_success": "ok",
    "is_error": "failed", "is_client_error": "part", "is_server_error": "part",
    "text": "text", "content": "text", "body": "text", "data": "text", "raw": "text", "reason": "text",
}  # fmt: skip
METHODS = {
    "json": "body",
    "read": "text",
    "text": "text",
    "aread": "text",
    "getcode": "status",
    "iter_content": "text",
    "iter_bytes": "text",
}
FAILURES = (400, 401, 402, 403, 404, 409, 422, 423, 429, 500, 502, 503, 504)
SUCCESSES = (200, 201, 202, 204)


def attribute(machine: Machine, answer: Answer | Caught, name: str, node: int) -> Known:
    """`response.status_code`, `response.text`, `error.response`, ..."""
    if isinstance(answer, Caught):
        return refused(answer, node) if name == "response" else unknown(node=node)
    if answer.kind not in ("response", "refused"):
        return replace(answer, kind="part", node=node)
    kind = ATTRIBUTES.get(name, "part")
    if kind == "text":
        _use(machine, answer, node)
    if kind in ("ok", "failed", "part"):
        answer.record.checked = True  # headers and the like: the code looks at more than the body
    if kind in ("ok", "failed"):
        answer.record.judged = node
    return replace(answer, kind=kind, node=node)


def refused(caught: Caught, node: int) -> Known:
    """`error.response`: the answer that an exception was raised for."""
    found = [Answer(one, "refused", ("response",), node) for one in caught.records]
    return choose(found) if found else unknown()


def method(machine: Machine, answer: Answer, name: str, arguments: list[Known], node: int) -> Known:
    """`response.json()`, `response.raise_for_status()`, `data.get("logo")`, ..."""
    if answer.kind in ("response", "refused"):
        if name == "raise_for_status":
            return _raise_for_status(machine, answer)
        if name == "result":  # of the task or the future that gives it
            return answer
        if name == "add_done_callback":
            machine.escape(answer)
        if name in METHODS:
            if METHODS[name] in ("body", "text"):
                _use(machine, answer, node)
            pointer = ("response", "body") if METHODS[name] == "body" else answer.pointer
            return Answer(answer.record, METHODS[name], pointer, node)
        return replace(answer, kind="part", node=node)
    if answer.kind == "status":
        answer.record.checked = True
    if answer.kind == "body" and name in ("get", "pop") and arguments:
        default = arguments[1] if len(arguments) > 1 and not _is_none(arguments[1]) else None
        found = _read(machine, answer, arguments[0], node, optional=True)
        found = replace(found, optional=answer.optional) if default is not None and isinstance(found, Answer) else found
        return found if default is None else choose((found, default))
    if answer.kind == "body" and name in ("upper", "strip") and len(answer.pointer) > 2:
        return replace(answer, node=node)
    if answer.kind == "text" and name in ("decode", "strip"):
        return replace(answer, node=node)
    return replace(answer, kind="part", node=node, optional=name in ("get", "items", "values", "keys"))


def _use(machine: Machine, answer: Answer, node: int) -> None:
    """The body is read."""
    machine.state.tell(answer.record)
    if answer.record.used is None:
        answer.record.used = node


def _raise_for_status(machine: Machine, answer: Answer) -> Known:
    answer.record.checked = answer.record.strict = True
    machine.state.tell(answer.record)
    # From here on this path is the one on which the call has succeeded.
    if machine.throws:
        machine.throws[-1].append(_failed(machine, answer))
    machine.state.outcomes[id(answer.record)] = YES
    return answer


def _failed(machine: Machine, answer: Answer):  # type: ignore[no-untyped-def]
    state = machine.state.fork()
    state.outcomes[id(answer.record)] = NO
    return state


def subscript(machine: Machine, answer: Answer, index: Known, node: int) -> Known:
    """`response.json()["logo"]`, `merchants[0]`."""
    if answer.kind == "body":
        return _read(machine, answer, index, node, optional=False)
    return replace(answer, kind="part", node=node)


def _read(machine: Machine, answer: Answer, key: Known, node: int, optional: bool) -> Known:
    match key:
        case Data(str() as name):
            pointer = (*answer.pointer, name)
            place = machine.place(key.node if key.node is not None else node)
            answer.record.reads.append(Read(pointer, place, optional, answer.passed))
            if name in ERROR_FIELDS:
                answer.record.checked = True
            return replace(answer, kind="body", pointer=pointer, node=node, optional=optional or answer.optional)
        case Data(int()):
            return replace(answer, kind="body", pointer=(*answer.pointer, "*"), node=node)
        case _:
            return replace(answer, kind="part", node=node)


def item(answer: Answer) -> Known:
    """What a loop over the answer binds."""
    kind = answer.kind if answer.kind == "body" else "part"
    return replace(answer, kind=kind, pointer=(*answer.pointer, "*"))


def compared(answer: Answer, operator: str, other: Known, node: int, swapped: bool) -> Known:
    """The truth of a comparison with an answer: of its status, of its shape, or of one of its fields."""
    record = answer.record
    if answer.kind == "status":
        record.checked = True
        meaning = _meaning(operator, other, swapped)
        if meaning in ("ok", "failed"):
            record.judged = node
        return replace(answer, kind=meaning, node=node)
    if answer.kind in ("ok", "failed"):
        record.checked = True
        return replace(answer, kind="part", node=node)
    asks = swapped if operator in ("in", "not in") else operator in ("is", "is not")
    if asks or (answer.optional and _is_none(other)):
        record.checked = True
    return replace(answer, kind="compared", node=node)


def _is_none(value: Known) -> bool:
    return isinstance(value, Data) and value.value is None


def _meaning(operator: str, other: Known, swapped: bool) -> str:
    """Whether a comparison of the status is true exactly for success (`ok`) or exactly for failure (`failed`).

    One that asks for certain failures is true for them (`expected`) or for all others (`unexpected`).
    """
    wanted = _numbers(other)
    if not wanted:
        return "part"
    if any(_holds(operator, status, wanted, swapped) is None for status in FAILURES):
        return "part"
    failures = {_holds(operator, status, wanted, swapped) for status in FAILURES}
    successes = {_holds(operator, status, wanted, swapped) for status in SUCCESSES}
    if failures == {False} and True in successes:
        return "ok"
    if failures == {True} and False in successes:
        return "failed"
    if operator in ("==", "is", "in") and True not in successes:
        return "expected"
    return "unexpected" if operator in ("!=", "is not", "not in") and False not in successes else "part"


def _numbers(value: Known) -> tuple[int, ...]:
    match value:
        case Data(bool()):
            return ()
        case Data(int() as number):
            return (number,)
        case Choice(values):
            numbers = [one.value for one in values if isinstance(one, Data) and isinstance(one.value, int)]
            return tuple(numbers) if len(numbers) == len(values) else ()
        case _:
            return ()


def _holds(operator: str, status: int, wanted: tuple[int, ...], swapped: bool) -> bool | None:
    if operator in ("in", "not in"):
        return None if swapped else (status in wanted) is (operator == "in")
    if len(wanted) != 1:
        return None
    left, right = (wanted[0], status) if swapped else (status, wanted[0])
    results = {"==": left == right, "!=": left != right, "<": left < right, "<=": left <= right}
    results |= {">": left > right, ">=": left >= right, "is": left == right, "is not": left != right}
    return results.get(operator)


def negated(value: Known) -> Known:
    """`not value` for an answer."""
    opposite = {"ok": "failed", "failed": "ok", "expected": "unexpected", "unexpected": "expected"}
    if isinstance(value, Answer):
        return replace(value, kind=opposite.get(value.kind, value.kind))
    return unknown()


def condition(machine: Machine, value: Known) -> tuple[Truth, list[tuple[Answer, Truth]]]:
    """What a branch learns from its test: whether it is taken, and for each answer in it whether the call succeeded.

    Looking at a response (or at an optional field of it) is a check; comparing one of its fields with a value is none,
    nor is looking whether there is a body at all.
    """
    learned: list[tuple[Answer, Truth]] = []
    for answer in machine.answers(value):
        record = answer.record
        if answer.kind in OUTCOMES | {"response", "part"} or answer.optional:
            record.checked = True
        if answer.kind == "refused" and record.client == "requests":
            record.lapse("falsy", answer.node or record.node)
        meaning = {"ok": YES, "response": YES, "failed": NO}.get(answer.kind, MAYBE)
        learned.append((answer, meaning if value is answer else MAYBE))
    return truth(machine, value), learned


def truth(machine: Machine, value: Known) -> Truth:
    """Whether a value is true, where that is known."""
    answers = {_truth(machine, one) for one in each(value)}
    return answers.pop() if len(answers) == 1 else MAYBE


def _truth(machine: Machine, value: Known) -> Truth:
    match value, machine.thing(value):
        case Data(value=str() | int() | float() | bool() | None as known), _:
            return YES if known else NO
        case _, Dict(fields, is_open):
            if any(slot.sure is YES for slot in fields.values()):
                return YES
            return MAYBE if is_open or fields else NO
        case _, List(items, is_open):
            return YES if items else MAYBE if is_open else NO
        case _:
            return MAYBE


def is_sleep(expression: ir.Expression) -> bool:
    """A call that only waits."""
    match expression:
        case ir.Await(value=inner):
            return is_sleep(inner)
        case ir.CallOf(function=ir.Attribute(name="sleep") | ir.Name(id="sleep")):
            return True
        case _:
            return False
