"""A shop with one mistake, and the program as users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from vipps_lint.catalog import catalog
from vipps_lint.examples import good_request

RULE = "mobile-number-not-national"
SHOP = """import requests


def pay(order, headers):
    body = {**order, "customerInfo": {"mobileNumber": "+4791234567"}}
    response = requests.post("https://api.vipps.no/ecomm/v2/payments", json=body, headers=headers, timeout=10)
    response.raise_for_status()
    return response.json()
"""
PLACE = (5, 55)
ORDER = good_request(catalog(), "ecom.initiate-payment").body
REQUEST = {
    "method": "POST",
    "url": "https://api.vipps.no/ecomm/v2/payments",
    "body": {**ORDER, "customerInfo": {"mobileNumber": "+4791234567"}},
}
RECORD = {"at": "2022-04-01T12:00:00Z", "request": REQUEST}


def program(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the program as users do, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "vipps_lint", *arguments],
        cwd=folder,
        env=environment(env),
        capture_output=True,
        check=False,
    )


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": root, "NO_COLOR": "1", **(more or {})}


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)
