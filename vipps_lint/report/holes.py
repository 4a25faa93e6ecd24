"""Documents with holes as JSON, so that programs can tell what is known from what is not.

What is known stands as it is. What is not is an object with one key that begins with `$`:

    {"$unknown": "order.phone", "type": "string", "reason": "..."}   a value, as the code writes it, where it says that
    {"$text": ["+47", {"$unknown": "order.phone"}]}                  text of known and unknown pieces
    {"$oneOf": [100, 200, {"$absent": true}]}                        one of a few values, or nothing
    {"$items": [1, 2], "$open": true}                                an array that may have more items

An object that may have more fields has `"$open": true` among its own. A field whose own name begins with `$` gets a
second one.
"""

from __future__ import annotations

from typing import Any

from vipps_lint.document import ABSENT, Array, Hole, Object, OneOf, Template, Value


def as_json(value: Value) -> Any:
    """The value in the form that this module describes."""
    match value:
        case Object(fields, is_open):
            inside = {f"${name}" if name.startswith("$") else name: as_json(one) for name, one in fields.items()}
            return {**inside, "$open": True} if is_open else inside
        case Array(items, is_open):
            listed = [as_json(item) for item in items]
            return {"$items": listed, "$open": True} if is_open else listed
        case OneOf(values):
            return {"$oneOf": [as_json(one) for one in values]}
        case Template(parts):
            return {"$text": [as_json(part) for part in parts]}
        case Hole(type=kind, source=source, reason=reason):
            told = {"type": kind, "reason": reason}
            return {"$unknown": source, **{key: one for key, one in told.items() if one}}
        case _:
            return {"$absent": True} if value is ABSENT else value
