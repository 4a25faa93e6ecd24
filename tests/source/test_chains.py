"""Where a finding stands, and the steps that lead from there to the request: one report for one mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vipps_lint.catalog import catalog
from vipps_lint.check import check_paths
from vipps_lint.diagnostic import Diagnostic

API = """\
import requests
from .settings import BASE, PRICE

def post(path, body):
    answer = requests.post(BASE + path, json=body, timeout=5)
    answer.raise_for_status()
    return answer

def capture(order, amount):
    body = {"transaction": {"amount": amount, "transactionText": "Socks"}}
    return post(f"/ecomm/v2/payments/{order}/capture", body)

def refund(order, amount):
    return post(f"/ecomm/v2/payments/{order}/refund", {"transaction": {"amount": amount, "transactionText": "Socks"}})
"""

FILES = {"__init__.py": "", "settings.py": 'BASE = "https://api.vipps.no"\nPRICE = 499.5\n', "api.py": API}

ROWS = [
    pytest.param(
        "from .api import post\n\ndef ship(o):\n    post(f'/ecomm/v2/payments/{o}/capture', {'transaction': {'amount': 1.5, 'transactionText': 'Socks'}})",
        ["shop.py:4"],
        id="in the statement of the call there is nothing to add",
    ),
    pytest.param(
        "from .api import capture\n\ndef ship(o):\n    capture(o, 1.5)",
        ["shop.py:4", "api.py:11 sent here"],
        id="a literal that is given to a helper",
    ),
    pytest.param(
        "from .api import capture\n\ndef ship(o):\n    amount = 1.5\n    go(o, amount)\n\ndef go(o, amount):\n    capture(o, amount)",
        ["shop.py:4", "shop.py:5 called here from `ship()`", "shop.py:8 called here from `go()`", "api.py:11 sent here"],
        id="every step between",
    ),
    pytest.param(
        "from .api import capture, PRICE\n\ndef ship(o):\n    capture(o, PRICE)",
        ["settings.py:2", "shop.py:4 called here from `ship()`", "api.py:11 sent here"],
        id="a constant of a third file",
    ),
    pytest.param(
        "from .api import capture, PRICE\n\ncapture('a', PRICE)",
        ["settings.py:2", "shop.py:3 called here", "api.py:11 sent here"],
        id="from the body of a module",
    ),
    pytest.param(
        "from .api import capture, PRICE\n\ndef cron(o):\n    ship(o)\n\ndef ship(o):\n    capture(o, PRICE)",
        ["settings.py:2", "shop.py:7 called here from `ship()`", "api.py:11 sent here"],
        id="callers that have no part in it are not named",
    ),
    pytest.param(
        "from .api import capture, refund, PRICE\n\ndef ship(o):\n    capture(o, PRICE)\n\ndef back(o):\n    refund(o, PRICE)",
        [
            "settings.py:2", "shop.py:4 called here from `ship()`", "api.py:11 sent here",
            "api.py:14 sent here by `POST /ecomm/v2/payments/{orderId}/refund`",
        ],
        id="a constant that two operations send",
    ),
    pytest.param(
        "from .api import capture, PRICE\n\n" + "\n".join(f"def f{n}(o):\n    capture(o, PRICE)\n" for n in range(6)),
        [
            "settings.py:2", "shop.py:4 called here from `f0()`", "api.py:11 sent here",
            "shop.py:7 called here from `f1()`", "shop.py:10 called here from `f2()`",
            "shop.py:13 called here from `f3()`, and 2 more",
        ],
        id="many callers are counted",
    ),
]  # fmt: skip


def found(folder: Path, files: dict[str, str]) -> list[Diagnostic]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return check_paths([folder], catalog(), today=date(2026, 11, 22)).diagnostics


@pytest.mark.parametrize(("shop", "expected"), ROWS)
def test_one_report_with_the_steps_from_the_token_to_the_request(tmp_path: Path, shop: str, expected: list[str]) -> None:
    [one] = found(tmp_path, FILES | {"shop.py": shop})
    steps = [f"{Path(step.place.path).name}:{step.place.line} {step.message}" for step in one.chain]
    assert (one.rule, [f"{Path(one.place.path).name}:{one.place.line}", *steps]) == ("amount-not-integer", expected)


def test_a_helper_that_is_wrong_on_its_own_names_no_caller(tmp_path: Path) -> None:
    api = API.replace('"amount": amount}', '"amount": 1.5}', 1)
    users = "from .api import capture\n\ndef ship(o):\n    capture(o, 1)\n\ndef cron(o):\n    ship(o)"
    [one] = found(tmp_path, FILES | {"api.py": api, "shop.py": users})
    assert [(step.place.line, step.message) for step in one.chain] == [(11, "sent here")]


def test_a_parameter_in_a_path_stands_where_the_path_is_written(tmp_path: Path) -> None:
    api = API + "\ndef agreements(path):\n    answer = requests.get(BASE + path, timeout=5)\n    answer.raise_for_status()\n"
    shop = "from .api import agreements\n\ndef active():\n    agreements('/recurring/v3/agreements?status=active')"
    one = next(one for one in found(tmp_path, FILES | {"api.py": api, "shop.py": shop}) if one.rule == "parameter-value-unknown")
    assert (Path(one.place.path).name, one.place.line) == ("shop.py", 4)


def test_an_order_of_calls_names_the_caller_that_makes_it(tmp_path: Path) -> None:
    """The amounts are right one by one; only `back()` refunds more than it has captured."""
    helpers = API + "\ndef half(order):\n    refund(order, 200)\n"
    flow = """\
from .api import capture, half, post

def back(o):
    shop = {"merchantSerialNumber": "1234", "callbackPrefix": "https://shop.example", "fallBack": "https://shop.example"}
    order = {"orderId": o, "amount": 300, "transactionText": "Socks"}
    post("/ecomm/v2/payments", {"merchantInfo": shop, "transaction": order})
    capture(o, 100)
    half(o)

def fine(o):
    half(o)
"""
    [one] = found(tmp_path, FILES | {"api.py": helpers, "shop.py": flow})
    steps = [f"{Path(step.place.path).name}:{step.place.line} {step.message}" for step in one.chain]
    assert (one.rule, Path(one.place.path).name, one.place.line) == ("refund-above-captured", "api.py", 17)
    assert steps == ["shop.py:8 called here from `back()`", "api.py:14 sent here"]
