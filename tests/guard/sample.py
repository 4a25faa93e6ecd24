"""A small project with a wrapper and tests, and how they run under the plugin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

WRAPPER = '''
import requests


class Vipps:
    def __init__(self, host, token):
        self.host = host
        self.headers = {"Authorization": f"Bearer {token}", "Ocp-Apim-Subscription-Key": "key"}

    def _call(self, method, path, body=None, **headers):
        answer = requests.request(
            method,
            f"{self.host}{path}",
            json=body,
            headers={**self.headers, **headers},
            timeout=10,
        )
        answer.raise_for_status()
        return answer.json()

    def start(self, order_id, amount, number):
        shop = {"merchantSerialNumber": "123456", "callbackPrefix": "https://shop.example/vipps",
                "fallBack": "https://shop.example/thanks"}
        return self._call(
            "POST",
            "/ecomm/v2/payments",
            {"customerInfo": {"mobileNumber": number}, "merchantInfo": shop,
             "transaction": {"orderId": order_id, "amount": amount, "transactionText": "Socks"}},
        )

    def capture(self, order_id, amount):
        return self._call("POST", f"/ecomm/v2/payments/{order_id}/capture", body({"amount": amount}), **{"X-Request-Id": order_id})

    def cancel(self, order_id):
        return self._call("PUT", f"/ecomm/v2/payments/{order_id}/cancel", body({}))

    def details(self, order_id):
        return self._call("GET", f"/ecomm/v2/payments/{order_id}/details")


def body(transaction):
    return {"merchantInfo": {"merchantSerialNumber": "123456"}, "transaction": {**transaction, "transactionText": "Socks"}}
'''

TESTS = '''
from unittest.mock import patch

import pytest
import requests
from shop.vipps import Vipps

HOST = "https://apitest.vipps.no"


@pytest.fixture(autouse=True)
def answers():
    with patch("requests.request") as request:
        yield request


@pytest.mark.parametrize("number", ["91234567", "+4791234567"])
def test_start(number):
    Vipps(HOST, "token").start("acme-1001", 49900, number)


def test_capture():
    vipps = Vipps(HOST, "token")
    vipps.start("acme-1001", 49900, "91234567")
    vipps.capture("acme-1001", 49900)


def test_smoke():
    requests.request("GET", f"{HOST}/ecomm/v2/payments/acme-1001/details", headers=Vipps(HOST, "t").headers)
'''

SETTINGS = """
[tool.vipps-lint]
select = ["amount-below-minimum", "cancel-without-release", "capture-above-reserved", "mobile-number-not-national", "unknown-host"]

[tool.pytest.ini_options]
pythonpath = ["."]
""".lstrip()
"""With these rules alone: more of them would change the numbers."""

SUMMARY = """
================================= vipps-guard ==================================
5 calls of 3 operations in 4 tests
     3  POST /ecomm/v2/payments
     1  GET /ecomm/v2/payments/{orderId}/details
     1  POST /ecomm/v2/payments/{orderId}/capture
1 finding
     1  warning[mobile-number-not-national]
            mobile number `+47…67` is not eight digits
            --> shop/vipps.py:10
call sites: 2 of 4 called; of 9 rules that the source leaves open, 5 decided
     3  shop/vipps.py:23 POST /ecomm/v2/payments
            3 decided
     1  shop/vipps.py:31 POST /ecomm/v2/payments/{orderId}/capture
            2 decided; open: capture-above-reserved
never called:
        shop/vipps.py:34 PUT /ecomm/v2/payments/{orderId}/cancel
            open: cancel-without-release, unknown-host
        shop/vipps.py:37 GET /ecomm/v2/payments/{orderId}/details
            open: unknown-host
calls that passed none of these call sites:
     1  tests/test_shop.py:28 GET /ecomm/v2/payments/{orderId}/details
""".strip().splitlines()


def planted(folder: Path) -> Path:
    for name, text in {"shop/__init__.py": "", "shop/vipps.py": WRAPPER, "tests/test_shop.py": TESTS}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip("\n"), "utf-8")
    (folder / "pyproject.toml").write_text(SETTINGS, "utf-8")
    return folder


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs the tests of a project as its people would."""
    plugins = ["-p", "vipps_lint.guard.plugin"]
    if any(option.startswith("-n") for option in options):
        plugins += ["-p", "xdist"]
    command = [sys.executable, "-m", "pytest", *plugins, "-p", "no:cacheprovider", "--vipps-guard=collect", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"}
    environment |= {"VIPPS_LINT_CACHE_DIR": str(folder.parent.parent / "cache")}  # one for all tests of this process
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )


def summary(done: subprocess.CompletedProcess[str]) -> list[str]:
    lines = done.stdout.splitlines()
    start = next((number for number, line in enumerate(lines) if "= vipps-guard =" in line), len(lines))
    assert start < len(lines), done.stdout + done.stderr
    end = next(number for number in range(start + 1, len(lines)) if lines[number].startswith("="))
    return lines[start:end]
