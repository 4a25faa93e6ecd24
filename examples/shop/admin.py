"""The page where the staff cancels what a customer has changed their mind about."""

import requests
from flask import Blueprint, jsonify

from . import settings
from .tokens import access_token

admin = Blueprint("admin", __name__)


@admin.put("/admin/orders/<order_id>/cancel")
def cancel(order_id):
    body = {
        "merchantInfo": {"merchantSerialNumber": settings.MSN},
        "transaction": {"transactionText": "Cancelled by the shop"},
        "shouldReleaseRemainingFunds": "true",
    }
    url = f"https://api.vipps.no/ecomm/v2/payments/{order_id}/cancel"
    try:
        response = requests.put(url, json=body, headers=settings.headers(access_token()), timeout=10)
        response.raise_for_status()
    except requests.RequestException:
        return jsonify(error="Vipps did not cancel the payment"), 502
    return jsonify(response.json())


@admin.get("/admin/orders/<order_id>/payment")
def payment(order_id):
    url = "https://api.vipps.no/ecom/v2/payments/" + order_id + "/details"
    response = requests.get(url, headers=settings.headers(access_token()), timeout=10)
    response.raise_for_status()
    return jsonify(response.json())
