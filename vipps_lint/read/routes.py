"""Which operation a URL belongs to, when parts of the URL may be unknown.

Calls are recognised by route, not by client library: whatever stands before an API's prefix (`/ecomm/v2`) is the base.
An unknown piece that fills a parameter is taken for one step of the path; before a path is called unknown, it may be
anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from difflib import SequenceMatcher
from functools import lru_cache
from urllib.parse import parse_qsl

from vipps_lint.call import Api, Operation
from vipps_lint.document import MAYBE, NO, YES, Hole, Object, Template, Truth, Value, from_plain
from vipps_lint.immutable import immutable
from vipps_lint.read.paths import MARK, Marked, Route

RELATIVE = Hole(symbol="the base of relative URLs")
"""The host of a URL that names none: one client, one base."""

DECIDED = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
"""The methods that an operation can have; any other (a preflight, say) asks nothing of Vipps."""

SENDING = frozenset({"POST", "PUT", "PATCH"})
"""The methods that send a body: who takes the wrong one of them does not mean to read or to delete."""

KNOWN = 4096
"""How many URLs are remembered with their operation: programs call the same ones again and again."""

PLAIN = re.compile(r"https://([a-z0-9-]+\.vipps\.no)/([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+)")
"""A whole URL of Vipps in which nothing needs a closer look."""

NO_QUERY = from_plain({})

NEAR = 0.7
"""How much alike two steps of a path must be to be taken for a typing error."""


@immutable(frozen=True, slots=True)
class Url:
    """A URL taken apart as far as it is known. `path` is shown to users and begins with the API's prefix."""

    scheme: Value
    host: Value
    path: str
    query: Object
    api: Api


@immutable(frozen=True, slots=True)
class Match:
    """What a URL and a method are: an operation with its path parameters, no operation of a known API, or undecided.

    `known` is NO where method and path are certainly no operation, MAYBE where unknown parts leave it open.
    """

    url: Url
    operation: Operation | None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    known: Truth = MAYBE
    nearest: str | None = None


class Routes:
    """All routes of a catalog, to be asked for the operation of a URL."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._routes: dict[str, list[Route]] = {}
        self._by_length: dict[tuple[str, int], list[Route]] = {}
        self._by_form: dict[tuple[str, int, str, str], list[Route]] = {}
        self._prefixes: dict[str, tuple[Api, str]] = {}
        for operation in operations:
            api = operation.api
            route = Route(operation)
            self._routes.setdefault(api.id, []).append(route)
            self._by_length.setdefault((api.id, len(route.steps)), []).append(route)
            self._by_form.setdefault((operation.method, *route.form), []).append(route)
            self._prefixes |= {typo.strip("/").lower(): (api, api.prefixes[0].strip("/")) for typo in api.typos}
            self._prefixes |= {prefix.strip("/").lower(): (api, prefix.strip("/")) for prefix in api.prefixes}
        longest = "|".join(re.escape(prefix) for prefix in sorted(self._prefixes, key=len, reverse=True))
        self._prefix_of_url = re.compile(rf"/(?:{longest})(?=$|[/?#])")
        self._matched = lru_cache(KNOWN)(self._text_match)
        self._prefix = re.compile(rf"(?:^|(?<=/)|(?<={MARK}))({longest})(?=$|/|{MARK})", re.IGNORECASE)

    def may_match(self, url: str) -> bool:
        """Whether a whole URL may be one of Vipps': quick, and never wrong where it says no."""
        return self._prefix_of_url.search(url.lower()) is not None  # four times as fast as to ignore capitals

    def mentions(self, text: str) -> bool:
        """Whether a piece of text spells the prefix of an API, or may be a part of one."""
        return self._prefix.search(text) is not None

    def match(self, method: str | None, value: Value) -> Match | None:
        """The operation that a URL (whole or relative, with or without holes) names; None if it is none of Vipps'.

        Paths are compared without regard to capitals, as Vipps' gateway does.
        """
        if type(value) is str:
            return self._matched(method, value)
        return self._match(method, value) if isinstance(value, str | Template) else None

    def _text_match(self, method: str | None, url: str) -> Match | None:
        return self._plain_match(method, url) or self._match(method, url)

    def _plain_match(self, method: str | None, url: str) -> Match | None:
        """The match of a URL that is written just like a route, at a host of Vipps: most are. None for any other."""
        if method is None or (plain := PLAIN.fullmatch(url)) is None:
            return None
        steps = plain[2].split("/")
        forms = self._by_form
        found = forms.get((method, len(steps), steps[0], steps[-1]), [])
        found = [one for one in (*found, *forms.get((method, len(steps), steps[0], ""), ())) if one.is_written(steps)]
        if not found:
            return None
        route = found[0] if len(found) == 1 else max(found, key=lambda one: one.literals)
        whole = Url("https", plain[1], f"/{plain[2]}", NO_QUERY, route.operation.api)
        return Match(whole, route.operation, {name: steps[index] for index, name in route.names}, YES)

    def _match(self, method: str | None, value: str | Template) -> Match | None:
        marked = Marked(value)
        whole, _, query = marked.text.partition("#")[0].partition("?")
        found = self._prefix.search(whole)
        if found is None:
            return None
        written = found[1].lower()
        api, prefix = self._prefixes[written]
        rest = whole[found.end() :].rstrip("/")
        scheme, host = _base(whole[: found.start()], marked)
        url = Url(scheme, host, marked.shown("/" + found[1] + rest), _query(query, marked), api)
        if written == prefix.lower():
            match = self._decide(method, url, prefix + rest, marked)
        else:
            nearest = next(iter(self._exact(api, prefix + rest, method)), None)
            match = Match(url, None, {}, NO, nearest.operation.label if nearest else None)
        return match if _concerns_vipps(match) else None

    def _decide(self, method: str | None, url: Url, path: str, marked: Marked) -> Match:
        exact = self._exact(url.api, path, method)
        mine = [route for route in exact if route.operation.method == method]
        if mine:
            route = max(mine, key=lambda one: one.literals)
            return Match(url, route.operation, route.parameters(path, marked), YES)
        routes = self._routes[url.api.id]
        if method not in DECIDED or any(one.operation.method == method and one.may_be(path) for one in routes):
            return Match(url, None)
        meant = exact[0].operation if exact else self._nearest(method, url, path)
        return Match(url, None, {}, NO, meant.label if meant else None)

    def _exact(self, api: Api, path: str, method: str | None = None) -> list[Route]:
        """The routes that spell the path; those of the method first, then those that send a body if it does."""
        steps = path.lower().split("/")
        fits = [route for route in self._by_length.get((api.id, len(steps)), ()) if route.is_spelled(steps)]
        return sorted(fits, key=lambda route: _apart(route.operation.method, method))

    def _nearest(self, method: str | None, url: Url, path: str) -> Operation | None:
        """The operation that is probably meant: as many steps, each literal one alike; one of the same method first."""
        alive = [route for route in self._routes[url.api.id] if not route.operation.retired]
        scored = [(route.likeness(path, _alike), route.operation.method == method, route.operation) for route in alive]
        close = [one for one in scored if one[0] >= NEAR]
        return max(close, key=lambda one: one[:2])[2] if close else None


def _apart(one: str, other: str | None) -> tuple[bool, bool]:
    """How far two methods are apart: of those that differ, two that both send a body are closer."""
    return one != other, (one in SENDING) != (other in SENDING)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


def _base(base: str, marked: Marked) -> tuple[Value, Value]:
    """Scheme and host before the path, without credentials; holes where they are not written."""
    if found := re.match(r"([^/:]+)://(?:[^/]*@)?([^/]+)", base):
        scheme = marked.value(found[1])
        return scheme.lower() if isinstance(scheme, str) else scheme, marked.value(found[2])
    whole = marked.value(base.strip("/"))
    if whole == "":
        return Hole(), RELATIVE
    if not isinstance(whole, Hole):
        return Hole(), Hole()
    symbol = None if whole.symbol is None else ("the host of", whole.symbol)
    return Hole(), Hole(symbol=symbol, source=whole.source, reason=whole.reason)


def _query(query: str, marked: Marked) -> Object:
    """The fields of a query; an unknown piece that may hold fields of its own leaves it open."""
    if not query:
        return NO_QUERY
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    is_open = any(re.search(MARK, key) for key, _, _ in pairs)
    known = parse_qsl("&".join("".join(pair) for pair in pairs if not re.search(MARK, pair[0])), keep_blank_values=True)
    told = {key: marked.value(text, unquoted=True) for key, text in known}
    return Object(told, True) if is_open else from_plain(told)


PRIVATE = (".local", ".localhost", ".internal", ".lan", ".svc", ".test", ".example", ".invalid")
"""How the names of hosts end that may stand in for Vipps; any other known host is somebody else's."""


@lru_cache(1024)
def _nearly_vipps(host: str) -> bool:
    return any(_alike(host, right) > 0.85 for right in ("api.vipps.no", "apitest.vipps.no"))


def _concerns_vipps(match: Match) -> bool:
    """Whether the call is one of Vipps', or of a stand-in. What is no operation proves less than what is one."""
    host, api = match.url.host, match.url.api
    if isinstance(host, str):
        name = host.lower().partition(":")[0]
        near = "vipps" in name or _nearly_vipps(name)
        local = name in ("localhost", "127.0.0.1", "testserver", "test")
        private = "." not in name or name.replace(".", "").isdigit() or name.endswith(PRIVATE)
        return near or local or (private and match.operation is not None and not api.common)
    named = isinstance(host, Template) and any("vipps" in part.lower() for part in host.parts if isinstance(part, str))
    return named or match.operation is not None or not api.common
