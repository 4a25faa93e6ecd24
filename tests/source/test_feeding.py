"""Where a token is surely fetched anew each time: the line that is to be changed."""

from __future__ import annotations

from datetime import date

import pytest

from vipps_lint.call import Place
from vipps_lint.check import check_source

CLIENT = '''
import requests


class Vipps:
    def __init__(self, keys, token=None):
        self.keys = keys
        self.token = token

    def login(self):
        response = requests.post("https://api.vipps.no/accesstoken/get", headers=self.keys, timeout=10)
        response.raise_for_status()
        return response.json()["access_token"]

    def kept(self):
        if self.token is None:
            self.token = self.login()
        return self.token

    def details(self, token):
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get("https://api.vipps.no/ecomm/v2/payments/1/details", headers=headers, timeout=10)

    def call(self):
        return self.details(self.kept())


'''

ALONE = 'requests.post("https://api.vipps.no/accesstoken/get", headers=keys, timeout=10)'

CASES = [
    pytest.param(
        f"def fetch(keys):\n    return {ALONE}.json()['access_token']\n\n"
        "def view(keys):\n    return Vipps(keys).details(fetch(keys))",
        ALONE,
        id="the request, where nothing keeps what it gives",
    ),
    pytest.param(
        "def view(keys):\n    vipps = Vipps(keys)\n    return vipps.details(vipps.login())",
        "vipps.login()",
        id="the use of what keeps nothing, where there is something that does",
    ),
    pytest.param(
        "def view(keys):\n    vipps = Vipps(keys)\n    return vipps.call()", "vipps.call()",
        id="the use of a client that is always new",
    ),
    pytest.param("def view(vipps: Vipps):\n    return vipps.call()", None, id="a client that may have a token"),
    pytest.param("def view(keys, token):\n    return Vipps(keys, token).call()", None, id="a client that is given a token"),
    pytest.param("def view(keys):\n    return Vipps(keys).login()", None, id="a token that nobody uses here"),
    pytest.param(
        "def report(keys, days):\n    vipps = Vipps(keys)\n    token = vipps.login()\n"
        "    return [vipps.details(token) for _ in days]",
        None,
        id="a token for many calls",
    ),
    pytest.param(
        "def report(keys, days):\n    vipps = Vipps(keys)\n    for _ in days:\n        vipps.details(vipps.login())",
        "vipps.login()",
        id="a token for each round",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("program", "token"), CASES)
def test_where_a_token_is_fetched_anew(program: str, token: str | None) -> None:
    text = CLIENT + program + "\n"
    found = check_source(text, "shop.py", date(2026, 11, 22)).diagnostics
    places = [one.place for one in found if one.rule == "token-per-call"]
    assert [_written(text, place) for place in places] == ([token] if token else [])


def _written(text: str, place: Place) -> str:
    assert place.line is not None and place.column is not None and place.end_column is not None
    return text.splitlines()[place.line - 1][place.column - 1 : place.end_column - 1]


@pytest.mark.parametrize(
    "header",
    ["f'Bearer {t}'", "'Bearer ' + t", "'Bearer %s' % t", "'Bearer {}'.format(t)", "' '.join(['Bearer', t])"],
)  # fmt: skip
def test_however_the_header_is_written(header: str) -> None:
    steps = f"    t = {ALONE}.json()['access_token']\n    url = 'https://api.vipps.no/ecomm/v2/payments/1/details'\n"
    sent = f"    return requests.get(url, headers={{'Authorization': {header}}}, timeout=10)\n"
    report = check_source(f"import requests\n\n\ndef view(keys):\n{steps}{sent}", "shop.py", date(2026, 11, 22))
    assert "token-per-call" in {one.rule for one in report.diagnostics}
