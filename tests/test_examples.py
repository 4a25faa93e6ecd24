"""The examples: what is planted in them is found, at the exact token, and nothing else."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from vipps_lint.audit import schema

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
EXPECTED = tomllib.loads((EXAMPLES / "expected.toml").read_text(encoding="utf-8"))
SHOP = sorted((EXAMPLES / "shop").glob("*.py"))

Spot = tuple[str, int, int, int, int]
"""A file, and a token's first line, column, last line and the column behind it."""


def run(*arguments: str) -> dict[str, Any]:
    """The JSON report of the program, run as the README says, on the day that the expectations are made for."""
    command = [sys.executable, "-m", "vipps_lint", *arguments, "--format", "json", "--as-of", str(EXPECTED["as_of"])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 1, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.fixture(scope="module")
def checked() -> dict[str, Any]:
    return run("check", "examples/")


def planted() -> Iterator[tuple[Spot, str]]:
    """Where each mistake is, and the rule that must find it."""
    for one in EXPECTED["check"]:
        text = (EXAMPLES / one["file"]).read_text(encoding="utf-8")
        before = one.get("after", "")
        assert text.count(before + one["token"]) == 1, f"{one['file']}: {before}{one['token']} must occur once"
        start = text.index(before + one["token"]) + len(before)
        yield (one["file"], *position(text, start), *position(text, start + len(one["token"]))), one["rule"]


def position(text: str, offset: int) -> tuple[int, int]:
    """The line and the column, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def test_check_finds_each_planted_mistake_at_its_token_and_nothing_else(checked: dict[str, Any]) -> None:
    keys = ("line", "column", "end_line", "end_column")
    found = [
        ((one["path"].removeprefix("examples/"), *(one[key] for key in keys)), one["rule"])
        for one in checked["diagnostics"]
    ]
    assert Counter(found) == Counter(planted())


@pytest.mark.parametrize("file", ["calls.har", "calls.jsonl"])
def test_audit_finds_each_planted_mistake_at_its_record_and_nothing_else(file: str) -> None:
    report = run("audit", f"examples/{file}")
    found = [(one["record"], one["rule"], one["pointer"]) for one in report["diagnostics"]]
    wanted = [(one["record"], one["rule"], one["field"]) for one in EXPECTED["audit"] if one["file"] == file]
    assert Counter(found) == Counter(wanted)
    assert report["notes"] == []


def test_every_file_of_the_shop_is_read(checked: dict[str, Any]) -> None:
    assert checked["notes"] == []
    assert checked["summary"]["scanned"] == len(SHOP)


def test_files_that_call_vipps_or_look_like_it_may_be_clean(checked: dict[str, Any]) -> None:
    called = {one["path"] for one in checked["calls"]}
    wrong = {one["path"] for one in checked["diagnostics"]}
    assert "examples/shop/tokens.py" in called - wrong
    assert "examples/shop/callbacks.py" not in called | wrong


def test_the_shop_calls_the_three_apis(checked: dict[str, Any]) -> None:
    apis = {one["id"].partition(".")[0] for one in checked["calls"] if one["id"]}
    assert apis >= {"ecom", "recurring-v3", "psp-signup"}


@pytest.mark.parametrize("path", SHOP, ids=lambda path: path.name)
def test_the_code_gives_no_mistake_away(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ast.parse(text)
    assert "#" not in text, "a comment would tell the reader what to look for"


@pytest.mark.parametrize("line", (EXAMPLES / "calls.jsonl").read_text(encoding="utf-8").splitlines())
def test_the_records_follow_the_documented_format(line: str) -> None:
    jsonschema.validate(json.loads(line), json.loads(schema()))


def test_the_recorded_calls_hold_no_credentials() -> None:
    entries = json.loads((EXAMPLES / "calls.har").read_text(encoding="utf-8"))["log"]["entries"]
    names = {header["name"].lower() for one in entries for header in one["request"]["headers"]}
    assert not names & {"authorization", "ocp-apim-subscription-key", "cookie"}
