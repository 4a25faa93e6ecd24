"""What of an answer tells of an error, and what only says that there is one."""

from __future__ import annotations

from vipps_lint.read.source.values import Answer

OUTCOMES = frozenset({"status", "ok", "failed", "expected", "unexpected"})

ERROR_FIELDS = frozenset({
    "error", "errors", "errorCode", "errorMessage", "errorGroup", "code", "message", "type", "title", "detail",
    "traceId", "contextId", "extraDetails", "responseInfo", "statusCode", "error_description",
})  # fmt: skip


def explains(answer: Answer) -> bool:
    """Whether it may hold what Vipps says of an error: more than whether there is one, or a field of a success."""
    names = [step for step in answer.pointer[2:] if step != "*"]
    is_field = answer.kind == "body" and bool(names) and not ERROR_FIELDS & {names[0], names[-1]}
    return not is_field and answer.kind not in OUTCOMES | {"compared"}


def is_one_field(answer: Answer) -> bool:
    """A field that was simply taken out of the body: whoever gets it cannot see how the call went."""
    return answer.kind in ("part", "compared") or (answer.kind == "body" and len(answer.pointer) > 2)
