"""Headers and bodies in source: what is certainly not sent, and what only this code does not show."""

from __future__ import annotations

from datetime import date

import pytest

from vipps_lint.check import check_source

RULES = {
    "required-header-missing", "idempotency-key-missing", "authorization-scheme", "body-field-missing",
    "body-field-unknown", "body-field-type",
}  # fmt: skip
START = '''
import httpx
import requests
from acme import settings

URL = "https://api.vipps.no/ecomm/v2/payments"


def headers(token):
    return {"Authorization": f"Bearer {token}", "Ocp-Apim-Subscription-Key": settings.KEY}

'''
BEARER = '{"Authorization": f"Bearer {token}"}'

PROGRAMS = [
    pytest.param(f"requests.get(URL + '/a/details', headers={BEARER})", {"required-header-missing"}, id="a literal without the key"),
    pytest.param(f"requests.get(URL + '/a/details', headers={{**{BEARER}, **more}})", set(), id="a spread may have the key"),
    pytest.param(f"requests.get(URL + '/a/details', headers={BEARER}, auth=signed)", set(), id="an object that signs may add it"),
    pytest.param(f"h = {BEARER}\nmore(h)\nrequests.get(URL + '/a/details', headers=h)", set(), id="a function that is not seen may add it"),
    pytest.param(f"h = {BEARER}\nif more:\n    h['Ocp-Apim-Subscription-Key'] = more\nrequests.get(URL + '/a/details', headers=h)", set(), id="a key that may be there"),
    pytest.param("h = headers(token)\nh.update({'x-request-id': 'a-1'})\nrequests.post(URL + '/a/capture', headers=h, json=more)", set(), id="capitals do not matter"),
    pytest.param("requests.post(URL + '/a/capture', headers=headers(token), json=more)", {"idempotency-key-missing"}, id="a helper that adds no key"),
    pytest.param(f"s = requests.Session()\ns.headers.update(more)\ns.get(URL + '/a/details', headers={BEARER})", set(), id="a session that others have touched"),
    pytest.param(f"s = requests.Session()\ns.headers = more\ns.get(URL + '/a/details', headers={BEARER})", set(), id="a session with headers that are not known"),
    pytest.param(f"with requests.Session() as s:\n    s.get(URL + '/a/details', headers={BEARER})", {"required-header-missing"}, id="a session that has just been made"),
    pytest.param(f"with httpx.Client(headers={BEARER}) as c:\n    c.get(URL + '/a/details')", {"required-header-missing"}, id="a client's own headers"),
    pytest.param(f"with httpx.Client(headers={BEARER}) as c:\n    c.get(URL + '/a/details', headers=headers(token))", set(), id="the client's and the call's together"),
    pytest.param(f"with httpx.Client(auth=more) as c:\n    c.get(URL + '/a/details', headers={BEARER})", set(), id="a client that signs"),
    pytest.param(f"with httpx.Client() as c:\n    more(c)\n    c.get(URL + '/a/details', headers={BEARER})", set(), id="a client that is given away"),
    pytest.param(f"token.client.get(URL + '/a/details', headers={BEARER})", set(), id="a client that comes from elsewhere"),
    pytest.param("requests.get(URL + '/a/details', headers={**headers(token), 'Authorization': settings.TOKEN})", set(), id="a token that may have its scheme"),
    pytest.param("requests.get(URL + '/a/details', headers={**headers(token), 'Authorization': f'{more} {token}'})", set(), id="a scheme that is not known"),
    pytest.param("requests.get(URL + '/a/details', headers={**headers(token), 'Authorization': f'Token {token}'})", {"authorization-scheme"}, id="another scheme"),
    pytest.param(
        "a = requests.post('https://api.vipps.no/accesstoken/get', headers=more)\na.raise_for_status()\n"
        "requests.get(URL + '/a/details', headers={**headers(token), 'Authorization': a.json()['access_token']})",
        {"authorization-scheme"}, id="a token as it comes",
    ),
    pytest.param("b = {'transaction': {'amount': 100}}\nrequests.post(URL + '/a/capture', headers=more, json=b)", {"body-field-missing"}, id="a field that nobody sends"),
    pytest.param("b = {'transaction': {'amount': 100}}\nmore(b)\nrequests.post(URL + '/a/capture', headers=more, json=b)", set(), id="a field that another function may add"),
    pytest.param("b = {'transaction': {'amount': 100, **token}}\nrequests.post(URL + '/a/capture', headers=more, json=b)", set(), id="a field that may be in a spread"),
    pytest.param("b = {'transaction': {'amount': 100, 'transaction_text': 'Socks'}}\nrequests.post(URL + '/a/capture', headers=more, json=b)", {"body-field-unknown"}, id="a misspelled field is one mistake"),
    pytest.param("b = {'transaction': {'transactionText': 'Socks'}, 'mine': 1}\nrequests.post(URL + '/a/capture', headers=more, json=b)", set(), id="a field of one's own harms nobody"),
    pytest.param("b = {'transaction': 'Socks'}\nrequests.post(URL + '/a/capture', headers=more, json=b)", {"body-field-type"}, id="text for an object"),
    pytest.param("b = {'transaction': token}\nrequests.post(URL + '/a/capture', headers=more, json=b)", set(), id="something for an object"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "found"), PROGRAMS)
def test_what_is_certainly_wrong(program: str, found: set[str]) -> None:
    body = "\n".join(f"    {line}" for line in program.splitlines())
    report = check_source(f"{START}\ndef go(token, more, signed):\n{body}\n", "shop.py", date(2026, 11, 22))
    assert not report.notes
    assert {one.rule for one in report.diagnostics} & RULES == found


def test_what_a_helper_lacks_stands_where_it_is_called() -> None:
    program = "def go(token, more):\n    h = headers(token)\n    requests.post(URL + '/a/capture', headers=h, json=more)\n"
    report = check_source(START + program, "shop.py", date(2026, 11, 22))
    (one,) = (one for one in report.diagnostics if one.rule == "idempotency-key-missing")
    assert one.place.line == (START + program).splitlines().index("    h = headers(token)") + 1
