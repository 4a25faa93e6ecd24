"""What other code of a project may have set: one key of a dict leaves the others known; classes below count too."""

from __future__ import annotations

from datetime import date
from textwrap import indent

import pytest

from vipps_lint.check import check_source

RULES = {"required-header-missing", "response-unchecked"}
MISSING = {"required-header-missing"}
START = '''
from abc import abstractmethod

import requests
from acme import settings, refuse

URL = "https://api.vipps.no/epayment/v1/payments"
TOKEN = {"Authorization": f"Bearer {settings.TOKEN}"}
KEY = {"Ocp-Apim-Subscription-Key": settings.KEY}


def fail():
    raise ValueError("not today")

'''
MADE = "def __init__(self):\n    self.headers = dict(TOKEN)\n"
SENDS = "def details(self, reference):\n    r = requests.get(URL + '/' + reference, headers=self.headers)\n    r.raise_for_status()\n"
ASKS = SENDS.replace("self.headers", "self.own()")


def shop(*methods: str, of: str = "Shop") -> str:
    return f"class {of}:\n" + indent("\n".join(methods), "    ") + "\n"


PROGRAMS = [
    pytest.param(shop(MADE, SENDS), MISSING, id="headers that __init__ made"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, token):\n    self.headers['Authorization'] = token\n"), MISSING, id="another method sets another key"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, token):\n    self.headers.update({'Authorization': token})\n"), MISSING, id="another method updates another key"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, token):\n    self.headers.update(Authorization=token)\n"), MISSING, id="another method updates another key by its name"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, key):\n    self.headers['Ocp-Apim-Subscription-Key'] = key\n"), set(), id="another method sets this key"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, more):\n    self.headers.update(more)\n"), set(), id="another method sets keys that are not known"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, more):\n    self.headers.update({**more})\n"), set(), id="another method spreads"),
    pytest.param(shop(MADE, SENDS, "def log_in(self, more):\n    self.headers = more\n"), set(), id="another method sets other headers"),
    pytest.param(shop(MADE, SENDS, "def log_out(self):\n    self.headers.pop('Authorization')\n"), MISSING, id="another method takes a key away"),
    pytest.param(shop(MADE, SENDS) + "def say(answer, origin):\n    answer.headers['Access-Control-Allow-Origin'] = origin\n", MISSING, id="headers of something else"),
    pytest.param(shop(MADE, SENDS) + "def say(shop, key):\n    shop.headers['Ocp-Apim-Subscription-Key'] = key\n", set(), id="headers that may be these"),
    pytest.param(shop("headers = dict(TOKEN)\n", SENDS, "def log_in(self, key):\n    self.headers['Authorization'] = key\n"), MISSING, id="headers of the class"),
    pytest.param(shop("headers = dict(TOKEN)\n", SENDS, "def log_in(self, key):\n    self.headers['Ocp-Apim-Subscription-Key'] = key\n"), set(), id="headers of the class that a method completes"),
    pytest.param("headers = dict(TOKEN)\ndef log_in(token):\n    headers['Authorization'] = token\ndef go(ref):\n    requests.get(URL + '/' + ref, headers=headers).raise_for_status()\n", MISSING, id="headers of the module"),
    pytest.param("headers = dict(TOKEN)\ndef log_in(key):\n    headers['Ocp-Apim-Subscription-Key'] = key\ndef go(ref):\n    requests.get(URL + '/' + ref, headers=headers).raise_for_status()\n", set(), id="headers of the module that a function completes"),
    pytest.param("headers = dict(TOKEN)\ndef log_in(key):\n    global headers\n    headers = {**headers, **KEY}\ndef go(ref):\n    requests.get(URL + '/' + ref, headers=headers).raise_for_status()\n", set(), id="headers of the module that a function replaces"),
    pytest.param(shop(MADE, SENDS) + "class Other(Shop):\n    def __init__(self):\n        super().__init__()\n        self.headers.update(KEY)\n", set(), id="a class below completes the headers"),
    pytest.param(shop(MADE, SENDS) + "class Other(Shop):\n    def __init__(self):\n        super().__init__()\n        self.headers['X-Shop'] = '1'\n", MISSING, id="a class below sets another key"),
    pytest.param(shop("def log_in(self):\n    self.headers.update(KEY)\n", of="Login") + "class Shop(Login):\n" + indent(MADE + SENDS, "    "), set(), id="a class above completes the headers"),
    pytest.param(shop("def own(self):\n    return TOKEN\n", ASKS), MISSING, id="a method of one's own"),
    pytest.param(shop("def own(self):\n    return TOKEN\n", ASKS) + "class Other(Shop):\n    def own(self):\n        return {**super().own(), **KEY}\n", set(), id="a method that is complete below"),
    pytest.param(shop("def own(self):\n    return {**TOKEN, **KEY}\n", ASKS) + "class Other(Shop):\n    def own(self):\n        return TOKEN\n", MISSING, id="a method that is incomplete below"),
    pytest.param(shop("def own(self):\n    raise NotImplementedError\n", ASKS), set(), id="a method that others must write"),
    pytest.param(shop("@abstractmethod\ndef own(self):\n    pass\n", ASKS), set(), id="an abstract method"),
    pytest.param(shop("def own(self):\n    raise NotImplementedError\n", ASKS) + "class Other(Shop):\n    def own(self):\n        return TOKEN\n", MISSING, id="a method that a class below writes"),
    pytest.param(shop("@property\ndef headers(self):\n    return TOKEN\n", SENDS) + "class Other(Shop):\n    @property\n    def headers(self):\n        return {**TOKEN, **KEY}\n", set(), id="a property that is complete below"),
    pytest.param("def go(ref):\n    r = requests.get(URL + '/' + ref, headers=fail())\n    r.raise_for_status()\n", set(), id="a call that is never made"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "found"), PROGRAMS)
def test_what_others_may_have_set(program: str, found: set[str]) -> None:
    report = check_source(START + program, "shop.py", date(2026, 11, 22))
    assert not report.notes
    assert {one.rule for one in report.diagnostics} & RULES == found
