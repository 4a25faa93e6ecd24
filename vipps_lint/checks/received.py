"""Answers that a program received against what is described of them: types, missing fields, values, statuses, errors.

What Vipps itself is known to have answered is right by definition. Any other answer may be a stub's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import ClassVar, Literal

from vipps_lint.call import Call
from vipps_lint.checks.base import STRICT, Evidence
from vipps_lint.checks.shape import Described, absent_fields, misspelled, walked
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import (
    ABSENT,
    MAYBE,
    NO,
    YES,
    Array,
    Object,
    Pointer,
    Truth,
    Value,
    alternatives,
    ask,
    certain,
    closed,
    get,
    is_a,
    present,
    quoted,
    select,
    unselected,
)
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger
from vipps_lint.shape import GONE, Shape

ANSWER = ("response", "body")
STATUS = ("response", "status")

ITEMS = 20
"""How many items of an array are looked at: those of one answer are alike."""

OF_STUBS = frozenset({Evidence.RESPONSE, Evidence.ANSWER})


def tells(call: Call, statuses: range) -> Truth:
    """Whether the call was answered with one of some statuses, and not certainly by Vipps itself."""
    if call.genuine is YES:
        return NO
    return ask(call.status(), lambda one: certain(one in statuses) if isinstance(one, int) else _unless_absent(one))


def _unless_absent(status: Value) -> Truth:
    return NO if status is ABSENT else MAYBE


def received(call: Call) -> tuple[Described, list[Undecided]]:
    """The described values of the answer to a call that succeeded, and the questions that what is not known leaves."""
    shape = call.operation.reference.answer if call.operation else None
    fine = tells(call, range(200, 300)) if shape is not None else NO
    if shape is None or fine is NO:
        return [], []
    known, unknown = walked(call[ANSWER], shape, ANSWER, ITEMS)
    still = [Undecided(at) for at, _, _ in unknown]
    return (known, still) if fine is YES else ([], [Undecided(STATUS), *still])


def values_at(call: Call, at: Pointer) -> tuple[list[tuple[Pointer, Value]], list[Undecided]]:
    """The values at a place of the answer to a call that succeeded (`*`: of its items), and what stays open."""
    fine = tells(call, range(200, 300))
    if fine is NO:
        return [], []
    found = list(islice(select(call.document, at), ITEMS))
    hidden = [*unselected(call.document, at), *(place for place, value in found if not closed(value))]
    still = [Undecided(place) for place in hidden]
    if fine is MAYBE:
        return [], [Undecided(STATUS), *still]
    return [(place, value) for place, value in found if closed(value)], still


def shape_at(call: Call, at: Pointer) -> Shape | None:
    """What is described of a place in the answer."""
    shape = call.operation.reference.answer if call.operation else None
    for step in at[len(ANSWER) :]:
        shape = shape and shape.step(step)
    return shape


def first_of_each(found: Iterable[Violation | Undecided]) -> Iterator[Violation | Undecided]:
    """Without the violations of further items of an array that one of its items has, too."""
    seen: set[Pointer] = set()
    for one in found:
        kind = tuple("*" if isinstance(step, int) else step for step in one.at)
        if isinstance(one, Undecided) or kind not in seen:
            yield one
        if isinstance(one, Violation):
            seen.add(kind)


def shown(at: Pointer) -> str:
    """A place in the answer as people write it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at[2:]).lstrip(".")


@immutable(frozen=True)
class AnswerTypes:
    """Fields of an answer that have another JSON type than described. Null is taken for a field that is not there.

    Nobody can say how numbers that are names (of a sales unit, of an account) are sent, so a number is not taken for
    text but in the fields named `text`. `but` are names whose types the descriptions do not agree about.
    """

    text: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    needs: ClassVar[frozenset[Evidence]] = OF_STUBS
    words: ClassVar[frozenset[str]] = frozenset({"field", "type"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        known, still = received(call)
        yield from first_of_each(one for place, value, shape in known if (one := self._violation(place, value, shape)))
        yield from still

    def _violation(self, at: Pointer, value: Value, shape: Shape) -> Violation | None:
        if shape.type in (GONE, "any") or value in (None, ABSENT) or at[-1] in self.but:
            return None
        if is_a(value, shape.type) is not NO or self._may_be_a_name(at, value, shape):
            return None
        field = f"`{shown(at)}` in the answer" if at[2:] else "the answer"
        return Violation(at, {"field": field, "value": _short(value), "type": _article(shape.type)})

    def _may_be_a_name(self, at: Pointer, value: Value, shape: Shape) -> bool:
        return shape.type == "string" and is_a(value, "number") is not NO and at[-1] not in self.text


def _short(value: Value) -> str:
    return {Object: "an object", Array: "an array"}.get(type(value), f"`{quoted(value)}`")


def _article(type_: str) -> str:
    words = {"string": "text", "integer": "a whole number", "array": "an array", "object": "an object"}
    return words.get(type_, f"a {type_}")


@immutable(frozen=True)
class AnswerFields:
    """Fields that every answer has and this one has not; those of one object together.

    An empty object stands for an answer that nobody reads.
    """

    needs: ClassVar[frozenset[Evidence]] = OF_STUBS
    words: ClassVar[frozenset[str]] = frozenset({"missing"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        known, still = received(call)
        yield from first_of_each(one for place, value, shape in known if (one := _lacking(place, value, shape)))
        yield from still


def _lacking(at: Pointer, value: Value, shape: Shape) -> Violation | None:
    if not isinstance(value, Object) or not value.fields or shape.fields is None:
        return None
    absent = [f"`{shown((*at, name))}`" for name in absent_fields(value, shape)]
    words = [*filter(None, [", ".join(absent[:-1])]), *absent[-1:]]
    return Violation(at, {"missing": " and ".join(words)}) if absent else None


@immutable(frozen=True)
class Misspells:
    """Values of an answer that are one of those that are described, but for a slip; any other may be younger."""

    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.ANSWER})
    words: ClassVar[frozenset[str]] = frozenset({"read", "never", "values"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        known, still = received(call)
        yield from first_of_each(
            Violation(place, {"read": shown(place), "never": f"`{quoted(value)}`", "values": listed(shape.options)})
            for place, value, shape in known
            if slip(value, shape)
        )
        yield from still


def slip(value: Value, shape: Shape | None) -> bool:
    """Whether a value is certainly one of those that are described, written otherwise."""
    if shape is None or not isinstance(value, str) or value in shape.options:
        return False
    return any(misspelled(value, option) for option in shape.options)


def listed(values: Iterable[Value]) -> str:
    """Values as a message lists them."""
    return ", ".join(f"`{quoted(value)}`" for value in values)


@immutable(frozen=True)
class SuccessStatus:
    """A success that the operation tells by another status."""

    needs: ClassVar[frozenset[Evidence]] = OF_STUBS
    words: ClassVar[frozenset[str]] = frozenset({"statuses"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        right = call.operation.reference.success if call.operation else ()
        fine = tells(call, range(200, 300)) if right else NO
        if fine is MAYBE:
            yield Undecided(STATUS)
        elif fine is YES and all(one not in right for one in alternatives(call.status())):
            yield Violation(STATUS, {"statuses": " or ".join(map(str, right))})


ERRORS = {
    "list": "an array of objects with `errorGroup`, `errorCode` and `errorMessage`",
    "problem": "an object with `type`, `title`, `status` and `detail`",
}
GROUPS = ("errorGroup", "errorCode", "errorMessage")
PROBLEM = ("title", "detail")


@immutable(frozen=True)
class ErrorForm:
    """The body of an error that has the form of another API's errors.

    A gateway or a proxy may answer in any other form.
    """

    form: Literal["list", "problem"]
    needs: ClassVar[frozenset[Evidence]] = OF_STUBS
    words: ClassVar[frozenset[str]] = frozenset({"found", "form"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        failed = tells(call, range(400, 600))
        if failed is NO:
            return
        body = call[at]
        if failed is YES and (found := self._strange(body)):
            yield Violation(at, {"found": found, "form": ERRORS[self.form]})
        yield from (Undecided(one) for one in (STATUS, at))

    def _strange(self, body: Value) -> str:
        """What the body is that it cannot be; nothing where it may be right."""
        match body:
            case Array(items) if self.form == "problem" and any(_has(item, GROUPS) for item in items):
                return "an array with `errorGroup` and `errorCode`"
            case Object() if _has(body, GROUPS):
                return "one object with `errorGroup` and `errorCode`"
            case Object() if self.form == "list" and _has(body, PROBLEM):
                return "an object with `title` and `detail`"
            case _:
                return ""


def _has(value: Value, names: tuple[str, ...]) -> bool:
    return isinstance(value, Object) and all(present(get(value, (name,))) is YES for name in names[:2])
