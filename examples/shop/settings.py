"""Who Acme Shop is at Vipps."""

import os

MSN = "123456"
CLIENT_ID = os.environ.get("VIPPS_CLIENT_ID", "")
CLIENT_SECRET = os.environ.get("VIPPS_CLIENT_SECRET", "")
SUBSCRIPTION_KEY = os.environ.get("VIPPS_SUBSCRIPTION_KEY", "")
SHOP_URL = "https://acme-shop.example"


def headers(token):
    return {
        "Authorization": f"Bearer {token}",
        "Ocp-Apim-Subscription-Key": SUBSCRIPTION_KEY,
        "Merchant-Serial-Number": MSN,
        "Vipps-System-Name": "acme-shop",
        "Vipps-System-Version": "3.1.2",
    }
