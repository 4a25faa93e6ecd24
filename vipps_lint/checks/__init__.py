"""The vocabulary of rule files: what `use = "..."` may say."""

from __future__ import annotations

from vipps_lint.checks.agreements import ChargeLimit
from vipps_lint.checks.answer import KnownReads
from vipps_lint.checks.base import FACES, Check, Evidence
from vipps_lint.checks.code import Compares, Constant, Handles, Made, MadeForOne, Reads, Reckons, StandsIn
from vipps_lint.checks.dates import Day, LeadTime, Moment
from vipps_lint.checks.environment import AlwaysTest, ExistsInEnvironment, Host, TestOnly
from vipps_lint.checks.headers import Bearer, HeadersInBody, RequiredHeaders
from vipps_lint.checks.lifecycle import Retired, Superseded, UnknownOperation
from vipps_lint.checks.limits import FieldLengths, FieldNumbers, FieldOptions, OneOfThese
from vipps_lint.checks.number import Maximum, Minimum, WholeNumber
from vipps_lint.checks.payments import PaymentBreach
from vipps_lint.checks.phone import Mobile, Phone
from vipps_lint.checks.presence import Misplaced, Required, RequiredByType, Type
from vipps_lint.checks.received import AnswerFields, AnswerTypes, ErrorForm, Misspells, SuccessStatus
from vipps_lint.checks.secrets import HardCoded, Logged
from vipps_lint.checks.shape import FieldTypes, KnownFields, RequiredFields
from vipps_lint.checks.text import Digits, OnlyDigits, Spelling
from vipps_lint.checks.traffic import Again, LeftReserved, Pace, Rate, TooLate
from vipps_lint.checks.url import Https, Public
from vipps_lint.checks.waiting import WaitsForEver, WaitsTooShort

__all__ = ["FACES", "VOCABULARY", "Check", "Evidence"]

VOCABULARY: dict[str, type[Check]] = {
    "required": Required,
    "required-by-type": RequiredByType,
    "misplaced": Misplaced,
    "type": Type,
    "required-headers": RequiredHeaders,
    "headers-in-body": HeadersInBody,
    "bearer": Bearer,
    "known-fields": KnownFields,
    "required-fields": RequiredFields,
    "field-types": FieldTypes,
    "field-options": FieldOptions,
    "one-of": OneOfThese,
    "field-lengths": FieldLengths,
    "field-numbers": FieldNumbers,
    "whole-number": WholeNumber,
    "minimum": Minimum,
    "maximum": Maximum,
    "spelling": Spelling,
    "only-digits": OnlyDigits,
    "digits": Digits,
    "phone": Phone,
    "mobile": Mobile,
    "https": Https,
    "public": Public,
    "host": Host,
    "environment": ExistsInEnvironment,
    "test-only": TestOnly,
    "test-host": AlwaysTest,
    "retired": Retired,
    "superseded": Superseded,
    "unknown-operation": UnknownOperation,
    "day": Day,
    "moment": Moment,
    "lead-time": LeadTime,
    "reads": Reads,
    "known-reads": KnownReads,
    "reckons": Reckons,
    "compares": Compares,
    "misspells": Misspells,
    "answer-types": AnswerTypes,
    "answer-fields": AnswerFields,
    "success-status": SuccessStatus,
    "error-form": ErrorForm,
    "handles": Handles,
    "logged": Logged,
    "made-for-one": MadeForOne,
    "hard-coded": HardCoded,
    "waits-for-ever": WaitsForEver,
    "waits-too-short": WaitsTooShort,
    "made": Made,
    "constant": Constant,
    "stands-in": StandsIn,
    "payment": PaymentBreach,
    "charge": ChargeLimit,
    "rate": Rate,
    "pace": Pace,
    "again": Again,
    "too-late": TooLate,
    "left-reserved": LeftReserved,
}
