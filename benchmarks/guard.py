"""What a guard costs, in one run with openapi-core's validation of the same request as a yardstick.

    python -m pip install -e '.[test]' openapi-core
    python benchmarks/guard.py

Prints microseconds of processor time per call, the minimum and the median of the rounds, which take turns. The calls go
through the tap of requests with an adapter that answers at once; what the same calls cost without a guard is taken off.
Every call has an order id and a phone number of its own.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import BaseAdapter

from vipps_lint import Guard

CALLS, ROUNDS = 400, 9
VIPPS, OTHER = "https://apitest.vipps.no/ecomm/v2/payments", "https://shop.example/api/v1/orders/42?expand=lines"
HEADERS = {
    "Authorization": "Bearer token",
    "Ocp-Apim-Subscription-Key": "key",
    "Merchant-Serial-Number": "123456",
    "Content-Type": "application/json",
}
TEXT = {"type": "string"}


def body(number: int) -> dict[str, Any]:
    """An order of eCom."""
    merchant = {"merchantSerialNumber": "123456", "callbackPrefix": "https://shop.example/cb", "isApp": False}
    return {
        "customerInfo": {"mobileNumber": f"9{number:07}"},
        "merchantInfo": {**merchant, "fallBack": "https://shop.example/done", "authToken": "secret"},
        "transaction": {"orderId": f"acme-shop-{number}", "amount": 49900, "transactionText": "Socks"},
    }


class Nobody(BaseAdapter):
    """Answers at once."""

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        """The answer to an order."""
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, str(request.url)
        response.headers["Content-Type"] = "application/json"
        response._content = b'{"orderId": "acme", "url": "https://api.vipps.no/x"}'
        return response

    def close(self) -> None:
        """There is nothing to close."""


def each(call: Callable[[int], object]) -> float:
    """Microseconds of one call, on average over a round."""
    start = time.process_time()
    for number in range(CALLS):
        call(number)
    return (time.process_time() - start) / CALLS * 1e6


def posting(url: str) -> Callable[[int], object]:
    """Posts an order."""
    session = requests.Session()
    session.mount("https://", Nobody())
    return lambda number: session.post(url, data=json.dumps(body(number)), headers=HEADERS)


def schema() -> dict[str, Any]:
    """What openapi-core is told of the same operation."""

    def an_object(**fields: Any) -> dict[str, Any]:
        return {"type": "object", "properties": fields}

    order = an_object(
        customerInfo=an_object(mobileNumber={**TEXT, "pattern": "^[0-9]{8}$"}),
        merchantInfo=an_object(merchantSerialNumber=TEXT, callbackPrefix=TEXT, fallBack=TEXT),
        transaction=an_object(orderId={**TEXT, "maxLength": 30}, amount={"type": "integer"}, transactionText=TEXT),
    )
    header = {"name": "Ocp-Apim-Subscription-Key", "in": "header", "required": True, "schema": TEXT}
    post = {
        "parameters": [header],
        "requestBody": {"required": True, "content": {"application/json": {"schema": order}}},
        "responses": {"200": {"description": "made"}},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "orders", "version": "1"},
        "servers": [{"url": "https://apitest.vipps.no"}],
        "paths": {"/ecomm/v2/payments": {"post": post}},
    }


def validating() -> Callable[[int], object] | None:
    """Validates an order with openapi-core; None where that is not installed."""
    try:
        from openapi_core import OpenAPI
        from openapi_core.contrib.requests import RequestsOpenAPIRequest
    except ImportError:
        return None
    known = OpenAPI.from_dict(schema())

    def validate(number: int) -> None:
        request = requests.Request("POST", VIPPS, data=json.dumps(body(number)), headers=HEADERS)
        known.validate_request(RequestsOpenAPIRequest(request))

    return validate


def guarded(call: Callable[[int], object]) -> float:
    """A round under a guard."""
    with Guard("collect"):
        return each(call)


def main() -> None:
    """Take turns, and print the table."""
    vipps, other, core = posting(VIPPS), posting(OTHER), validating()
    taken: dict[str, list[float]] = {"a call of Vipps": [], "a call of others": [], "openapi-core": []}
    guarded(vipps)  # imports, caches
    for _ in range(ROUNDS):
        taken["a call of Vipps"].append(guarded(vipps) - each(vipps))
        taken["a call of others"].append(guarded(other) - each(other))
        if core:
            taken["openapi-core"].append(each(core))
    for name, times in taken.items():
        shown = f"{min(times):8.1f} {statistics.median(times):8.1f}" if times else "not installed"
        print(f"{name:18} {shown}")


if __name__ == "__main__":
    main()
