"""`audit --compare`: an earlier report is read again, and a nightly job fails only on what is worse since then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from acme import ORDER, RECORD, RULE, printed

from vipps_lint.cli import main
from vipps_lint.cli.reports import CLEAN, FINDINGS, WRONG

FINE = {"at": "2022-04-01T12:00:00Z", "request": {**RECORD["request"], "body": ORDER}}  # type: ignore[dict-item]


def logged(name: str, *records: Any) -> None:
    Path(name).write_text("".join(json.dumps(one) + "\n" for one in records))


@pytest.fixture
def earlier(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A report of an earlier audit, in which all was well."""
    logged("old.jsonl", FINE)
    assert main(["audit", "old.jsonl", "--format", "json", "--output", "old.json"]) == CLEAN


@pytest.mark.parametrize(
    ("records", "fail_on", "code"),
    [
        pytest.param([FINE], "worse", CLEAN, id="as before"),
        pytest.param([RECORD], "worse", FINDINGS, id="a rule is broken that was not"),
        pytest.param([RECORD], "error", CLEAN, id="levels count as ever"),
    ],
)
def test_what_fails(earlier: None, records: list[Any], fail_on: str, code: int) -> None:
    logged("calls.jsonl", *records)
    assert main(["audit", "calls.jsonl", "--compare", "old.json", "--fail-on", fail_on]) == code


def test_what_was_there_before_does_not_fail(earlier: None, capsys: pytest.CaptureFixture[str]) -> None:
    logged("calls.jsonl", RECORD)
    again = ["audit", "calls.jsonl", "--compare", "old.json", "--fail-on", "worse", "--format", "json"]
    assert main([*again, "--output", "old.json"]) == FINDINGS  # the report that it is compared with may be replaced
    assert json.loads(Path("old.json").read_text())["comparison"]["worse"] == 1
    assert main(again) == CLEAN
    found = printed(capsys)
    assert found["comparison"]["rules"][0]["rule"] == RULE and len(found["diagnostics"]) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(None, "old.json cannot be read: No such file or directory", id="no file"),
        pytest.param("", "old.json is no report of `vipps-lint audit`: it is no JSON object", id="nothing"),
        pytest.param('{"a": ', "it is no JSON object", id="half a file"),
        pytest.param("[]", "it is no JSON object", id="a list"),
        pytest.param(
            '{"version": 1, "face": "check"}', "face: input should be 'audit' (found 'check')", id="of source"
        ),
        pytest.param('{"version": 2}', "version: input should be 1", id="of another time"),
        pytest.param('{"version": 1, "face": "audit"}', "health: missing", id="without numbers"),
        pytest.param("\udcff\udcfe", "it is no JSON object", id="no text"),
    ],
)
def test_what_is_no_report_is_said_in_a_sentence(
    shop: Path, capsys: pytest.CaptureFixture[str], content: str | None, sentence: str
) -> None:
    logged("calls.jsonl", RECORD)
    if content is not None:
        Path("old.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert main(["audit", "calls.jsonl", "--compare", "old.json", "--html", "page.html"]) == WRONG
    said = capsys.readouterr()
    assert "--compare: old.json" in said.err and sentence in said.err
    assert said.out == "" and "Traceback" not in said.err and not Path("page.html").exists()


def test_worse_than_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logged("calls.jsonl", RECORD)
    assert main(["audit", "calls.jsonl", "--fail-on", "worse"]) == WRONG
    assert "worse than what? Name an earlier JSON report with --compare." in capsys.readouterr().err
    assert main(["check", "--fail-on", "worse"]) == WRONG
