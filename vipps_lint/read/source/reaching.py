"""What code does with a client that it keeps under a name: sends with it, sets some headers, or anything else."""

from __future__ import annotations

from collections.abc import Iterator

from vipps_lint.immutable import immutable
from vipps_lint.read.source import ir
from vipps_lint.read.source.elsewhere import EVERY, key_text

SENDING = frozenset({
    "get", "post", "put", "patch", "delete", "head", "options", "request", "send", "stream", "close", "aclose",
    "ws_connect", "prepare_request", "build_request",
})  # fmt: skip
"""Methods of clients that leave their headers alone, called or as values."""

LOOKING = frozenset({"closed", "is_closed"})


@immutable(frozen=True, slots=True)
class Reached:
    """Code that may set a header of a client (`EVERY`: any, or more than that); `followed` where the client is made."""

    header: str
    followed: bool


def spelled(block: ir.Block) -> frozenset[str]:
    """The names of what a module does anything with at all; to the others `reached_into` has nothing to say."""
    found: set[str] = set()
    for part in ir.walk(block):
        match part:
            case ir.Attribute(name=name) | ir.Name(id=name):
                found.add(name)
            case ir.CallOf(
                function=ir.Name(id="getattr" | "setattr"),
                arguments=(_, ir.Argument(value=ir.Constant(value=str() as name)), *_),
            ):
                found.add(name)
            case ir.Import(bindings=bindings):
                found |= {dotted.rpartition(".")[2] for _, dotted in bindings}
    return frozenset(found)


def reached_into(block: ir.Block, name: str, is_attribute: bool) -> Iterator[Reached]:
    """What a module does with clients under a name: an attribute of whatever it may be, or a module's variable too."""
    parts = list(ir.walk(block))
    births = _births(block, name)
    harmless: set[int] = set()
    for part in parts:  # from the outside in, so that it is known what is done before what it is done to
        for held, headers in _done(part):
            if _is_held(held, name, is_attribute):
                harmless.add(held.node)
                yield from (Reached(header, held.node in births) for header in headers)
        if _imports(part, name):
            yield Reached(EVERY, False)
        if _is_held(part, name, is_attribute) and part.node not in harmless:  # type: ignore[attr-defined]
            yield Reached(EVERY, part.node in births)  # type: ignore[attr-defined]


def _is_held(part: object, name: str, is_attribute: bool) -> bool:
    match part:
        case ir.Attribute(name=found):
            return found == name
        case ir.Name(id=found):
            return found == name and not is_attribute
        case ir.CallOf(function=ir.Name(id="getattr" | "setattr"), arguments=(_, second, *_)):
            return isinstance(second.value, ir.Constant) and second.value.value == name
        case _:
            return False


def _imports(part: object, name: str) -> bool:
    return isinstance(part, ir.Import) and any(_renames(one, name) for one in part.bindings)


def _renames(binding: tuple[str, str], name: str) -> bool:
    local, dotted = binding
    return dotted.rpartition(".")[2] == name != local


def _births(block: ir.Block, name: str) -> set[int]:
    """The nodes where the client is followed from its birth on: in a module's body, in the `__init__` that sets it."""
    functions = [one for one in ir.walk(block) if isinstance(one, ir.FunctionDefinition | ir.Lambda)]
    inside = {node for one in functions for node in _nodes(one.body)}
    births = {node for node in _nodes(block) if node not in inside}
    for of in (one for one in ir.walk(block) if isinstance(one, ir.ClassDefinition)):
        for method in of.body:
            if isinstance(method, ir.FunctionDefinition) and method.name == "__init__" and _sets(method, name):
                later = [one for one in ir.walk(method.body) if isinstance(one, ir.FunctionDefinition | ir.Lambda)]
                births |= _nodes(method.body) - {node for one in later for node in _nodes(one.body)}
    return births


def _nodes(part: object) -> set[int]:
    return {one.node for one in ir.walk(part) if isinstance(one, ir.Name | ir.Attribute)}


def _sets(method: ir.FunctionDefinition, name: str) -> bool:
    targets = [one for one in ir.walk(method.body) if isinstance(one, ir.Assign)]
    return any(
        isinstance(target, ir.Attribute) and target.name == name and target.value == ir.Name(target.value.node, "self")
        for one in targets
        for target in one.targets
    )


def _done(part: object) -> Iterator[tuple[ir.Expression, tuple[str, ...]]]:
    """What is done in one place to something: the headers that it gets, none where it is only used."""
    match part:
        case ir.CallOf(function=ir.Attribute(value=ir.Attribute(value=held, name="headers"), name=method)):
            yield held, _given(method, part.arguments)
        case ir.CallOf(function=ir.Attribute(value=held, name=method)) if method in SENDING:
            yield held, ()
        case ir.Attribute(value=held, name=name) if name in LOOKING or name in SENDING:
            yield held, ()
        case ir.Assign(targets=targets) | ir.Delete(targets=targets):
            for target in (one for several in targets for one in ir.flat(several)):
                yield from _set(target)
        case ir.Augment(target=target):
            yield from _set(target)
        case ir.Subscript(value=ir.Attribute(value=held, name="headers"), index=ir.Constant(value=str())):
            yield held, ()
        case ir.Compare(left=held, operator="is" | "is not", right=ir.Constant()):
            yield held, ()
        case ir.If(test=test) | ir.While(test=test) | ir.Conditional(test=test):
            yield from ((one, ()) for one in _tested(test))
        case _:
            pass


def _set(target: ir.Expression) -> Iterator[tuple[ir.Expression, tuple[str, ...]]]:
    """What an assignment does: `client.headers["Authorization"] = token`, or another client under the name."""
    match target:
        case ir.Subscript(value=ir.Attribute(value=held, name="headers"), index=index):
            yield held, (key_text(index),)
        case ir.Attribute(value=held, name=name) if name in SENDING:
            yield held, (EVERY,)  # whoever puts another function in the place of one that sends may do anything
        case ir.Attribute() | ir.Name():
            yield target, ()  # another value is known as such
        case _:
            pass


def _given(method: str, arguments: tuple[ir.Argument, ...]) -> tuple[str, ...]:
    """The headers that a method of `client.headers` may set or take away."""
    if method in ("get", "items", "keys", "copy"):
        return ()
    return tuple(key_text(key) for key in ir.keys_given(method, arguments))


def _tested(test: ir.Expression) -> Iterator[ir.Expression]:
    match test:
        case ir.Logical(left=left, right=right):
            yield from (*_tested(left), *_tested(right))
        case ir.Unary(operator="not", operand=operand):
            yield operand
        case _:
            yield test
