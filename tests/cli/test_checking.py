"""`vipps-lint check`: what it prints where, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from acme import PLACE, RULE, SHOP, printed

from vipps_lint.cli import main
from vipps_lint.cli.reports import CLEAN, FINDINGS, NOTHING, WRONG


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
