"""What has been found out about values and functions, whatever the path."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from vipps_lint.document import Value
from vipps_lint.read.source import ir
from vipps_lint.read.source.values import Class, Scope


@dataclass
class Memory:
    """`declared` says which class an unknown value is an instance of, by its symbol: the class, or its name in a scope.

    `queries` says which model an unknown query gives instances of, `questions` what a function asks about values.
    `requests` are the symbols of requests that views get, `given` those of what functions get that nobody calls,
    `examined` those of both that something has looked at. `whole` says what input is a part of, `mentioned` are the
    names that any code uses. `assigned` has what was set by each target of an assignment, as far as it is no object,
    and `setting` the variables that an `if` sets. `fields` are the statements that declare fields, by class and name.
    `calling` says of functions whether they call anything, and `changed` what is done with requests before they are
    sent, by where they are made. `spelled` are the names that a module does anything with.
    """

    declared: dict[Hashable, Class | tuple[str, Scope]] = field(default_factory=dict)
    queries: dict[Hashable, Class] = field(default_factory=dict)
    questions: dict[int, list[tuple[object, frozenset[str]]]] = field(default_factory=dict)
    requests: set[Hashable] = field(default_factory=set)
    given: set[Hashable] = field(default_factory=set)
    examined: set[Hashable] = field(default_factory=set)
    whole: dict[Hashable, Hashable] = field(default_factory=dict)
    mentioned: frozenset[str] = frozenset()
    assigned: dict[int, list[Value]] = field(default_factory=dict)
    setting: dict[int, frozenset[str]] = field(default_factory=dict)
    fields: dict[int, dict[str, list[ir.Statement]]] = field(default_factory=dict)
    calling: dict[int, bool] = field(default_factory=dict)
    changed: dict[int, set[str]] = field(default_factory=dict)
    spelled: dict[int, frozenset[str]] = field(default_factory=dict)
