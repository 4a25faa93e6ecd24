"""Records of eCom calls, as JSON Lines and as HAR entries say them."""

from __future__ import annotations

from typing import Any

URL = "https://api.vipps.no/ecomm/v2/payments"
HEADERS = {"Authorization": "***", "Content-Type": "application/json", "Merchant-Serial-Number": "123456"}


def initiate(at: str | None = "2022-04-01T12:00:00Z", order: str = "socks-1", **changes: Any) -> dict[str, Any]:
    """Reserves 499 kr."""
    body = {
        "customerInfo": {"mobileNumber": changes.pop("number", "91234567")},
        "merchantInfo": {"merchantSerialNumber": "123456"},
        "transaction": {"orderId": order, "amount": 49900, "transactionText": "socks"},
    }
    return record("POST", changes.pop("url", URL), body, at, **changes)


def capture(at: str | None = "2022-04-01T12:05:00Z", order: str = "socks-1", **changes: Any) -> dict[str, Any]:
    """Takes 200 kr of them."""
    body = {"transaction": {"amount": changes.pop("amount", 20000)}}
    return record("POST", f"{URL}/{order}/capture", body, at, **changes)


def cancel(at: str | None = "2022-04-01T12:10:00Z", order: str = "socks-1", **changes: Any) -> dict[str, Any]:
    """Means to release the rest, does not say so, and is turned down."""
    return record("PUT", f"{URL}/{order}/cancel", {"transaction": {}}, at, **{"status": 400, **changes})


def record(method: str, url: str, body: Any, at: str | None, status: Any = 200, **request: Any) -> dict[str, Any]:
    """One record of JSON Lines."""
    sent = {"method": method, "url": url, "headers": HEADERS, "body": body, **request}
    timed = {} if at is None else {"at": at}
    return {**timed, "request": sent, "response": {"status": status, "headers": {}}}


def entry(**changes: Any) -> dict[str, Any]:
    """One entry of a HAR file: a payment with a wrong number, as a browser exports it."""
    request = {
        "method": "POST",
        "url": URL,
        "headers": [{"name": "content-type", "value": "application/json"}],
        "postData": {
            "mimeType": "application/json",
            "text": '{"customerInfo": {"mobileNumber": "+4791234567"}, "transaction": {"orderId": "a", "amount": 100}}',
        },
        "bodySize": 90,
    }
    response = {"status": 200, "headers": [], "content": {"size": 2, "text": "{}"}, "bodySize": 2}
    whole: dict[str, Any] = {"startedDateTime": "2022-04-01T12:00:00.000Z", "request": request, "response": response}
    for dotted, value in changes.items():
        *steps, last = dotted.split("__")
        inner = whole
        for step in steps:
            inner = inner[step]
        inner[last] = value
    return whole


def har(*entries: dict[str, Any]) -> dict[str, Any]:
    """A HAR file."""
    return {"log": {"version": "1.2", "creator": {"name": "a browser", "version": "1"}, "entries": list(entries)}}
