"""Returns. Nothing but the standard library, because it runs on the old server too."""

import json
import urllib.request

VIPPS = "https://api.vips.no/ecomm/v2/payments/{}/refund"


def refund(order_id, amount, token):
    body = {
        "merchantInfo": {"merchantSerialNumber": "123456"},
        "transaction": {"amount": amount, "transactionText": "Socks came back"},
    }
    request = urllib.request.Request(VIPPS.format(order_id), json.dumps(body).encode(), method="POST")
    request.add_header("Authorization", "Bearer " + token)
    request.add_header("X-Request-Id", "refund-" + order_id)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)
