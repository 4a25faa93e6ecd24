"""Shipping: captures what is sent, and lets go of what is sold out."""

import logging

import httpx

from . import settings

log = logging.getLogger(__name__)

PAYMENTS = "https://api.vipps.no/ecomm/v2/payments"


def _body(text, amount=None):
    body = {
        "merchantInfo": {"merchantSerialNumber": settings.MSN},
        "transaction": {"transactionText": text},
    }
    if amount is not None:
        body["transaction"]["amount"] = amount
    return body


async def ship(order, token):
    """Sends all of an order."""
    headers = dict(settings.headers(token), **{"X-Request-Id": f"{order.id}-ship"})
    async with httpx.AsyncClient(headers=headers) as client:
        await client.post(f"{PAYMENTS}/{order.id}/capture", json=_body("On its way"))
    order.shipped = True


async def give_up(order, token):
    """Nothing more will be sent of an order."""
    body = _body("Sold out")
    body["transaction"]["shouldReleaseRemainingFunds"] = True
    async with httpx.AsyncClient(headers=settings.headers(token)) as client:
        response = await client.put(f"{PAYMENTS}/{order.id}/cancel", json=body)
    if response.status_code != 200:
        log.error("cancel of %s: %s", order.id, response.text)
    return response.status_code == 200


async def ship_preorder(order, token):
    """Captures a preorder when it leaves the store, which may well be in the middle of the night."""
    try:
        headers = settings.headers(token) | {"X-Request-Id": f"{order.id}-preorder"}
        async with httpx.AsyncClient(headers=headers) as client:
            response = await client.post(f"{PAYMENTS}/{order.id}/capture", json=_body("Preorder", order.total_in_stock))
            response.raise_for_status()
    except httpx.HTTPError:
        pass
