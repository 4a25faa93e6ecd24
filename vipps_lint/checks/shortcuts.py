"""Short ways to "nothing wrong here": what most calls of a running program need instead of the whole question.

A shortcut says True only where the check finds nothing, whatever else the call holds; where it says False the check
decides. What the operation alone settles (it is not retired, it moves no money) needs not even that: `always`.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property, singledispatchmethod
from typing import Any

from vipps_lint.call import Call, Operation
from vipps_lint.checks.agreements import ChargeLimit
from vipps_lint.checks.answer import KnownReads
from vipps_lint.checks.base import Check
from vipps_lint.checks.code import Compares, Reads
from vipps_lint.checks.environment import ExistsInEnvironment, Host, TestOnly, environment_of, hosts, is_no_slip
from vipps_lint.checks.fitting import Fit, fitting
from vipps_lint.checks.headers import HeadersInBody, RequiredHeaders, required
from vipps_lint.checks.lifecycle import Retired, Superseded, UnknownOperation
from vipps_lint.checks.limits import FieldLengths, FieldNumbers, FieldOptions
from vipps_lint.checks.payments import PaymentBreach
from vipps_lint.checks.quick import Answered, Right, Shortcut, always, part, text
from vipps_lint.checks.received import AnswerFields, AnswerTypes, ErrorForm, Misspells, SuccessStatus
from vipps_lint.checks.shape import FieldTypes, KnownFields, RequiredFields
from vipps_lint.checks.short_values import of_value
from vipps_lint.checks.traffic import Again, LeftReserved, Rate, TooLate
from vipps_lint.document import ABSENT, YES, Pointer
from vipps_lint.ledger import accepted


class Shortcuts:
    """The shortcuts of all checks in the calls of one operation (None: of paths that are no operation)."""

    def __init__(self, operation: Operation | None) -> None:
        self._operation = operation

    @singledispatchmethod
    def of(self, check: Check, at: Pointer) -> Shortcut | None:
        """The shortcut of a check that looks at `at`; None where it must always look itself."""
        return of_value(check, at)

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
            if call.genuine is YES and accepted(call) is YES:
                return True
            body = part(call, "body")
            return not needed if body is ABSENT else fits(body)

        return shortcut

    @of.register
    def _(self, check: RequiredHeaders, at: Pointer) -> Shortcut | None:
        names = tuple(name.lower() for name in required(self._operation) if check.asks(name))
        if not names:
            return always

        def shortcut(call: Call, today: date) -> bool:
            sent = part(call, "headers")
            if type(sent) is not dict:
                return False
            for name in names:  # noqa: SIM110 - a loop, because every call passes it
                if type(sent.get(name)) is not str:
                    return False
            return True

        return shortcut

    @of.register
    def _(self, check: HeadersInBody, at: Pointer) -> Shortcut | None:
        names = [name for name in required(self._operation) if name.startswith("client_")]
        if not names:
            return always
        return lambda call, today: (body := part(call, "body")) is ABSENT or (
            type(body) is dict and body.keys().isdisjoint(names)
        )

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
        operation = self._operation
        if operation is None or operation.only != "test":
            return always
        return lambda call, today: environment_of(operation.api, call.host) == "test"

    @of.register
    def _(self, check: Retired, at: Pointer) -> Shortcut | None:
        retired = self._operation.retired if self._operation else None
        return None if retired and retired.removed else always

    @of.register
    def _(self, check: Superseded, at: Pointer) -> Shortcut | None:
        retired = self._operation.retired if self._operation else None
        return None if retired and not retired.removed else always

    @of.register(AnswerFields)
    @of.register(AnswerTypes)
    @of.register(KnownReads)
    @of.register(Misspells)
    def _(self, check: Check, at: Pointer) -> Shortcut | None:
        return self._answer

    @cached_property
    def _answer(self) -> Shortcut:
        shape = self._operation.reference.answer if self._operation else None
        if shape is None:
            return always
        fits, may_be_empty = fitting(shape), shape.fields is not None
        return Answered(range(200, 300), "body", lambda body: fits(body) or _is_empty(body, may_be_empty))

    @of.register
    def _(self, check: SuccessStatus, at: Pointer) -> Shortcut | None:
        right = self._operation.reference.success if self._operation else ()
        return Answered(range(200, 300), "status", lambda status: status in right) if right else always

    @of.register
    def _(self, check: ErrorForm, at: Pointer) -> Shortcut | None:
        return Answered(range(400, 600), "body", lambda body: False)

    @of.register
    def _(self, check: Compares, at: Pointer) -> Shortcut | None:
        right = text(at, check.values.__contains__)
        return lambda call, today: not call.uses and right(call, today)

    @of.register
    def _(self, check: Reads, at: Pointer) -> Shortcut | None:
        missing = Right(at, Fit(()))
        return lambda call, today: not call.reads and missing(call, today)

    @of.register
    def _(self, check: UnknownOperation, at: Pointer) -> Shortcut | None:
        return None if self._operation is None else always

    @of.register
    def _(self, check: PaymentBreach, at: Pointer) -> Shortcut | None:
        return None if check.effect(self._operation) else always

    @of.register(Rate)
    @of.register(Again)
    @of.register(TooLate)
    def _(self, check: Check, at: Pointer) -> Shortcut | None:
        return lambda call, today: call.genuine is not YES or accepted(call) is YES

    @of.register(LeftReserved)
    def _(self, check: Check, at: Pointer) -> Shortcut | None:
        return always

    @of.register
    def _(self, check: ChargeLimit, at: Pointer) -> Shortcut | None:
        charges = self._operation and any(effect.kind == "charge" for effect in self._operation.effects)
        return None if charges else always


def _is_empty(body: Any, may_be_empty: bool) -> bool:
    """Whether an answer has no body, or one without fields: a stub's that nobody reads."""
    return body is ABSENT or (may_be_empty and body == {})
