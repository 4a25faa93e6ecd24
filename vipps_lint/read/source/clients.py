"""Calls of Vipps: recognised by route and verb, whatever the client; the libraries only say where the body stands."""

from __future__ import annotations

import re
from dataclasses import replace

from vipps_lint.document import MAYBE, NO, Template, one_of
from vipps_lint.read.routes import Match
from vipps_lint.read.source import ir, prepared
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.freeze import scalar
from vipps_lint.read.source.library import is_logging
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.sending import Sent, record
from vipps_lint.read.source.sessions import HOOKS
from vipps_lint.read.source.text import joined, pieced
from vipps_lint.read.source.timeouts import patience
from vipps_lint.read.source.values import (
    Answer,
    Client,
    Data,
    Dict,
    Encoded,
    External,
    Known,
    Prepared,
    Ref,
    each,
    is_none,
)

VERBS = frozenset({"get", "post", "put", "patch", "delete"})
MODULES = frozenset({"requests", "httpx", "urllib3", "requests.api"})
REQUESTS = frozenset({"urllib.request.Request", "requests.Request", "httpx.Request"})
TWO_STEPS, ANSWERING, TAKEN = "http.client.", "getresponse", "#answer"
"""Clients that send with one method and give the answer with another; where the answer is until then."""

OPENERS = frozenset({"urllib.request.urlopen", "urlopen"})
MOCKS = re.compile(
    r"(?:^|[._])(?:responses|respx|requests_mock|httpretty|pook|aioresponses|pytest_httpx|httpx_mock|respx_mock|rsps|"
    r"mock(?:s|ed|er)?|fake|stubs?|when|verify|httpserver|vcr|wiremock|unittest|assert\w*)(?:$|[._(])",
    re.IGNORECASE,
)
"""What only describes calls: libraries that answer in a test's place."""

SERVERS = re.compile(
    r"(?:^|[._])(?:app|router|blueprint|bp|api|routes?|urls?|path|server|test_client|web|cache|redis|queue|breaker)$",
    re.IGNORECASE,
)
WRAPPER = re.compile(
    r"_*(?:(?:a|async|do|make|send|http|api|json|request|req|call|vipps|signed|auth|authed|authenticated)_)*"
    r"(get|post|put|patch|delete)(?:_(?:request|json|call|async|vipps|req|api|data))*"
)
"""How a project names its own function that sends a request with one verb."""

ACTING = re.compile(r"request|call|send|fetch|api|http|invoke|execute|perform|(?:^|_)(?:do|req|make)(?:_|$)|vipps")
"""What a function is called that sends a request for a verb and a path among its arguments."""

BODY_KEYWORDS = ("json", "data", "content", "body", "payload", "json_data", "json_body", "request_body", "fields")
POSITIONS = {"get": (), "delete": (), "post": ("data", "json"), "put": ("data",), "patch": ("data",)}
"""What comes after the URL in a call of requests without keywords."""


def recognised(
    machine: Machine, receiver: Known | None, name: str, arguments: Arguments, it: ir.CallOf
) -> Known | None:
    """The response of a Vipps call, where the arguments of this call spell a route and a verb; else None."""
    shown = receiver.name if isinstance(receiver, External) else ""
    if machine.decorating or machine.dead or _is_no_client(shown, name, it):
        return None
    dotted = f"{shown}.{name}" if shown else name
    if dotted in OPENERS:
        return _opened(machine, arguments, it)
    thing = machine.thing(receiver) if receiver is not None else None
    client = thing if isinstance(thing, Client) else None
    if client is not None and name == ANSWERING and TAKEN in client.arguments:
        return _taken(client.arguments[TAKEN])
    unsent = prepared.given(machine, name, arguments) if client is not None else None
    sent = _sent(machine, *(unsent or (name, arguments)), None if unsent else client)
    if sent is None:
        return None
    known = shown in MODULES or client is not None
    if not known and not _may_be_client(machine, arguments, it, sent.loose):
        return None
    sent.library = known and not sent.loose
    whole = shown in MODULES or (client is not None and client.plain and client.settled and not machine.choosing)
    sent.whole_headers = whole and sent.library and is_none(arguments.named.get("auth")) and unsent is None
    sent.client = client.arguments if client is not None and unsent is None else {}
    sent.patience = patience(machine, client.name if client else shown, arguments, client, it)
    plain = shown in MODULES or (client is not None and client.plain)
    hooked = any(hook in arguments.named or hook in machine.others.outside for hook in HOOKS)
    sent.sender = (client.name if client else shown).partition(".")[0] if plain and not hooked else ""
    match = _matched(machine, sent)
    if match is None or _is_elsewhere(match):
        return None
    if match.operation is None and not known:
        match = replace(match, known=MAYBE)
    plain = plain and not (arguments.open or hooked or machine.choosing)
    if client is None or not isinstance(receiver, Ref) or not client.name.startswith(TWO_STEPS):
        return record(machine, match, sent, it, plain)
    answer = record(machine, match, sent, it, plain=False)
    held = {key: value for key, value in client.arguments.items() if key != TAKEN} | ({TAKEN: answer} if plain else {})
    machine.put(receiver, replace(client, arguments=held))
    return Data(None, it.node)


def _taken(answer: Known) -> Known:
    """The answer of the last request; from now on it can be seen what becomes of it."""
    if isinstance(answer, Answer):
        answer.record.plain = True
    return answer


TESTS = re.compile(r"(?:^|/)(?:tests?/|conftest\.py$|test_[^/]*\.py$|[^/]*_tests?\.py$)")
SENDING = frozenset({"json", "data", "headers", "params", "timeout", "auth", "content", "files", "cookies", "body"})
CLIENT_LIKE = re.compile(r"client|session|http|request|api|vipps|conn", re.IGNORECASE)


def _may_be_client(machine: Machine, arguments: Arguments, it: ir.CallOf, loose: bool) -> bool:
    """Whether something unknown may be a client: not in tests, where stubs look alike, nor without any sign of it."""
    if TESTS.search(machine.place(it.node).path):
        return False
    written = source_of(it.function).rpartition(".")[0]
    return loose or bool(SENDING & set(arguments.named)) or bool(CLIENT_LIKE.search(written))


def _is_elsewhere(match: Match) -> bool:
    """Whether the URL goes to a host that is certainly another's, or to one's own machine with a path like Vipps'."""
    host = match.url.host
    if not isinstance(host, str):
        return False
    name = host.lower().partition(":")[0]
    if name in ("localhost", "127.0.0.1", "testserver", "0.0.0.0"):
        return match.operation is None
    return "." in name and "vip" not in name and not name.replace(".", "").isdigit() and "mobilepay" not in name


def _matched(machine: Machine, sent: Sent) -> Match | None:
    """The operation of a URL that may be one of a few: hosts may differ, and one operation must be left."""
    found = [machine.routes.match(sent.method, scalar(url)) for url in each(sent.url)]
    matches = [match for match in found if match is not None]
    named = [match for match in matches if match.operation is not None]
    if not matches:
        return None
    hosts, schemes = one_of(match.url.host for match in matches), one_of(match.url.scheme for match in matches)
    url = replace((named or matches)[0].url, host=hosts, scheme=schemes)
    if not named:
        sure = len(matches) == len(found) and all(match.known is NO for match in matches)
        return replace(matches[0], url=url, known=NO if sure else MAYBE)
    if len({match.operation.id for match in named if match.operation}) > 1:
        return replace(named[0], url=url, operation=None, known=MAYBE)
    names = named[0].parameters
    parameters = {name: one_of(match.parameters[name] for match in named) for name in names}
    return replace(named[0], url=url, parameters=parameters)


def _is_no_client(shown: str, name: str, it: ir.CallOf) -> bool:
    """Whether the callee only describes, serves or logs: mocks, URL tables, loggers, assertions."""
    written = source_of(it.function)
    if MOCKS.search(shown) or MOCKS.search(written.rpartition(".")[0]) or name.startswith("assert"):
        return True
    return (
        is_logging(name)
        or bool(SERVERS.search(written.rpartition(".")[0]))
        or shown == "re"
        or shown.startswith("builtins")
    )


def _opened(machine: Machine, arguments: Arguments, it: ir.CallOf) -> Known | None:
    """`urlopen(url_or_request, data)`."""
    first = arguments.get(0, "url")
    inner = prepared.of_urllib(machine, first) if isinstance(first, Prepared) else arguments
    if inner is None:
        return None
    url, data = inner.get(0, "url"), inner.get(1, "data") or arguments.named.get("data")
    if url is None:
        return None
    verb = inner.named.get("method")
    text = scalar(verb) if verb is not None else "POST" if not is_none(data) else "GET"
    if not isinstance(text, str):
        return None
    waiting = arguments.get(2, "timeout")
    sent = Sent(text.upper(), url, data, None, inner.get(2, "headers"), library=True, sender="urllib")
    sent.patience = patience(machine, "urllib", Arguments(named={"timeout": waiting} if waiting else {}), None, it)
    match = _matched(machine, sent)
    return record(machine, match, sent, it, plain=False, raises=True) if match else None


def _sent(machine: Machine, name: str, arguments: Arguments, client: Client | None) -> Sent | None:
    """The request that a call sends, by its verb and the arguments around the URL."""
    positional = list(arguments.positional)
    lowered = name.lower()
    verb: str | None = None
    loose = False
    if lowered in VERBS:
        verb = lowered.upper()
    elif (written := _verb(arguments)) is not None:
        verb, positional = written[0], [one for one in positional if one is not written[1]]
        loose = lowered not in ("request", "urlopen", "stream")
        if loose and not ACTING.search(lowered):
            return None
    elif found := WRAPPER.fullmatch(lowered):
        verb, loose = found[1].upper(), True
    if verb is None:
        return None
    url = _url(machine, verb, positional, arguments, client)
    if url is None:
        return None
    sent = Sent(verb, url[0], loose=loose)
    after = positional[url[1] + 1 :]
    if client is not None and client.name.startswith(TWO_STEPS):
        arguments = Arguments(named={**dict(zip(("body", "headers"), after, strict=False)), **arguments.named})
        after = []
    _fill(machine, sent, after, arguments, lowered, loose)
    return sent


def _verb(arguments: Arguments) -> tuple[str, Known] | None:
    """An argument that is an HTTP method: `request("POST", ...)`, `method="POST"`, `requests.post`."""
    for value in arguments.all():
        match value:
            case Data(str() as text) if text.lower() in VERBS:
                return text.upper(), value
            case External(dotted) if dotted.rpartition(".")[2] in VERBS and dotted.rpartition(".")[0] in MODULES:
                return dotted.rpartition(".")[2].upper(), value
            case _:
                continue
    return None


def _url(
    machine: Machine, verb: str, positional: list[Known], arguments: Arguments, client: Client | None
) -> tuple[Known, int] | None:
    """The argument that spells a route, and its position (-1 for a keyword)."""
    candidates = [
        *enumerate(positional[:3]),
        *((-1, arguments.named[key]) for key in ("url", "path", "endpoint", "uri") if key in arguments.named),
    ]
    for position, value in candidates:
        based = _based(value, client)
        if any(machine.routes.match(verb, scalar(one)) is not None for one in each(based)):
            return based, position
    return None


def _based(value: Known, client: Client | None) -> Known:
    """A relative URL behind the client's base URL."""
    base = client.arguments.get("base_url") if client is not None else None
    text = scalar(value)
    relative = isinstance(text, str) and not text.startswith("http")
    if base is None or not (relative or (isinstance(text, Template) and isinstance(text.parts[0], str))):
        return value
    known = scalar(base)
    trimmed = known.rstrip("/") if isinstance(known, str) else known
    slash = (
        ""
        if (isinstance(text, str) and text.startswith("/"))
        or (isinstance(text, Template) and str(text.parts[0]).startswith("/"))
        else "/"
    )
    return pieced(joined([trimmed, slash, text], value.node if isinstance(value, Data) else None), (value,))


def _fill(machine: Machine, sent: Sent, after: list[Known], arguments: Arguments, name: str, loose: bool) -> None:
    """The body, query and headers, by keyword first and by position then."""
    named = arguments.named
    sent.headers, sent.query = named.get("headers"), named.get("params")
    sent.body = next((named[key] for key in BODY_KEYWORDS if not is_none(named.get(key))), None)
    sent.body_known = not arguments.open
    if sent.body is None and after:
        if not loose and name in POSITIONS:
            given = dict(zip(POSITIONS[name], after, strict=False))
            sent.body = next((value for value in given.values() if not is_none(value)), None)
        else:
            sent.body = next((one for one in after if _is_body(machine, one)), None)
            sent.body_known = False


def _is_body(machine: Machine, value: Known) -> bool:
    match value, machine.thing(value):
        case Encoded(), _:
            return True
        case _, Dict(fields):
            return not any(
                key.lower() in ("authorization", "content-type", "ocp-apim-subscription-key") for key in fields
            )
        case _:
            return False
