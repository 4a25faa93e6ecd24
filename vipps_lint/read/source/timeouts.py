"""How long a client waits: what the code gives as a time-out, or else what its library does by itself."""

from __future__ import annotations

from vipps_lint.call import Patience
from vipps_lint.document import Hole, Value, one_of
from vipps_lint.read.source import ir
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.values import Client, Data, Known, List, Prepared, each

DEFAULTS: dict[str, Value] = {
    "requests": None, "urllib3": None, "urllib": None, "http": None, "httpx": 5, "aiohttp": 300,
}  # fmt: skip
"""How many seconds each library waits for an answer when nobody says; None is for ever."""

OWN = frozenset({"httpx", "urllib3", "http", "aiohttp"})
"""Libraries whose clients have a time-out of their own; requests takes one with each call only."""

TIMEOUTS = frozenset({"httpx.Timeout", "aiohttp.ClientTimeout", "urllib3.Timeout", "urllib3.util.Timeout"})
"""Objects that say how long to wait."""

UNKNOWN = Hole(reason="the time-out is not known")


def patience(machine: Machine, library: str, arguments: Arguments, client: Client | None, it: ir.CallOf) -> Patience:
    """How long a call of a library waits, and the token that says so: the time-out, or the function that has none."""
    root = library.partition(".")[0]
    given = arguments.named.get("timeout")
    if given is None and client is not None and root in OWN:
        given = client.arguments.get("timeout")
    if given is None:
        hidden = arguments.open or (client is not None and not client.plain) or machine.beside.waits_by_default
        default = UNKNOWN if hidden else DEFAULTS.get(root, UNKNOWN)
        return Patience(default, default, machine.place(it.function.node))
    seconds = [_seconds(machine, root, one) for one in each(given)]
    node = given.node if isinstance(given, Data | Prepared) and given.node is not None else it.function.node
    connect, read = zip(*seconds, strict=True)
    return Patience(one_of(connect), one_of(read), machine.place(node))


def _seconds(machine: Machine, root: str, given: Known) -> tuple[Value, Value]:
    """The seconds for the connection and for the answer."""
    match given, machine.thing(given):
        case Data(None), _ if root == "aiohttp":  # which has meant none and the client's own, with the version
            return UNKNOWN, UNKNOWN
        case Data(), _:
            return _one(given), _one(given)
        case _, List((connect, read, *_), False):
            return _one(connect), _one(read)
        case Prepared(pairs), _:
            return _object(dict(pairs))
        case _:
            return UNKNOWN, UNKNOWN


def _object(given: dict[str | int, Known]) -> tuple[Value, Value]:
    """`httpx.Timeout(10, connect=2)`, `aiohttp.ClientTimeout(total=3)`: what has no word of its own, the total says."""
    total = given.get(0, given.get("total", given.get("timeout")))
    connect, read = given.get("connect", given.get("sock_connect")), given.get("read", given.get("sock_read"))
    return _one(total if connect is None else connect), _one(total if read is None else read)


def _one(value: Known | None) -> Value:
    match value:
        case Data(int() | float() | None as number) if not isinstance(number, bool):
            return number
        case _:
            return UNKNOWN
