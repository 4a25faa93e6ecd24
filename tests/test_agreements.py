"""Charges and their agreements: Vipps' own worked examples, and what a log tells of prices, campaigns and maximums."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from ledger_log import REJECTED, V2, V3, Log

from vipps_lint.document import MAYBE


def agreed(
    log: Log, api: str = V3, at: str | None = None, without: tuple[str, ...] = ("body.initialCharge",), **body: Any
) -> Log:
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
        pytest.param(
            100, "2023-01-09", ["charge-before-campaign-interval (warning)"], id="paid with the initial charge"
        ),
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
        pytest.param(
            "2023-05-25T09:00:00", "apitest.vipps.no", "2023-05-25", ["charge-due-too-soon"], id="test, the same day"
        ),
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


def test_a_cancelled_charge_leaves_room_in_its_interval() -> None:
    log = agreed(Log(genuine=MAYBE))
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
