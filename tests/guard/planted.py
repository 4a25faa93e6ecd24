"""Calls with secrets and people in every part of them, and what must never be read of those in any output."""

from __future__ import annotations

import base64
from typing import Any

TOKEN = "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJLYXJpIn0.c2VzYW1lLW9wZW4"
SECRET = "pX7Qm2vLr9Zt4KcW8sHb1A=="
KEY = "5d0c2f9b7e8341a6b1f04c93e7d2a685"
CALLBACK = "cb-sesame-0451"
OPAQUE = "sesame/door+77"
PASSWORD = "hunter2-magic"
BASIC = base64.b64encode(f"shop:{PASSWORD}".encode()).decode()

PLANTED = {
    "the access token": "eyJzdWIiOiJLYXJpIn0",
    "an opaque token": OPAQUE,
    "the client secret": "pX7Qm2vLr9Zt",
    "the subscription key": "5d0c2f9b7e83",
    "the callback token": CALLBACK,
    "the password of a URL": PASSWORD,
    "credentials in base64": BASIC,
    "a phone number": "91234567",
    "a phone number with spaces": "912 34 567",
    "the first name": "Karianne",
    "the family name": "Hemmelig",
    "the street": "Granstien",
    "the e-mail address": "karianne.h@",
    "the day of birth": "1977-05-17",
    "the identity number": "17057712345",
    "the account": "86011117947",
}
"""What is planted, each as a piece of text that is found if any of it can be read."""

HEADERS = {
    "Authorization": f"Token {TOKEN}",
    "Ocp-Apim-Subscription-Key": KEY,
    "client_secret": SECRET,
    "Merchant-Serial-Number": "12",
    "Cookie": f"session={KEY}",
}
PERSON = {
    "firstName": ["Karianne"],
    "lastName": "Hemmelig",
    "email": "karianne.h@example.no",
    "phoneNumber": "+47 912 34 567",
    "streetAddress": {"line": "Granstien 7"},
    "city": "Bergen",
    "postalCode": 5003,
    "country": "NO",
}
ANSWERS: dict[str, tuple[int, Any, dict[str, str]]] = {
    "/accesstoken/get": (200, {"access_token": TOKEN, "expires_in": "never"}, {"Set-Cookie": f"session={KEY}"}),
    "/vipps-userinfo-api/userinfo/4791234567": (
        200,
        {
            "name": "Karianne Hemmelig",
            "given_name": "Karianne",
            "email": "karianne.h@example.no",
            "phone_number": "4791234567",
            "birthdate": "1977-05-17",
            "nin": "17057712345",
            "accounts": [{"account_number": "86011117947"}],
            "address": {"street_address": "Granstien 7", "formatted": "Granstien 7, 5003 Bergen"},
        },
        {},
    ),
    "/checkout/v3/session": (
        400,
        {"title": f"not with Bearer {OPAQUE}", "detail": "+4791234567 is no number of karianne.h@example.no"},
        {},
    ),
}

Sent = tuple[str, str, dict[str, Any]]

CALLS: list[Sent] = [
    ("POST", "/accesstoken/get", {"headers": HEADERS, "json": {"client_id": "shop", "client_secret": SECRET}}),
    ("POST", "/ecomm/v2/payments", {
        "headers": {**HEADERS, "Authorization": f"basic {BASIC}"},
        "json": {
            "customerInfo": {"mobileNumber": "+4791234567"},
            "merchantInfo": {"authToken": CALLBACK, "merchantSerialNumber": 12, "callbackPrefix": f"http://shop:{PASSWORD}@shop.example"},
            "transaction": {"orderId": "4791234567", "amount": "4791234567", "transactionText": "to +47 912 34 567"},
        },
    }),
    ("POST", "/checkout/v3/session", {
        "headers": HEADERS,
        "json": {"type": "PAYMENT", "prefillCustomer": PERSON, "merchantInfo": {"callbackAuthorizationToken": CALLBACK}},
    }),
    ("POST", "/epayment/v1/payments", {
        "headers": {**HEADERS, "Content-Type": "application/json"},
        "data": {"client_secret": SECRET, "phone": "+4791234567"},
    }),
    ("POST", "/recurring/v3/agreements", {
        "headers": HEADERS,
        "json": {"phoneNumber": "004791234567", "merchantRedirectUrl": f"http://a.no/?access_token={TOKEN}&email=karianne.h@example.no"},
    }),
    ("GET", f"/vipps-userinfo-api/userinfo/4791234567?phoneNumber=4791234567&access_token={TOKEN}", {"headers": HEADERS}),
    ("GET", "/epayment/v1/payment/4791234567", {"headers": HEADERS}),
    ("GET", "/epayment/v1/payments/acme-1", {"headers": {**HEADERS, "Authorization": f"Token {OPAQUE}"}}),
]  # fmt: skip
"""Each breaks rules; nothing of them but the planted texts is private."""


def readable(shown: str) -> list[str]:
    """What can be read of all that is planted."""
    return [what for what, text in PLANTED.items() if text in shown]
