"""What code does with the fields of an answer: as numbers, and in comparisons."""

from __future__ import annotations

import pytest

from vipps_lint.call import Usage, dotted

PREAMBLE = """
import asyncio, json, requests, time
from datetime import datetime, timedelta

URL = "https://api.vipps.no/epayment/v1/payments/acme-shop-1"
PAID = {"AUTHORIZED", "CAPTURED"}


def fetched():
    response = requests.get(URL, timeout=5)
    response.raise_for_status()
    return response.json()


def is_paid(state):
    return state == "CAPTURED"

"""


def uses(read, steps: str, usage: Usage) -> list:
    body = "\n".join("    " + line for line in steps.splitlines())
    source = read(f"{PREAMBLE}\n\ndef shop(other):\n    data = fetched()\n{body}\n")
    assert source.notes == []
    found = [use for path in source.paths for use in path.call.uses if use.usage is usage]
    return list(dict.fromkeys((dotted(one.pointer), tuple(asked.value for asked in one.asked), one.complete) for one in found))


NUMBERS = [
    pytest.param("time.time() + data['a']", True, id="added to the time"),
    pytest.param("data['a'] + 5", True, id="a number is added"),
    pytest.param("data.get('a', 3600) - 60", True, id="reckoned with although it has a default"),
    pytest.param("data['a'] - other", True, id="text is never subtracted from"),
    pytest.param("data['a'] / other", True, id="nor divided"),
    pytest.param("data['a'] > 60", True, id="its size"),
    pytest.param("timedelta(seconds=data['a'])", True, id="a time span"),
    pytest.param("time.sleep(data['a'])", True, id="a pause"),
    pytest.param("datetime.fromtimestamp(data['a'])", True, id="a moment"),
    pytest.param("a = data['a']\na -= 60", True, id="in place"),
    pytest.param("time.time() + int(data['a'])", False, id="converted"),
    pytest.param("timedelta(seconds=float(data['a']))", False, id="converted to a float"),
    pytest.param("other - data['a']", False, id="what is subtracted from may be anything"),
    pytest.param("data['a'] + other", False, id="text may be added to text"),
    pytest.param("data['a'] * 2", False, id="text may be repeated"),
    pytest.param("data['a'] == 60", False, id="text may be compared with a number, in vain"),
    pytest.param("'%s s' % data['a']", False, id="put into text"),
    pytest.param("len(data['a']) - 1", False, id="its length"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "found"), NUMBERS)
def test_numbers(read, steps: str, found: bool) -> None:
    assert uses(read, steps, Usage.NUMBER) == ([("response.body.a", (), True)] if found else [])


STATE = "response.body.state"

COMPARISONS = [
    pytest.param("data['state'] == 'CAPTURED'", [(STATE, ("CAPTURED",), True)], id="equality"),
    pytest.param("'CAPTURED' != data.get('state')", [(STATE, ("CAPTURED",), True)], id="inequality, turned around"),
    pytest.param("data['state'] in ('A', 'B')", [(STATE, ("A", "B"), True)], id="membership"),
    pytest.param("data['state'].upper() == 'A'", [(STATE, ("A",), True)], id="in capitals"),
    pytest.param("(data.get('aggregate') or {}).get('state', '?') == 'A'", [("response.body.aggregate.state", ("A",), True)], id="in an object that may be missing"),
    pytest.param("data['events'][0]['name'] == 'A'", [("response.body.events.*.name", ("A",), True)], id="in an item"),
    pytest.param("data['state'] in PAID", [(STATE, ("AUTHORIZED", "CAPTURED"), True)], id="a constant of the module"),
    pytest.param("data['state'] in frozenset(['A', 'B'])", [(STATE, ("A", "B"), True)], id="a frozen set"),
    pytest.param("data['state'] in ('A', other)", [(STATE, ("A",), False)], id="one of the values is not known"),
    pytest.param("data['state'] in ('A', None)", [(STATE, ("A",), False)], id="it may be missing"),
    pytest.param("data.get('state', '?') == '?'", [], id="its own default"),
    pytest.param("data.get('state', '?') in ('?', 'A')", [(STATE, ("A",), False)], id="its own default among others"),
    pytest.param("state = data['state'] if other else 'B'\nstate == 'B'", [], id="a value of the code's own"),
    pytest.param("state = data['state'] if other else other\nstate == 'B'", [], id="it may be something else"),
    pytest.param("data['state'] == other", [], id="a value that is not known"),
    pytest.param("is_paid(data['state'])", [], id="a function that others may call"),
    pytest.param("data['state'] == ''", [], id="nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "expected"), COMPARISONS)
def test_comparisons(read, steps: str, expected: list) -> None:
    assert uses(read, steps, Usage.COMPARISON) == expected
