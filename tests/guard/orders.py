"""Orders, right and wrong, and the rule that judges them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vipps_lint.catalog import Catalog, catalog

RULE = "mobile-number-not-national"
INITIATE = "/ecomm/v2/payments"


def order(number: str = "91234567", **transaction: Any) -> dict[str, Any]:
    return {
        "customerInfo": {"mobileNumber": number},
        "merchantInfo": {"merchantSerialNumber": "123456"},
        "transaction": {"orderId": "acme-1", "amount": 49900, "transactionText": "Socks", **transaction},
    }


WRONG = order("+4791234567")
CAPTURE = {
    "merchantInfo": {"merchantSerialNumber": "123456"},
    "transaction": {"amount": 60000, "transactionText": "Socks"},
}


def only_phones() -> Catalog:
    """The rule that most of these tests break, so that other rules of the catalog do not matter."""
    everything = catalog()
    return replace(everything, rules={RULE: everything.rules[RULE]})
