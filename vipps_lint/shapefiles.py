"""The files in `rules/shapes/` as `Reference`s: which headers, fields and answers every operation has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from vipps_lint.rulefiles import RuleFileError, Strict, load
from vipps_lint.shape import GONE, OPEN, Reference, Shape

PLAIN = ("string", "integer", "number", "boolean", GONE, *OPEN)
FLAGS = ("required", "nullable", "deprecated")
FACTS = ("min", "max", "signs", "instead")


class OperationShapes(Strict):
    """What one operation requires, takes and answers; the texts are as those of fields, `success` its statuses."""

    headers: tuple[str, ...]
    body: str | None = None
    answer: str | None = None
    success: tuple[int, ...] = ()


class ShapesFile(Strict):
    """One file in `rules/shapes/`."""

    as_of: date
    final: bool = False
    operations: Mapping[str, OperationShapes]
    types: Mapping[str, Mapping[str, str]] = {}


def references(place: Path) -> dict[str, Reference]:
    """The references of a folder by the ids of their operations. Raises `RuleFileError` for a file that is wrong."""
    found: dict[str, Reference] = {}
    for path in sorted(place.glob("*.toml")):
        shown = f"rules/shapes/{path.name}"
        file = load(path, ShapesFile, shown)
        reader = _Reader(file.types, shown)
        for name, one in file.operations.items():
            body, answer = (text and reader.shape(text, f"operations.{name}") for text in (one.body, one.answer))
            found[f"{path.stem}.{name}"] = Reference(
                one.headers, body or None, answer or None, one.success, file.final
            )
    return found


class _Reader:
    """The types of one file, each read once."""

    def __init__(self, types: Mapping[str, Mapping[str, str]], shown: str) -> None:
        self._types = types
        self._shown = shown
        self._read: dict[str, Mapping[str, Shape]] = {}

    def shape(self, text: str, at: str) -> Shape:
        """The shape that a text such as `Amount[] required` describes."""
        rest, _, options = text.partition(" in=")
        name, *words = rest.split()
        given = dict(word.split("=", 1) for word in words if "=" in word)
        if strange := [word for word in words if word not in FLAGS and word.partition("=")[0] not in FACTS]:
            allowed = f"{', '.join((*FLAGS, *(f'{fact}=' for fact in FACTS)))} and in="
            raise RuleFileError(f"{self._shown}: {at}: unknown word `{strange[0]}`; allowed are {allowed}")
        item = name.removesuffix("[]")
        inner = Shape(item) if item in PLAIN else Shape("object", fields=self._fields(item, at))
        return replace(
            Shape("array", items=inner) if item != name else inner,
            required="required" in words,
            nullable="nullable" in words,
            deprecated="deprecated" in words,
            least=int(given["min"]) if "min" in given else None,
            most=int(given["max"]) if "max" in given else None,
            signs=unquote(given.get("signs", "")),
            options=tuple(options.split("|")) if options else (),
            instead=given.get("instead", ""),
        )

    def _fields(self, name: str, at: str) -> Mapping[str, Shape]:
        if name not in self._types:
            raise RuleFileError(f"{self._shown}: {at}: no type is called `{name}`")
        if name not in self._read:
            self._read[name] = {
                field: self.shape(text, f"types.{name}.{field}") for field, text in self._types[name].items()
            }
        return self._read[name]
