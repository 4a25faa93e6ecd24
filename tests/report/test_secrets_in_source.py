"""Source that is shown is shown without the secrets in it, and all else stays in its column."""

from __future__ import annotations

from datetime import date

import pytest

from vipps_lint.call import Place
from vipps_lint.check import check_source
from vipps_lint.report.frame import frame
from vipps_lint.report.mask import hidden, hidden_line
from vipps_lint.report.render import render

KEY = "5d0c2f9b7e8341a6b1f04c93e7d2a685"
TOKEN = "eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0"
KNOWN = frozenset({KEY, "s3same", "open the door", "pX7Qm2vLr9Zt4KcW8sHb1A=="})


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param(f'KEY = "{KEY}"  # Vipps', f'KEY = "{"*" * 32}"  # Vipps', id="a literal"),
        pytest.param(f"print('with {KEY}!')", f"print('with {'*' * 32}!')", id="in other text"),
        pytest.param('T = "pX7Qm2vL" + "r9Zt4KcW8sHb1A=="', f'T = "{"*" * 8}" + "{"*" * 16}"', id="put together"),
        pytest.param("a['s3same'] = s3same", "a['******'] = s3same", id="a short one only where it is all of a literal"),
        pytest.param('"open the door"', '"**** *** ****"', id="words"),
        pytest.param(f'"Bearer {KEY}"', f'"Bearer {"*" * 32}"', id="the scheme of a token stays"),
        pytest.param('{"Authorization": "Bearer " + token}', '{"Authorization": "Bearer " + token}', id="no secret"),
        pytest.param(f'x = "{TOKEN}"', f'x = "{"*" * len(TOKEN)}"', id="a token of nobody's call"),
        pytest.param('client_secret = load("9aQ2zX81kLm4Pq77vB", "v2")', 'client_secret = load("******************", "v2")',
                     id="what looks like a secret beside the name of one"),
        pytest.param('get("https://me:pass@a.no/x")', 'get("https://*******@a.no/x")', id="credentials in a URL"),
        pytest.param('token_url = "https://api.vipps.no/accesstoken/get"',
                     'token_url = "https://api.vipps.no/accesstoken/get"', id="a URL is none"),
        pytest.param('secret = os.environ["VIPPS_CLIENT_SECRET"]', 'secret = os.environ["VIPPS_CLIENT_SECRET"]',
                     id="the name of one is none"),
        pytest.param('"phoneNumber": "+4791234567"', '"phoneNumber": "+4791234567"', id="a phone number is the user's own"),
    ],
)  # fmt: skip
def test_line(line: str, shown: str):
    assert hidden_line(line, KNOWN) == shown
    assert len(shown) == len(line)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        pytest.param("the `authToken` of `POST /ecomm/v2/payments`", "the `authToken` of `POST /ecomm/v2/payments`",
                     id="an operation beside the name of a secret"),
        pytest.param("the header is `s3same`", "the header is `******`", id="a secret that is quoted"),
        pytest.param(f"load({KEY})", f"load({'*' * 32})", id="a secret in code"),
    ],
)  # fmt: skip
def test_words(words: str, shown: str):
    assert hidden(words, KNOWN) == shown


def test_what_stands_for_a_secret_is_none():
    code = 'import requests\n\n\ndef ask(url):\n    requests.get(url + "/epayment/v1/payments/acme-1", headers={"Authorization": %s})\n'
    told = [check_source(code % one, "a.py", date(2026, 11, 23)).secrets for one in ('"Bearer None"', '"Bearer s3same"')]
    assert told == [set(), {"s3same"}]


def test_the_marks_stand_below_what_they_stood_below():
    source = f'send({{"a": "{KEY}", "b": 12}})\n'
    column = source.index("12") + 1
    [_, (_, line), (_, marks)] = frame(Place("a.py", 1, column, 1, column + 2), source, "", {KEY})
    assert line[marks.index("^") :].startswith("12") and KEY not in line


SHOP = f"""import requests

KEY = "{KEY}"


def pay(vault, body):
    headers = {{"Ocp-Apim-Subscription-Key": KEY, "client_secret": "pX7Qm2vLr9Zt4KcW8sHb1A==", "X-Copy": KEY}}
    print("pX7Qm2vLr9Zt4KcW8sHb1A==")
    requests.post("https://api.vipps.no/accesstoken/get", headers=headers)


def ask(vault):
    headers = {{"Ocp-Apim-Subscription-Key": vault.load("9d0c2f9b7e8341a6b1f04c93e7d2a685"), "Authorization": "s3same"}}
    requests.get("https://me:hunter2@api.vipps.no/epayment/v1/payments/acme-1", headers=headers)
"""


@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_no_format_shows_a_secret(style: str):
    report = check_source(SHOP, "shop.py", date(2026, 11, 23))
    report.sources["shop.py"] = SHOP
    shown = render(report, style, undecided=True)
    assert "shop.py" in shown and "hard-coded-secret" in shown and "`POST /accesstoken/get`" in shown
    assert not [one for one in (KEY, "pX7Qm2vL", "9d0c2f9b", "s3same", "hunter2") if one in shown]
