"""Stubs under the guard: what they answer is judged beside the calls, and nobody stubs Vipps in production."""

from __future__ import annotations

import pytest
import requests
import responses

from vipps_lint import Guard

URL = "https://api.vipps.no/epayment/v1/payments/acme-shop-2051"
HEADERS = {
    "Authorization": "Bearer eyJh",
    "Ocp-Apim-Subscription-Key": "a2b4",
    "Merchant-Serial-Number": "123456",
}
MONEY = {"currency": "NOK", "value": 49900}
PAYMENT = {
    "aggregate": dict.fromkeys(("authorizedAmount", "cancelledAmount", "capturedAmount", "refundedAmount"), MONEY),
    "amount": MONEY,
    "state": "CAPTURED",
    "paymentMethod": {"type": "WALLET"},
    "profile": {},
    "pspReference": "4de2d2b0",
    "reference": "acme-shop-2051",
}


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        pytest.param("collect", ["response-value-impossible"], id="in a test"),
        pytest.param("log", [], id="in production"),
    ],
)
def test_a_stub_that_answers_what_vipps_never_does(mode: str, found: list[str]) -> None:
    with Guard(mode) as guard, responses.RequestsMock() as stubs:  # type: ignore[arg-type]
        stubs.get(URL, json=PAYMENT)
        requests.get(URL, headers=HEADERS, timeout=10)
    assert [(one.rule, one.pointer) for one in guard.diagnostics] == [(name, "response.body.state") for name in found]


def test_the_finding_names_the_line_that_calls() -> None:
    with responses.RequestsMock() as stubs, pytest.raises(AssertionError) as caught, Guard("raise"):
        stubs.get(URL, json=PAYMENT)
        requests.get(URL, headers=HEADERS, timeout=10)
    text = str(caught.value)
    assert text.startswith("GET /epayment/v1/payments/{reference} was sent, but is wrong: `state` of")
    assert __file__.rpartition("/")[2] in text


def test_the_report_has_the_errors_that_were_answered() -> None:
    with Guard("collect") as guard, responses.RequestsMock() as stubs:
        stubs.get(URL, json={"title": "Not Found", "status": 404, "detail": "Kari has none"}, status=404)
        for _ in range(2):
            requests.get(URL, headers=HEADERS, timeout=10)
    found = {(one.operation, one.status, one.reason): number for one, number in guard.report().failures.items()}
    assert found == {("GET /epayment/v1/payments/{reference}", 404, "Not Found"): 2}
