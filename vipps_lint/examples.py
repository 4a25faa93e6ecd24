"""The examples of rules, ready to be run: as the calls that they are, and as the source that makes them.

An example is a good request of its operation with a few changes, after calls that are good requests with changes too.
Does no IO; the same examples are the rules' tests and what `explain` prints.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from vipps_lint.call import Operation
from vipps_lint.catalog import Catalog, Rule
from vipps_lint.changes import BeforeFile, ExampleFile, GoodFile
from vipps_lint.checks.environment import HOSTS
from vipps_lint.immutable import immutable
from vipps_lint.read.request import Exchange

BETWEEN = timedelta(minutes=1)
"""How long before the next one each of the earlier calls was made, unless it says when."""


@immutable(frozen=True, slots=True)
class Request:
    """One request of an example, with its answer. `base` is scheme and host, `parameters` fill the braces of `path`."""

    operation: Operation
    method: str
    base: str
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    form: Mapping[str, str] | None
    response: Mapping[str, Any]
    at: datetime

    @property
    def url(self) -> str:
        """The whole URL."""
        path = self.path
        for name, value in self.parameters.items():
            path = path.replace("{" + name + "}", quote(value, safe=""))
        return self.base + path + ("?" + urlencode(self.query) if self.query else "")

    def exchange(self) -> Exchange:
        """The request and its answer as a client sees them."""
        return Exchange(
            method=self.method,
            url=self.url,
            headers=self.headers,
            body=urlencode(self.form) if self.form else _dumped(self.body),
            status=self.response.get("status"),
            response_headers=self.response.get("headers", {}),
            response_body=_dumped(self.response.get("body")),
            at=self.at,
        )


def good_request(catalog: Catalog, operation: str) -> Request:
    """The request of an operation that breaks no rule."""
    return requests(catalog, ExampleFile(operation=operation))[0]


def requests(catalog: Catalog, example: ExampleFile, rule: Rule | None = None) -> list[Request]:
    """The requests of an example in their order, its own last; none for an example that is source itself.

    An example that names no operation is about the first one of its rule.
    """
    if example.python is not None:
        return []
    name = example.operation or next(iter(rule.spots if rule else ()), "")
    moment = _moment(example.at or catalog.good[name].at)
    earlier = len(example.before)
    before = [
        _request(catalog, one.operation, one, _moment(one.at) if one.at else moment - BETWEEN * (earlier - number))
        for number, one in enumerate(example.before)
    ]
    return [*before, _request(catalog, name, example, moment)]


def moment(catalog: Catalog, example: ExampleFile, rule: Rule) -> datetime:
    """When the example happens."""
    return _moment(example.at or catalog.good[example.operation or next(iter(rule.spots))].at)


def source(catalog: Catalog, example: ExampleFile, rule: Rule) -> str:
    """Python that makes the calls of an example, in one function."""
    if example.python is not None:
        return example.python.strip() + "\n"
    lines = list(_function(requests(catalog, example, rule), example.reads))
    return "import requests\n\n\ndef example():\n" + "\n".join(f"    {line}" for line in lines) + "\n"


def _moment(at: datetime | None) -> datetime:
    assert at is not None, "an operation file gives every good request a moment"
    return at


def _request(catalog: Catalog, name: str, change: BeforeFile, at: datetime) -> Request:
    operation, good = catalog.operations[name], catalog.good[name]
    parts = _changed(good, change)
    environment = "test" if operation.only == "test" else "production"
    hosts = operation.api.hosts or {name: host for host, name in HOSTS.items()}
    base = f"{getattr(change, 'scheme', None) or 'https'}://{change.host or hosts[environment]}"
    url = getattr(change, "url", None) or operation.route
    return Request(
        operation=operation,
        method=getattr(change, "method", None) or operation.method,
        base="" if "://" in url else base,
        path=url,
        parameters={name: str(value) for name, value in parts["path"].items()},
        query={name: str(value) for name, value in parts["query"].items()},
        headers=parts["headers"],
        body=parts["body"],
        form=good.form,
        response=parts["response"],
        at=at,
    )


def _changed(good: GoodFile, change: BeforeFile) -> dict[str, Any]:
    """The parts of a good request with the changes of an example."""
    names = ("path", "query", "headers", "body", "response")
    parts = {name: _merged(getattr(good, name), getattr(change, name)) for name in names}
    if change.response.get("status", 0) >= 400 and "body" not in change.response:
        parts["response"] = {"status": change.response["status"]}
    for pointer in change.without:
        parts = _without(parts, pointer.split("."))
    return {name: parts.get(name) for name in names}


def _merged(good: Any, change: Any) -> Any:
    """Tables are merged key by key; any other value replaces what was there. No change is None."""
    if isinstance(good, Mapping) and isinstance(change, Mapping):
        return {**good, **{name: _merged(good.get(name), value) for name, value in change.items()}}
    return good if change is None else change


def _without(parts: dict[str, Any], steps: list[str]) -> dict[str, Any]:
    name, *rest = steps
    if not rest:
        return {key: value for key, value in parts.items() if key != name}
    return {**parts, name: _without(parts[name], rest)}


def _dumped(body: Any) -> str | None:
    return None if body is None else json.dumps(body, ensure_ascii=False)


def _function(calls: list[Request], reads: tuple[str, ...]) -> Iterator[str]:
    """The statements that make the calls one after the other and let every error be seen."""
    known: dict[str, str] = {}
    taken: dict[str, int] = {}
    for number, call in enumerate(calls):
        name = call.operation.id.partition(".")[2].replace("-", "_")
        taken[name] = taken.get(name, 0) + 1
        variable = name if taken[name] == 1 else f"{name}_{taken[name]}"
        yield from _statement(call, variable, known)
        yield from _given(call, variable, calls[number + 1 :], known)
    for read in reads:
        yield from _reading(variable, read.split(".")[2:])


def _statement(call: Request, variable: str, known: Mapping[str, str]) -> Iterator[str]:
    yield f"{variable} = requests.{call.method.lower()}("
    yield f"    {_url(call, known)},"
    for keyword, value in (("headers", call.headers), ("json", call.body), ("data", call.form)):
        if value is not None:
            first, *rest = literal(value).splitlines()
            yield f"    {keyword}={first}" + ("" if rest else ",")
            yield from (f"    {line}" + ("," if line is rest[-1] else "") for line in rest)
    yield "    timeout=10,"
    yield ")"
    yield f"{variable}.raise_for_status()"


def _url(call: Request, known: Mapping[str, str]) -> str:
    """The URL as a literal; an id that an earlier call returned is the variable that holds it."""
    flowing = {name: "{" + known[value] + "}" for name, value in call.parameters.items() if value in known}
    if not flowing or "{" not in call.path:
        return literal(call.url)
    start = call.base + call.path
    for name, value in call.parameters.items():
        start = start.replace("{" + name + "}", flowing.get(name) or quote(value, safe=""))
    return "f" + literal(start)


def _given(call: Request, variable: str, later: list[Request], known: dict[str, str]) -> Iterator[str]:
    """Statements that keep the ids in the response which later calls use."""
    for effect in call.operation.effects:
        if effect.key[:2] == ("response", "body") and len(effect.key) == 3:
            name = str(effect.key[2])
            value = str((call.response.get("body") or {}).get(name))
            if value not in known and any(value in one.parameters.values() for one in later):
                known[value] = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
                yield f'{known[value]} = {variable}.json()["{name}"]'


def _reading(variable: str, steps: list[str]) -> Iterator[str]:
    """Statements that read a field of the response, in a loop for every `*`."""
    value, indent = f"{variable}.json()", ""
    for step in steps:
        if step == "*":
            yield f"{indent}for item in {value}:"
            value, indent = "item", indent + "    "
        else:
            value += f'["{step}"]'
    yield f"{indent}print({value})"


def literal(value: Any) -> str:
    """JSON data as a Python literal, one item a line."""
    match value:
        case Mapping() if value:
            return _block("{", (f"{literal(str(name))}: {literal(item)}" for name, item in value.items()), "}")
        case list() | tuple() if value:
            return _block("[", (literal(item) for item in value), "]")
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return repr(value)


def _block(opening: str, items: Iterator[str], closing: str) -> str:
    lines = [f"    {line}" for item in items for line in f"{item},".splitlines()]
    return "\n".join([opening, *lines, closing])
