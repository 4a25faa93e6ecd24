"""OpenAPI files to the tables in `rules/shapes/`: the fields, headers and answers of every operation of `rules/api/`.

    python tools/derive_shapes.py FOLDER

FOLDER holds the official files; `tools/decided.toml` says which file describes which API, and where the tables differ
from it and why. Needs PyYAML. The same input gives the same bytes, so `git diff` shows what Vipps has changed.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

RULES = Path(__file__).parents[1] / "rules"
DECIDED = Path(__file__).with_name("decided.toml")

HEADING = """\
# The shapes of what {title} takes and answers, derived by tools/derive_shapes.py; change tools/decided.toml instead.
# A field is its type (`[]`: an array of it), then what else is known: required, nullable, deprecated, min= and max=
# (how large a number is, how long a text, how many items), signs=A-Z (of what a text is made, as URLs are written),
# in=ONE|OTHER. A type with a capital is a table below `types`; an `object` may hold anything.
"""

NUMERIC = ("minimum", "maximum")
BOUNDS = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}
OF_ARRAYS = ("type", "nullable", "minItems", "maxItems")
ONLY_SIGNS = re.compile(r"\^\[(?P<signs>[A-Za-z0-9._ -]+)\](?:[+*]|\{(?P<least>\d+)(?:,(?P<most>\d*))?\})\$")
SAFE = "-._"

Schema = Mapping[str, Any]


@dataclass
class Description:
    """One OpenAPI file, and the types that were found in it so far."""

    document: Schema
    folder: Path
    outside: Mapping[str, str]
    types: dict[str, dict[str, str]] = field(default_factory=dict)

    def resolved(self, schema: Schema) -> tuple[Schema, str]:
        """What a reference points to, through any number of steps, and its name there."""
        name = ""
        while "$ref" in schema:
            file, _, way = schema["$ref"].partition("#")
            found: Any = self.neighbour(file) if file else self.document
            for step in way.strip("/").split("/"):
                found = {str(key): value for key, value in found.items()}[step.replace("~1", "/").replace("~0", "~")]
            name, schema = way.rpartition("/")[2], found
        return schema, name

    def neighbour(self, file: str) -> Schema:
        """Another file that this one refers to; `outside` says which file of the folder stands for an address."""
        return _rebased(_loaded(self.folder / self.outside.get(file, file)), file)

    def shape(self, schema: Schema, name: str) -> str:
        """A schema as the text of a field; objects become types, named as they are there or by `name`."""
        schema, known = self.resolved(schema)
        wrapped = [one for key in ("allOf", "oneOf", "anyOf") for one in schema.get(key, ())]
        if len(wrapped) == 1 and not known:
            known = self.resolved(wrapped[0])[1]
        merged = self.merged(schema)
        kind = _type(merged)
        if kind == "array":
            items = self.shape(merged.get("items", {}), known or name).split(" ")
            return f"{items[0]}[]{_facts({k: v for k, v in merged.items() if k in OF_ARRAYS})}"
        if kind == "object" and merged.get("properties"):
            return self.typed(merged, known or name) + _facts(merged)
        return kind + _facts(merged)

    def typed(self, schema: Schema, name: str) -> str:
        """The name of the type that an object with known fields is; two that differ have two names."""
        name = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))
        fields = {one: self.member(schema, one, name) for one in schema["properties"]}
        names = (name, *(f"{name}{number}" for number in range(2, 99)))
        free = next(one for one in names if self.types.get(one, fields) == fields)
        self.types[free] = fields
        return free

    def member(self, schema: Schema, name: str, around: str) -> str:
        """One field of an object, as text."""
        inner = schema["properties"][name]
        kind, _, facts = self.shape(inner, around + name[:1].upper() + name[1:]).partition(" ")
        words = [kind, "required" if name in schema.get("required", ()) else ""]
        words += ["deprecated" if inner.get("deprecated") and "deprecated" not in facts else "", facts]
        return " ".join(word for word in words if word)

    def merged(self, schema: Schema) -> Schema:
        """A schema with its alternatives folded in: all fields of any, required where they are in each."""
        schema, _ = self.resolved(schema)
        parts = [self.merged(one) for one in schema.get("allOf", ())]
        either = [self.merged(one) for key in ("oneOf", "anyOf") for one in schema.get(key, ())]
        if either:
            parts.append(self.either(either))
        if not parts:
            return schema
        own = {key: value for key, value in schema.items() if key not in ("allOf", "oneOf", "anyOf")}
        whole: dict[str, Any] = {}
        for part in (*parts, own):
            fields = {**whole.get("properties", {}), **part.get("properties", {})}
            required = [*whole.get("required", ()), *part.get("required", ())]
            whole = {**whole, **part, "properties": fields, "required": required}
        return whole

    def either(self, parts: list[Schema]) -> Schema:
        """What holds whichever of some alternatives it is."""
        kinds = {_type(part) for part in parts}
        if kinds != {"object"}:
            options = [option for part in parts for option in part.get("enum", ())]
            shared = {"enum": list(dict.fromkeys(options))} if all(part.get("enum") for part in parts) else {}
            return {"type": kinds.pop(), **shared} if len(kinds) == 1 else {}
        names = dict.fromkeys(name for part in parts for name in part.get("properties", {}))
        fields = {
            name: self.common([p["properties"][name] for p in parts if name in p["properties"]]) for name in names
        }
        needed = [name for name in names if all(name in part.get("required", ()) for part in parts)]
        return {"type": "object", "properties": fields, "required": needed}

    def common(self, schemas: list[Schema]) -> Schema:
        """One field as several alternatives describe it."""
        found = [self.merged(one) for one in schemas]
        if len(found) == 1 or all(one == found[0] for one in found):
            return schemas[0]
        return self.either(found)


def _type(schema: Schema) -> str:
    kind = schema.get("type") or ("object" if "properties" in schema else "array" if "items" in schema else "any")
    return str(kind)


def _facts(schema: Schema) -> str:
    """What is known of a field beside its type."""
    words = [word for word in ("nullable", "deprecated") if schema.get(word)]
    words += [f"{word}={int(bound)}" for word, bound in _bounds(schema).items() if bound is not None]
    if schema.get("enum"):
        words.append("in=" + "|".join("NO" if one is False else str(one) for one in schema["enum"]))
    elif found := _only_signs(schema):
        words.append(f"signs={quote(found['signs'], safe=SAFE)}")
    return "".join(f" {word}" for word in words)


def _bounds(schema: Schema) -> dict[str, float | str | None]:
    """How long a text is, how many items there are, or how large a number is."""
    kind = schema.get("type", "")
    found = {word: schema.get(name) for word, name in zip(("min", "max"), BOUNDS.get(kind, NUMERIC), strict=True)}
    if kind != "string":
        return found
    counted: dict[str, Any] = {"min": None, "max": None}
    if signs := _only_signs(schema):
        counted = {"min": signs["least"], "max": signs["least"] if signs["most"] is None else signs["most"] or None}
    # some files limit the length of a text with the words for numbers
    return {word: found[word] or schema.get(name) or counted[word] for word, name in zip(found, NUMERIC, strict=True)}


def _only_signs(schema: Schema) -> re.Match[str] | None:
    """The pattern of a text that says no more than of which signs it is made, and of how many."""
    if schema.get("type") != "string" or schema.get("enum"):
        return None
    pattern = schema.get("pattern", "").replace(r"^\d", r"^[\d]").replace(r"\d", "0-9").replace(r"\.", ".")
    return ONLY_SIGNS.fullmatch(pattern)


def _loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _rebased(node: Any, file: str) -> Any:
    """A part of another file, whose references to itself name that file."""
    if isinstance(node, list):
        return [_rebased(one, file) for one in node]
    if not isinstance(node, dict):
        return node
    return {key: file + one if key == "$ref" and one[:1] == "#" else _rebased(one, file) for key, one in node.items()}


def operations(description: Description, base: str) -> Iterator[tuple[str, str, Schema, Schema]]:
    """Method, whole path, path item and operation of everything that a file describes."""
    for path, item in description.document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield method.upper(), base + path, item, item[method]


def described(description: Description, item: Schema, one: Schema, name: str) -> dict[str, Any]:
    """The table of one operation."""
    given = [description.resolved(each)[0] for each in (*item.get("parameters", ()), *one.get("parameters", ()))]
    security = one.get("security", description.document.get("security", ()))
    headers = ["Authorization"] if any("earer" in scheme for each in security for scheme in each) else []
    headers += [each["name"] for each in given if each["in"] == "header" and each.get("required")]
    table: dict[str, Any] = {"headers": list(dict.fromkeys(headers))}
    body, _ = description.resolved(one.get("requestBody", {}))
    if found := _content(body):
        table["body"] = description.shape(found, name + "Request") + (" required" if body.get("required") else "")
    success = {int(status): answer for status, answer in one["responses"].items() if str(status).startswith("2")}
    if success and (found := _content(description.resolved(next(iter(success.values())))[0])):
        table["answer"] = description.shape(found, name + "Response")
    table["success"] = sorted(success)
    return table


def _content(part: Schema) -> Schema | None:
    """The schema of a body that is JSON or a form."""
    for kind, content in part.get("content", {}).items():
        if ("json" in kind or "form" in kind) and "schema" in content:
            return dict(content["schema"])
    return None


def derived(api: str, source: Mapping[str, Any], folder: Path, rules: Path) -> dict[str, Any]:
    """The tables of one API, before anything is decided otherwise."""
    description = Description(_loaded(folder / source["file"]), folder, source.get("outside", {}))
    known = tomllib.loads((rules / "api" / f"{api}.toml").read_text(encoding="utf-8"))["operations"]
    tables: dict[str, Any] = {}
    for method, path, item, one in operations(description, source.get("base", "")):
        for name, operation in known.items():
            if operation["method"] == method and _bare(operation["route"]) == _bare(path):
                tables[name] = described(description, item, one, _camel(name))
    return {"operations": tables, "types": description.types}


def _bare(route: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", route).rstrip("/").lower()


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def decide(api: str, tables: dict[str, Any], decisions: list[dict[str, Any]]) -> None:
    """Apply what was decided otherwise; a decision that changes nothing any more is an error."""
    for one in decisions:
        if one["api"] != api:
            continue
        before = repr(tables)
        for kind in ("operations", "types"):
            for name, changes in one.get(kind, {}).items():
                table = tables[kind].setdefault(name, {})
                table.update(changes)
                for gone in [key for key, value in changes.items() if value == ""]:
                    table.pop(gone)
        if repr(tables) == before:
            sys.exit(f"{api}: nothing to decide any more: {one['why']}")


def used(tables: dict[str, Any]) -> dict[str, Any]:
    """The types that an operation needs, in the order of their names."""
    waiting = [one.get(key, "") for one in tables["operations"].values() for key in ("body", "answer")]
    found: set[str] = set()
    while waiting:
        name = waiting.pop().split(" ")[0].removesuffix("[]")
        if name in tables["types"] and name not in found:
            found.add(name)
            waiting += tables["types"][name].values()
    return {name: tables["types"][name] for name in sorted(found)}


def written(source: Mapping[str, Any], tables: dict[str, Any]) -> str:
    """The tables as TOML."""
    lines = [HEADING.format(title=source["title"]), f"as_of = {source['as_of']}"]
    lines += ["final = true"] if source.get("final") else []
    for kind, named in (("operations", tables["operations"]), ("types", used(tables))):
        for name, table in named.items():
            lines.append(f"\n[{kind}.{name}]")
            lines += [f"{_key(key)} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'


def main(folder: Path, decided: Path = DECIDED, rules: Path = RULES) -> None:
    """Write one file for each API."""
    plan = tomllib.loads(decided.read_text(encoding="utf-8"))
    for api, source in plan["sources"].items():
        tables = derived(api, source, folder, rules)
        decide(api, tables, plan["decisions"])
        touched = {name for one in plan["decisions"] if one["api"] == api for name in one.get("types", {})}
        if idle := sorted(touched - used(tables).keys()):
            sys.exit(f"{api}: no operation has the type {idle[0]}")
        (rules / "shapes" / f"{api}.toml").write_text(written(source, tables), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
