"""The other commands, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from acme import RECORD, REQUEST, RULE, printed, program

from vipps_lint.catalog import catalog
from vipps_lint.cli import main
from vipps_lint.cli.reports import CLEAN, FINDINGS, NOTHING, WRONG


def test_audit_names_the_record(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("calls.jsonl").write_text(json.dumps(RECORD) + "\n")
    assert main(["audit", "calls.jsonl", "--format", "json"]) == FINDINGS
    found = printed(capsys)
    assert [(one["rule"], one["path"], one["record"]) for one in found["diagnostics"]] == [(RULE, "calls.jsonl", 1)]
    assert found["summary"]["calls"] == found["health"]["calls"] == 1
    assert main(["audit", "calls.jsonl"]) == FINDINGS
    shown = capsys.readouterr().out
    assert " --> calls.jsonl#1 body.customerInfo.mobileNumber\n" in shown
    assert "91234567" not in shown


def test_audit_honours_the_settings(shop: Path) -> None:
    Path("calls.jsonl").write_text(json.dumps(RECORD) + "\n")
    Path("pyproject.toml").write_text('[tool.vipps-lint]\nignore = ["mobile-*"]\n')
    assert main(["audit", "calls.jsonl"]) == CLEAN
    assert main(["audit", "calls.jsonl", "--no-config"]) == FINDINGS


@pytest.mark.parametrize("named", ["logs", "logs/**/*.jsonl", "logs/day/calls.[j]sonl"])
def test_audit_reads_folders_and_patterns(shop: Path, capsys: pytest.CaptureFixture[str], named: str) -> None:
    path = Path("logs/day/calls.jsonl")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(RECORD) + "\n")
    assert main(["audit", named, "--format", "json"]) == FINDINGS
    assert [one["path"] for one in printed(capsys)["diagnostics"]] == [str(path)]


def test_audit_knows_the_fields_of_the_projects_logs(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sent = {"verb": REQUEST["method"], "to": {"url": REQUEST["url"]}, "sent": REQUEST["body"], "code": "200"}
    Path("calls.jsonl").write_text(json.dumps(sent) + "\n")
    assert main(["audit", "calls.jsonl"]) == NOTHING
    fields = 'method = "verb"\nurl = "to.url"\nrequest-body = "sent"\nstatus = "code"\n'
    Path("pyproject.toml").write_text(f"[tool.vipps-lint.audit.fields]\n{fields}")
    capsys.readouterr()
    assert main(["audit", "calls.jsonl", "--format", "json"]) == FINDINGS
    assert [one["rule"] for one in printed(capsys)["diagnostics"]] == [RULE]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('{"log": {"entries": [', id="a HAR that is cut off"),
        pytest.param("this is no JSON\n", id="a record that is no JSON"),
        pytest.param("", id="an empty file"),
        pytest.param(
            json.dumps({"request": {**REQUEST, "url": "https://example.com/x"}}) + "\n", id="calls of somebody else"
        ),
    ],
)
def test_a_log_without_calls_is_nothing_checked(shop: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    Path("calls.jsonl").write_text(content)
    assert main(["audit", "calls.jsonl"]) == NOTHING
    assert capsys.readouterr().err == ("vipps-lint: nothing was checked: no calls of a Vipps API in calls.jsonl\n")


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--schema"]) == CLEAN
    assert "$schema" in printed(capsys)


def test_rules_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--as-of", "2022-04-15"]) == CLEAN
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["rule", "on", "2022-04-15"]
    assert [row.split()[0] for row in rows] == sorted(catalog().rules)
    assert "{" not in "".join(rows)


def test_rules_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "json", "--as-of", "2018-01-01"]) == CLEAN
    found = {one["rule"]: one for one in printed(capsys)["rules"]}
    assert found.keys() == catalog().rules.keys()
    assert found[RULE]["severity"] == "off"
    assert found[RULE]["faces"] == ["check", "guard", "audit"]


def test_operations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--operations"]) == CLEAN
    rows = capsys.readouterr().out.splitlines()[1:]
    assert [row.split()[0] for row in rows] == list(catalog().operations)
    assert main(["rules", "--operations", "--format", "json"]) == CLEAN
    assert len(printed(capsys)["operations"]) == len(rows)


@pytest.mark.parametrize("rule", sorted(catalog().rules))
def test_explain_tells_all_about_a_rule(capsys: pytest.CaptureFixture[str], rule: str) -> None:
    assert main(["explain", rule]) == CLEAN
    page = capsys.readouterr().out
    known = catalog().rules[rule]
    assert page.startswith(f"{rule} (")
    assert known.source in page
    assert f"Verified   {known.verified}" in page
    assert all(str(stage.since) in page for stage in known.timeline)
    assert page.count("\nWrong\n") == len(known.invalid)
    assert page.count("\nRight\n") == len(known.valid)


@pytest.mark.parametrize(
    ("day", "cure"),
    [
        pytest.param("2022-06-01", "read `logoUrl`: the response", id="while there was another field"),
        pytest.param("2024-01-01", "keep the logo that you have sent", id="since there is none"),
        pytest.param("2022-01-01", "read `logoUrl`: the response", id="before the rule was in force"),
    ],
)
def test_explain_gives_the_advice_of_the_day(capsys: pytest.CaptureFixture[str], day: str, cure: str) -> None:
    assert main(["explain", "merchant-logo-removed", "--as-of", day]) == CLEAN
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("help:")]
    assert line.startswith(f"help: {cure}")
    assert main(["rules", "--format", "json", "--as-of", day]) == CLEAN
    found = {one["rule"]: one["help"] for one in printed(capsys)["rules"]}
    assert found["merchant-logo-removed"].startswith(cure)


def test_the_day_of_an_audit_is_for_records_without_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--help"]) == CLEAN
    assert "Judge records without a time by the rules of this day" in " ".join(capsys.readouterr().out.split())


def test_the_version(shop: Path) -> None:
    assert program(shop, "--version").stdout.split() == [b"vipps-lint", b"0.1.0"]


def test_no_arguments_is_a_usage_error(shop: Path) -> None:
    assert program(shop).returncode == WRONG
