"""Postman collections (v2.0 and v2.1) to records: requests that nobody has sent, with their variables as holes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from vipps_lint.call import Place
from vipps_lint.diagnostic import Note
from vipps_lint.document import Array, Hole, Object, Template, Value, from_json
from vipps_lint.read.record import Reading, Record, UnreadableError, complete, kind, method, needed, note
from vipps_lint.read.request import DECODER, Body, Exchange, Missing, Parsed

SCHEMA: Final = re.compile(r"https?://schema\.(?:get)?postman\.com/json/collection/v2\.")
"""How the `info.schema` of a collection begins."""

VARIABLE: Final = re.compile(r"\{\{([^{}]+)\}\}")
STEP: Final = re.compile(r"(?<=/):([A-Za-z_][\w-]*)")
"""A step of a path that Postman fills: `/payments/:reference`."""

STRING_OR_VARIABLE: Final = re.compile(r'("(?:[^"\\]++|\\.)*+")|(\{\{[^{}]+\}\})')
BARE: Final = "\ue000"
"""Begins the text that stands for a variable which is no part of a text."""

PLACEHOLDER: Final = re.compile(r"your|insert|enter|example|placeholder|change.?me|^\W*$", re.IGNORECASE)
"""What people write where a value of their own is to be filled in."""

NO_BODY: Final[tuple[Any, ...]] = (None, "", [])


def read_collection(pieces: Iterable[str], path: str) -> Reading:
    """The requests of a collection and of all its folders, in its order."""
    text = "".join(pieces)
    try:
        data = DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        problem = getattr(error, "msg", "nested too deep").lower()
        where = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        message = f"the Postman collection is no JSON ({problem}{where}); export it again, as Collection v2.1"
        yield Note(path, message, lost=True)
        return
    if "info" not in data:
        yield Note(path, "the Postman collection is one of version 1; export it again, as Collection v2.1", lost=True)
        return
    collection = _Collection(data, text)
    for number, (request, auth) in enumerate(_requests(data), 1):
        place = Place(path, record=number)
        try:
            yield Record(collection.exchange(request, auth), place, sent=False)
        except UnreadableError as error:
            yield note(place, str(error))


def _requests(collection: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Each request with the authorization that its folders give it."""
    stack: list[tuple[Iterator[Any], Any]] = [(iter(_list(collection.get("item"))), collection.get("auth"))]
    while stack:
        items, auth = stack[-1]
        item = next(items, stack)
        if item is stack:
            stack.pop()
        elif isinstance(item, Mapping) and "item" in item:
            stack.append((iter(_list(item["item"])), item.get("auth") or auth))
        elif isinstance(item, Mapping):
            yield item.get("request"), auth
        else:
            yield item, auth


class _Collection:
    """What all requests of a collection share: the values of its variables, and its scripts."""

    def __init__(self, data: Mapping[str, Any], text: str) -> None:
        self._scripted = "pm.request" in text
        self._known: dict[str, str] = {}
        for name, value in _pairs(data.get("variable")):
            set_by_script = re.search(rf"""[sS]et\w*\(\s*\\?["'`]{re.escape(name)}\\?["'`]""", text)
            if isinstance(value, str) and not PLACEHOLDER.search(value) and not set_by_script:
                self._known[name] = value

    def exchange(self, request: Any, auth: Any) -> Exchange:
        """The request as it would be sent. Raises `UnreadableError`."""
        if isinstance(request, str):
            request = {"url": request}
        if not isinstance(request, Mapping):
            raise UnreadableError(f"`request` is {kind(request)}; expected an object with `method` and `url`")
        verb = needed(method, request.get("method") or "GET", "request.method", "the name of an HTTP method")
        url = self._url(request.get("url"))
        headers = self._headers(request.get("header"))
        headers |= self._credentials(request.get("auth") or auth)
        body = Missing("a script may change it") if self._scripted else self._body(request.get("body"), headers)
        whole = not self._scripted and complete(headers)
        return Exchange(verb, url, headers, body, headers_complete=whole)

    def _url(self, url: Any) -> str | Template:
        written = url.get("raw") if isinstance(url, Mapping) else url
        if not isinstance(written, str) or not written.strip():
            raise UnreadableError(f"`request.url` is {kind(written)}; expected a URL, or an object with `raw`")
        filled = dict(_pairs(url.get("variable"))) if isinstance(url, Mapping) else {}

        def step(found: re.Match[str]) -> str:
            value = filled.get(found[1])
            known = isinstance(value, str) and not PLACEHOLDER.search(value)
            return str(value) if known else "{{" + found[1] + "}}"

        path, mark, query = written.strip().partition("?")
        value = self.value(STEP.sub(step, path) + mark + query)
        return Template((value,)) if isinstance(value, Hole) else value

    def _headers(self, written: Any) -> dict[str, Value]:
        if isinstance(written, str):
            lines = (line.partition(":") for line in written.splitlines() if ":" in line)
            written = [{"key": name, "value": value.strip()} for name, _, value in lines]
        pairs = ((name.strip().lower(), value) for name, value in _pairs(written))
        return {name: self._known_text(value) for name, value in pairs if name}

    def _credentials(self, auth: Any) -> dict[str, Value]:
        """The header that the authorization of a request adds."""
        if not isinstance(auth, Mapping) or auth.get("type") in (None, "noauth"):
            return {}
        scheme = str(auth["type"])
        told = auth.get(scheme)
        given = {**told} if isinstance(told, Mapping) else dict(_pairs(told))
        match scheme:
            case "bearer":
                return {"authorization": _joined("Bearer ", self._known_text(given.get("token")))}
            case "basic":
                return {"authorization": Template(("Basic ", Hole()))}
            case "apikey" if isinstance(given.get("key"), str) and given.get("in", "header") == "header":
                return {given["key"].lower(): self._known_text(given.get("value"))}
            case _:
                return {"authorization": Hole(reason=f"Postman makes it ({scheme})")}

    def _body(self, body: Any, headers: dict[str, Value]) -> Body:
        """The body, and the header for its type that Postman adds."""
        if not isinstance(body, Mapping) or body.get("disabled") or body.get(str(body.get("mode"))) in NO_BODY:
            return None
        match body:
            case {"mode": "raw", "raw": str() as text}:
                headers.setdefault("content-type", Hole(reason="Postman adds it"))
                return self._json(text)
            case {"mode": "urlencoded", "urlencoded": list() as fields}:
                headers.setdefault("content-type", "application/x-www-form-urlencoded")
                return Parsed(Object({name: self._known_text(value) for name, value in _pairs(fields)}))
            case _:
                headers.setdefault("content-type", Hole(reason="Postman adds it"))
                return Missing(f"a body of the kind `{body.get('mode')}` is not read")

    def _json(self, text: str) -> Body:
        """The document of JSON in which variables stand, inside of texts or in the place of values."""
        filled = VARIABLE.sub(lambda found: self._known.get(found[1].strip(), found[0]), text)
        if not VARIABLE.search(filled):
            return filled
        quoted = STRING_OR_VARIABLE.sub(lambda found: found[1] or f'"{BARE}{found[2]}"', filled)
        try:
            return Parsed(self._with_holes(from_json(DECODER.decode(quoted))))
        except (ValueError, RecursionError):
            return Missing("the body is no JSON before its variables are filled in")

    def _with_holes(self, value: Value) -> Value:
        match value:
            case str():
                return self.value(value)
            case Object(fields, is_open):
                unknown = any(VARIABLE.search(name) for name in fields)
                kept = {name: self._with_holes(item) for name, item in fields.items() if not VARIABLE.search(name)}
                return Object(kept, is_open or unknown)
            case Array(items, is_open):
                return Array(tuple(map(self._with_holes, items)), is_open)
            case _:
                return value

    def _known_text(self, value: Any) -> str | Template | Hole:
        return self.value(value) if isinstance(value, str) else Hole()

    def value(self, text: str, depth: int = 5) -> str | Template | Hole:
        """Text with the values of its variables; what the collection does not say is a hole."""
        filled = VARIABLE.sub(lambda found: self._known.get(found[1].strip(), found[0]), text)
        if filled != text and depth:
            return self.value(filled, depth - 1)
        if text.startswith(BARE):
            return _hole(text.removeprefix(BARE)[2:-2], None)
        parts = VARIABLE.split(text)
        pieces = [part if index % 2 == 0 else _hole(part, "string") for index, part in enumerate(parts)]
        pieces = [piece for piece in pieces if piece != ""]
        if len(pieces) == 1:
            return pieces[0]
        return Template(tuple(pieces)) if pieces else ""


def _hole(name: str, type: str | None) -> Hole:
    """The value of a variable; Postman's own (`{{$guid}}`) are another one each time."""
    name = name.strip()
    symbol = None if name.startswith("$") else ("a variable of Postman", name)
    return Hole(type, symbol=symbol, source=name, reason="a variable of Postman")


def _joined(start: str, value: str | Template | Hole) -> str | Template:
    if isinstance(value, str):
        return start + value
    return Template((start, *(value.parts if isinstance(value, Template) else (value,))))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _pairs(written: Any) -> Iterator[tuple[str, Any]]:
    """The names and values of a list of Postman's, without those that are switched off."""
    for one in _list(written):
        match one:
            case {"disabled": True}:
                continue
            case {"key": str() as name, "value": value} | {"id": str() as name, "value": value}:
                yield name, value
            case _:
                continue
