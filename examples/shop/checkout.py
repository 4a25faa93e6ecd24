"""Checkout: reserves the money of an order with the eCom API."""

import logging

import requests

from . import settings

log = logging.getLogger(__name__)

SHOP = {"merchantSerialNumber": settings.MSN}


class VippsError(Exception):
    """Vipps has said no."""


class Checkout:
    BASE = "https://api.vipps.no"

    def __init__(self, token):
        self.session = requests.Session()
        self.session.headers.update(settings.headers(token))

    def _call(self, method, path, body=None):
        response = self.session.request(method, self.BASE + path, json=body, timeout=10)
        if not response.ok:
            log.error("%s %s: %s %s", method, path, response.status_code, response.text)
            raise VippsError(response.text)
        return response.json()

    def start(self, order):
        """Reserves the order's total; gives the address where the customer approves it."""
        shop = dict(SHOP, fallBack=f"{settings.SHOP_URL}/orders/{order.id}")
        shop["callbackPrefix"] = f"{settings.SHOP_URL}/vipps"
        body = {
            "customerInfo": {"mobileNumber": f"+47{order.phone}"},
            "merchantInfo": shop,
            "transaction": {
                "orderId": order.id,
                "amount": order.total,
                "transactionText": f"{len(order.lines)} pairs of wool socks",
            },
        }
        return self._call("POST", "/ecomm/v2/payments", body)["url"]

    def gift_card(self, order):
        """A gift card is one kind of ware and one price, so it skips the cart."""
        shop = dict(SHOP, fallBack=settings.SHOP_URL, callbackPrefix=f"{settings.SHOP_URL}/vipps")
        body = {"merchantInfo": shop, "transaction": {"orderId": order.id, "transactionText": "A gift card"}}
        body["customerInfo"] = {"mobileNumber": order.phone}
        body["transaction"]["amount"] = 499.00
        return self._call("POST", "/ecomm/v2/payments", body)["url"]

    def cancel(self, order):
        """Gives the money back before anything is sent."""
        return self._call("PUT", f"/ecomm/v2/payments/{order.id}/cancel", {"merchantInfo": SHOP})

    def is_reserved(self, order):
        summary = self._call("GET", f"/ecomm/v2/payments/{order.id}/details")["transactionSummary"]
        return summary["remainingAmountToCapture"] > 0
