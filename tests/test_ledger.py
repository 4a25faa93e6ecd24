"""Payments across calls: what is reserved, captured, released and refunded, in logs as they really are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_log import REJECTED, ROUTES, Log

from vipps_lint.call import Call, Place
from vipps_lint.document import ABSENT, MAYBE, NO, YES, Hole, OneOf, Truth, Value
from vipps_lint.ledger import Payment, Range
from vipps_lint.ledger.calendar import later, next_window, window
from vipps_lint.ledger.ranges import ANYTHING, amount, everything_left
from vipps_lint.read.request import Exchange, read_call


@pytest.mark.parametrize(
    ("unit", "count", "anchor", "one", "other", "same"),
    [
        pytest.param("YEAR", 1, None, "2022-06-02", "2023-01-01", False, id="a new year"),
        pytest.param("YEAR", 1, None, "2022-01-01", "2022-12-31", True, id="one year"),
        pytest.param("MONTH", 1, None, "2022-03-03", "2022-04-01", False, id="a new month"),
        pytest.param("MONTH", 1, None, "2022-03-01", "2022-03-31", True, id="one month"),
        pytest.param("WEEK", 1, None, "2022-11-02", "2022-11-07", False, id="Wednesday, then Monday of the next week"),
        pytest.param("WEEK", 1, None, "2022-10-31", "2022-11-06", True, id="Monday and Sunday of one week"),
        pytest.param("DAY", 1, None, "2022-11-02", "2022-11-03", False, id="a new day"),
        pytest.param(
            "WEEK", 2, "2022-11-02", "2022-11-02", "2022-11-14", False, id="two weeks, then Monday of the third"
        ),
        pytest.param("WEEK", 2, "2022-11-02", "2022-11-02", "2022-11-13", True, id="Sunday of the second week"),
        pytest.param("MONTH", 3, "2023-01-05", "2023-01-05", "2023-04-02", False, id="three months"),
        pytest.param(
            "DAY", 30, "2022-06-04", "2022-06-12", "2022-07-04", False, id="thirty days are fixed windows too"
        ),
        pytest.param("DAY", 30, "2022-06-04", "2022-06-04", "2022-07-03", True, id="the thirtieth day"),
    ],
)
def test_intervals_are_windows_of_the_calendar(
    unit: str, count: int, anchor: str | None, one: str, other: str, same: bool
) -> None:
    first = date.fromisoformat(anchor) if anchor else None
    windows = [window(date.fromisoformat(day), unit, count, first) for day in (one, other)]
    assert None not in windows
    assert (windows[0] == windows[1]) is same


def test_windows_of_several_units_need_a_first_day() -> None:
    assert window(date(2023, 1, 5), "MONTH", 3, None) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_twelve_months_are_a_year(day: date) -> None:
    anchor = day.replace(month=1, day=1)
    assert window(day, "MONTH", 12, anchor) == window(day, "YEAR", 1, None) - anchor.year  # type: ignore[operator]
    assert next_window(day.replace(month=1, day=1), "MONTH", 12) == next_window(day, "YEAR", 1)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["YEAR", "MONTH", "WEEK", "DAY"]))
def test_the_next_window_begins_where_this_one_ends(day: date, unit: str) -> None:
    following = next_window(day, unit, 1)
    assert following is not None and following > day
    assert window(following, unit, 1, None) == window(day, unit, 1, None) + 1  # type: ignore[operator]
    assert window(following - timedelta(days=1), unit, 1, None) == window(day, unit, 1, None)


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    assert later(date(2023, 1, 31), "MONTH", 1) == date(2023, 2, 28)
    assert later(date(2024, 2, 29), "YEAR", 1) == date(2025, 2, 28)


CAPTURE, CANCEL, REFUND = "ecom.capture-payment", "ecom.cancel-payment", "ecom.refund-payment"
SILENT: Mapping[str, Any] = {"without": ("response.body",)}


def initiated(genuine: Truth = YES, **change: Any) -> Log:
    log = Log(genuine=genuine)
    assert not log.send("ecom.initiate-payment", **change)
    return log


def test_a_retry_with_the_same_key_counts_once() -> None:
    log = initiated(genuine=MAYBE)
    for _ in range(3):
        assert not log.send(CAPTURE, body={"transaction": {"amount": 30000}}, **SILENT)
    more = {"headers": {"X-Request-Id": "acme-2"}, "body": {"transaction": {"amount": 19900}}}
    assert not log.send(CAPTURE, **more, **SILENT)


def test_a_retry_with_a_new_key_counts_twice() -> None:
    log = initiated()
    assert not log.send(CAPTURE, body={"transaction": {"amount": 30000}}, **SILENT)
    change = {"headers": {"X-Request-Id": "acme-2"}, "body": {"transaction": {"amount": 30000}}}
    assert log.send(CAPTURE, **change, response=REJECTED) == ["capture-above-reserved"]


def test_two_sales_units_may_have_the_same_order_id() -> None:
    log = initiated()
    other = {
        "headers": {"Merchant-Serial-Number": "654321"},
        "body": {"merchantInfo": {"merchantSerialNumber": "654321"}},
    }
    assert not log.send(CANCEL, **other, **SILENT)
    assert not log.send(CAPTURE, **SILENT)
    again = {"headers": other["headers"] | {"X-Request-Id": "1"}, "body": other["body"]}
    assert log.send(CAPTURE, **again, response=REJECTED) == ["capture-after-release"]


def test_test_and_production_are_two_worlds() -> None:
    log = initiated()
    assert not log.send(CANCEL, host="apitest.vipps.no", **SILENT)
    assert not log.send(CAPTURE, **SILENT)


def test_a_log_that_begins_in_the_middle_knows_only_what_it_saw() -> None:
    log = Log()
    assert not log.send(CAPTURE, **SILENT)
    assert not log.send(CANCEL, without=("body.shouldReleaseRemainingFunds",), response=REJECTED)
    assert not log.send(REFUND, body={"transaction": {"amount": 9900000}}, response=REJECTED)


def test_a_response_tells_what_the_log_did_not_see() -> None:
    log = Log()
    assert not log.send(CAPTURE)
    flagless = {"without": ("body.shouldReleaseRemainingFunds",), "response": REJECTED}
    assert log.send(CANCEL, **flagless) == ["cancel-without-release"]


def test_what_vipps_has_accepted_was_right() -> None:
    log = initiated()
    assert not log.send(CAPTURE, body={"transaction": {"amount": 90000}}, **SILENT)
    assert not log.send(REFUND, body={"transaction": {"amount": 80000}}, **SILENT)


def test_an_answer_that_proves_us_wrong_leaves_us_knowing_nothing() -> None:
    log = initiated()
    assert not log.send(CAPTURE, body={"transaction": {"amount": 90000}}, **SILENT)
    assert not log.send(CANCEL, response=REJECTED)


def test_a_mock_that_accepts_proves_nothing() -> None:
    log = Log(genuine=MAYBE)
    assert not log.send("ecom.initiate-payment")
    assert log.send(CAPTURE, body={"transaction": {"amount": 90000}}, **SILENT) == ["capture-above-reserved"]


@pytest.mark.parametrize(
    ("status", "genuine", "rules"),
    [
        pytest.param(200, MAYBE, ["capture-above-reserved"], id="a mock says 200 where Vipps says 201"),
        pytest.param(202, MAYBE, ["capture-above-reserved"], id="a mock says any other success"),
        pytest.param(302, MAYBE, [], id="a mock redirects"),
        pytest.param(200, YES, [], id="Vipps has never answered so"),
        pytest.param(201, YES, ["capture-above-reserved"], id="Vipps answers as it does"),
    ],
)
def test_the_status_that_tells_of_success(status: int, genuine: Truth, rules: list[str]) -> None:
    log = Log(genuine=genuine)
    log.send("epayment.create-payment", response={"status": status})
    wrong = {"body": {"modificationAmount": {"value": 90000}}, "response": REJECTED}
    assert log.send("epayment.capture-payment", **wrong) == rules


def test_a_failed_cancel_releases_nothing() -> None:
    log = initiated()
    assert not log.send(CANCEL, response=REJECTED)
    assert not log.send(CAPTURE, response=REJECTED)


def test_a_call_that_may_be_anything_makes_states_uncertain() -> None:
    log = initiated()
    assert not log.send(CAPTURE, body={"transaction": {"amount": 49900}}, **SILENT)
    vague = read_call(Exchange("POST", "https://api.vipps.no/ecomm/v2/payments"), ROUTES, Place("log"), YES)
    assert vague is not None
    log.history.fold(Call(vague.api, None, "POST", "/ecomm/v2{path}", known=MAYBE))
    assert not log.send(CANCEL, response=REJECTED)


def test_delivery_that_the_customer_chooses_comes_on_top() -> None:
    prefixes = dict.fromkeys(("consentRemovalPrefix", "shippingDetailsPrefix"), "https://acme-shop.example/vipps")
    log = initiated(body={"merchantInfo": {"paymentType": "eComm Express Payment", **prefixes}})
    assert not log.send(CAPTURE, body={"transaction": {"amount": 60000}}, response=REJECTED)


def test_a_payment_that_waits_for_the_customer_is_not_empty() -> None:
    log = Log()
    assert not log.send("epayment.create-payment")
    names = ("authorizedAmount", "capturedAmount", "cancelledAmount", "refundedAmount")
    nothing = {name: {"value": 0} for name in names}
    assert not log.send("epayment.get-payment", response={"body": {"state": "CREATED", "aggregate": nothing}})
    assert not log.send("epayment.capture-payment", response=REJECTED)


@pytest.mark.parametrize(
    ("value", "everything"),
    [
        pytest.param(OneOf((None, 100)), None, id="null or an amount"),
        pytest.param(ABSENT, True, id="no amount"),
        pytest.param(None, True, id="null"),
        pytest.param(0, True, id="zero"),
        pytest.param(100, False, id="an amount"),
        pytest.param(False, False, id="false is no amount"),
        pytest.param(Hole(), None, id="an unknown value may be null"),
    ],
)
def test_capture_of_all_that_is_left(value: Value, everything: bool | None) -> None:
    assert everything_left(value) is everything


ranges = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(lambda pair: Range(min(pair), max(pair)))


@given(ranges, ranges, st.data())
def test_ranges_hold_what_their_numbers_come_to(one: Range, other: Range, data: st.DataObject) -> None:
    first = data.draw(st.integers(int(one.low), int(one.high)))
    second = data.draw(st.integers(int(other.low), int(other.high)))
    for range_, number in ((one + other, first + second), (one - other, max(0, first - second))):
        assert range_.low <= number <= range_.high
    assert one.joined(other).low <= first <= one.joined(other).high


def test_the_unknown_state_is_not_an_empty_one() -> None:
    assert Payment().remaining == ANYTHING and Payment().released is MAYBE and Payment().capturing is NO
    assert amount(Hole()) == ANYTHING
