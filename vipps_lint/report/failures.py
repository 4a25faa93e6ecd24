"""The errors that were answered: which operation answered which, and how often. All who count them count alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from typing import Any

from vipps_lint.call import Call
from vipps_lint.diagnostic import Failure
from vipps_lint.document import Array, Object, Value, get
from vipps_lint.report.mask import masked_text
from vipps_lint.report.summary import Failures, most_frequent

MOST = 20
"""How many errors of one answer are counted."""

LONGEST = 100
"""How much of a title is kept: a gateway may answer with a whole page."""


def failures(calls: Iterable[Call]) -> Failures:
    """The errors that some calls were answered with. Nothing in them says who somebody is."""
    found: Failures = Counter()
    for call in calls:
        status = call.status()
        if isinstance(status, int) and status >= 400:
            found.update(set(_failures(call, status, call[("response", "body")])))
    return found


def _failures(call: Call, status: int, body: Value) -> Iterator[Failure]:
    """What one answer tells: a list of errors is as many."""
    errors = body.items[:MOST] if isinstance(body, Array) else ()
    operation, api = masked_text(call.label), call.api.id if call.operation else ""
    for error in errors or (body,):
        yield Failure(operation, status, _text(error, "errorGroup"), _code(error), _title(error), api)


def _code(error: Value) -> str:
    """The code of an error; of a problem the last part of its `type`, of OAuth its `error`."""
    named = _text(error, "errorCode") or _text(error, "code") or _text(error, "error")
    return named or _detail(error) or _text(error, "type", after="#")


def _detail(error: Value) -> str:
    """The code that a problem has among its details, as ePayment writes it."""
    details = get(error, ("extraDetails",)) if isinstance(error, Object) else None
    some = details.items[:MOST] if isinstance(details, Array) else ()
    return next((_text(one, "reason") for one in some if _text(one, "name") == "ErrorCode"), "")


def _title(error: Value) -> str:
    """The title of a problem, or what a gateway says."""
    title = _text(error, "title") or _text(error, "responseInfo", "responseMessage")
    return title or (_text(error, "message") if _text(error, "statusCode") else "")


def _text(error: Value, *names: str, after: str = "") -> str:
    """The text or number of a field of an error, or what of it comes after a sign."""
    value = get(error, names) if isinstance(error, Object) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return masked_text(str(value).partition(after)[2] if after else str(value))[:LONGEST]


def as_data(found: Failures) -> list[dict[str, Any]]:
    """The errors as plain data, the most frequent first, with what they mean where that is known."""
    return [{**asdict(one), "count": number, **_explained(one)} for one, number in most_frequent(found)]


def _explained(one: Failure) -> dict[str, Any]:
    from vipps_lint.catalog.errors import meaning

    known = meaning(one)
    return {"meaning": known.meaning or None, "cure": known.cure or None}


def from_data(data: Iterable[dict[str, Any]]) -> Failures:
    """What `as_data` wrote, as it was."""
    names = {one.name for one in fields(Failure)}
    return Counter({Failure(**{k: v for k, v in one.items() if k in names}): one["count"] for one in data})
