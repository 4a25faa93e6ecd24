"""Requests that are made first and sent later: `requests.Request(...)`, `session.prepare_request(...)`, `urlopen(...)`.

A request that something is done with in between may have other headers and another body when it is sent.
"""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.things import copied, put
from vipps_lint.read.source.values import Client, Data, Dict, Known, Prepared, Ref, is_none, unknown

POSITIONS = {
    "requests.Request": ("method", "url", "headers", "files", "data", "params", "auth", "cookies", "hooks", "json"),
    "httpx.Request": ("method", "url"),
}
"""What the arguments of a request are, by position, in libraries whose clients send them."""

OF_URLLIB = ("url", "data", "headers", "origin_req_host", "unverifiable", "method")

ADDING = frozenset({"add_header", "add_unredirected_header"})
"""Methods of urllib's request that set one of its headers."""

READING = frozenset({"method", "url", "path_url", "full_url", "get_method", "get_full_url", "prepare"})
"""What leaves a request as it is."""


def made(machine: Machine, request: Prepared, is_open: bool) -> Prepared:
    """A request that is made; one of urllib has its own headers, to which others may be added."""
    if request.name != "urllib.request.Request" or is_open:
        return request
    given = _named(request, OF_URLLIB)
    headers = given.get("headers")
    if headers is None or is_none(headers):
        headers = machine.new(Dict({}, False, request.node))
    own = copied(machine, headers)
    return replace(request, arguments=tuple({**given, "headers": own}.items()))


def given(machine: Machine, name: str, arguments: Arguments) -> tuple[str, Arguments] | None:
    """As `client.request(...)`, what `client.send(request)` sends; None for any other call."""
    request = arguments.positional[0] if name == "send" and arguments.positional else None
    if not isinstance(request, Prepared) or request.name not in POSITIONS:
        return None
    made, changed = _named(request, POSITIONS[request.name]), bool(_done_with(machine, request))
    target = [made.pop(key) for key in ("method", "url") if key in made]
    waiting = {key: value for key, value in arguments.named.items() if key == "timeout"}
    return "request", Arguments(target, {**({} if changed else made), **waiting}, arguments.open or changed)


def of_urllib(machine: Machine, request: Prepared) -> Arguments | None:
    """The arguments of `urlopen` for a request, by name; None where it is not known with which method it is sent."""
    made, done = _named(request, OF_URLLIB), _done_with(machine, request)
    if done & {"method =", "get_method ="}:
        return None
    if done:
        made["headers"] = unknown("headers")
    if done - ADDING - {"headers"} and not is_none(made.get("data")):
        made["data"] = unknown("data")
    return Arguments(named=made)


def _named(request: Prepared, names: tuple[str, ...]) -> dict[str, Known]:
    return {key if isinstance(key, str) else names[key]: value for key, value in request.arguments if _fits(key, names)}


def _fits(key: str | int, names: tuple[str, ...]) -> bool:
    return isinstance(key, str) or key < len(names)


def _done_with(machine: Machine, request: Prepared) -> set[str]:
    return machine.memory.changed.get(request.node, set()) if request.node is not None else set()


def method(machine: Machine, receiver: Known | None, name: str, arguments: Arguments) -> Known | None:
    """What a method of a request gives, or of a client that gets one ready; None where that is not known."""
    if isinstance(receiver, Prepared):
        if name in ADDING and _added(machine, receiver, arguments):
            return Data(None)
        touch(machine, receiver, name)
        return receiver if name == "prepare" else Data(None) if name in ADDING else None
    request = arguments.get(0, "request")
    is_client = receiver is not None and isinstance(machine.thing(receiver), Client)
    is_request = isinstance(request, Prepared) and request.name in POSITIONS
    return request if is_client and name == "prepare_request" and is_request else None


def _added(machine: Machine, request: Prepared, arguments: Arguments) -> bool:
    """Add a header to a request of urllib whose headers are known."""
    headers = dict(request.arguments).get("headers")
    thing = machine.thing(headers) if isinstance(headers, Ref) else None
    key, value = arguments.get(0, "key"), arguments.get(1, "val")
    if not isinstance(headers, Ref) or not isinstance(thing, Dict) or key is None or value is None:
        return False
    machine.put(headers, put(thing, key, value))
    return True


def touch(machine: Machine, request: Prepared, name: str) -> None:
    """An attribute of a request is used, or set (`"data ="`), and with it what is in the request may be changed."""
    if request.node is not None and name not in READING:
        machine.memory.changed.setdefault(request.node, set()).add(name)
