"""`audit --html`: where the page goes, and what is said when it cannot go there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from acme import RECORD, RULE, printed, program

from vipps_lint.cli import main
from vipps_lint.cli.reports import CLEAN, FINDINGS, NOTHING, WRONG

ROOT = Path(__file__).parents[2]


@pytest.fixture
def log(shop: Path) -> Path:
    path = Path("calls.jsonl")
    path.write_text(json.dumps(RECORD) + "\n")
    return path


def test_the_page_is_written_beside_the_report(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "calls.jsonl", "--html", "report.html", "--format", "json"]) == FINDINGS
    assert printed(capsys)["health"]["findings"][0]["rule"] == RULE
    page = Path("report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and page.endswith("</html>\n")
    assert f'id="rule-{RULE}"' in page
    assert "91234567" not in page
    assert sorted(path.name for path in Path().iterdir()) == ["calls.jsonl", "report.html", "shop"]


def test_the_settings_count_for_the_page_too(log: Path) -> None:
    Path("pyproject.toml").write_text('[tool.vipps-lint]\nignore = ["mobile-*"]\n')
    assert main(["audit", "calls.jsonl", "--html", "report.html"]) == CLEAN
    assert "No call breaks a rule." in Path("report.html").read_text(encoding="utf-8")


def test_the_numbers_for_prometheus_are_written_whole(log: Path) -> None:
    Path("calls.prom").write_text("old\n")
    assert main(["audit", "calls.jsonl", "--prometheus", "calls.prom"]) == FINDINGS
    text = Path("calls.prom").read_text(encoding="utf-8")
    assert 'vipps_lint_calls_total{operation="POST /ecomm/v2/payments",status="none"} 1\n' in text
    assert sorted(path.name for path in Path().iterdir()) == ["calls.jsonl", "calls.prom", "shop"]


def test_a_log_without_calls_has_a_page_and_its_exit_code(shop: Path) -> None:
    Path("calls.jsonl").write_text("this is no JSON\n")
    assert main(["audit", "calls.jsonl", "--html", "report.html"]) == NOTHING
    assert "calls.jsonl#1" in Path("report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("encoding", "signs"), [("ascii", "@"), ("utf-8", "█"), ("cp437", "@"), ("latin-1", "@")])
def test_the_terminal_shows_the_calls_a_day_as_it_can(log: Path, encoding: str, signs: str) -> None:
    done = program(Path(), "audit", "calls.jsonl", env={"PYTHONIOENCODING": encoding, "COLUMNS": "60"})
    head, line = done.stdout.decode(encoding).split("\noperation")[1].splitlines()[:2]
    assert head.split() == ["calls", "failed", "2022-04-01"]
    assert line.split() == ["POST", "/ecomm/v2/payments", "1", "0", "%", signs]


def test_the_summary_fits_the_terminal_and_quiet_leaves_it_out(log: Path) -> None:
    narrow = program(Path(), "audit", "calls.jsonl", env={"COLUMNS": "44"}).stdout.decode()
    assert max(map(len, narrow.split("\noperation")[1].splitlines()[:2])) <= 44
    assert "\noperation" not in program(Path(), "audit", "calls.jsonl", "--quiet").stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(
            ["--html", "missing/r.html"], "--html: there is no folder missing; make it first.", id="no folder"
        ),
        pytest.param(
            ["--prometheus", "missing/x.prom"],
            "--prometheus: there is no folder missing; make it first.",
            id="none there",
        ),
        pytest.param(["--html", "shop"], "'shop' is a directory", id="a folder"),
        pytest.param(["--horizon", "soon"], "`soon`: no number of days; write 90d", id="no number"),
        pytest.param(["--horizon", "999999d"], "`999999d`: no number of days; write 90d", id="too far"),
        pytest.param(["--horizon", "-1d"], "`-1d`: no number of days; write 90d", id="behind us"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    log: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["audit", "calls.jsonl", *arguments]) == WRONG
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == "" and "Traceback" not in said.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_is_said_in_a_sentence(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "calls.jsonl", "--html", "/dev/full"]) == WRONG
    assert capsys.readouterr().err == "vipps-lint: --html: /dev/full cannot be written: No space left on device\n"


@pytest.mark.parametrize(("horizon", "days"), [("90d", 90), ("7", 7), ("0d", 0)])
def test_the_horizon(log: Path, capsys: pytest.CaptureFixture[str], horizon: str, days: int) -> None:
    main(["audit", "calls.jsonl", "--horizon", horizon, "--format", "json"])
    assert printed(capsys)["health"]["horizon_days"] == days


def test_only_who_wants_a_page_loads_what_makes_it(log: Path) -> None:
    code = "import sys; from vipps_lint.cli import main; main(sys.argv[1:]); sys.exit('jinja2' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def loaded(*options: str) -> int:
        command = [sys.executable, "-c", code, "audit", "calls.jsonl", *options]
        return subprocess.run(command, env=environment, capture_output=True, check=False).returncode

    assert (loaded(), loaded("--html", "r.html")) == (0, 1)
    assert Path("r.html").exists()
