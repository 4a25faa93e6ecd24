"""JSON documents with holes, and questions that may be answered "maybe".

A value is what JSON can hold, or something that stands for values nobody has told us: a `Hole`, a `Template`
(text with holes in it), an open `Object` or `Array` (there may be more), or `OneOf` a few alternatives.
Every question has three answers. Does no IO and knows nothing of Vipps.
"""

from __future__ import annotations

from vipps_lint.document.questions import UNKNOWN_FIELD, ask, equal, get, is_a, json_type, present, select, unselected
from vipps_lint.document.reasons import why
from vipps_lint.document.values import (
    ABSENT,
    ALTERNATIVES,
    MAYBE,
    NO,
    YES,
    Absent,
    Array,
    DaysAhead,
    Hole,
    Nature,
    Object,
    OneOf,
    Pointer,
    Template,
    Truth,
    Value,
    alternatives,
    certain,
    closed,
    from_json,
    from_plain,
    identical,
    keys,
    one_of,
    plain,
    quoted,
    show,
)

__all__ = [
    "ABSENT",
    "ALTERNATIVES",
    "MAYBE",
    "NO",
    "UNKNOWN_FIELD",
    "YES",
    "Absent",
    "Array",
    "DaysAhead",
    "Hole",
    "Nature",
    "Object",
    "OneOf",
    "Pointer",
    "Template",
    "Truth",
    "Value",
    "alternatives",
    "ask",
    "certain",
    "closed",
    "equal",
    "from_json",
    "from_plain",
    "get",
    "identical",
    "is_a",
    "json_type",
    "keys",
    "one_of",
    "plain",
    "present",
    "quoted",
    "select",
    "show",
    "unselected",
    "why",
]
