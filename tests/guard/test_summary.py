"""The summary at the end of a run of pytest: the errors that were answered, also in the workers of pytest-xdist."""

from __future__ import annotations

import pytest
from test_plugin import PLUGIN, ROOT

pytest_plugins = ["pytester"]

CODE = """
import requests
import responses

URL = "https://api.vipps.no/ecomm/v2/payments/acme-1/capture"
BODY = {"merchantInfo": {"merchantSerialNumber": "123456"}, "transaction": {"transactionText": "Socks"}}

@responses.activate
def refused():
    error = {"errorGroup": "Merchant", "errorCode": "34", "errorMessage": "Kari has paid"}
    responses.post(URL, json=[error], status=400)
    requests.post(URL, timeout=5, json=BODY)

def test_one():
    refused()

def test_two():
    refused()
"""


@pytest.mark.parametrize("workers", [pytest.param("-n0", id="no workers"), pytest.param("-n2", id="two workers")])
def test_the_errors_that_were_answered(pytester, monkeypatch, workers):
    pytest.importorskip("xdist")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(test_shop=CODE)
    options = ("-p", "no:cacheprovider", "-p", "no:asyncio", "--vipps-guard=collect", workers)
    result = pytester.runpytest_inprocess(*PLUGIN, *options)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "*= vipps-guard =*",
            "2 errors were answered",
            "     2  POST /ecomm/v2/payments/{orderId}/capture: 400 Merchant 34",
        ]
    )
    result.stdout.no_fnmatch_line("*Kari*")
