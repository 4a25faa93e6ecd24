"""What is a secret in the source, and what only stands for one; what is said of it shows nothing of it."""

from __future__ import annotations

from datetime import date

import pytest

from vipps_lint.check import check_source

TODAY = date(2026, 11, 22)
RANDOM = "pX7Qm2vLr9Zt4KcW8sHb1A=="

HEADER = """
import os, requests


def details(name):
    headers = {{{header!r}: {value}}}
    return requests.get("https://api.vipps.no/ecomm/v2/payments/1/details", headers=headers, timeout=10)
"""
BODY = """
import os, requests


def pay(name, headers):
    body = {{"merchantInfo": {{"authToken": {value}}}}}
    return requests.post("https://api.vipps.no/ecomm/v2/payments", json=body, headers=headers, timeout=10)
"""


def secrets(program: str, path: str = "shop.py") -> list[str]:
    found = check_source(program, path, TODAY).diagnostics
    return [f"{one.message} {one.help}" for one in found if one.rule == "hard-coded-secret"]


@pytest.mark.parametrize(
    ("header", "value", "is_secret"),
    [
        pytest.param("client_secret", repr(RANDOM), True, id="a client secret"),
        pytest.param("Client_Secret", repr(RANDOM), True, id="whatever the capitals"),
        pytest.param("Ocp-Apim-Subscription-Key", "'5d0c2f9b7e8341a6b1f04c93e7d2a685'", True, id="a subscription key"),
        pytest.param("Authorization", f"'Bearer {RANDOM}'", True, id="a token"),
        pytest.param("Authorization", f"'Bearer ' + {RANDOM!r}", True, id="a token behind its scheme"),
        pytest.param("Authorization", "'Basic aWQ6cFg3UW0ydkxyOVp0NEtjVzhzSGIxQQ=='", True, id="a password"),
        pytest.param("client_secret", f"os.environ.get('SECRET', {RANDOM!r})", True, id="a default"),
        pytest.param("client_secret", f"os.environ.get('SECRET') or {RANDOM!r}", True, id="a default by or"),
        pytest.param("client_secret", "os.environ['SECRET']", False, id="the environment"),
        pytest.param("client_secret", "os.environ.get('SECRET', '')", False, id="an empty default"),
        pytest.param("client_secret", "name", False, id="a parameter"),
        pytest.param("client_secret", "''", False, id="nothing"),
        pytest.param("client_secret", "'YOUR-CLIENT-SECRET-1'", False, id="a placeholder"),
        pytest.param("client_secret", "'<client secret no 1>'", False, id="a placeholder in brackets"),
        pytest.param("client_secret", "'xxxxxxxx-xxxx-4xxx-9xxx'", False, id="crosses"),
        pytest.param("client_secret", "'my-test-secret-000017'", False, id="made up for tests"),
        pytest.param("Ocp-Apim-Subscription-Key", "'0123456789abcdef0123456789abcdef'", False, id="counted up"),
        pytest.param("client_secret", "'hunter2'", False, id="too short to be sure"),
        pytest.param("client_secret", "'Y8Kteew6GE3ZmeycEt6egg=='", False, id="the example of the documentation"),
        pytest.param("Authorization", "'Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl'", False, id="a token of nobody"),
        pytest.param("client_id", "'a3f9c0d2-7be1-4c58-9d06-2b1f8e7a4c93'", False, id="an id is no secret"),
        pytest.param("X-Request-Id", repr(RANDOM), False, id="some other header"),
    ],
)  # fmt: skip
def test_secret_in_a_header(header: str, value: str, is_secret: bool) -> None:
    found = secrets(HEADER.format(header=header, value=value))
    assert (len(found) == 1) is is_secret
    assert not any(RANDOM[:6] in one for one in found)


@pytest.mark.parametrize(
    ("value", "is_secret"),
    [
        pytest.param("'a879cea4-3ed7-4f7a-8932-184ed58cbd17'", True, id="made by a machine"),
        pytest.param("'shop-callback'", True, id="made up by a person, and so the secret itself"),
        pytest.param("os.environ.get('CALLBACK', 'a879cea4-3ed7-4f7a-8932-184ed58cbd17')", True, id="a random default"),
        pytest.param("os.environ.get('CALLBACK', 'shop-callback')", False, id="a default that may stand for one"),
        pytest.param("'change-me'", False, id="a placeholder"),
        pytest.param("''", False, id="none"),
        pytest.param("name", False, id="a parameter"),
    ],
)
def test_secret_that_the_merchant_makes_up(value: str, is_secret: bool) -> None:
    assert (len(secrets(BODY.format(value=value))) == 1) is is_secret


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("shop/views.py", 1, id="what runs in production"),
        pytest.param("shop/contest.py", 1, id="a name that only ends like a test's folder"),
        pytest.param("tests/views.py", 0, id="a folder of tests"),
        pytest.param("shop/test_views.py", 0, id="a test"),
        pytest.param("examples/pay.py", 0, id="an example"),
        pytest.param("shop/conftest.py", 0, id="a fixture"),
    ],
)
def test_what_tests_and_examples_make_up_is_no_secret(path: str, found: int) -> None:
    assert len(secrets(HEADER.format(header="client_secret", value=repr(RANDOM)), path)) == found
