"""The shape of the files in `rules/`: what pydantic accepts, and the sentence that a mistake in them gets.

A rule file or an operation file with a typo is one line that names file, key and what is allowed there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from vipps_lint.changes import ExampleFile, GoodFile, Level
from vipps_lint.checks import VOCABULARY, Check

Model = TypeVar("Model", bound=BaseModel)


class RuleFileError(Exception):
    """A file in `rules/` that cannot be used; the text is one line for the person who wrote it."""


class Strict(BaseModel):
    """No unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Stage(Strict):
    """From a day on the rule has a severity; `on` and `when` narrow it to operations and to values in the call.

    `help` replaces the rule's help where the cure has changed too.
    """

    since: date = Field(alias="from")
    severity: Level
    on: tuple[str, ...] = ()
    when: Mapping[str, Any] = Field(default_factory=dict)
    help: str | None = None


class Where(Strict):
    """Where the rule looks in one operation, and what differs there."""

    field: str | tuple[str, ...]
    check: Mapping[str, Any] = Field(default_factory=dict)


class RuleFile(Strict):
    """One file in `rules/`."""

    on: tuple[str, ...] | Mapping[str, str | tuple[str, ...] | Where]
    field: str = ""
    message: str
    help: str
    otherwise: str | None = None
    why: str
    source: str
    verified: date
    timeline: tuple[Stage, ...] = Field(min_length=1)
    check: Mapping[str, Any]
    valid: tuple[ExampleFile, ...] = ()
    invalid: tuple[ExampleFile, ...] = Field(min_length=1)

    @field_validator("help", "message", "why", "otherwise")
    @classmethod
    def _one_text(cls, text: str | None) -> str | None:
        return text and " ".join(text.split())


class RetirementFile(Strict):
    announced: date | None = None
    removed: date | None = None
    instead: str = "nothing"
    source: str


class EffectFile(BaseModel):
    """An effect; every key that is not listed here is a fact and holds a pointer."""

    model_config = ConfigDict(extra="allow", frozen=True)

    entity: Literal["payment", "agreement", "charge"]
    key: str
    kind: Literal[
        "initiate", "capture", "cancel", "refund", "observe", "draft", "update", "charge", "cancel-charge"
    ]  # fmt: skip
    success: tuple[int, ...]
    releases: bool = False


class OperationFile(Strict):
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    route: str
    source: str | None = None
    only: Literal["test"] | None = None
    environments: Mapping[Literal["production", "test"], date] | None = None
    retired: RetirementFile | None = None
    effects: tuple[EffectFile, ...] = ()
    good: GoodFile = Field(default_factory=GoodFile)


class ApiFile(Strict):
    """One file in `rules/api/`.

    `common` marks prefixes that others use too (`/webhooks/v1`): a path below one is Vipps' only if it is an operation.
    """

    title: str
    common: bool = False
    prefix: tuple[str, ...]
    typos: tuple[str, ...] = ()
    hosts: Mapping[str, str] = Field(default_factory=dict)
    source: str
    verified: date
    environments: Mapping[Literal["production", "test"], date]
    retired: RetirementFile | None = None
    good: GoodFile = Field(default_factory=GoodFile)
    operations: Mapping[str, OperationFile]


class MeaningFile(Strict):
    """What an error means, and what to do where Vipps says so; `{code}` in either is its code."""

    meaning: str
    cure: str = ""


class ErrorFile(Strict):
    """One file in `rules/errors/`: the errors of some APIs (`*`: all), by group and code, by code alone, by status.

    Of a group, `*` is any code. A status speaks for answers that have no code.
    """

    on: tuple[str, ...] = Field(min_length=1)
    source: str
    verified: date
    group: Mapping[str, Mapping[str, MeaningFile]] = Field(default_factory=dict)
    code: Mapping[str, MeaningFile] = Field(default_factory=dict)
    status: Mapping[Annotated[int, Field(ge=400, lt=600)], MeaningFile] = Field(default_factory=dict)


def load(path: Path, model: type[Model], shown: str) -> Model:
    """Read one file. Raises `RuleFileError` with one line for a file that is no TOML or does not fit the model."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleFileError(f"{shown}: not valid TOML: {error}") from None
    except ValidationError as error:
        raise RuleFileError(f"{shown}: {sentence(error, model)}") from None


def check_from(table: Mapping[str, Any], shown: str) -> Check:
    """The check that a `[check]` table describes. Raises `RuleFileError` that names the key and what is allowed."""
    use = table.get("use")
    if use not in VOCABULARY:
        raise RuleFileError(f"{shown}: check.use: unknown check `{use}`; allowed are {_listed(VOCABULARY)}")
    kind = VOCABULARY[use]
    try:
        arguments = {key: value for key, value in table.items() if key != "use"}
        return TypeAdapter(kind).validate_python(arguments)
    except ValidationError as error:
        raise RuleFileError(f"{shown}: check.{sentence(error, kind, repr(use))}") from None


def sentence(error: ValidationError, model: type, name: str = "this table") -> str:
    """The first problem of a validation in one line: where, what, and what is allowed there.

    An unknown key comes first: a typo is why another key is missing.
    """
    problem = min(error.errors(), key=lambda one: one["type"] not in UNKNOWN_KEY)
    where = ".".join(str(step) for step in problem["loc"] if not _is_alternative(step))
    if problem["type"] in UNKNOWN_KEY:
        allowed = list(_keys(model, problem["loc"][:-1]))
        close = get_close_matches(str(problem["loc"][-1]), allowed, 1)
        hint = f"; did you mean `{close[0]}`?" if close else ""
        return f"{where}: unknown key{hint} ({name} knows {', '.join(sorted(allowed)) or 'no keys'})"
    if problem["type"] == "missing" or problem["type"] == "missing_argument":
        return f"{where}: missing"
    text = problem["msg"].replace("tuple", "array").replace("dictionary", "table")
    return f"{where}: {text[0].lower()}{text[1:]} (found {problem['input']!r:.80})"


UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")


def _is_alternative(step: int | str) -> bool:
    """Whether a step of a location names one of the types that a value may have, and no key."""
    return isinstance(step, str) and ("[" in step or step in ("str", Where.__name__))


def _keys(model: type, location: tuple[int | str, ...]) -> Iterator[str]:
    """The keys that a model allows at a location inside it."""
    found: Any = model
    for step in location:
        found = next(_models(_annotations(found).get(str(step), found)), found)
    if is_dataclass(found):
        yield from (field.name for field in fields(found))
    for name, field in getattr(found, "model_fields", {}).items():
        yield field.alias or name


def _annotations(model: Any) -> Mapping[str, Any]:
    """The types of the keys of a model."""
    if is_dataclass(model):
        return get_type_hints(model)
    return {name: field.annotation for name, field in getattr(model, "model_fields", {}).items()}


def _models(annotation: Any) -> Iterator[type]:
    """Every model that is named in an annotation."""
    if isinstance(annotation, type) and (issubclass(annotation, BaseModel) or is_dataclass(annotation)):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models(argument)


def _listed(names: Mapping[str, Any]) -> str:
    return ", ".join(sorted(names))
