"""A token that is kept in a variable or an attribute, and sent without its scheme."""

from __future__ import annotations

from datetime import date
from textwrap import indent

import pytest

from vipps_lint.check import check_source

START = '''
import requests
from acme import KEYS, settings

token = None


def fetched():
    answer = requests.post("https://api.vipps.no/accesstoken/get", headers=KEYS, timeout=10)
    answer.raise_for_status()
    return answer.json()["access_token"]

'''
DETAILS = "requests.get('https://api.vipps.no/ecomm/v2/payments/a-1042/details', headers={**KEYS, 'Authorization': token})\n"
OWN = DETAILS.replace("token}", "self.token}")
KEEPS = "def log_in():\n    global token\n    token = fetched()\n"
KEEPS_OWN = "def log_in(self):\n    self.token = fetched()\n"
NEW = "def __init__(self):\n    self.token = None\n"


def shop(*methods: str) -> str:
    return "class Shop:\n" + indent("\n".join(methods), "    ")


PROGRAMS = [
    pytest.param(f"{KEEPS}def go():\n    {DETAILS}", True, id="a variable"),
    pytest.param(f"{KEEPS}def go():\n    if token is None:\n        log_in()\n    {DETAILS}", True, id="a variable that is filled first"),
    pytest.param(f"{KEEPS}def go():\n    {DETAILS}def more():\n    global token\n    token = 'Bearer ' + fetched()\n", False, id="another function keeps it with its scheme"),
    pytest.param(f"{KEEPS}def go():\n    {DETAILS}def more(given):\n    global token\n    token = given\n", False, id="another function keeps something else"),
    pytest.param(f"{KEEPS}def go():\n    {DETAILS}def more(module):\n    module.token = settings.TOKEN\n", False, id="something else is set from outside"),
    pytest.param(f"{KEEPS}def go():\n    {DETAILS}def more(given):\n    def inner():\n        global token\n        token = given\n    return inner\n", False, id="a function inside keeps something else"),
    pytest.param(f"{KEEPS}def go(token):\n    {DETAILS}", False, id="a parameter of the same name"),
    pytest.param(KEEPS.replace("fetched()", "{'a': fetched()}['a']") + f"def go():\n    {DETAILS}", True, id="out of a dict"),
    pytest.param(shop(NEW, KEEPS_OWN, f"def go(self):\n    {OWN}"), True, id="an attribute"),
    pytest.param(shop(NEW, KEEPS_OWN, f"def go(self):\n    self.log_in()\n    {OWN}"), True, id="an attribute that is filled first"),
    pytest.param(shop("def __init__(self, token):\n    self.token = token\n", KEEPS_OWN, f"def go(self):\n    {OWN}"), False, id="an attribute that is given"),
    pytest.param(shop(NEW, KEEPS_OWN, f"def go(self):\n    {OWN}", "def more(self):\n    self.token = settings.TOKEN\n"), False, id="an attribute that is set otherwise too"),
    pytest.param(shop(NEW, KEEPS_OWN, f"def go(self):\n    {OWN}") + "def more(shop):\n    shop.token = settings.TOKEN\n", False, id="an attribute that others set"),
    pytest.param(shop(NEW, KEEPS_OWN, f"def go(self):\n    {OWN}", "def more(self, **all):\n    for one in all:\n        setattr(self, one, all[one])\n"), False, id="attributes that are set by name"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "is_found"), PROGRAMS)
def test_a_token_that_is_kept(program: str, is_found: bool) -> None:
    report = check_source(START + program, "shop.py", date(2026, 11, 22))
    assert not report.notes
    assert ("authorization-scheme" in {one.rule for one in report.diagnostics}) is is_found
