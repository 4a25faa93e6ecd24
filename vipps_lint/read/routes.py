"""Which operation a URL belongs to, when parts of the URL may be unknown.

Calls are recognised by route, not by client library: whatever stands before an API's prefix (`/ecomm/v2`) is the base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from urllib.parse import parse_qsl, unquote

from vipps_lint.call import Api, Operation
from vipps_lint.document import MAYBE, NO, YES, Hole, Object, Template, Truth, Value, certain

FIRST_MARK = 0xF0000
"""Holes stand in the text as characters of a private plane, so that plain string methods can take it apart."""


@dataclass(frozen=True, slots=True)
class Url:
    """A URL taken apart as far as it is known. `path` is shown to users; `segments` are the steps below the prefix."""

    scheme: Value
    host: Value
    path: str
    segments: tuple[Value, ...]
    query: Object
    api: Api


@dataclass(frozen=True, slots=True)
class Match:
    """What a URL and a method are: an operation with its path parameters, no operation of a known API, or undecided.

    `known` is NO where the path is certainly no operation, MAYBE where unknown parts or the method leave it open.
    """

    url: Url
    operation: Operation | None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    known: Truth = MAYBE
    nearest: str | None = None


class _Marked:
    """Text in which each hole is one private character."""

    def __init__(self, value: Value) -> None:
        self.holes: list[Hole] = []
        parts = value.parts if isinstance(value, Template) else (value,)
        self.text = "".join(part if isinstance(part, str) else self._mark(part) for part in parts)

    def _mark(self, hole: Value) -> str:
        self.holes.append(hole if isinstance(hole, Hole) else Hole())
        return chr(FIRST_MARK + len(self.holes) - 1)

    def value(self, text: str) -> Value:
        """The text with its holes, as a value."""
        parts: list[str | Hole] = []
        for piece in re.split(f"([{chr(FIRST_MARK)}-{chr(FIRST_MARK + 0xFFF)}])", text):
            if piece and ord(piece[0]) >= FIRST_MARK:
                parts.append(self.holes[ord(piece) - FIRST_MARK])
            elif piece:
                parts.append(unquote(piece))
        if not parts:
            return ""
        return parts[0] if len(parts) == 1 else Template(tuple(parts))

    def shown(self, text: str) -> str:
        """The text as a user reads it: a hole is its source in braces."""
        return "".join("{" + (self.holes[ord(c) - FIRST_MARK].source or "…") + "}" if ord(c) >= FIRST_MARK else c for c in text)


class Routes:
    """All routes of a catalog, to be asked for the operation of a URL."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._by_api: dict[str, list[Operation]] = {}
        self._prefixes: dict[str, tuple[Api, str]] = {}
        for operation in operations:
            api = operation.api
            self._by_api.setdefault(api.id, []).append(operation)
            for prefix in (*api.prefixes, *api.typos):
                self._prefixes[prefix.strip("/")] = (api, api.prefixes[0] if prefix in api.typos else prefix)
        longest = sorted(self._prefixes, key=len, reverse=True)
        mark = f"[{chr(FIRST_MARK)}-{chr(FIRST_MARK + 0xFFF)}]"
        any_prefix = "|".join(re.escape(prefix) for prefix in longest)
        self._prefix = re.compile(rf"(?:^|(?<=/)|(?<={mark}))({any_prefix})(?=$|[/?#]|{mark})", re.IGNORECASE)

    def match(self, method: str | None, value: Value) -> Match | None:
        """The operation that a URL (text, whole or relative, with or without holes) names; None if no API's prefix is in it."""
        url = self._url(value)
        if url is None:
            return None
        fits = [(operation, _fit(operation, url)) for operation in self._by_api[url.api.id]]
        exact = [operation for operation, fit in fits if fit is YES]
        mine = [operation for operation in exact if operation.method == method]
        if mine:
            operation = max(mine, key=_literal_steps)
            return Match(url, operation, _parameters(operation, url), YES)
        if exact or any(fit is MAYBE for _, fit in fits):
            return Match(url, None)
        return Match(url, None, {}, NO, self._nearest(method, url))

    def _url(self, value: Value) -> Url | None:
        if not isinstance(value, str | Template):
            return None
        marked = _Marked(value)
        whole, _, query = marked.text.partition("?")
        whole = whole.partition("#")[0]
        found = self._prefix.search(whole)
        if found is None:
            return None
        base = whole[: found.start()]
        api, prefix = self._prefixes[found[1].lower()] if found[1] not in self._prefixes else self._prefixes[found[1]]
        scheme, host = _base(base, marked)
        wrong = prefix.strip("/") != found[1]
        steps = whole[found.end() :].strip("/") if not wrong else whole[found.start() :].strip("/")
        glued = whole[found.end() : found.end() + 1] not in ("", "/")
        segments = tuple(marked.value(step) for step in steps.split("/")) if steps else ()
        if glued and segments and not wrong:
            segments = (Hole(reason="the path goes on with an unknown value"), *segments[1:]) if len(segments) > 1 else (Hole(),)
        first = tuple(prefix.strip("/").split("/")) if not wrong else ()
        fields = {key: marked.value(text) for key, text in parse_qsl(query, keep_blank_values=True)}
        is_open = any(ord(c) >= FIRST_MARK for c in query)
        shown = marked.shown("/" + whole[found.start() :].lstrip("/"))
        return Url(scheme, host, shown, (*first, *segments), Object(fields, is_open), api)

    def _nearest(self, method: str | None, url: Url) -> str | None:
        """The operation that is probably meant by a path that is none."""
        labels = {
            operation.route: operation.label
            for operation in self._by_api[url.api.id]
            if (method is None or operation.method == method) and not operation.retired
        }
        close = get_close_matches(re.sub(r"\{…\}", "{id}", url.path), labels, 1, 0.75)
        return labels[close[0]] if close else None


def _base(base: str, marked: _Marked) -> tuple[Value, Value]:
    """Scheme and host before the path; holes where they are not written."""
    found = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/]+)/?.*", base, re.DOTALL)
    if found is None:
        return Hole(), Hole()
    return found[1].lower(), marked.value(found[2])


def _steps(operation: Operation) -> list[str]:
    return operation.route.strip("/").split("/")


def _literal_steps(operation: Operation) -> int:
    return sum(not step.startswith("{") for step in _steps(operation))


def _fit(operation: Operation, url: Url) -> Truth:
    steps = _steps(operation)
    if len(steps) != len(url.segments):
        # A hole glued to a step may bring further steps with it.
        loose = any(isinstance(one, Template) or one == Hole() for one in url.segments[-1:])
        return MAYBE if loose and len(steps) > len(url.segments) else NO
    answer = YES
    for step, segment in zip(steps, url.segments, strict=True):
        if step.startswith("{"):
            continue
        answer &= certain(segment == step) if isinstance(segment, str) else MAYBE
    return answer


def _parameters(operation: Operation, url: Url) -> dict[str, Value]:
    pairs = zip(_steps(operation), url.segments, strict=True)
    return {step[1:-1]: segment for step, segment in pairs if step.startswith("{")}
