"""Clients that instances and modules keep: their headers are known where nobody else may have set them."""

from __future__ import annotations

from datetime import date
from textwrap import dedent, indent

import pytest

from vipps_lint.check import check_source

MISSING = {"required-header-missing"}
START = '''
from functools import lru_cache

import httpx
import requests
from acme import settings, signed
from requests.adapters import HTTPAdapter

URL = "https://api.vipps.no/epayment/v1/payments"
TOKEN = {"Authorization": f"Bearer {settings.TOKEN}"}
KEY = {"Ocp-Apim-Subscription-Key": settings.KEY}
'''
SENDS = "def details(self, reference):\n    return self.session.get(URL + '/' + reference)\n"
MADE = "def __init__(self):\n    self.session = requests.Session()\n    self.session.headers.update(TOKEN)\n"


def shop(*methods: str) -> str:
    return "class Shop:\n" + indent("\n".join(methods), "    ")


PROGRAMS = [
    pytest.param(shop(MADE, SENDS), MISSING, id="a session that __init__ made"),
    pytest.param(shop(MADE + "    self.session.headers.update(KEY)\n", SENDS), set(), id="a session with all headers"),
    pytest.param(shop("def __init__(self):\n    self.session = httpx.Client(headers=TOKEN)\n", SENDS), MISSING, id="a client with headers"),
    pytest.param(shop("def __init__(self):\n    made = requests.Session()\n    made.headers['Authorization'] = f'Bearer {settings.TOKEN}'\n    self.session = made\n", SENDS), MISSING, id="a session that gets its name later"),
    pytest.param(shop(MADE + "    self.session.mount('https://', HTTPAdapter(max_retries=3))\n", SENDS), MISSING, id="an adapter that only tries again"),
    pytest.param(shop(MADE + "    self.session.mount('https://', signed.Adapter())\n", SENDS), set(), id="an adapter of somebody else"),
    pytest.param(shop(MADE + "    signed.prepare(self.session)\n", SENDS), set(), id="code that is not seen gets the session"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, token):\n    self.session.headers['Authorization'] = token\n"), MISSING, id="another method sets another header"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, token):\n    self.session.headers.update({'Authorization': token})\n"), MISSING, id="another method updates another header"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, key):\n    self.session.headers['Ocp-Apim-Subscription-Key'] = key\n"), set(), id="another method sets this header"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, key):\n    self.session.headers['ocp-apim-subscription-key'] = key\n"), set(), id="another method sets this header in small letters"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, more):\n    self.session.headers.update(more)\n"), set(), id="another method sets headers that are not known"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, name, key):\n    self.session.headers[name] = key\n"), set(), id="another method sets a header that is not known"),
    pytest.param(shop(MADE, SENDS, "def log_in(self):\n    signed.prepare(self.session)\n"), set(), id="another method gives the session away"),
    pytest.param(shop(MADE, SENDS, "def log_in(self):\n    mine = self.session\n    mine.headers.update(KEY)\n"), set(), id="another method has another name for it"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, auth):\n    self.session.auth = auth\n"), set(), id="another method signs"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, made):\n    self.session = made\n"), set(), id="another method sets another session"),
    pytest.param(shop(MADE, SENDS, "def stop(self):\n    if self.session is not None and not self.session.closed:\n        self.session.close()\n"), MISSING, id="another method closes it"),
    pytest.param(shop(MADE, SENDS) + "\nclass Other(Shop):\n    def __init__(self):\n        super().__init__()\n        self.session.headers.update(KEY)\n", set(), id="a class below adds headers"),
    pytest.param(shop(MADE, SENDS) + "\ndef log_in(shop):\n    shop.session.headers.update(KEY)\n", set(), id="a function adds headers"),
    pytest.param(shop(MADE, SENDS) + "\ndef log_in(shop):\n    getattr(shop, 'session').headers.update(KEY)\n", set(), id="a function adds headers by name"),
    pytest.param(
        "class Login:\n    def __init__(self, made):\n        self.made = made\n    def go(self):\n        self.made.headers.update(KEY)\n"
        + shop(MADE + "    self.login = Login(self.session)\n", SENDS),
        set(), id="a helper that keeps it adds headers",
    ),
    pytest.param(shop("def __init__(self, session=None):\n    self.session = session or requests.Session()\n    self.session.headers.update(TOKEN)\n", SENDS), set(), id="a session that may come from outside"),
    pytest.param(shop("def __init__(self, key):\n    self.session = requests.Session()\n    if key:\n        self.session.headers = KEY\n", SENDS), set(), id="headers that may be set"),
    pytest.param(shop("def __init__(self, keys):\n    self.session = httpx.Client(headers=TOKEN)\n    for key in keys:\n        self.session.headers = {**TOKEN, **KEY}\n", SENDS), set(), id="headers that a loop may set"),
    pytest.param(shop("def __init__(self):\n    mine = dict(TOKEN)\n    self.session = httpx.Client(headers=mine)\n    mine.update(KEY)\n", SENDS), MISSING, id="httpx copies what it is given"),
    pytest.param(shop("def __init__(self):\n    mine = dict(TOKEN)\n    self.session = requests.Session()\n    self.session.headers = mine\n    mine.update(KEY)\n", SENDS), set(), id="requests keeps what it is given"),
    pytest.param("shared = requests.Session()\nshared.headers.update(TOKEN)\ndef details(reference):\n    return shared.get(URL + '/' + reference)\n", MISSING, id="a module's session"),
    pytest.param("shared = requests.Session()\nshared.headers.update(TOKEN)\ndef details(reference):\n    return shared.get(URL + '/' + reference)\ndef log_in():\n    shared.headers.update(settings.MORE)\n", set(), id="a module's session that a function changes"),
    pytest.param("shared = requests.Session()\nshared.headers.update(TOKEN)\nALL = [shared]\ndef details(reference):\n    return shared.get(URL + '/' + reference)\n", set(), id="a module's session in a list"),
    pytest.param("def made():\n    found = requests.Session()\n    found.headers.update(TOKEN)\n    return found\ndef details(reference):\n    return made().get(URL + '/' + reference)\n", MISSING, id="a session that a function has just made"),
    pytest.param("@lru_cache\ndef made():\n    found = requests.Session()\n    found.headers.update(TOKEN)\n    return found\ndef details(reference):\n    return made().get(URL + '/' + reference)\n", set(), id="a session that a function remembers"),
    pytest.param("def details(app, reference):\n    return app.http.get(URL + '/' + reference, headers=TOKEN)\ndef start(app):\n    app.http = requests.Session()\n", MISSING, id="the one session that anything has under a name"),
    pytest.param("def details(app, reference):\n    return app.http.get(URL + '/' + reference, headers=TOKEN)\ndef start(app):\n    app.http = requests.Session()\n    app.http.headers.update(KEY)\n", set(), id="the one session under a name, with headers"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "found"), PROGRAMS)
def test_what_a_kept_client_sends(program: str, found: set[str]) -> None:
    report = check_source(START + dedent(program), "shop.py", date(2026, 11, 22))
    assert not report.notes
    assert {one.rule for one in report.diagnostics} & MISSING == found
