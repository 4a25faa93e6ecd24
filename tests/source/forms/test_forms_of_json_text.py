"""Bodies that are written as JSON text, with values in them."""

from __future__ import annotations

from typing import Any

import pytest
from forms import Text, plain

from vipps_lint.document import get

PROGRAM = """
import json
import requests

def capture(amount, phone, text, more):
    requests.post("https://api.vipps.no/ecomm/v2/payments/1/capture", data={body}, timeout=5)
"""
FORMS = [
    pytest.param("""'{"a": 1, "b": ["c", null]}'""", {"a": 1, "b": ["c", None]}, id="plain text"),
    pytest.param("""'{"a": "+47%s"}' % phone""", {"a": Text("+47", ...)}, id="a value in a text"),
    pytest.param("""'{"a": "%s"}' % phone""", {"a": Text(...)}, id="a value that is a text"),
    pytest.param("""'{"a": %d, "b": 2}' % amount""", {"a": ..., "b": 2, ...: ...}, id="a value that stands for itself may bring more"),
    pytest.param("""'{"a": %d}' % int(amount)""", {"a": ...}, id="a number brings nothing more"),
    pytest.param("""f'{{"a": {{"b": "{text}-1"}}}}'""", {"a": {"b": Text(..., "-1")}}, id="an f-string"),
    pytest.param("""'{"a": ' + str(int(amount)) + '}'""", {"a": ..., ...: ...}, id="a sum of texts"),
    pytest.param("""'{"%s": 1, "b": 2}' % text""", {"b": 2, ...: ...}, id="a name that is not known"),
    pytest.param("""'{"a": "say \\\\"%s\\\\""}' % text""", {"a": Text('say "', ..., '"')}, id="quotation marks in a text"),
    pytest.param("""'{"a": 1, %s}' % more""", ..., id="text that may be anything"),
    pytest.param("""'{"a": 1%s}' % more""", ..., id="half a number"),
    pytest.param("""'["a"]'""", ..., id="no object"),
    pytest.param("""'no JSON'""", ..., id="no JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), FORMS)
def test_form(read, body: str, expected: Any) -> None:
    [path] = read(PROGRAM.replace("{body}", body)).paths
    assert plain(get(path.call.document, ("body",))) == expected
