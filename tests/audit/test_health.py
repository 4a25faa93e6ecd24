"""The numbers of recorded calls: what is counted, and that the numbers of parts add up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from auditing import WRONG, Audited
from hypothesis import given
from hypothesis import strategies as st
from shop import URL, cancel, capture, initiate, record

from vipps_lint.call import Place
from vipps_lint.catalog import Catalog, catalog
from vipps_lint.diagnostic import Diagnostic, Severity
from vipps_lint.examples import good_request
from vipps_lint.read.request import read_call
from vipps_lint.read.routes import Routes
from vipps_lint.report import Report
from vipps_lint.report.ahead import ahead
from vipps_lint.report.health import SHOWN, Health
from vipps_lint.report.rules import faces

CATALOG = catalog()
INITIATE, CAPTURE = "POST /ecomm/v2/payments", "POST /ecomm/v2/payments/{orderId}/capture"
RULE = "mobile-number-not-national"


def numbers(report: Report) -> dict[str, Any]:
    assert report.health is not None
    data: dict[str, Any] = json.loads(json.dumps(report.health.as_data()))
    return data


def test_answers_by_operation_status_and_day(audited: Audited) -> None:
    data = numbers(
        audited(
            [
                initiate("2022-04-01T22:00:00Z", "a"),
                initiate("2022-04-02T01:00:00+02:00", "b", status=400),
                initiate("2022-04-03T12:00:00Z", "c", status=500),
                initiate(None, "d", status=429),
                {**initiate("2022-04-04T12:00:00Z", "e"), "response": None},
                capture("2022-04-03T12:01:00Z", "a", status=302),
            ]
        )
    )
    assert (data["first_day"], data["last_day"]) == ("2022-04-01", "2022-04-04")
    assert (data["calls"], data["succeeded"], data["failed"], data["unknown"]) == (6, 2, 3, 1)
    assert [(one["operation"], one["id"], one["calls"]) for one in data["operations"]] == [
        (INITIATE, "ecom.initiate-payment", 5),
        (CAPTURE, "ecom.capture-payment", 1),
    ]
    first = data["operations"][0]
    assert [(one["status"], one["count"]) for one in first["statuses"]] == [
        (None, 1), (200, 1), (400, 1), (429, 1), (500, 1),
    ]  # fmt: skip
    assert first["days"] == [
        {"day": None, "4xx": 1},
        {"day": "2022-04-01", "2xx": 1, "4xx": 1},
        {"day": "2022-04-03", "5xx": 1},
        {"day": "2022-04-04", "none": 1},
    ]


def test_findings_with_their_share_and_their_examples(audited: Audited) -> None:
    orders = [initiate(f"2022-04-0{day}T12:00:00Z", f"order-{day}", number=WRONG) for day in range(1, 6)]
    data = numbers(audited([*orders, initiate("2022-04-09T12:00:00Z", "fine"), capture()]))
    (found,) = data["findings"]
    assert {name: found[name] for name in ("rule", "severity", "count", "calls", "of", "first", "last")} == {
        "rule": RULE,
        "severity": "warning",
        "count": 5,
        "calls": 5,
        "of": 6,
        "first": "2022-04-01T12:00:00+00:00",
        "last": "2022-04-05T12:00:00+00:00",
    }
    assert found["operations"] == [{"operation": INITIATE, "calls": 5}]
    (example,) = found["examples"]
    assert example["record"] == 1 and "…" in example["message"] and "912" not in example["message"]


def test_what_settings_hide_is_not_counted(audited: Audited) -> None:
    assert numbers(audited([initiate(number=WRONG)], chosen=lambda found: []))["findings"] == []
    assert numbers(audited([initiate(number=WRONG)]))["findings"] != []


def test_paths_that_are_no_operation_are_one_line(audited: Audited) -> None:
    calls = [
        record("GET", f"{URL}/order-{number}/detials", None, f"2022-04-01T12:0{number}:00Z") for number in range(5)
    ]
    (only,) = numbers(audited(calls))["operations"]
    assert (only["operation"], only["id"], only["calls"]) == ("GET, no operation of eCom API v2", None, 5)


STILL = {"status": 200, "body": {"transactionSummary": {"remainingAmountToCapture": 29900}}}


def euros(merchant: str, currency: str = "EUR") -> list[dict[str, Any]]:
    """A payment of the ePayment API of which a part is captured."""
    url, headers = "https://api.vipps.no/epayment/v1/payments", {"Merchant-Serial-Number": merchant}
    steps = [("", "amount", {"reference": "hat-1"}, 5000), ("/hat-1/capture", "modificationAmount", {}, 2000)]
    return [
        {
            **record("POST", url + path, {**more, name: {"value": value, "currency": currency}}, None, headers=headers),
            "response": {"status": 200 if path else 201, "body": {}},
        }
        for path, name, more, value in steps
    ]


TEST = "https://apitest.vipps.no/ecomm/v2/payments"


@pytest.mark.parametrize(
    ("calls", "left"),
    [
        pytest.param([initiate(), capture()], {"NOK": (1, 29900)}, id="captured in part"),
        pytest.param([initiate()], {}, id="only a capture proves that anything was reserved"),
        pytest.param([capture()], {}, id="how much was reserved is not known"),
        pytest.param([initiate(), capture(amount=49900)], {}, id="captured"),
        pytest.param([initiate(), capture(status=400)], {}, id="a capture that failed"),
        pytest.param([initiate(), capture(), cancel(status=400)], {"NOK": (1, 29900)}, id="a cancel that failed"),
        pytest.param([initiate(), capture(), {**cancel(), "response": None}], {}, id="a cancel that may have worked"),
        pytest.param([initiate(), capture(), cancel(status=200)], {}, id="a cancel that released it, maybe"),
        pytest.param([initiate(), capture(), capture("2022-04-01T12:06:00Z")], {"NOK": (1, 9900)}, id="two captures"),
        pytest.param(
            [initiate(order="a"), capture(order="a"), initiate(order="b"), capture(order="b")],
            {"NOK": (2, 59800)},
            id="two payments",
        ),
        pytest.param(
            [initiate(), capture(), {**cancel(), "response": STILL}],
            {},
            id="a cancel that worked and tells what is left",
        ),
        pytest.param([*euros("1")], {"EUR": (1, 3000)}, id="euros"),
        pytest.param([*euros("1"), *euros("2")], {"EUR": (2, 6000)}, id="one name in two sales units"),
        pytest.param([*euros("1"), *euros("2", "DKK")], {}, id="one name in two currencies"),
        pytest.param(
            [initiate(url=TEST), record("POST", f"{TEST}/socks-1/capture", {"transaction": {"amount": 100}}, None)],
            {},
            id="the test environment has no money",
        ),
    ],
)
def test_money_that_is_left_reserved(audited: Audited, calls: list[Any], left: dict[str, Any]) -> None:
    found = numbers(audited(calls))["reserved"]
    assert {one["currency"]: (one["payments"], one["amount"]) for one in found} == left


RETIRED = "recurring-v2.get-agreement"


@pytest.mark.parametrize(
    ("called", "today", "days", "changes"),
    [
        pytest.param(
            RETIRED, "2023-10-01", 90, [("2023-11-01", None, "stops working")], id="an operation that will be removed"
        ),
        pytest.param(RETIRED, "2023-10-01", 31, [("2023-11-01", None, "stops working")], id="on the last day"),
        pytest.param(RETIRED, "2023-10-01", 30, [], id="beyond the horizon"),
        pytest.param(RETIRED, "2023-11-01", 90, [], id="today is not ahead"),
        pytest.param("ecom.initiate-payment", "2023-10-01", 90, [], id="what is not called"),
    ],
)
def test_what_comes(called: str, today: str, days: int, changes: list[Any]) -> None:
    found = [one.as_data() for one in ahead(CATALOG, [called], date.fromisoformat(today), days)]
    assert [(one["day"], one["rule"], one["change"]) for one in found if one["rule"] is None] == changes


def test_rules_that_get_stricter_come_too(rules: Catalog) -> None:
    (one,) = ahead(rules, ["ecom.initiate-payment"], date(2022, 7, 1), 90)
    assert one.as_data() == {
        "day": "2022-08-01",
        "rule": RULE,
        "change": "becomes an error",
        "help": "see the guide",
        "operations": [INITIATE],
    }
    assert not ahead(rules, ["ecom.capture-payment"], date(2022, 7, 1), 90)
    assert ahead(rules, ["ecom.initiate-payment"], date.max, 90) == []


def test_only_rules_that_records_can_decide_come() -> None:
    changes = ahead(CATALOG, ["ecom.initiate-payment"], date(2018, 10, 24), 1)
    named = {one.rule for one in changes}
    assert RULE in named and "response-unchecked" in CATALOG.rules
    assert all("audit" in faces(CATALOG.rules[rule]) for rule in named)


ROUTES = Routes(CATALOG.operations.values())
OPERATIONS = ["ecom.initiate-payment", "ecom.capture-payment", "epayment.create-payment"]


def counted(call: tuple[str, int, int, list[str]]) -> Callable[[Health], None]:
    """Counts a call of an operation on some day, with a status and some findings."""
    operation, day, status, found = call
    place = Place("log", record=day)
    made = read_call(good_request(CATALOG, operation).exchange(), ROUTES, place)
    assert made is not None
    made = replace(made, at=datetime(2022, 4, day, tzinfo=UTC) if day else None)
    findings = [Diagnostic(rule, Severity.ERROR, f"{rule} {day}", "", place, made.label, "") for rule in found]

    def count(health: Health) -> None:
        health.answered(made.label, operation, str(made.at.date()) if made.at else "", status)
        health.found(made.label, made.at, findings)

    return count


CALLS = st.lists(
    st.tuples(
        st.sampled_from(OPERATIONS),
        st.integers(0, 9),
        st.sampled_from([0, 99, 200, 302, 404, 500, 700]),
        st.lists(st.sampled_from(["one", "two"]), max_size=3),
    ),
    max_size=12,
)


@given(CALLS, st.lists(st.integers(0, 12), max_size=3), st.booleans())
def test_the_numbers_of_parts_add_up_in_any_order(calls: list[Any], cuts: list[int], turned: bool) -> None:
    steps = [counted(one) for one in calls]
    whole = Health()
    for step in steps:
        step(whole)
    edges = sorted({0, len(steps), *(cut for cut in cuts if cut <= len(steps))})
    parts = []
    for start, end in pairwise(edges):
        parts.append(Health())
        for step in steps[start:end]:
            step(parts[-1])
    together = Health()
    for part in parts[::-1] if turned else parts:
        together.add(part)
    assert together.as_data() == whole.as_data()
    assert all(len(one["examples"]) <= SHOWN for one in whole.as_data()["findings"])
    assert whole.as_data()["calls"] == sum(one["calls"] for one in whole.as_data()["operations"]) == len(calls)


def test_money_and_operations_of_two_logs_add_up(audited: Audited) -> None:
    one = audited([initiate(order="a"), capture(order="a")]).health
    other = audited([initiate(order="b"), capture(order="b")]).health
    assert one is not None and other is not None
    one.add(other)
    assert one.as_data()["reserved"] == [{"currency": "NOK", "payments": 2, "amount": 59800}]
