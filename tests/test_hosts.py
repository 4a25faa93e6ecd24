"""Hosts that code may go to: what is wrong with all that are known, and which are the test environment's."""

from __future__ import annotations

from datetime import date

import pytest

from vipps_lint.check import check_source

RULES = ("unknown-host", "test-host-in-source", "test-host-by-default")
TEST, PRODUCTION, PAGE = "'https://apitest.vipps.no'", "'https://api.vipps.no'", "'https://pay.vipps.no'"

PROGRAM = """
import os, requests

def details(headers, testing, page):
    base = {base}
    response = requests.get(base + "/ecomm/v2/payments/1/details", headers=headers, timeout=10)
    response.raise_for_status()
"""


@pytest.mark.parametrize(
    ("base", "found"),
    [
        pytest.param(TEST, ["test-host-in-source"], id="the test environment"),
        pytest.param(PRODUCTION, [], id="production"),
        pytest.param(PAGE, ["unknown-host"], id="the host of the payment page"),
        pytest.param(f"{TEST} if testing else {PRODUCTION}", [], id="the one or the other"),
        pytest.param(f"{PAGE} if page else {PRODUCTION}", [], id="one of two is right"),
        pytest.param(f"{PAGE} if page else 'https://pay-mt.vipps.no'", ["unknown-host"], id="both are wrong"),
        pytest.param(f"os.environ.get('BASE', {TEST})", ["test-host-by-default"], id="a default"),
        pytest.param(f"os.environ.get('BASE') or {TEST}", ["test-host-by-default"], id="a default by or"),
        pytest.param(f"os.environ.get('BASE', {PRODUCTION})", [], id="a default that is production"),
        pytest.param(f"os.environ.get('BASE', {PAGE})", ["unknown-host"], id="a default that is wrong"),
        pytest.param(f"{TEST} if testing else os.environ['BASE']", [], id="no default, but a choice"),
        pytest.param(f"{TEST} if testing else os.environ.get('BASE', {PRODUCTION})", [], id="a choice with a default"),
        pytest.param("os.environ['BASE']", [], id="the environment alone"),
    ],
)
def test_host(base: str, found: list[str]) -> None:
    diagnostics = check_source(PROGRAM.format(base=base), "shop.py", date(2026, 11, 22)).diagnostics
    assert [one.rule for one in diagnostics if one.rule in RULES] == found
