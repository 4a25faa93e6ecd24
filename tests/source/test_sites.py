"""The call-site map: every call with what is known of it, and which rules it breaks, keeps or leaves open, and why."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from vipps_lint.audit import audit
from vipps_lint.catalog import catalog
from vipps_lint.check import check_paths, check_source
from vipps_lint.document import Array, Hole, Object, Template, Value, one_of
from vipps_lint.document.values import ABSENT
from vipps_lint.report.holes import as_json
from vipps_lint.report.json import SCHEMA, document

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
TODAY = date(2026, 11, 22)
SCHEMATA = json.loads(SCHEMA.read_text("utf-8"))

CAPTURE = """
import os
import requests
import settings

HEADERS = {{
    "Authorization": "Bearer eyJabcdefgh.e30.x", "Ocp-Apim-Subscription-Key": "k", "X-Request-Id": "a",
    "Merchant-Serial-Number": "123456",
}}

def send(path, body):
    answer = requests.post("https://api.vipps.no" + path, json=body, headers=HEADERS, timeout=10)
    answer.raise_for_status()
    return answer

def capture(order, amount, note=None):
    {before}
    return send(f"/ecomm/v2/payments/{{order}}/capture", {body})
"""


def calls(source: str) -> list[dict[str, Any]]:
    return document(check_source(source, "shop.py", TODAY))["calls"]  # type: ignore[no-any-return]


def capture(body: str = "{'transaction': {'amount': amount}}", before: str = "pass", after: str = "") -> dict[str, Any]:
    [one] = calls(CAPTURE.format(body=body, before=before) + after)
    return one


REASONS = [
    pytest.param("{'transaction': {'amount': amount}}", "pass", "`amount` comes from the caller", id="a parameter"),
    pytest.param("{'transaction': note}", "pass", "`note` comes from the caller", id="around the field"),
    pytest.param(
        "body", "body = {'transaction': {}}; body['transaction'].update(note)", "`body.transaction` may have more fields",
        id="an object that may have more",
    ),
    pytest.param(
        "{'transaction': {'amount': 100 if order else '100'}}", "pass", "it is `100` or `100`", id="one of a few values"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "before", "reason"), REASONS)
def test_what_is_open_says_why(body: str, before: str, reason: str) -> None:
    still = {one["rule"]: one["reason"] for one in capture(body, before)["rules"]["undecided"]}
    assert still["amount-not-integer"] == reason


def test_known_values_leave_nothing_open_about_the_request() -> None:
    rules = capture("{'transaction': {'amount': 100}}")["rules"]
    assert "amount-not-integer" in rules["kept"]
    assert "amount-not-integer" not in {one["rule"] for one in rules["undecided"]}
    assert "amount-not-integer" in capture("{'transaction': {'amount': 1.5}}")["rules"]["broken"]


def test_callers_decide_what_a_function_leaves_open() -> None:
    one = capture(after="\ndef ship(order):\n    capture(order, 100)\n")
    assert "amount-not-integer" in one["rules"]["kept"]
    assert [[step["within"] for step in way] for way in one["ways"]] == [["ship", "capture", "send"]]
    assert one["request"]["body"] == {"transaction": {"amount": 100}}
    two = capture(after="\ndef ship(order):\n    capture(order, 100)\n\ndef go(order):\n    capture(order, order.sum)\n")
    assert [way[0]["within"] for way in two["ways"]] == ["ship", "go"]
    [reason] = [one["reason"] for one in two["rules"]["undecided"] if one["rule"] == "amount-not-integer"]
    assert reason.startswith("`order.sum` is not known")
    assert two["request"]["body"]["transaction"]["amount"]["$unknown"] == "amount"


def test_a_rule_about_another_operation_is_no_obligation() -> None:
    rules = capture()["rules"]
    named = {*rules["broken"], *rules["kept"], *(one["rule"] for one in rules["undecided"])}
    assert named.isdisjoint({"mobile-number-not-national", "charge-above-agreement-price", "release-flag-misplaced"})


def test_secrets_are_not_in_the_map() -> None:
    text = json.dumps(capture("{'customerInfo': {'mobileNumber': '91234567'}, 'merchantInfo': {'authToken': 'hush-hush'}}"))
    assert "eyJ" not in text
    assert "hush" not in text
    assert "91234567" not in text


VALUES = [
    pytest.param(Object({"a": 1, "$b": None}), {"a": 1, "$$b": None}, id="known"),
    pytest.param(Object({"a": 1}, True), {"a": 1, "$open": True}, id="open object"),
    pytest.param(Array((1,)), [1], id="array"),
    pytest.param(Array((1,), True), {"$items": [1], "$open": True}, id="open array"),
    pytest.param(Hole("string", source="o.x", reason="so"), {"$unknown": "o.x", "type": "string", "reason": "so"}, id="hole"),
    pytest.param(Template(("+47", Hole(source="n"))), {"$text": ["+47", {"$unknown": "n"}]}, id="text with a hole"),
    pytest.param(one_of((1, ABSENT)), {"$oneOf": [1, {"$absent": True}]}, id="one of two"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_values_with_holes_have_a_form_in_json(value: Value, expected: object) -> None:
    assert as_json(value) == expected
    judge = jsonschema.Draft202012Validator({**SCHEMATA["$defs"]["value"], "$defs": SCHEMATA["$defs"]})
    judge.validate(expected)
    assert not judge.is_valid({"$unknown": 1})
    assert not judge.is_valid({"$hole": 1})


def test_reports_are_as_the_schema_says() -> None:
    judge = jsonschema.Draft202012Validator(SCHEMATA)
    judge.check_schema(SCHEMATA)
    checked = document(check_paths([EXAMPLES], catalog(), today=TODAY))
    audited = document(audit([EXAMPLES / "calls.har"], catalog(), as_of=TODAY))
    for report in (checked, audited):
        judge.validate(report)
        assert report["diagnostics"]
        assert not judge.is_valid({**report, "version": 2})
    assert checked["calls"]
    assert all(one["ways"] and one["rules"]["kept"] for one in checked["calls"])


EXPECTED = """
import pytest
import requests

URL = "https://api.vipps.no/ecomm/v2/payments/a/refund"

def send(body):
    return requests.post(URL, json=body, headers={{}}, timeout=10)

def test_refund(self):
{steps}
"""

FAILING = [
    pytest.param("with pytest.raises(requests.HTTPError):\n    send({'amount': 1.5}).raise_for_status()", False, id="pytest.raises"),
    pytest.param("with self.assertRaises(OSError):\n    send({'amount': 1.5})", False, id="assertRaises"),
    pytest.param("answer = send({'amount': 1.5})\nassert answer.status_code == 400", False, id="a status that is a failure"),
    pytest.param("answer = send({'amount': 1.5})\nassert answer.status_code >= 400, answer.text", False, id="any failure"),
    pytest.param("answer = send({'amount': 1.5})\nassert answer.status_code == 200", True, id="a status that is a success"),
    pytest.param("answer = send({'amount': 1.5})\nassert answer.status_code in (400, 422)", False, id="one of some failures"),
    pytest.param("answer = send({'amount': 1.5})\nassert answer.status_code in (200, 400)", True, id="perhaps a failure"),
    pytest.param("answer = send({'amount': 1.5})\nself.assertEqual(answer.status_code, 400)", False, id="assertEqual"),
    pytest.param("answer = send({'amount': 1.5})\nself.assertEqual(400, answer.status_code)", False, id="assertEqual the other way round"),
    pytest.param("answer = send({'amount': 1.5})\nself.assertEqual(answer.status_code, 200)", True, id="assertEqual of a success"),
    pytest.param("answer = send({'amount': 1.5})\nself.assertIn(answer.status_code, [400, 401])", False, id="assertIn"),
    pytest.param("answer = send({'amount': 1.5})\nif answer.status_code == 400:\n    return", True, id="a branch"),
    pytest.param("send({'amount': 1.5})\nwith pytest.raises(OSError):\n    self.go()", True, id="before the block that raises"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "reported"), FAILING)
def test_a_call_that_a_test_wants_to_fail_is_wrong_on_purpose(steps: str, reported: bool) -> None:
    steps = steps.replace("{'amount': 1.5}", "{'transaction': {'amount': 1.5}}")
    found = check_source(EXPECTED.format(steps="\n".join(f"    {line}" for line in steps.splitlines())), "t.py", TODAY)
    assert ("amount-not-integer" in {one.rule for one in found.diagnostics}) is reported
    assert len(found.calls) == 1
