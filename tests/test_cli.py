"""The command line: what it prints where, and its exit codes."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.cli import main
from vipps_lint.cli.reports import CLEAN, FINDINGS, INTERRUPTED, NOTHING, WRONG, verdict
from vipps_lint.diagnostic import Diagnostic, Severity
from vipps_lint.examples import good_request
from vipps_lint.report import Report

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


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a shop with one mistake in `shop/pay.py`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "pay.py").write_text(SHOP, encoding="utf-8")
    return tmp_path


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
    root = str(Path(__file__).parent.parent)
    return {**os.environ, "PYTHONPATH": root, "NO_COLOR": "1", **(more or {})}


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_check_reports_the_exact_token(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "shop"]) == FINDINGS
    shown = capsys.readouterr()
    assert shown.out.startswith(
        f"warning[{RULE}]: mobile number `+4791234567` is not eight digits\n --> shop/pay.py:5:55\n"
    )
    assert (
        "  |                                                       ^^^^^^^^^^^^^ sent by `POST /ecomm/v2/payments`\n"
        in shown.out
    )
    assert shown.out.endswith("1 warning. Looked at 1 file: 1 call of 1 operation in 1 file.\n")
    assert shown.err == ""


def test_open_questions_are_listed_on_request(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "shop" / "pay.py").write_text(SHOP.replace('"+4791234567"', "order.phone"), encoding="utf-8")
    main(["check", "--undecided", "shop"])
    lines = capsys.readouterr().out.splitlines()
    start = f"undecided: {Path('shop/pay.py')}:"
    assert [line for line in lines if line.startswith(start) and f": {RULE} of `POST /ecomm/v2/payments`: `order.phone`" in line]
    main(["check", "shop"])
    assert "undecided" not in capsys.readouterr().out


def test_the_schema_of_a_report_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--schema"]) == CLEAN
    assert printed(capsys)["properties"]["version"]["const"] == 1


def test_the_current_folder_is_the_default(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "json"]) == FINDINGS
    found = printed(capsys)
    assert [(one["rule"], one["path"], one["line"], one["column"]) for one in found["diagnostics"]] == [
        (RULE, str(Path("shop/pay.py")), *PLACE)
    ]
    assert found["summary"]["scanned"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param([], FINDINGS, id="a warning fails"),
        pytest.param(["--fail-on", "info"], FINDINGS, id="a warning is more than an info"),
        pytest.param(["--fail-on", "error"], CLEAN, id="a warning is less than an error"),
        pytest.param(["--ignore", RULE], CLEAN, id="an ignored rule"),
        pytest.param(["--ignore", "mobile-*"], CLEAN, id="an ignored topic"),
        pytest.param(["--select", RULE], FINDINGS, id="a selected rule"),
        pytest.param(["--as-of", "2018-01-01", "--select", RULE], CLEAN, id="before the rule was in force"),
        pytest.param(["--select", "mobile-number"], WRONG, id="no rule of that name"),
        pytest.param(["--as-of", "soon"], WRONG, id="no date"),
        pytest.param(["--config", "missing.toml"], WRONG, id="no such settings"),
        pytest.param(["--output", "missing/report.txt"], WRONG, id="no folder for the report"),
        pytest.param(["missing.py"], WRONG, id="no such file"),
        pytest.param(["--colour"], WRONG, id="no such option"),
        pytest.param(["empty"], NOTHING, id="a folder without Python"),
    ],
)
def test_exit_codes(shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int) -> None:
    (shop / "empty").mkdir()
    assert main(["check", *arguments]) == code
    shown = capsys.readouterr()
    assert bool(shown.err) is (code in (WRONG, NOTHING))
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(
            ["check", "--ignore", "mobile-number-not-nationl"],
            f"vipps-lint: --ignore: no rule is called `mobile-number-not-nationl`; did you mean `{RULE}`?\n",
            id="an unknown rule",
        ),
        pytest.param(
            ["explain", "mobile-number-not-nationl"],
            f"vipps-lint: no rule is called `mobile-number-not-nationl`; did you mean `{RULE}`?\n",
            id="an unknown rule to explain",
        ),
        pytest.param(
            ["check", "--output", "missing/report.txt"],
            "vipps-lint: --output: missing/report.txt cannot be written: No such file",
            id="a report that cannot be written",
        ),
        pytest.param(
            ["check", "empty"],
            "vipps-lint: nothing was checked: no Python that can be read in empty\n",
            id="nothing to check",
        ),
        pytest.param(["audit"], "Missing argument 'FILES...'", id="nothing to audit"),
        pytest.param(
            ["check", "--as-of", "2022-02-30"],
            "Invalid value for '--as-of': `2022-02-30`: no such day; write YYYY-MM-DD\n",
            id="30 February",
        ),
        pytest.param(["audit", "missing.har"], "Path 'missing.har' does not exist", id="a log that is not there"),
    ],
)
def test_what_is_wrong_is_said_on_standard_error(
    shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    (shop / "empty").mkdir()
    assert main(arguments) in (WRONG, NOTHING)
    assert sentence in capsys.readouterr().err


def test_a_comment_silences_a_finding_and_says_when_it_is_not_needed(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comment = f"  # vipps-lint: ignore[{RULE}] the old shop\n"
    lines = SHOP.splitlines(keepends=True)
    lines[4] = lines[4].rstrip("\n") + comment
    lines[5] = lines[5].rstrip("\n") + comment
    (shop / "shop" / "pay.py").write_text("".join(lines), encoding="utf-8")
    assert main(["check"]) == CLEAN
    assert capsys.readouterr().out.splitlines() == [
        f"note: {Path('shop/pay.py')}:6: `ignore[{RULE}]` suppresses nothing here; remove it",
        "No findings (1 suppressed). Looked at 1 file: 1 call of 1 operation in 1 file.",
    ]


def test_a_comment_in_a_file_without_calls_is_noted_too(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "other.py").write_text("x = 1  # vipps-lint: ignore\n")
    assert main(["check", "other.py"]) == CLEAN
    assert "note: other.py:1: this comment suppresses nothing; name the rule" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "code", "severities"),
    [
        pytest.param(f'severity = {{ {RULE} = "error" }}', FINDINGS, ["error"], id="severity"),
        pytest.param(f'severity = {{ {RULE} = "info" }}', CLEAN, ["info"], id="info does not fail"),
        pytest.param(f'severity = {{ {RULE} = "off" }}', CLEAN, [], id="off"),
        pytest.param(f'per-file-ignores = {{ "shop/*" = ["{RULE}"] }}', CLEAN, [], id="per-file-ignores"),
        pytest.param('as-of = 2018-01-01\nselect = ["mobile-*"]', CLEAN, [], id="as-of"),
        pytest.param('exclude = ["old/*"]', FINDINGS, ["warning"], id="exclude of something else"),
    ],
)
def test_settings(shop: Path, capsys: pytest.CaptureFixture[str], table: str, code: int, severities: list[str]) -> None:
    (shop / "pyproject.toml").write_text(f"[tool.vipps-lint]\n{table}\n")
    assert main(["check", "shop", "--format", "json"]) == code
    assert [one["severity"] for one in printed(capsys)["diagnostics"]] == severities
    assert main(["check", "shop", "--no-config"]) == FINDINGS


@pytest.mark.parametrize("pattern", ["shop", "shop/*", "shop/**", "pay.py", "*.py", "shop/pay.py"])
@pytest.mark.parametrize("folder", [".", "shop"], ids=["from the root", "from the folder"])
def test_excluded_files_are_not_read(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], pattern: str, folder: str
) -> None:
    (shop / "pyproject.toml").write_text(f'[tool.vipps-lint]\nexclude = ["{pattern}"]\n')
    (shop / "shop" / "more").mkdir()
    (shop / "shop" / "more" / "pay.py").write_text(SHOP, encoding="utf-8")
    monkeypatch.chdir(folder)
    main(["check", "."])
    assert f"--> {Path('shop/pay.py') if folder == '.' else 'pay.py'}" not in capsys.readouterr().out
    assert main(["check", str(shop / "shop" / "pay.py")]) == CLEAN


def test_all_that_is_named_may_be_excluded(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "pyproject.toml").write_text('[tool.vipps-lint]\nexclude = ["vendor", "*_pb2.py"]\n')
    (shop / "vendor").mkdir()
    for name in ("vendor/pay.py", "shop/pay_pb2.py"):
        (shop / name).write_text(SHOP, encoding="utf-8")
    assert main(["check", "vendor/pay.py", "shop/pay_pb2.py"]) == CLEAN
    assert capsys.readouterr().err == "vipps-lint: everything that is named is excluded by the settings\n"
    assert main(["check", "vendor"]) == CLEAN
    assert main(["check", "vendor/pay.py", "--no-config"]) == FINDINGS
    capsys.readouterr()
    assert main(["check", "vendor/pay.py", "shop/pay.py", "--format", "json"]) == FINDINGS
    found = printed(capsys)
    assert found["summary"]["scanned"] == 1
    assert {one["path"] for one in found["diagnostics"]} == {str(Path("shop/pay.py"))}


def test_a_folder_of_which_nothing_is_left_is_nothing_checked(shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.vipps-lint]\nexclude = ["*.py"]\n')
    assert main(["check", "shop"]) == NOTHING


def test_settings_of_the_package_count_in_a_monorepo(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "pyproject.toml").write_text('[tool.vipps-lint]\nignore = ["mobile-*"]\n')
    assert main(["check", "shop"]) == CLEAN
    (shop / "shop" / "pyproject.toml").write_text("[tool.vipps-lint]\n")
    assert main(["check", "shop"]) == FINDINGS


def test_a_mistake_in_the_settings_names_file_and_key(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "pyproject.toml").write_text('[tool.vipps-lint]\nignore = ["mobile-number-not-nationl"]\n')
    assert main(["check"]) == WRONG
    assert capsys.readouterr().err == (
        f"vipps-lint: {shop / 'pyproject.toml'}: tool.vipps-lint.ignore: "
        "no rule is called `mobile-number-not-nationl`; "
        f"did you mean `{RULE}`?\n"
    )


def test_a_file_that_does_not_parse_is_noted_and_the_rest_goes_on(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "shop" / "half.py").write_text(SHOP + "def refund(\n")
    assert main(["check"]) == FINDINGS
    shown = capsys.readouterr().out
    assert f"--> {Path('shop/pay.py')}:5:55" in shown
    assert f"note: {Path('shop/half.py')}" in shown


def test_github_format(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "github"]) == FINDINGS
    assert (
        capsys.readouterr()
        .out.splitlines()[0]
        .startswith(
            f"::warning file=shop/pay.py,line=5,col=55,endLine=5,endColumn=68,title=vipps-lint({RULE})::mobile number "
        )
    )


def test_the_report_goes_to_a_file(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--output", "report.json", "--format", "json"]) == FINDINGS
    assert capsys.readouterr().out == ""
    assert json.loads(Path("report.json").read_text())["summary"]["warning"] == 1
    assert main(["check", "--output", "report.txt"]) == FINDINGS
    assert "\x1b" not in Path("report.txt").read_text(encoding="utf-8")


def test_quiet_prints_findings_only(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-q"]) == FINDINGS
    assert "Looked at" not in capsys.readouterr().out
    assert main(["check", "-q", "--ignore", RULE]) == CLEAN
    assert capsys.readouterr() == ("", "")


def test_colours_on_demand(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--color", "always"])
    assert "\x1b[1;33mwarning" in capsys.readouterr().out
    main(["check", "--color", "auto"])
    assert "\x1b" not in capsys.readouterr().out


def test_audit_names_the_record(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("calls.jsonl").write_text(json.dumps(RECORD) + "\n")
    assert main(["audit", "calls.jsonl", "--format", "json"]) == FINDINGS
    found = printed(capsys)
    assert [(one["rule"], one["path"], one["record"]) for one in found["diagnostics"]] == [(RULE, "calls.jsonl", 1)]
    assert found["calls"][0]["environment"] == "production"
    assert main(["audit", "calls.jsonl"]) == FINDINGS
    shown = capsys.readouterr().out
    assert " --> calls.jsonl#1 body.customerInfo.mobileNumber\n" in shown
    assert "91234567" not in shown


def test_audit_honours_the_settings(shop: Path) -> None:
    Path("calls.jsonl").write_text(json.dumps(RECORD) + "\n")
    Path("pyproject.toml").write_text('[tool.vipps-lint]\nignore = ["mobile-*"]\n')
    assert main(["audit", "calls.jsonl"]) == CLEAN
    assert main(["audit", "calls.jsonl", "--no-config"]) == FINDINGS


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


def test_a_terminal_of_another_encoding_shows_the_report(shop: Path) -> None:
    source = SHOP.replace("+4791234567", "\u65e5\u672c")
    (shop / "shop" / "pay.py").write_text(source, encoding="utf-8")
    for encoding in ("cp1252", "ascii"):
        done = program(shop, "check", env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
        assert (done.returncode, done.stderr) == (FINDINGS, b"")
        assert b"mobile number `\\u65e5\\u672c`" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_is_one_line(shop: Path) -> None:
    os.mkfifo(shop / "calls.jsonl")
    process = subprocess.Popen(
        [sys.executable, "-m", "vipps_lint", "audit", "calls.jsonl"],
        cwd=shop, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with (shop / "calls.jsonl").open("w"):  # opens as soon as the program reads, which then waits for a record
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (INTERRUPTED, b"", b"vipps-lint: interrupted\n")


BUSY = """
import _thread, sys
from vipps_lint import check
from vipps_lint.__main__ import console
from vipps_lint.read.source.roomy import with_room

def read_files(*arguments):
    def work():
        _thread.interrupt_main()
        while True:
            pass
    return with_room(work)

check.read_files = read_files
sys.argv = ["vipps-lint", "check", "shop"]
console()
"""


def test_an_interrupt_does_not_wait_for_what_is_at_work(shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUSY], cwd=shop, env=environment(), capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, b"", b"vipps-lint: interrupted\n")


def test_an_interrupt_during_the_start_is_one_line(shop: Path) -> None:
    (shop / "click.py").write_text("raise KeyboardInterrupt\n")
    done = program(shop, "check", "shop")
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, b"", b"vipps-lint: interrupted\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
@pytest.mark.parametrize(
    ("closed", "error"),
    [
        pytest.param(">&-", b"vipps-lint: standard output: closed; there is nowhere to write to\n", id="output"),
        pytest.param(">&- 2>&-", b"", id="output and errors"),
    ],
)
def test_closed_streams_are_no_traceback(shop: Path, closed: str, error: bytes) -> None:
    command = f"{shlex.quote(sys.executable)} -m vipps_lint check shop {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=shop, env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (WRONG, b"", error)


def test_a_report_in_a_file_needs_no_standard_output(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["check", "--output", "report.txt", "--color", "auto"]) == FINDINGS
    assert Path("report.txt").read_text(encoding="utf-8").startswith("warning[")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_reader_that_goes_away_is_no_error(shop: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "vipps_lint", "rules", "--operations"],
        cwd=shop, env=environment(), stdout=write, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_bug_of_ours_is_one_sentence(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vipps_lint.catalog.catalog", None)
    assert main(["rules"]) == WRONG
    shown = capsys.readouterr().err
    assert shown.startswith("vipps-lint: internal error: TypeError: ")
    assert shown.count("\n") == 1
    monkeypatch.setenv("VIPPS_LINT_DEBUG", "1")
    assert main(["rules"]) == WRONG
    assert "Traceback" in capsys.readouterr().err


def test_a_rule_that_crashes_is_an_internal_error() -> None:
    crash = Diagnostic(RULE, Severity.ERROR, "m", "h", Place("a.py", 1), "POST /x", "body", internal=True)
    assert verdict(Report("check", [crash]), "error") == WRONG
    assert verdict(Report("check", [replace(crash, internal=False)]), "error") == FINDINGS
