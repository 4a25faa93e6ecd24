"""The shape of `[tool.vipps-lint]`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from vipps_lint.changes import Level
from vipps_lint.rulefiles import sentence

SPELLING = ConfigDict(extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"))
DottedPath = Annotated[str, Field(min_length=1)] | None


class Fields(BaseModel):
    """Where the lines of other logs have the parts of a call."""

    model_config = SPELLING

    time: DottedPath = None
    method: DottedPath = None
    url: DottedPath = None
    request_line: DottedPath = None
    scheme: DottedPath = None
    host: DottedPath = None
    path: DottedPath = None
    query: DottedPath = None
    status: DottedPath = None
    request_headers: DottedPath = None
    request_body: DottedPath = None
    response_headers: DottedPath = None
    response_body: DottedPath = None


class Audit(BaseModel):
    """What is said to the auditor alone."""

    model_config = SPELLING

    fields: Fields = Fields()


class Table(BaseModel):
    """The table as it is written."""

    model_config = SPELLING

    select: list[str] = Field(default_factory=list)
    ignore: list[str] = Field(default_factory=list)
    severity: dict[str, Level] = Field(default_factory=dict)
    exclude: list[str] = Field(default_factory=list)
    as_of: date | None = None
    per_file_ignores: dict[str, list[str]] = Field(default_factory=dict)
    audit: Audit = Audit()

    @field_validator("as_of", mode="before")
    @classmethod
    def _day(cls, written: object) -> object:
        """A day is a date of TOML, or text that spells one."""
        try:
            return date.fromisoformat(written) if isinstance(written, str) else written
        except ValueError:
            raise PydanticCustomError("no_day", "no such day; write YYYY-MM-DD") from None


def validated(data: dict[str, Any]) -> Table:
    """The table that was read. Raises `ValueError`, one line that names the key, for what cannot be used."""
    try:
        return Table.model_validate(data)
    except ValidationError as error:
        raise ValueError(sentence(error, Table)) from None
