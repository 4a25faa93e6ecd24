"""HTTP clients of known libraries: how they are made, and the headers that they send with every request."""

from __future__ import annotations

from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.things import copied
from vipps_lint.read.source.values import Client, Dict, External, Known, Ref, is_none

CLIENTS = frozenset({
    "requests.Session", "requests.session", "requests.sessions.Session", "httpx.Client", "httpx.AsyncClient",
    "aiohttp.ClientSession", "urllib3.PoolManager", "http.client.HTTPSConnection", "http.client.HTTPConnection",
})  # fmt: skip
HOOKS = frozenset({
    "hooks", "event_hooks", "transport", "mounts", "raise_for_status", "middlewares", "trace_configs", "connector",
    "request_class", "response_class",
})  # fmt: skip
SENDING_THEIR_OWN = ("requests.", "httpx.", "aiohttp.")
"""Libraries whose clients send headers of their own with those of each request."""

ADAPTERS = frozenset({"requests.adapters.HTTPAdapter()", "requests.sessions.HTTPAdapter()"})


def made(machine: Machine, name: str, arguments: Arguments, settled: bool) -> Ref:
    """A new client; its headers are a dict of its own."""
    is_plain = not arguments.open and not HOOKS & set(arguments.named)
    given = dict(arguments.named)
    if name.startswith(SENDING_THEIR_OWN):
        given["headers"] = _own_headers(machine, given.get("headers"))
    return machine.new(Client(name, given, is_plain, settled))


def is_new(machine: Machine) -> bool:
    """Whether what is made now is new: not made by a module's body, nor by a function that remembers what it gave."""
    decorators = [one for frame in machine.frames for one in getattr(frame.definition, "decorators", ())]
    return not machine.importing and not any("cache" in source_of(one) for one in decorators)


def _own_headers(machine: Machine, given: Known | None) -> Known:
    if given is None or is_none(given):
        return machine.new(Dict({}))
    return copied(machine, given) if isinstance(machine.thing(given), Dict) else given


def headers(machine: Machine, client: Client) -> Known | None:
    """The headers of a client as something that can be changed; None where they are not followed."""
    found = client.arguments.get("headers")
    return found if found is not None and isinstance(machine.thing(found), Dict) else None


def with_headers(machine: Machine, client: Client, value: Known) -> Known:
    """What a client has as its headers after they were set: requests keeps the dict itself, the others copy it."""
    return value if client.name.startswith("requests.") else _own_headers(machine, value)


def mounts(name: str, arguments: Arguments) -> bool:
    """Whether a method gives a client an adapter that only says how often to try."""
    adapter = arguments.get(1, "adapter")
    return name == "mount" and isinstance(adapter, External) and adapter.name in ADAPTERS
