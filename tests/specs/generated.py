"""Requests that an OpenAPI file calls valid: drawn by hypothesis, and one with every field."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any

from descriptions import Described, Parameter, Request, Schema, accepts, merged, valid
from hypothesis import strategies as st

from vipps_lint.examples import Request as Good

TEXT = st.characters(min_codepoint=32, max_codepoint=382, categories=("L", "N", "P", "S", "Zs"))
TOKEN = "Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"

FORMATS: Mapping[str, st.SearchStrategy[str]] = {
    "date": st.dates().map(str),
    "date-time": st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    "uri": st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9-]{0,20}", fullmatch=True),
    "uuid": st.uuids().map(str),
    "guid": st.uuids().map(str),
    "byte": st.binary(max_size=40).map(lambda data: base64.b64encode(data).decode()),
    "email": st.from_regex(r"[a-z]{1,9}@[a-z]{1,9}\.example", fullmatch=True),
}

SAMPLES = (
    "4791234567", "91234567", "acme-shop-1042", "123456", "999999999", "12345678911", "5411", "NO", "2026-12-01",
    "2026-12-24T23:00:00Z", "1.5", "https://acme-shop.example/orders/1042", "kari@acme-shop.example", "AB", "ABC",
    "6f1c2d3e-4b5a-4978-8a6b-1c2d3e4f5a6b", "Five pairs of mittens", "SGVp",
)  # fmt: skip
"""Texts of which one fits nearly every field."""


def values(schema: Schema) -> st.SearchStrategy[Any]:
    """Values of a schema. What the schema does not restrict is drawn freely."""
    if options := schema.get("anyOf"):
        return st.integers(0, len(options) - 1).flatmap(lambda choice: values(merged(schema, choice)))
    schema = merged(schema)
    plain = _values(schema)
    return st.one_of(plain, st.none()) if schema.get("nullable") else plain


def _values(schema: Schema) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type") or ("object" if "properties" in schema else "any"):
        case "string":
            return _texts(schema)
        case "integer":
            return st.integers(schema.get("minimum", -(2**31)), schema.get("maximum", 2**31 - 1))
        case "number":
            return st.floats(schema.get("minimum"), schema.get("maximum"), allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
        case "array":
            least = schema.get("minItems", 0)
            return st.lists(values(schema.get("items", {})), min_size=least, max_size=min(schema.get("maxItems", 9), 3))
        case "object":
            return _objects(schema)
        case _:
            return st.sampled_from(["anything", 7, True])


def _texts(schema: Schema) -> st.SearchStrategy[str]:
    least, most = schema.get("minLength", 0), schema.get("maxLength", 60)
    if "pattern" in schema:
        drawn: st.SearchStrategy[str] = st.from_regex(schema["pattern"], fullmatch=True)
    else:
        drawn = FORMATS.get(schema.get("format", ""), st.text(TEXT, min_size=least, max_size=min(most, 120)))
    likely = [one for one in (*SAMPLES, schema.get("example")) if isinstance(one, str)]
    fitting = [one for one in likely if valid({**schema, "nullable": False}, one)]
    fits = drawn.filter(lambda text: least <= len(text) <= most)
    return st.one_of(fits, st.sampled_from(fitting)) if fitting else fits


def _objects(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    fields = schema.get("properties", {})
    if not fields:
        inner = schema.get("additionalProperties")
        return (
            st.dictionaries(st.text(TEXT, min_size=1, max_size=9), values(inner), max_size=5) if inner else st.just({})
        )
    needed = {name: values(one) for name, one in fields.items() if name in schema.get("required", ())}
    return st.fixed_dictionaries(
        needed, optional={name: values(one) for name, one in fields.items() if name not in needed}
    )


def requests(described: Described) -> st.SearchStrategy[Request]:
    """Valid requests of an operation."""
    needed = {(one.where, one.name): _sent(one) for one in described.parameters if one.required}
    needed |= {("header", "Authorization"): st.just(TOKEN)} if described.bearer else {}
    rest = {(one.where, one.name): _sent(one) for one in described.parameters if (one.where, one.name) not in needed}
    bodies = st.just((None, False))
    if described.body is not None:
        given = values(described.body).map(lambda body: (body, True))
        bodies = given if described.needs_body else st.one_of(given, bodies)
    parts = st.tuples(st.fixed_dictionaries(needed, optional=rest), bodies)
    drawn = parts.map(lambda both: Request(both[0], both[1][0], both[1][1]))
    return drawn.filter(lambda request: accepts(described, request))


def _sent(one: Parameter) -> st.SearchStrategy[Any]:
    """Values of a parameter that can be sent at its place."""
    if one.name == "Authorization":
        return st.just(TOKEN)
    schema = merged(one.schema)
    if schema.get("type", "string") != "string" or "enum" in schema or "pattern" in schema or "format" in schema:
        return values(schema)
    return st.text("abcXYZ0123456789-_", min_size=1, max_size=min(schema.get("maxLength", 40), 40))


def full(described: Described, good: Good, choice: int) -> Request:
    """The request with every field and parameter, as the good one has them where it does."""
    named = (re.findall(r"\{([^}]*)\}", path) for path in (described.path, good.path))
    sent: dict[tuple[str, str], Any] = {("path", one): good.parameters[ours] for one, ours in zip(*named, strict=True)}
    sent |= {("query", name): value for name, value in good.query.items()}
    headers = {name.lower(): value for name, value in good.headers.items()}
    parameters: dict[tuple[str, str], Any] = {("header", "Authorization"): TOKEN} if described.bearer else {}
    for one in described.parameters:
        hint = headers.get(one.name.lower()) if one.where == "header" else sent.get((one.where, one.name))
        parameters[one.where, one.name] = sample(one.schema, hint, choice)
    if described.body is None:
        return Request(parameters)
    body = sample(described.body, good.form if described.form else good.body, choice)
    return Request(parameters, body, has_body=True)


def sample(schema: Schema, hint: Any, choice: int) -> Any:
    """One value with all its fields; the hint where it is valid, else what the schema gives as example."""
    schema = merged(schema, choice)
    if schema.get("properties"):
        given = hint if isinstance(hint, dict) else schema.get("example")
        given = given if isinstance(given, dict) else {}
        known = {name: sample(one, given.get(name), choice) for name, one in schema["properties"].items()}
        return dict.fromkeys(schema.get("required", ()), "anything") | known
    if schema.get("type") == "array":
        item = hint[0] if isinstance(hint, list) and hint else None
        return [sample(schema.get("items", {}), item, choice)]
    return next(one for one in _candidates(schema, hint, choice) if one is not None and valid(schema, one))


def _candidates(schema: Schema, hint: Any, choice: int) -> Iterator[Any]:
    if choice and "enum" in schema:
        yield schema["enum"][choice % len(schema["enum"])]
    yield from (hint, schema.get("example"), *schema.get("enum", ()))
    least = max(schema.get("minimum", 0), 0)
    yield from (str(schema.get("example")), 200, least, least + 0.0, True, {}, {"key": "text"}, *SAMPLES)
    yield from (schema.get("pattern", "").removeprefix("(?a)"), "a" * schema.get("minLength", 1))


def choices(schema: Schema | None) -> int:
    """How many alternatives a schema has at most at one place."""
    if schema is None:
        return 1
    inner = [*schema.get("properties", {}).values(), *schema.get("allOf", ()), *schema.get("anyOf", ())]
    inner += [schema["items"]] if "items" in schema else []
    return max(1, len(schema.get("anyOf", ())), *map(choices, inner))
