"""Phone numbers. How they must be written is our own exact question; phonenumbers knows only whether a number exists
and corrects one that is written differently (it calls `+47…`, `0047 912 34 567` and `912-DOG-01` valid)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from typing import ClassVar, Literal

from vipps_lint.call import Call
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import (
    ABSENT,
    MAYBE,
    NO,
    YES,
    Hole,
    Nature,
    OneOf,
    Pointer,
    Template,
    Truth,
    Value,
    alternatives,
    ask,
    certain,
    is_a,
    show,
)
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger

Format = Literal["national", "msisdn"]

LENGTHS: dict[Format, tuple[int, int]] = {"national": (8, 8), "msisdn": (10, 15)}
COUNTRY_CODES = {"NO": "47", "DK": "45", "FI": "358", "SE": "46"}


@immutable(frozen=True)
class Phone:
    """A number in one spelling: `national` is the eight digits of a Norwegian one, `msisdn` country code and number."""

    format: Format
    region: str = "NO"
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        value = call[at]
        if spelled(value, self.format) is NO:
            yield Violation(at, instead=corrected(value, self.format, self.region))
        elif any(spelled(one, self.format) is not YES for one in alternatives(value) if one not in (None, ABSENT)):
            yield Undecided(at)


@immutable(frozen=True)
class Mobile:
    """A well-spelled number that phonenumbers knows to be no mobile number."""

    format: Format
    region: str = "NO"
    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        value = call[at]
        if isinstance(value, str) and spelled(value, self.format) is YES and not _is_mobile(
            value if self.format == "national" else f"+{value}", self.region
        ):
            yield Violation(at)
        elif any(spelled(one, self.format) is not NO for one in alternatives(value) if one not in (None, ABSENT)):
            yield Undecided(at)


@lru_cache(4096)
def _is_mobile(number: str, region: str) -> bool:
    import phonenumbers

    if is_known_mobile(number, region):  # nearly all; to take a number apart costs a hundred times more
        return True
    parsed = _parsed(number, region)
    mobile = phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
    return parsed is not None and phonenumbers.number_type(parsed) in mobile


def is_known_mobile(number: str, region: str) -> bool:
    """Whether a number without its country code is one of the region's mobile numbers, without a closer look at it."""
    return _mobile_numbers(region).fullmatch(number) is not None


@cache
def _mobile_numbers(region: str) -> re.Pattern[str]:
    """What phonenumbers knows of the mobile numbers of a region, written without the country code."""
    import phonenumbers

    known = phonenumbers.PhoneMetadata.metadata_for_region(region)
    pattern = known.mobile.national_number_pattern if known and known.mobile else None
    return re.compile(pattern or r"(?!)", re.ASCII)


def spelled(value: Value, form: Format) -> Truth:
    """Whether a value is text of ASCII digits and of the right length; null and nothing are not asked."""
    high = LENGTHS[form][1]

    def question(alternative: Value) -> Truth:
        match alternative:
            case str():
                return certain(is_well_spelled(alternative, form))
            case Template(parts):
                known = "".join(part for part in parts if isinstance(part, str))
                begins = not isinstance(parts[0], str) or _starts(parts[0], form)
                return MAYBE if (not known or _digits(known)) and len(known) <= high and begins else NO
            case None | Hole(type=None):
                return MAYBE
            case _ if alternative is ABSENT:
                return MAYBE
            case _:
                return NO if is_a(alternative, "string") is NO else MAYBE

    return ask(value, question)


def is_well_spelled(text: str, form: Format) -> bool:
    """Whether text is ASCII digits alone, of the right length."""
    low, high = LENGTHS[form]
    return low <= len(text) <= high and _digits(text) and _starts(text, form)


def _starts(text: str, form: Format) -> bool:
    return form == "national" or not text.startswith("0")  # no country code begins with 0: `00` is dialled


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def corrected(value: Value, form: Format, region: str) -> str | None:
    """The same number as it should be sent, or None where that is not certain."""
    if isinstance(value, OneOf):
        ways = {corrected(one, form, region) for one in value.values}
        return ways.pop() if len(ways) == 1 else None
    if isinstance(value, Template):
        return _corrected_template(value, form, COUNTRY_CODES[region])
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    number = _parsed(str(value), region) or _parsed(f"+{value}", region)
    if number is None:
        return None
    national, code = str(number.national_number), str(number.country_code)
    if form == "national":
        right = code == COUNTRY_CODES[region] and len(national) == LENGTHS[form][0]
        return national if right else None
    return code + national


def _parsed(text: str, region: str):  # type: ignore[no-untyped-def]
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _corrected_template(value: Template, form: Format, code: str) -> str | None:
    """What to write when only the prefix is wrong: `+47{number}` becomes `{number}` or `47{number}`."""
    match value.parts:
        case ("+", Hole(nature=Nature.E164, source=source)):
            return f"{{{source}.national_number}}" if form == "national" else f"{{{source}.as_e164[1:]}}"
    shown = show(value)
    bare = re.sub(rf"^(?:\+|00){code}[\s-]*", "", shown)
    if bare == shown:
        bare = re.sub(r"^(?:\+|00)", "", shown)
        return bare if form == "msisdn" and bare != shown else None
    return bare if form == "national" else code + bare
