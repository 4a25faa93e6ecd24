"""Payments and agreements across calls: Vipps' own examples of limits and intervals, and logs as they really are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vipps_lint.call import Call, Place
from vipps_lint.catalog import catalog
from vipps_lint.document import ABSENT, MAYBE, NO, YES, Hole, OneOf, Truth, Value
from vipps_lint.engine import judge
from vipps_lint.examples import requests
from vipps_lint.ledger import Ledger, Payment, Range
from vipps_lint.ledger.calendar import later, next_window, window
from vipps_lint.ledger.ranges import ANYTHING, amount, everything_left
from vipps_lint.read.request import Exchange, read_call
from vipps_lint.read.routes import Routes
from vipps_lint.rulefiles import ExampleFile

CATALOG = catalog()
ROUTES = Routes(CATALOG.operations.values())
V3, V2 = "recurring-v3", "recurring-v2"


class Log:
    """Calls of a log in their order, each a good request with changes, and what is found in them."""

    def __init__(self, start: str = "2026-11-22T09:00:00", genuine: Truth = YES) -> None:
        self.at = datetime.fromisoformat(start).replace(tzinfo=UTC)
        self.genuine = genuine
        self.history = Ledger()
        self.calls = 0

    def send(self, operation: str, *, at: str | None = None, **change: Any) -> list[str]:
        """Add a call; the names of the rules that it breaks, with their severities where they are not errors."""
        self.at = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else self.at + timedelta(minutes=1)
        self.calls += 1
        example = ExampleFile(operation=operation, at=self.at, **change)
        return self.add(requests(CATALOG, example)[-1].exchange())

    def add(self, exchange: Exchange) -> list[str]:
        call = read_call(exchange, ROUTES, Place("log", record=self.calls), self.genuine)
        assert call is not None
        found = [one for one in judge(call, self.history, CATALOG, self.at.date()) if one.rule != "api-version-retired"]
        self.history.fold(call)
        return [one.rule + ("" if one.severity.value == "error" else f" ({one.severity.value})") for one in found]

    def charge(self, value: int, due: str, api: str = V3, **change: Any) -> list[str]:
        """Create a charge that is like no other; a rejected one where the `status` says so."""
        name = f"acme42-charge-{self.calls}"
        given = change.pop("response", {})
        return self.send(
            f"{api}.create-charge",
            headers={"Idempotency-Key": name},
            body={"amount": value, "due": due, "orderId": name},
            response={**given, **({} if given.get("status", 0) >= 400 else {"body": {"chargeId": name}})},
            **change,
        )


REJECTED = {"status": 400}


def agreed(log: Log, api: str = V3, at: str | None = None, without: tuple[str, ...] = ("body.initialCharge",), **body: Any) -> Log:
    """The log with an agreement in it: 499 kroner a month, but for the changes."""
    found = log.send(f"{api}.draft-agreement", at=at, body=body, without=without)
    assert not found
    return log


def observed(log: Log, start: str, **body: Any) -> Log:
    """The log after the agreement was fetched, with its first day and perhaps other terms."""
    assert not log.send(f"{V3}.get-agreement", response={"body": {"start": f"{start}T08:00:00Z", **body}})
    return log


ABOVE = "charge-above-agreement-price"
INTERVAL = "charge-above-interval-limit"


def test_example_1_five_times_the_price_in_one_month() -> None:
    log = observed(agreed(Log("2023-03-10T09:00:00")), "2023-03-10")
    assert log.charge(100000, "2023-04-05") == [f"{ABOVE} (warning)"]
    assert log.charge(149500, "2023-04-28") == [f"{ABOVE} (warning)"]
    assert log.charge(100, "2023-04-30", response=REJECTED) == [INTERVAL]
    assert log.charge(100, "2023-05-01") == []


def test_example_2_each_charge_is_compared_with_the_price() -> None:
    log = agreed(Log("2022-09-14T09:00:00"))
    assert log.charge(50000, "2022-09-20") == [ABOVE]
    assert log.charge(49900, "2022-09-21") == []
    assert log.charge(49900, "2022-09-22") == []


def test_example_3_a_campaign_of_recurring_v2() -> None:
    campaign = {"campaignPrice": 1000, "end": "2022-12-31T00:00:00Z"}
    log = agreed(Log("2022-09-14T09:00:00"), V2, price=39900, interval="WEEK", campaign=campaign)
    assert log.charge(1000, "2022-12-30", V2) == []
    assert log.charge(39900, "2022-12-30", V2) == ["charge-above-campaign-price"]
    assert log.charge(39900, "2023-01-02", V2) == []


@pytest.mark.parametrize(
    ("initial", "due", "found"),
    [
        pytest.param(100, "2023-01-09", ["charge-before-campaign-interval (warning)"], id="paid with the initial charge"),
        pytest.param(100, "2023-03-12", ["charge-before-campaign-interval (warning)"], id="the last day of ten weeks"),
        pytest.param(100, "2023-03-13", [], id="ten weeks later"),
        pytest.param(200, "2023-01-09", [], id="another initial charge pays for no interval"),
    ],
)
def test_example_4_the_whole_period_is_one_interval(initial: int, due: str, found: list[str]) -> None:
    campaign = {"type": "PERIOD_CAMPAIGN", "price": 100, "period": {"unit": "WEEK", "count": 10}}
    log = Log("2023-01-02T09:00:00")
    agreed(log, campaign=campaign, initialCharge={"amount": initial}, without=())
    observed(log, "2023-01-02", campaign={**campaign, "end": "2023-03-13T00:00:00Z"})
    assert log.charge(100, due) == found


@pytest.mark.parametrize(
    ("due", "found"),
    [
        pytest.param("2022-11-04", ["charge-before-campaign-interval (warning)"], id="Friday of the same week"),
        pytest.param("2022-11-07", [], id="Monday of the next week"),
    ],
)
def test_example_5_a_price_campaign_counts_in_the_agreements_weeks(due: str, found: list[str]) -> None:
    campaign = {"type": "PRICE_CAMPAIGN", "price": 100, "end": "2023-01-31T00:00:00Z"}
    terms = {"campaign": campaign, "initialCharge": {"amount": 100}, "interval": {"unit": "WEEK", "count": 1}}
    log = agreed(Log("2022-11-02T09:00:00"), without=(), **terms)
    assert log.charge(100, due) == found


@pytest.mark.parametrize(
    ("maximum", "value", "found"),
    [
        pytest.param(200000, 500000, [], id="up to the suggested maximum"),
        pytest.param(200000, 500001, ["charge-above-variable-maximum"], id="above the suggested maximum"),
        pytest.param(700000, 700000, [], id="up to the customer's own maximum"),
        pytest.param(700000, 700001, ["charge-above-variable-maximum"], id="above the customer's own maximum"),
        pytest.param(None, 900000, [], id="the customer's own maximum is not known"),
    ],
)
def test_example_6_a_variable_amount(maximum: int | None, value: int, found: list[str]) -> None:
    pricing = {"type": "VARIABLE", "suggestedMaxAmount": 500000, "currency": "NOK"}
    log = agreed(Log(), pricing=pricing, without=("body.initialCharge", "body.pricing.amount"))
    if maximum:
        observed(log, "2026-11-22", pricing={**pricing, "maxAmount": maximum})
    assert log.charge(value, "2026-12-01", response=REJECTED) == found


@pytest.mark.parametrize(
    ("at", "host", "due", "found"),
    [
        pytest.param("2023-05-25T23:59:00", None, "2023-05-26", ["charge-due-too-soon"], id="production, one day"),
        pytest.param("2023-05-25T00:01:00", None, "2023-05-27", [], id="production, two days"),
        pytest.param("2023-05-25T09:00:00", "apitest.vipps.no", "2023-05-25", ["charge-due-too-soon"], id="test, the same day"),
        pytest.param("2023-05-25T09:00:00", "apitest.vipps.no", "2023-05-26", [], id="test, one day"),
        pytest.param("2023-05-25T09:00:00", "proxy.example", "2023-05-26", [], id="an environment that is not known"),
        pytest.param("2025-09-30T09:00:00", None, "2025-10-01", ["charge-due-too-soon"], id="the last day of two days"),
        pytest.param("2025-10-01T09:00:00", None, "2025-10-02", [], id="one day for all since October 2025"),
    ],
)
def test_example_8_how_far_ahead_a_charge_is_due(at: str, host: str | None, due: str, found: list[str]) -> None:
    assert Log(at).send(f"{V3}.create-charge", at=at, host=host, body={"due": due}, response=REJECTED) == found


@pytest.mark.parametrize(
    ("day", "found"),
    [
        pytest.param("2022-03-20", [], id="before the announcement"),
        pytest.param("2022-04-15", [f"{ABOVE} (warning)"], id="announced"),
        pytest.param("2022-08-15", [ABOVE], id="in force"),
        pytest.param("2022-10-15", [f"{ABOVE} (warning)"], id="rolled back"),
    ],
)
def test_severity_of_the_price_rule_on_the_days_of_its_life(day: str, found: list[str]) -> None:
    log = agreed(Log(f"{day}T09:00:00"))
    assert log.charge(60000, (date.fromisoformat(day) + timedelta(days=7)).isoformat()) == found


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
        pytest.param("WEEK", 2, "2022-11-02", "2022-11-02", "2022-11-14", False, id="two weeks, then Monday of the third"),
        pytest.param("WEEK", 2, "2022-11-02", "2022-11-02", "2022-11-13", True, id="Sunday of the second week"),
        pytest.param("MONTH", 3, "2023-01-05", "2023-01-05", "2023-04-02", False, id="three months"),
        pytest.param("DAY", 30, "2022-06-04", "2022-06-12", "2022-07-04", False, id="thirty days are fixed windows too"),
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


def initiated(**change: Any) -> Log:
    log = Log()
    assert not log.send("ecom.initiate-payment", **change)
    return log


def test_a_retry_with_the_same_key_counts_once() -> None:
    log = initiated()
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
    other = {"headers": {"Merchant-Serial-Number": "654321"}, "body": {"merchantInfo": {"merchantSerialNumber": "654321"}}}
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


def test_a_mock_that_accepts_proves_nothing() -> None:
    log = Log(genuine=MAYBE)
    assert not log.send("ecom.initiate-payment")
    assert log.send(CAPTURE, body={"transaction": {"amount": 90000}}, **SILENT) == ["capture-above-reserved"]


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
    log = initiated(body={"merchantInfo": {"paymentType": "eComm Express Payment"}})
    assert not log.send(CAPTURE, body={"transaction": {"amount": 60000}}, response=REJECTED)


def test_a_payment_that_waits_for_the_customer_is_not_empty() -> None:
    log = Log()
    assert not log.send("epayment.create-payment")
    nothing = dict.fromkeys(("authorizedAmount", "capturedAmount", "cancelledAmount", "refundedAmount"), {"value": 0})
    assert not log.send("epayment.get-payment", response={"body": {"state": "CREATED", "aggregate": nothing}})
    assert not log.send("epayment.capture-payment", response=REJECTED)


def test_a_cancelled_charge_leaves_room_in_its_interval() -> None:
    log = agreed(Log())
    for day in range(1, 6):
        assert not log.charge(49900, f"2026-12-0{day}")
    assert not log.send(f"{V3}.cancel-charge", path={"chargeId": "acme42-charge-1"})
    assert not log.charge(49900, "2026-12-06")
    assert log.charge(100, "2026-12-07", response=REJECTED) == [INTERVAL]


def test_a_new_price_holds_for_later_charges() -> None:
    log = agreed(Log())
    assert not log.send(f"{V3}.update-agreement", body={"pricing": {"amount": 60000}})
    assert not log.charge(60000, "2026-12-01")
    assert log.charge(60001, "2026-12-02") == [f"{ABOVE} (warning)"]


def test_bulk_charges_are_judged_one_by_one() -> None:
    one = {"agreementId": "agr_7KdQm2x", "description": "Socks", "transactionType": "RESERVE_CAPTURE", "retryDays": 5}
    charges = [one | {"amount": 49900, "due": "2026-12-01"}, one | {"amount": 49.5, "due": "2026-11-22"}]
    assert sorted(Log().send(f"{V3}.create-charges", body=charges)) == ["amount-not-integer", "charge-due-too-soon"]


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
