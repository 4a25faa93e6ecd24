"""What tests put in the place of a client's own function, such as `requests.post`: no client is left to be tapped.

What such a double is called with is what the client would have been called with. A double counts as a client's where it
stands in the place of one, or where it is called as only clients are; a cache may be asked for a URL, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import isclass, isfunction
from types import FunctionType, ModuleType
from typing import Any, NamedTuple
from urllib.parse import urlencode
from weakref import finalize

from vipps_lint.guard.taps.messages import body_of, headers_of
from vipps_lint.guard.watch import Echo, Watch, begin, harmless, under_way
from vipps_lint.read.request import Answer, Body, Exchange, Missing

DOUBLE = "a double"
CLIENTS = frozenset({"requests", "httpx", "httpx2", "aiohttp"})
SENDERS = frozenset({"request", "get", "options", "head", "post", "put", "patch", "delete"})
"""The functions and methods of clients that send."""

ONLY_CLIENTS = frozenset({"json", "headers", "params", "data", "content", "auth"})
"""Arguments that nothing else takes that has a method `get` or `delete` and is given a URL."""

POSITIONS = {"get": ("params",), "post": ("data", "json"), "put": ("data",), "patch": ("data",)}
"""What comes after the URL without a name, in requests; the others take names only."""


class Part(NamedTuple):
    """What a double plays: a client's module or class, or (where it has a `sender`) what sends in one."""

    is_module: bool
    sender: str = ""


NONE = Part(is_module=False, sender="none")
"""What a double of the project's own code plays: what that does with its arguments is not known."""

_cast: dict[int, Part] = {}
"""The mocks that have the place of something, by their numbers: a mock mocks its hash, too."""


class Sent(NamedTuple):
    """What a double was called with; `whole` where nothing is added to it, as a session adds headers."""

    method: str
    url: str
    options: Mapping[str, Any]
    whole: bool


def replaced(owner: object, name: str, before: object) -> None:
    """Take note of what has been put in a place; a plain function is wrapped, so that its calls are seen."""
    part, double = _part(owner, name, before), vars(owner).get(name)
    mock = getattr(double, "mock", None) if isfunction(double) else double
    if mock is None and part.sender in SENDERS and isfunction(double) and _package(double) not in CLIENTS:
        setattr(owner, name, _seen_through(double, part))
    elif before is not None and hasattr(type(mock), "assert_called"):
        _cast[id(mock)] = part
        finalize(mock, _cast.pop, id(mock), None).atexit = False


def part_of(mock: Any) -> Part | None:
    """What a mock plays, where something was replaced by it or it has something's signature."""
    if (part := _cast.get(id(mock))) is not None or mock._spec_class in (None, FunctionType):
        return part
    return Part(is_module=False) if _package(mock._spec_class) in CLIENTS else NONE


def _part(owner: object, name: str, before: object) -> Part:
    match before:
        case ModuleType(__name__=module) if module in CLIENTS:
            return Part(is_module=True)
        case _ if not isclass(before) and _package(type(before)) in CLIENTS:  # such as a session
            return Part(is_module=False)
        case _ if _package(before) in CLIENTS:
            return Part(not isclass(owner), name if name in SENDERS else "")
    return NONE


def _package(found: object) -> str:
    return str(getattr(found, "__module__", "")).partition(".")[0]


def _seen_through(double: Callable[..., Any], part: Part) -> Callable[..., Any]:
    @wraps(double)
    def through(*arguments: Any, **options: Any) -> Any:
        sent = None
        with harmless("a call of a double"):
            sent = sent_by(part.sender, part, arguments, options)
        return double(*arguments, **options) if sent is None else watched(sent, lambda: double(*arguments, **options))

    return through


def sent_by(sender: str, part: Part | None, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Sent | None:
    """The request that a call of a double stands for, if it does."""
    if sender not in SENDERS:
        return None
    if arguments and not isinstance(arguments[0], str) and "url" not in options:
        arguments = arguments[1:]  # the client itself, where a method is replaced by a function
    names = ("method", "url") if sender == "request" else ("url", *POSITIONS.get(sender, ()))
    given = {**dict(zip(names, arguments, strict=False)), **options}
    url, method = given.pop("url", None), given.pop("method", sender)
    if not isinstance(method, str) or not str(url).startswith(("http://", "https://")):
        return None
    if part is None and not given.keys() & ONLY_CLIENTS:
        return None
    headers = dict(given.get("headers") or {})
    plain = all(value is None or isinstance(value, str | bytes) for value in headers.values())
    given["headers"] = {name: value for name, value in headers.items() if isinstance(value, str | bytes)}
    whole = part is not None and part.is_module and plain and not given.get("auth")
    return Sent(method.upper(), _with_query(str(url), given.get("params")), given, whole)


def watched(sent: Sent, call: Callable[[], Any]) -> Any:
    """What a double answers to a request that is judged."""
    watch = begin(DOUBLE, sent.method, sent.url, sent, lambda: _request(sent))
    return call() if watch is None else _called(sent, watch, call)


def _called(sent: Sent, watch: Watch | Echo, call: Callable[[], Any]) -> Any:
    """The answer of the double; what it passes on to the real client is the same call."""
    with under_way(DOUBLE, sent.method, sent.url, sent, watch) as passage:
        answer = call()
    status = getattr(answer, "status_code", None)
    if passage.outcome is not None:
        passage.answered(passage.outcome)
    elif isinstance(status, int):
        passage.answered(lambda: Answer(status, {}, Missing("a double answered")))
    else:
        passage.lost()
    return answer


def _request(sent: Sent) -> Exchange:
    """The request as a client would make it of these arguments."""
    headers = headers_of(sent.options.get("headers"))
    body = _body(sent.options, headers)
    return Exchange(sent.method, sent.url, headers, body, headers_complete=sent.whole)


def _body(options: Mapping[str, Any], headers: dict[str, str]) -> Body:
    """The body; where clients choose its type, they name it among the headers."""
    data = options.get("data") or options.get("content")
    if options.get("files"):
        return Missing("the body has files")
    if isinstance(data, Mapping):
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return urlencode({name: value for name, value in data.items() if value is not None}, doseq=True)
    if not data and options.get("json") is not None:
        headers.setdefault("Content-Type", "application/json")
        return _json(options["json"])
    return body_of(data or None)


def _json(document: Any) -> Body:
    try:
        return json.dumps(document)
    except (TypeError, ValueError):
        return Missing("the body is no JSON")


def _with_query(url: str, params: Any) -> str:
    if not params:
        return url
    query = params if isinstance(params, str) else urlencode(params, doseq=True)
    return f"{url}{'&' if '?' in url else '?'}{query}"
