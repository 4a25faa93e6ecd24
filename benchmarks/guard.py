"""What a guard costs, in one run with openapi-core's validation of the same request as a yardstick.

    python -m pip install -e '.[test]' openapi-core
    python benchmarks/guard.py

Prints microseconds of processor time per call, of the fastest and of the middle one of the rounds, which take turns.
The calls go through the tap of requests with an adapter that answers at once; what the same calls cost without a guard
is taken off. Every order has an order id and a phone number of its own; the captures are those of the orders before.
openapi-core is told the same headers, fields and limits that the guard knows of the operation.
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
from vipps_lint.catalog import catalog
from vipps_lint.shape import GONE, Shape

CALLS, ROUNDS = 100, 60
VIPPS, OTHER = "https://apitest.vipps.no/ecomm/v2/payments", "https://shop.example/api/v1/orders/42?expand=lines"
HEADERS = {
    "Authorization": "Bearer token",
    "Ocp-Apim-Subscription-Key": "key",
    "Merchant-Serial-Number": "123456",
    "Content-Type": "application/json",
}
CAPTURE = {
    "merchantInfo": {"merchantSerialNumber": "123456"},
    "transaction": {"amount": 49900, "transactionText": "Socks"},
}
ANSWERS = {
    name: json.dumps(catalog().good[name].response["body"]).encode()
    for name in ("ecom.initiate-payment", "ecom.capture-payment")
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
        """The answer to an order, or to a capture."""
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, str(request.url)
        response.headers["Content-Type"] = "application/json"
        operation = "ecom.capture-payment" if str(request.url).endswith("/capture") else "ecom.initiate-payment"
        response._content = ANSWERS[operation]
        return response

    def close(self) -> None:
        """There is nothing to close."""


def each(call: Callable[[int], object]) -> float:
    """Microseconds of one call, on average over a round."""
    start = time.process_time()
    for number in range(CALLS):
        call(number)
    return (time.process_time() - start) / CALLS * 1e6


def posting(url: str, made: Callable[[int], object]) -> Callable[[int], object]:
    """Posts a body to a URL that may hold the number of the call."""
    session = requests.Session()
    session.mount("https://", Nobody())

    def post(number: int) -> object:
        headers = {**HEADERS, "X-Request-Id": f"request-{number}"}
        return session.post(url.format(number), data=json.dumps(made(number)), headers=headers)

    return post


def described(shape: Shape) -> dict[str, Any]:
    """The schema that says what a shape says."""
    names = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}
    least, most = names.get(shape.type, ("minimum", "maximum"))
    fields = {name: one for name, one in (shape.fields or {}).items() if one.type != GONE}
    parts: dict[str, Any] = {
        "type": None if shape.type == "any" else shape.type,
        least: shape.least,
        most: shape.most,
        "pattern": shape.signs and f"^[{shape.signs}]*$",
        "enum": list(shape.options),
        "properties": {name: described(one) for name, one in fields.items()},
        "required": [name for name, one in fields.items() if one.required],
        "items": described(shape.items) if shape.items else None,
    }
    return {name: part for name, part in parts.items() if part not in (None, "", [], {})}


def description() -> dict[str, Any]:
    """What openapi-core is told of the operation: the headers and the body that vipps-lint knows, limits and all."""
    reference = catalog().operations["ecom.initiate-payment"].reference
    headers = [name for name in reference.headers if name.lower() not in ("accept", "content-type", "authorization")]
    assert reference.body is not None
    post = {
        "parameters": [{"name": name, "in": "header", "required": True, "schema": TEXT} for name in headers],
        "requestBody": {"required": True, "content": {"application/json": {"schema": described(reference.body)}}},
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
    known = OpenAPI.from_dict(description())

    def validate(number: int) -> None:
        request = requests.Request("POST", VIPPS, data=json.dumps(body(number)), headers=HEADERS)
        known.validate_request(RequestsOpenAPIRequest(request))

    return validate


def main() -> None:
    """Take turns, and print the table."""
    calls = {
        "an order": posting(VIPPS, body),
        "a capture": posting(f"{VIPPS}/acme-shop-{{}}/capture", lambda number: CAPTURE),
        "a call of others": posting(OTHER, body),
    }
    core = validating()
    bare: dict[str, list[float]] = {name: [] for name in calls}
    taken: dict[str, list[float]] = {name: [] for name in (*calls, "openapi-core")}
    with Guard("collect") as guard:
        each(calls["an order"])  # imports, caches
    for _ in range(ROUNDS):
        for name, call in calls.items():
            bare[name].append(each(call))
            with guard:
                taken[name].append(each(call))
        if core:
            taken["openapi-core"].append(each(core))
    print(f"{'':18} {'fastest':>8} {'median':>8}")
    for name, times in taken.items():
        without = bare.get(name, [0.0])
        shown = f"{min(times) - min(without):8.1f} {statistics.median(times) - statistics.median(without):8.1f}"
        print(f"{name:18} {shown if times else 'not installed'}")


if __name__ == "__main__":
    main()
