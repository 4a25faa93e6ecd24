"""Short ways to "nothing wrong here": what most calls of a running program need instead of the whole question.

A shortcut says True only where the check finds nothing, whatever else the call holds; where it says False the check
decides. What the operation alone settles (it is not retired, it moves no money) needs not even that: `always`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, singledispatchmethod
from types import NoneType

from vipps_lint.call import Call, Operation, pointer
from vipps_lint.checks import fine_answers
from vipps_lint.checks.agreements import ChargeLimit
from vipps_lint.checks.answer import KnownReads
from vipps_lint.checks.base import Check
from vipps_lint.checks.code import Compares, Reads
from vipps_lint.checks.dates import Day, day
from vipps_lint.checks.environment import ExistsInEnvironment, Host, TestOnly, hosts, is_no_slip
from vipps_lint.checks.fitting import TYPES, fitting, well_spelled
from vipps_lint.checks.headers import SCHEME, Bearer, HeadersInBody, RequiredHeaders, required
from vipps_lint.checks.lifecycle import Retired, Superseded, UnknownOperation
from vipps_lint.checks.limits import FieldLengths, FieldNumbers, FieldOptions, OneOfThese
from vipps_lint.checks.number import Maximum, Minimum, WholeNumber
from vipps_lint.checks.payments import PaymentBreach
from vipps_lint.checks.phone import Mobile, Phone, is_known_mobile, is_well_spelled
from vipps_lint.checks.presence import Required, Type
from vipps_lint.checks.received import AnswerFields, AnswerTypes, ErrorForm, Misspells, SuccessStatus
from vipps_lint.checks.shape import FieldTypes, KnownFields, RequiredFields
from vipps_lint.checks.text import Digits, OnlyDigits, Spelling, alphabet
from vipps_lint.checks.url import LOCAL, Https, Public
from vipps_lint.document import ABSENT, Array, Object, Pointer, Value, get, select

Shortcut = Callable[[Call, date], bool]
"""Whether a check certainly finds nothing in a call, judged as of a day."""

SCALARS = (str, int, float, bool, NoneType)


def always(call: Call, today: date) -> bool:
    """The shortcut of a check that has nothing to say of any call of the operation."""
    return True


@dataclass(frozen=True, slots=True)
class Right:
    """The shortcut of a check that has nothing against a missing value at its place, or one that is `right`."""

    at: Pointer
    right: Callable[[Value], bool]

    def __call__(self, call: Call, today: date) -> bool:
        """Whether the value (each one that `*` stands for) is missing or right."""
        return all(value is ABSENT or self.right(value) for _, value in select(call.document, self.at))


class Shortcuts:
    """The shortcuts of all checks in the calls of one operation (None: of paths that are no operation)."""

    def __init__(self, operation: Operation | None) -> None:
        self._operation = operation

    @singledispatchmethod
    def of(self, check: Check, at: Pointer) -> Shortcut | None:
        """The shortcut of a check that looks at `at`; None where it must always look itself."""
        return None

    @of.register
    def _(self, check: Spelling, at: Pointer) -> Shortcut | None:
        signs = None if check.signs is None else alphabet(f"A-Za-z0-9{check.signs}")
        return _text(at, well_spelled(check.least, check.most, signs))

    @of.register
    def _(self, check: OnlyDigits, at: Pointer) -> Shortcut | None:
        return _text(at, lambda text: not text.isdigit())

    @of.register
    def _(self, check: Digits, at: Pointer) -> Shortcut | None:
        return _text(at, lambda text: text.isascii() and text.isdigit())

    @of.register
    def _(self, check: Day, at: Pointer) -> Shortcut | None:
        return _text(at, lambda text: day(text) is not None)

    @of.register
    def _(self, check: Bearer, at: Pointer) -> Shortcut | None:
        return _text(at, lambda text: text.startswith(SCHEME) and text[len(SCHEME) :].strip() != "")

    @of.register
    def _(self, check: Https, at: Pointer) -> Shortcut | None:
        return _text(at, lambda text: text.startswith("https://"))

    @of.register
    def _(self, check: Public, at: Pointer) -> Shortcut | None:
        return _text(at, lambda text: LOCAL.match(text.lower()) is None)

    @of.register
    def _(self, check: Phone, at: Pointer) -> Shortcut | None:
        return _text(at, lambda text: is_well_spelled(text, check.format))

    @of.register
    def _(self, check: Mobile, at: Pointer) -> Shortcut | None:
        return _text(at, lambda text: check.format == "national" and is_known_mobile(text, check.region))

    @of.register
    def _(self, check: WholeNumber, at: Pointer) -> Shortcut | None:
        return Right(at, lambda value: type(value) is int)

    @of.register
    def _(self, check: Type, at: Pointer) -> Shortcut | None:
        kinds = TYPES[check.type]
        return Right(at, lambda value: type(value) in kinds)

    @of.register
    def _(self, check: Minimum, at: Pointer) -> Shortcut | None:
        enough = max(check.minimum.values())
        return Right(at, lambda value: type(value) is int and value >= enough)

    @of.register
    def _(self, check: Maximum, at: Pointer) -> Shortcut | None:
        allowed = min(check.maximum.values())
        return Right(at, lambda value: type(value) is int and value <= allowed)

    @of.register
    def _(self, check: OneOfThese, at: Pointer) -> Shortcut | None:
        return _text(at, lambda text: text in check.values)

    @of.register
    def _(self, check: Required, at: Pointer) -> Shortcut | None:
        conditions = tuple((pointer(name), value) for name, value in check.when.items())

        def shortcut(call: Call, today: date) -> bool:
            return any(_differs(get(call.document, at), value) for at, value in conditions)

        return shortcut

    @of.register(FieldLengths)
    @of.register(FieldNumbers)
    @of.register(FieldOptions)
    @of.register(FieldTypes)
    @of.register(KnownFields)
    @of.register(RequiredFields)
    def _(self, check: Check, at: Pointer) -> Shortcut | None:
        return self._body

    @cached_property
    def _body(self) -> Shortcut:
        """One for all checks of the body, so that it is asked once."""
        shape = self._operation.reference.body if self._operation else None
        if shape is None:
            return always
        fits, needed = fitting(shape), shape.required

        def shortcut(call: Call, today: date) -> bool:
            body = call.document.fields.get("body", ABSENT)
            return not needed if body is ABSENT else fits(body)

        return shortcut

    @of.register(AnswerFields)
    @of.register(AnswerTypes)
    @of.register(KnownReads)
    @of.register(Misspells)
    def _(self, check: Check, at: Pointer) -> Shortcut | None:
        return self._answer

    @cached_property
    def _answer(self) -> Shortcut:
        return fine_answers.described(self._operation) or always

    @of.register(Compares)
    @of.register(ErrorForm)
    @of.register(Reads)
    @of.register(SuccessStatus)
    def _(self, check: Check, at: Pointer) -> Shortcut | None:
        return fine_answers.shortcut_of(check, at, self._operation)

    @of.register
    def _(self, check: RequiredHeaders, at: Pointer) -> Shortcut | None:
        names = tuple(name.lower() for name in required(self._operation) if check.asks(name))
        if not names:
            return always

        def shortcut(call: Call, today: date) -> bool:
            sent = call.document.fields.get("headers")
            return type(sent) is Object and all(type(sent.fields.get(name)) is str for name in names)

        return shortcut

    @of.register
    def _(self, check: HeadersInBody, at: Pointer) -> Shortcut | None:
        return None if any(name.startswith("client_") for name in required(self._operation)) else always

    @of.register
    def _(self, check: Host, at: Pointer) -> Shortcut | None:
        if self._operation is None:
            return None
        known = frozenset(hosts(self._operation.api).items())
        return lambda call, today: call.scheme != "http" and type(call.host) is str and is_no_slip(call.host, known)

    @of.register
    def _(self, check: ExistsInEnvironment, at: Pointer) -> Shortcut | None:
        operation = self._operation
        if operation is None or operation.only:
            return always
        begun = {host: operation.environments.get(name, date.max) for host, name in hosts(operation.api).items()}

        def shortcut(call: Call, today: date) -> bool:
            return type(call.host) is str and call.host in begun and begun[call.host] <= today

        return shortcut

    @of.register
    def _(self, check: TestOnly, at: Pointer) -> Shortcut | None:
        return None if self._operation and self._operation.only == "test" else always

    @of.register(Retired)
    @of.register(Superseded)
    def _(self, check: Check, at: Pointer) -> Shortcut | None:
        return None if self._operation and self._operation.retired else always

    @of.register
    def _(self, check: UnknownOperation, at: Pointer) -> Shortcut | None:
        return None if self._operation is None else always

    @of.register
    def _(self, check: PaymentBreach, at: Pointer) -> Shortcut | None:
        return None if check.effect(self._operation) else always

    @of.register
    def _(self, check: ChargeLimit, at: Pointer) -> Shortcut | None:
        charges = self._operation and any(effect.kind == "charge" for effect in self._operation.effects)
        return None if charges else always


def _differs(value: Value, other: object) -> bool:
    """Whether a value is certainly another one: there is none, or it is one of the same type."""
    return value is ABSENT or (type(value) is type(other) and value != other)


def _text(at: Pointer, right: Callable[[str], bool]) -> Right:
    return Right(at, lambda value: type(value) is str and right(value))


def together(shortcuts: Iterable[Shortcut]) -> Shortcut:
    """All shortcuts as one, which takes the document apart only once."""
    distinct = tuple(dict.fromkeys(shortcuts))
    others = tuple(one for one in distinct if not isinstance(one, Right))
    right = _all_right([(one.at, one.right) for one in distinct if isinstance(one, Right)])

    def shortcut(call: Call, today: date) -> bool:
        return right(call.document) and all(one(call, today) for one in others)

    return shortcut


def _all_right(tests: list[tuple[Pointer, Callable[[Value], bool]]]) -> Callable[[Value], bool]:
    """What tells that all values below one are missing or right."""
    every = [test for at, test in tests if not at]
    names = dict.fromkeys(str(at[0]) for at, _ in tests if at)
    below = {name: _all_right([(at[1:], test) for at, test in tests if at[:1] == (name,)]) for name in names}
    if "*" in below:
        every.append(_items_right(below.pop("*")))
    if below:
        every.append(_fields_right(below))
    return _each(tuple(every))


def _each(tests: tuple[Callable[[Value], bool], ...]) -> Callable[[Value], bool]:
    if len(tests) == 1:
        return tests[0]

    def right(value: Value) -> bool:
        for test in tests:  # noqa: SIM110 - a loop, because every call passes it
            if not test(value):
                return False
        return True

    return right


def _items_right(test: Callable[[Value], bool]) -> Callable[[Value], bool]:
    def right(value: Value) -> bool:
        return all(map(test, value.items)) if type(value) is Array and not value.open else type(value) in SCALARS

    return right


def _fields_right(tests: Mapping[str, Callable[[Value], bool]]) -> Callable[[Value], bool]:
    every = tuple(tests.items())

    def right(value: Value) -> bool:
        if type(value) is not Object:
            return type(value) in SCALARS  # below which everything is missing
        fields = value.fields
        for name, test in every:
            item = fields.get(name, ABSENT)
            if value.open if item is ABSENT else not test(item):
                return False
        return True

    return right
