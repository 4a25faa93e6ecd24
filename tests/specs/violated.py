"""Requests with one violation of an OpenAPI file each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from descriptions import Described, Request, Schema, accepts, merged

OTHER_TYPES: dict[str, tuple[Any, ...]] = {
    "string": (7, True, [], {}),
    "integer": ("7", 7.5, True, [], {}),
    "number": ("7", True, [], {}),
    "boolean": ("true", 1, [], {}),
    "array": ("text", {}),
    "object": ("text", []),
}
"""Values that are not of a type."""

STRANGE = ("!", "æ", " ", "\n", "_")
"""Signs of which one breaks nearly every pattern."""


@dataclass(frozen=True)
class Violation:
    """A request with one mistake: where (items of arrays are `*`), of what kind, and in words which."""

    at: str
    kind: str
    which: str
    request: Request


def violations(described: Described, request: Request, choice: int = 0) -> Iterator[Violation]:
    """Every single violation of the description that is made of a valid request, if the validator calls it one."""
    made = [*_of_parameters(described, request)]
    if described.body is not None and request.has_body:
        if described.needs_body:
            made.append(Violation("body", "missing", "no body", replace(request, body=None, has_body=False)))
        for at, kind, which, body in _of_value(merged(described.body, choice), request.body, "body", choice):
            if not described.form or kind not in ("type", "null"):  # a form knows text only
                made.append(Violation(at, kind, which, replace(request, body=body)))
    yield from (one for one in made if not accepts(described, one.request))


def _of_parameters(described: Described, request: Request) -> Iterator[Violation]:
    needed = {(one.where, one.name) for one in described.parameters if one.required and one.where != "path"}
    for where, name in request.parameters:
        at = f"{where}.{name}"
        rest = {key: value for key, value in request.parameters.items() if key != (where, name)}
        if (where, name) in needed or (name == "Authorization" and described.bearer):
            yield Violation(at, "missing", "dropped", replace(request, parameters=rest))
    for one in described.parameters:
        value = request.parameters.get((one.where, one.name))
        for kind, wrong in _wrong(merged(one.schema), value) if value is not None else ():
            if isinstance(wrong, str | int) and str(wrong).strip() and "\n" not in str(wrong) and kind != "type":
                sent = {**request.parameters, (one.where, one.name): wrong}
                yield Violation(f"{one.where}.{one.name}", kind, repr(wrong), replace(request, parameters=sent))


Changed = tuple[str, str, str, Any]


def _of_value(schema: Schema, value: Any, at: str, choice: int) -> Iterator[Changed]:
    yield from ((at, kind, repr(wrong)[:60], wrong) for kind, wrong in _wrong(schema, value))
    if isinstance(value, dict):
        yield from _of_fields(schema, value, at, choice)
    if isinstance(value, list):
        items = merged(schema.get("items", {}), choice)
        for number, item in enumerate(value):
            for place, kind, which, wrong in _of_value(items, item, f"{at}.*", choice):
                yield place, kind, which, [*value[:number], wrong, *value[number + 1 :]]


def _of_fields(schema: Schema, value: dict[str, Any], at: str, choice: int) -> Iterator[Changed]:
    for name, item in value.items():
        place = f"{at}.{name}"
        if name in schema.get("required", ()):
            yield place, "missing", "dropped", {key: one for key, one in value.items() if key != name}
        inner = schema.get("properties", {}).get(name)
        for where, kind, which, wrong in _of_value(merged(inner, choice), item, place, choice) if inner else ():
            optional = kind == "null" and where == place and name not in schema.get("required", ())
            yield where, "optional null" if optional else kind, which, {**value, name: wrong}
    if schema.get("additionalProperties") is False:
        yield at, "extra", "one more field", {**value, "somethingElse": "text"}
    if most := schema.get("maxProperties"):
        yield at, "many", "too many fields", {f"key{number}": "text" for number in range(most + 1)}


def _wrong(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    """Values of a schema's place that break one thing that it says."""
    kind = schema.get("type", "object" if "properties" in schema else "")
    yield from (("type", other) for other in OTHER_TYPES.get(kind, ()))
    if not schema.get("nullable") and kind:
        yield "null", None
    if "enum" in schema:
        yield from (("option", f"{value}X"), ("option", str(value).swapcase()), ("option", "SOMETHING_ELSE"))
        return
    if kind == "string" and isinstance(value, str):
        yield from _wrong_texts(schema, value)
    if kind in ("integer", "number"):
        yield from [("below", schema["minimum"] - 1)] if "minimum" in schema else []
        yield from [("above", schema["maximum"] + 1)] if "maximum" in schema else []
    if kind == "array" and schema.get("minItems"):
        yield "few", []


def _wrong_texts(schema: Schema, value: str) -> Iterator[tuple[str, str]]:
    if most := schema.get("maxLength"):
        yield "long", (value or "a") + value[-1:] * (most + 1 - len(value))
    if least := schema.get("minLength"):
        yield "short", value[: least - 1]
    if "pattern" in schema:
        fits = [value[:-1] + sign for sign in STRANGE] + [sign + value[1:] for sign in STRANGE]
        yield from (("pattern", one) for one in [*fits, value + value, value[:-1], value[:1], "!"])
    if schema.get("format") in ("date", "date-time", "uuid", "uri", "email"):
        yield "format", "!" + value[1:]
