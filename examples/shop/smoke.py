"""The smoke test of each release: one payment through its whole life, approved without the app."""

import uuid

import httpx

from . import settings, tokens

VIPPS = "https://api.vipps.no"
PHONE = "91234567"


def body(text, **transaction):
    return {
        "merchantInfo": {"merchantSerialNumber": settings.MSN},
        "transaction": {"transactionText": text, **transaction},
    }


def reserve_ship_and_refund(client):
    """Reserves 499 kr, sends two pairs for 200 kr, gives the rest back, and refunds what came back."""
    order_id = f"smoke-{uuid.uuid4()}"
    order = body("Five pairs", orderId=order_id, amount=49900)
    order["customerInfo"] = {"mobileNumber": PHONE}
    order["merchantInfo"] |= {"callbackPrefix": settings.SHOP_URL, "fallBack": settings.SHOP_URL}
    link = client.post("/ecomm/v2/payments", json=order).raise_for_status().json()["url"]
    approval = {"customerPhoneNumber": PHONE, "token": link.partition("token=")[2]}
    client.post(f"/ecomm/v2/integration-test/payments/{order_id}/approve", json=approval).raise_for_status()

    payment = f"/ecomm/v2/payments/{order_id}"
    sent = {"X-Request-Id": f"{order_id}-1"}
    client.post(f"{payment}/capture", json=body("Two pairs", amount=20000), headers=sent).raise_for_status()
    client.put(f"{payment}/cancel", json=body("Three are sold out")).raise_for_status()
    client.post(f"{payment}/refund", json=body("All came back", amount=49900), headers=sent).raise_for_status()


def main():
    with httpx.Client(base_url=VIPPS, headers=settings.headers(tokens.access_token())) as client:
        reserve_ship_and_refund(client)
