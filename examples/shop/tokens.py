"""Access tokens, fetched once and kept as long as they live."""

import time

import requests

from . import settings

_cached = {}


def access_token():
    if _cached.get("until", 0) < time.time() + 60:
        response = requests.post(
            "https://api.vipps.no/accesstoken/get",
            headers={
                "client_id": settings.CLIENT_ID,
                "client_secret": settings.CLIENT_SECRET,
                "Ocp-Apim-Subscription-Key": settings.SUBSCRIPTION_KEY,
                "Merchant-Serial-Number": settings.MSN,
            },
            timeout=10,
        )
        response.raise_for_status()
        answer = response.json()
        _cached.update(token=answer["access_token"], until=time.time() + int(answer["expires_in"]))
    return _cached["token"]
