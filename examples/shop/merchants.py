"""The market place: designers who sell their socks through Acme Shop, onboarded with PSP Signup."""

import base64

import requests

MERCHANTS = "https://api.vipps.no/merchant-management/psp/v1/merchants"


class Designers:
    def __init__(self, headers):
        self._headers = headers

    def _get(self, url):
        response = requests.get(url, headers=self._headers, timeout=10)
        response.raise_for_status()
        return response.json()

    def all(self):
        """Name and logo of everybody, for the front page."""
        for merchant in self._get(MERCHANTS)["merchants"]:
            yield merchant["name"], base64.b64decode(merchant["logo"])

    def logo_url(self, msn):
        return self._get(f"{MERCHANTS}/{msn}").get("logoUrl") or "/static/sock.svg"

    def set_logo(self, msn, png):
        new = {"logo": base64.b64encode(png).decode()}
        response = requests.patch(f"{MERCHANTS}/{msn}", json=new, headers=self._headers, timeout=10)
        response.raise_for_status()
