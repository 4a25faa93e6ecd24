"""The short way to know a mobile number never says more than phonenumbers itself."""

from __future__ import annotations

import phonenumbers
from hypothesis import example, given
from hypothesis import strategies as st

from vipps_lint.checks.phone import _is_mobile

MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


@given(st.just("NO"), st.from_regex(r"[1-9][0-9]{7}", fullmatch=True))
@example("NO", "91234567")
@example("NO", "22123456")
@example("NO", "80012345")
def test_a_number_is_mobile_where_phonenumbers_says_so(region: str, number: str):
    parsed = phonenumbers.parse(number, region)
    possible = phonenumbers.is_possible_number(parsed)
    assert _is_mobile(number, region) is (possible and phonenumbers.number_type(parsed) in MOBILE)
