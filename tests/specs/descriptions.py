"""The official OpenAPI files as descriptions of operations, and an independent validator of requests.

Only the reading of YAML and of references is shared with `tools/derive_shapes.py`; what a schema means says
openapi-schema-validator.
"""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from openapi_schema_validator import OAS30Validator, oas30_format_checker

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"

Schema = dict[str, Any]


@lru_cache
def script() -> ModuleType:
    """The maintainers' script that reads the files."""
    specification = importlib.util.spec_from_file_location("derive_shapes", TOOLS / "derive_shapes.py")
    assert specification and specification.loader
    module = sys.modules[specification.name] = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Parameter:
    """A parameter of the path, the query or the headers."""

    where: str
    name: str
    required: bool
    schema: Schema


@dataclass(frozen=True)
class Described:
    """What a file says of one operation of the catalog. `bearer`: it takes a token."""

    id: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    needs_body: bool
    form: bool
    bearer: bool
    sent: tuple[tuple[str, Any], ...] = field(default=(), repr=False)
    answers: tuple[tuple[str, int, Any], ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True)
class Request:
    """The parts of a request that a description speaks of; parameters are those of the path, the query and headers."""

    parameters: Mapping[tuple[str, str], Any]
    body: Any = None
    has_body: bool = False


def descriptions(folder: Path) -> Iterator[Described]:
    """Every operation of the catalog that a file describes."""
    plan = tomllib.loads((TOOLS / "decided.toml").read_text(encoding="utf-8"))
    for api, source in plan["sources"].items():
        reader = script().Description(script()._loaded(folder / source["file"]), folder, source.get("outside", {}))
        known = tomllib.loads((ROOT / "rules" / "api" / f"{api}.toml").read_text(encoding="utf-8"))["operations"]
        routes = {(one["method"], script()._bare(one["route"])): name for name, one in known.items()}
        for method, path, item, one in script().operations(reader, source.get("base", "")):
            if name := routes.get((method, script()._bare(path))):
                yield _described(
                    reader, f"{api}.{name}", path, (*item.get("parameters", ()), *one.get("parameters", ())), one
                )


def _described(reader: Any, name: str, path: str, given: tuple[Schema, ...], one: Schema) -> Described:
    body = reader.resolved(one.get("requestBody", {}))[0]
    kind, content = next(iter(body.get("content", {}).items()), ("", {}))
    security = one.get("security", reader.document.get("security", ()))
    return Described(
        name,
        path,
        tuple(_parameter(reader, reader.resolved(each)[0]) for each in given),
        whole(reader, content["schema"]) if "schema" in content else None,
        bool(body.get("required")),
        "form" in kind,
        any("earer" in scheme for each in security for scheme in each),
        tuple((label, one) for label, one in _examples(reader, content)),
        tuple(_answers(reader, one)),
    )


def _parameter(reader: Any, one: Schema) -> Parameter:
    schema = whole(reader, one.get("schema", {}))
    if "example" in one:
        schema = {**schema, "example": plain(one["example"])}
    return Parameter(one["in"], one["name"], bool(one.get("required")), schema)


def _answers(reader: Any, one: Schema) -> Iterator[tuple[str, int, Any]]:
    for status, answer in one["responses"].items():
        for content in reader.resolved(answer)[0].get("content", {}).values():
            for label, body in _examples(reader, content):
                yield f"{status} {label}".strip(), int(status) if str(status).isdigit() else 400, body


def _examples(reader: Any, content: Schema) -> Iterator[tuple[str, Any]]:
    """The examples of a body, and the one that its fields' examples make if it is valid."""
    if "example" in content:
        yield "", plain(content["example"])
    for label, one in content.get("examples", {}).items():
        found = reader.resolved(one)[0]
        if "value" in found:
            yield label, plain(found["value"])
    schema = whole(reader, content.get("schema", {}))
    if (made := exemplified(schema)) is not None and valid(schema, made):
        yield "of the fields", made


def exemplified(schema: Schema) -> Any:
    """What the examples of a schema's fields make together; None where there are none."""
    schema = merged(schema)
    if "example" in schema:
        return schema["example"]
    if "items" in schema:
        item = exemplified(schema["items"])
        return None if item is None else [item]
    fields = {name: exemplified(one) for name, one in schema.get("properties", {}).items()}
    return {name: one for name, one in fields.items() if one is not None} or None


def whole(reader: Any, schema: Schema, depth: int = 0) -> Schema:
    """A schema with all that it refers to in it."""
    assert depth < 40, "a schema that contains itself"
    found, _ = reader.resolved(schema)
    result: Schema = {}
    named = _names(found)
    for key, value in found.items():
        if key == "properties":
            result[key] = {name: whole(reader, one, depth + 1) for name, one in value.items()}
        elif key in ("allOf", "oneOf", "anyOf"):
            # `oneOf` is mostly meant as "any": the three ways to name a customer have no required fields, so each fits all
            parts = [_named(whole(reader, one, depth + 1), named.get(one.get("$ref", ""), {})) for one in value]
            result["allOf" if key == "allOf" else "anyOf"] = parts
        elif key in ("items", "not") or (key == "additionalProperties" and isinstance(value, dict)):
            result[key] = whole(reader, value, depth + 1)
        elif key == "enum":
            result[key] = ["NO" if one is False else one for one in value]  # YAML reads `NO` as false
        elif key == "pattern":
            # the files mean JavaScript's expressions: `\d` is ASCII there, and Python knows no classes of Unicode
            result[key] = "(?a)" + value.replace(r"\p{L}\p{M}", "A-Za-zæøåÆØÅ")
        elif key in ("example", "default"):
            result[key] = plain(value)
        elif key not in ("discriminator", "xml", "externalDocs", "description", "title"):
            result[key] = value
    return result


def _names(schema: Schema) -> dict[str, dict[str, list[str]]]:
    """What the `discriminator` of a schema says: for each alternative the field that names it, and its names there."""
    said = schema.get("discriminator", {})
    found: dict[str, dict[str, list[str]]] = {}
    for name, way in said.get("mapping", {}).items():
        found.setdefault(way, {}).setdefault(said["propertyName"], []).append(name)
    return found


def _named(schema: Schema, names: dict[str, list[str]]) -> Schema:
    """An alternative whose field has the names that belong to it."""
    fields = {name: {**schema["properties"][name], "enum": options} for name, options in names.items()}
    return {**schema, "properties": {**schema["properties"], **fields}} if fields else schema


def plain(value: Any) -> Any:
    """A value of YAML as JSON has it: dates are text."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, date | datetime) else value


def merged(schema: Schema, choice: int = 0) -> Schema:
    """A schema without `allOf` and `anyOf`: of the alternatives the one with this number."""
    parts = [merged(one, choice) for one in schema.get("allOf", ())]
    if options := schema.get("anyOf"):
        parts.append(merged(options[choice % len(options)], choice))
    result: Schema = {}
    for part in (*parts, {key: value for key, value in schema.items() if key not in ("allOf", "anyOf")}):
        fields = {**result.get("properties", {}), **part.get("properties", {})}
        needed = [*result.get("required", ()), *part.get("required", ())]
        result = {**result, **part}
        result |= {"properties": fields} if fields else {}
        result |= {"required": list(dict.fromkeys(needed))} if needed else {}
    return result


_VALIDATORS: dict[int, OAS30Validator] = {}


def valid(schema: Schema, value: Any) -> bool:
    """Whether a value is of a schema, as an independent validator reads it."""
    if id(schema) not in _VALIDATORS:
        _VALIDATORS[id(schema)] = OAS30Validator(schema, format_checker=oas30_format_checker)
    return bool(_VALIDATORS[id(schema)].is_valid(value))


def accepts(described: Described, request: Request) -> bool:
    """Whether a request is valid."""
    for one in described.parameters:
        value = request.parameters.get((one.where, one.name))
        if value is None and one.required:
            return False
        if value is not None and not valid(one.schema, value):
            return False
    if described.bearer and ("header", "Authorization") not in request.parameters:
        return False
    if described.body is None or not request.has_body:
        return not described.needs_body
    return valid(described.body, request.body)
