"""Facts that were set up elsewhere are history; what they do not say stays unknown."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from conftest import Server

from vipps_lint import Guard

CHARGES = "/recurring/v3/agreements/agr_acme/charges"
CAPTURE = "/ecomm/v2/payments/acme-1/capture"
MONTHLY = {"unit": "MONTH", "count": 1}


def charge(server: Server, amount: int) -> None:
    body = {"amount": amount, "transactionType": "DIRECT_CAPTURE", "due": "2030-01-01", "retryDays": 3}
    requests.post(server.url + CHARGES, json=body, timeout=5)


def capture(server: Server, amount: int) -> None:
    transaction = {"amount": amount, "transactionText": "Socks"}
    body = {"merchantInfo": {"merchantSerialNumber": "123456"}, "transaction": transaction}
    requests.post(server.url + CAPTURE, json=body, timeout=5)


@pytest.mark.parametrize(
    ("known", "amount", "wrong"),
    [
        pytest.param({"price": 49900}, 60000, True, id="above the price"),
        pytest.param({"price": 49900}, 49900, False, id="the price itself"),
        pytest.param({}, 60000, False, id="a price that nobody told"),
    ],
)
def test_an_agreement(server, known: dict[str, Any], amount, wrong):
    with Guard("collect") as guard:
        guard.knows_agreement("agr_acme", interval=MONTHLY, **known)
        guard.knows_agreement("agr_other", price=1)
        charge(server, amount)
    assert ("charge-above-agreement-price" in [one.rule for one in guard.diagnostics]) is wrong


@pytest.mark.parametrize(
    ("known", "amount", "wrong"),
    [
        pytest.param({"reserved": 1000}, 1001, True, id="above what is reserved"),
        pytest.param({"reserved": 1000}, 1000, False, id="all of it"),
        pytest.param({"reserved": 1000, "captured": 400}, 601, True, id="above what is left"),
        pytest.param({"reserved": 1000, "captured": 400}, 600, False, id="what is left"),
    ],
)
def test_a_payment(server, known: dict[str, Any], amount, wrong):
    with Guard("collect") as guard:
        guard.knows_payment("acme-1", **known)
        capture(server, amount)
    assert ("capture-above-reserved" in [one.rule for one in guard.diagnostics]) is wrong


def test_a_fact_that_is_told_late_holds_from_then_on(server):
    with Guard("collect") as guard:
        capture(server, 2000)
        guard.knows_payment("acme-1", reserved=1000)
        capture(server, 2000)
    assert [one.rule for one in guard.diagnostics].count("capture-above-reserved") == 1


def test_a_guard_goes_on_with_what_another_one_knows(server):
    with Guard("collect") as first:
        first.knows_payment("acme-1", reserved=1000)
        capture(server, 600)
    with Guard("collect", after=first) as second:
        capture(server, 600)
    with Guard("collect") as fresh:
        capture(server, 600)
    found = [[one.rule for one in guard.diagnostics] for guard in (first, second, fresh)]
    assert ["capture-above-reserved" in rules for rules in found] == [False, True, False]


def test_only_the_last_calls_are_kept(server):
    with Guard("collect", history=3) as guard:
        for amount in range(5):
            capture(server, 100 + amount)
    assert [call[("body", "transaction", "amount")] for call in guard.calls] == [102, 103, 104]
