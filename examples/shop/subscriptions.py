"""A pair of socks a month: agreements and charges with the Recurring API."""

import json
import uuid
from datetime import date, timedelta

import requests

from . import settings

AGREEMENTS = "https://api.vipps.no/recurring/v3/agreements"
PRICE = 14900
CAMPAIGN_PRICE = 4900


class RecurringError(Exception):
    pass


def post(url, token, **body):
    headers = settings.headers(token) | {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    response = requests.post(url, headers=headers, data=json.dumps(body), timeout=10)
    if response.status_code >= 300:
        raise RecurringError(response.text)
    return response.json()


def terms(phone):
    return {
        "phoneNumber": phone,
        "productName": "Socks of the month",
        "pricing": {"type": "LEGACY", "amount": PRICE, "currency": "NOK"},
        "interval": {"unit": "MONTH", "count": 1},
        "merchantRedirectUrl": f"{settings.SHOP_URL}/welcome",
        "merchantAgreementUrl": f"{settings.SHOP_URL}/subscriptions",
    }


def subscribe(customer, token):
    """The first month costs less."""
    campaign = {"type": "PERIOD_CAMPAIGN", "price": CAMPAIGN_PRICE, "period": {"unit": "MONTH", "count": 1}}
    return post(AGREEMENTS, token, **terms(f"47{customer.phone}"), campaign=campaign)


def subscribe_with_gift(customer, token):
    """The gift box comes with the first socks and is paid with them."""
    agreement = post(AGREEMENTS, token, **terms(f"47 {customer.phone}"))
    in_a_week = date.today() + timedelta(days=7)
    charges = f"{AGREEMENTS}/{agreement['agreementId']}/charges"
    box = {"description": "Socks and a gift box", "transactionType": "RESERVE_CAPTURE", "retryDays": 5}
    post(charges, token, amount=PRICE + 10000, due=in_a_week.isoformat(), **box)
    return agreement


def charge_all(agreements, token):
    """The charge run, on the first of each month."""
    for agreement in agreements:
        charges = f"{AGREEMENTS}/{agreement.id}/charges"
        socks = {"description": "Socks of the month", "transactionType": "DIRECT_CAPTURE", "retryDays": 5}
        post(charges, token, amount=agreement.price, due=date.today().isoformat(), **socks)


def charge_christmas_box(agreement_id, token):
    charge = {"amount": "29900", "due": "2026-12-01T00:00:00", "description": "The Christmas box", "retryDays": 5}
    charge["transactionType"] = "DIRECT_CAPTURE"
    return post(f"{AGREEMENTS}/{agreement_id}/charges", token, **charge)
