"""How long a client waits: program in, seconds for connection and answer out; what is not certain stays unknown."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from vipps_lint.document import Hole, OneOf, Value

PREAMBLE = """
import aiohttp, functools, httpx, requests, socket, urllib.request, urllib3

"""
URL = '"https://api.vipps.no/ecomm/v2/payments/1/details"'
UNKNOWN = "unknown"
EITHER = "either"

PATIENCE = [
    pytest.param(f"requests.get({URL})", (None, None), id="requests waits for ever"),
    pytest.param(f"requests.get({URL}, timeout=None)", (None, None), id="None is for ever"),
    pytest.param(f"requests.get({URL}, timeout=10)", (10, 10), id="one number is for both"),
    pytest.param(f"requests.get({URL}, timeout=(3.05, 27))", (3.05, 27), id="a pair"),
    pytest.param(f"requests.get({URL}, timeout=(3.05, None))", (3.05, None), id="a pair that waits for ever"),
    pytest.param(f"requests.get({URL}, timeout=seconds)", (UNKNOWN, UNKNOWN), id="an unknown number"),
    pytest.param(f"requests.get({URL}, timeout=pair())", (UNKNOWN, UNKNOWN), id="an unknown object"),
    pytest.param(f"requests.get({URL}, **options)", (UNKNOWN, UNKNOWN), id="options may have one"),
    pytest.param(f"requests.get({URL}, **{{'timeout': 7}})", (7, 7), id="options that are known"),
    pytest.param(f"requests.Session().get({URL})", (None, None), id="a session of requests has none"),
    pytest.param(f"make_session().get({URL}, json={{}})", (UNKNOWN, UNKNOWN), id="a session of unknown make"),
    pytest.param(
        f"""
        session = requests.Session()
        session.mount("https://", Patient())
        session.get({URL})
        """,
        (UNKNOWN, UNKNOWN),
        id="an adapter may have one",
    ),
    pytest.param(
        f"""
        session = requests.Session()
        session.request = functools.partial(session.request, timeout=5)
        session.get({URL})
        """,
        (UNKNOWN, UNKNOWN),
        id="a method that was replaced",
    ),
    pytest.param(f"httpx.get({URL})", (5, 5), id="httpx has one of its own"),
    pytest.param(f"httpx.Client(timeout=None).get({URL})", (None, None), id="a client of httpx without"),
    pytest.param(f"httpx.Client(timeout=None).get({URL}, timeout=9)", (9, 9), id="the call outweighs the client"),
    pytest.param(f"httpx.Client(**options).get({URL})", (UNKNOWN, UNKNOWN), id="a client of unknown options"),
    pytest.param(f"httpx.get({URL}, timeout=httpx.Timeout(10, connect=2))", (2, 10), id="a time-out object"),
    pytest.param(f"httpx.get({URL}, timeout=httpx.Timeout(None, read=8))", (None, 8), id="a time-out object for ever"),
    pytest.param(f"aiohttp.ClientSession().get({URL})", (300, 300), id="aiohttp has one of its own"),
    pytest.param(f"aiohttp.ClientSession().get({URL}, timeout=None)", (UNKNOWN, UNKNOWN), id="None has two meanings"),
    pytest.param(
        f"aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)).get({URL})", (3, 3), id="a total of aiohttp"
    ),
    pytest.param(
        f"aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_read=30)).get({URL})",
        (None, 30),
        id="no total, but one for the socket",
    ),
    pytest.param(f"urllib3.PoolManager().request('GET', {URL})", (None, None), id="urllib3 waits for ever"),
    pytest.param(f"urllib3.PoolManager(timeout=8).request('GET', {URL})", (8, 8), id="a pool with a time-out"),
    pytest.param(f"urllib.request.urlopen({URL})", (None, None), id="urlopen waits for ever"),
    pytest.param(f"urllib.request.urlopen({URL}, None, 9)", (9, 9), id="the third argument of urlopen"),
    pytest.param(
        f"socket.setdefaulttimeout(20)\nurllib.request.urlopen({URL})",
        (UNKNOWN, UNKNOWN),
        id="a default for all sockets",
    ),
    pytest.param(
        f"""
        wait = None if patient else 10
        requests.get({URL}, timeout=wait)
        """,
        (EITHER, EITHER),
        id="one of two",
    ),
]


@pytest.mark.parametrize(("program", "seconds"), PATIENCE)
def test_how_long_a_call_waits(read, program: str, seconds: tuple[object, object]) -> None:
    source = read(PREAMBLE + "def details():\n" + indent(dedent(program).strip(), "    "))
    [path] = source.paths
    assert path.call.patience is not None
    assert (_shown(path.call.patience.connect), _shown(path.call.patience.read)) == seconds


def _shown(value: Value) -> object:
    return UNKNOWN if isinstance(value, Hole) else EITHER if isinstance(value, OneOf) else value


def test_a_client_that_is_not_known_waits_as_long_as_it_likes(read) -> None:
    [path] = read(f"def details(session):\n    return session.get({URL}, headers={{}})").paths
    assert path.call.patience is not None
    assert isinstance(path.call.patience.read, Hole)
