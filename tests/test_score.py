"""The score of a small made-up corpus: what counts as found, as missed, as a false report and as one to judge."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "score.py"

SHOP = """\
import requests

BASE = "https://api.vipps.no/ecomm/v2"


def capture(order, headers):
    amount = {"amount": "100", "transactionText": "x"}
    response = requests.post(
        f"{BASE}/payments/{order}/capture",
        json={"merchantInfo": {"merchantSerialNumber": "123456"}, "transaction": amount}, headers=headers,
    )
    response.raise_for_status()


def initiate(headers, order):
    body = {
        "customerInfo": {"mobileNumber": "+4791234567"},
        "transaction": {"amount": 100, "orderId": order, "transactionText": "x"},
        "merchantInfo": {"merchantSerialNumber": "123456"},
    }
    return requests.post(f"{BASE}/payments", json=body, headers=headers)


def status(order, headers):
    return requests.get(f"{BASE}/payments/{order}/details", headers=headers)
"""

LABELS = [
    ("call_site", 9, None, "POST /ecomm/v2/payments/{id}/capture"),
    ("call_site", 8, None, "* *"),
    ("call_site", 21, None, "POST /ecomm/v2/payments/{id}/capture"),
    ("call_site", 25, None, "GET /ecomm/v2/payments/{orderId}/details"),
    ("finding", 18, "phone-format", "a number with a country code"),
    ("finding", 25, "phone-format", "nothing is reported here"),
    ("finding", 18, "missing-idempotency", "nothing is reported here either"),
]


@pytest.fixture(scope="module")
def score() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("score", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["score"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.py").write_text(SHOP)
    return tmp_path


def labels(corpus: Path, rows: list[tuple[str, int, str | None, str]], snapshot: str = "shop") -> str:
    path = corpus / "labels.jsonl"
    keys = {"snapshot": snapshot, "file": "shop.py", "confidence": "high"}
    lines = (
        json.dumps({**keys, "kind": kind, "line": line, "rule": rule, "message": message})
        for kind, line, rule, message in rows
    )
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_labels_are_found_at_their_statements_and_the_rest_is_to_judge(score, corpus, capsys):
    assert score.main([labels(corpus, LABELS), str(corpus), "--misses", "--unjudged"]) == 0
    said = capsys.readouterr().out
    assert "call sites found with their operation: 3/4" in said
    assert counts(said) == {"missing-idempotency": ["0/1"] * 4, "phone-format": ["1/2"] * 4}
    assert "missed [call site, high] shop/shop.py:21 POST /ecomm/v2/payments/{id}/capture" in said
    assert "missed [phone-format, high] shop/shop.py:25 nothing is reported here" in said
    assert "to judge: shop/shop.py:7 error[amount-not-integer]" in said
    assert "to judge: shop/shop.py:17" not in said


def counts(said: str) -> dict[str, list[str]]:
    rows = [re.sub(r" +[0-9]+ %", "", line).split() for line in said.splitlines()]
    return {name: cells for name, *cells in rows if name in ("phone-format", "missing-idempotency")}


def test_a_person_may_say_which_label_a_report_at_another_statement_is_about(score, corpus, capsys):
    kept = corpus / "verdicts.jsonl"
    verdict = {"snapshot": "shop", "file": "shop.py", "line": 17, "rule": "mobile-number-not-national", "verdict": "right"}
    kept.write_text(json.dumps({**verdict, "reason": "the same mistake", "label": 25}) + "\n")
    score.main([labels(corpus, LABELS), str(corpus), "--judgements", str(kept)])
    assert counts(capsys.readouterr().out)["phone-format"] == ["1/2", "2/2", "1/2", "2/2"]


def test_verdicts_are_kept_and_counted(score, corpus, capsys):
    verdict = {"snapshot": "shop", "file": "shop.py", "line": 7, "rule": "amount-not-integer", "reason": "it is text"}
    kept = corpus / "verdicts.jsonl"
    given = [labels(corpus, LABELS), str(corpus), "--judgements", str(kept), "--unjudged", "--wrong"]
    numbers = {}
    for word in ("right", "wrong"):
        kept.write_text(json.dumps({**verdict, "verdict": word}) + "\n")
        score.main(given)
        said = capsys.readouterr().out
        assert "to judge: shop/shop.py:7 error[amount-not-integer]" not in said
        assert ("wrong: shop/shop.py:7" in said) is (word == "wrong")
        numbers[word] = next(line for line in said.splitlines() if line.startswith("reports at warning or error"))
    assert numbers["right"] != numbers["wrong"]


def test_a_negative_that_is_reported_is_said_and_fails(score, corpus, capsys):
    assert score.main([labels(corpus, [("negative", 18, "phone-format", "it is fine")]), str(corpus)]) == 1
    assert "negative reported: shop/shop.py:17" in capsys.readouterr().out


def test_a_checkout_that_is_not_there_is_left_out(score, corpus, capsys):
    assert score.main([labels(corpus, LABELS, "market"), str(corpus)]) == 0
    assert "market: no checkout, 7 labels left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("label", "found", "same"),
    [
        ("GET /a/{id}", "GET /a/{orderId}", True),
        ("GET /a/{id}/", "GET /a/{orderId}", True),
        ("GET /a/funds", "GET /a/{topic}", True),
        ("* *", "GET /a/{topic}", True),
        ("GET /a/b", "GET /a/c", False),
        ("POST /a/{id}", "GET /a/{id}", False),
        ("GET /a/{id}/b", "GET /a/{id}", False),
    ],
)
def test_operations_are_the_same_whatever_their_parameters_are_called(score, label, found, same):
    assert score.same_operation(label, found) is same
