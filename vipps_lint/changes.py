"""Good requests, and the changes that make examples of them: what rule files show, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, ClassVar, Literal

from vipps_lint.immutable import immutable

Level = Literal["info", "warning", "error", "off"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
STRICT = {"extra": "forbid"}
"""How rule files are read into these: a key that is not listed is an error."""


@immutable(frozen=True)
class BeforeFile:
    """A call that comes before an example's: a good request with changes."""

    operation: str
    at: datetime | None = None
    host: str | None = None
    without: tuple[str, ...] = ()
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    response: Mapping[str, Any] = field(default_factory=dict)
    __pydantic_config__: ClassVar = STRICT


@immutable(frozen=True)
class ExampleFile(BeforeFile):
    """One example of a rule: a good request with changes, or a piece of `python` for rules that only source decides.

    `url` and `method` replace those of the operation. `reads` are the fields of the response that the code uses,
    `file` says where the code stands, `until` how long after its calls a recording goes on.
    """

    operation: str = ""
    method: Method | None = None
    url: str | None = None
    scheme: str | None = None
    before: tuple[BeforeFile, ...] = ()
    reads: tuple[str, ...] = ()
    until: datetime | None = None
    python: str | None = None
    file: str = "example.py"
    instead: str | None = None
    severity: Level | None = None


@immutable(frozen=True)
class GoodFile:
    """A request that breaks no rule, and its answer."""

    at: datetime | None = None
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, str] | None = None
    response: Mapping[str, Any] = field(default_factory=dict)
    __pydantic_config__: ClassVar = STRICT
