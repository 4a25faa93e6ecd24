"""The README tells the truth: its commands run, its output is what the program prints, its names exist."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from vipps_lint.audit import schema
from vipps_lint.audit.spark.submit import parser
from vipps_lint.catalog import catalog
from vipps_lint.check import check_source
from vipps_lint.cli import commands, main
from vipps_lint.cli.reports import CLEAN, FINDINGS
from vipps_lint.config import read
from vipps_lint.examples import good_request
from vipps_lint.guard import guard
from vipps_lint.settings import Table
from vipps_lint.suppress import suppress

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DAY = "2026-11-22"
RULES = catalog().rules
NO_RULES = {
    "vipps-lint", "vipps-guard", "pre-commit", "per-file-ignores", "as-of", "fail-on", "no-config", "runs-on",
    "setup-python", "python-version", "request-body", "request-headers", "request-line", "response-body", "response-headers",
}  # fmt: skip
"""What is written like the name of a rule and is none."""


def blocks(language: str) -> list[str]:
    """The code blocks in one language."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return found


def command_lines() -> Iterator[str]:
    """Every command of ours in the README, as a shell would get it."""
    pattern = r"(?<![\w/.@\"-])(?:\.venv/bin/)?(vipps-lint (?:check|audit|rules|explain|mitmproxy|spark)[^`\n#&|)]*)"
    for line in re.findall(pattern, README):
        yield line.strip()


ENDLESS = "--follow"
COMMANDS = sorted({one for one in command_lines() if ENDLESS not in one})
EXCERPTS = blocks("text")
PYTHON = blocks("python")
TABLES = blocks("toml")


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    """What the two commands with excerpts print now."""
    return {face: _print(face, *paths) for face, paths in SHOWN.items()}


SHOWN = {"check": ("examples/",), "audit": ("examples/calls.har", "examples/calls.jsonl")}


def _print(face: str, *paths: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "vipps_lint", face, *paths, "--as-of", DAY],
        cwd=ROOT, env={**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == FINDINGS, done.stderr
    return done.stdout


def test_the_first_two_commands_set_everything_up_themselves() -> None:
    main_job, tests, *_ = (block.strip() for block in blocks("sh"))
    assert main_job == "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/vipps-lint check examples/"
    assert tests == "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest -n auto"


def test_ci_runs_the_tests_as_the_readme_does() -> None:
    tests = blocks("sh")[1].strip()
    assert tests in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


EARLIER = {"old.json": ("audit", "examples/calls.har"), "source.json": ("check", "examples/")}
"""What commands read that others have written, and the arguments of those."""


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(line)
    assert program == "vipps-lint"
    for needed in EARLIER.keys() & {*arguments} if "--output" not in arguments else ():
        main([*EARLIER[needed], "--format", "json", "--output", needed])
    assert main(arguments) in (CLEAN, FINDINGS)


def test_all_commands_are_shown() -> None:
    assert {line.split()[1] for line in COMMANDS} == set(commands.commands)


@pytest.mark.parametrize("excerpt", EXCERPTS)
def test_an_excerpt_is_what_is_printed_now(excerpt: str, printed: dict[str, str]) -> None:
    found = [face for face, text in printed.items() if f"\n\n{excerpt.strip()}\n\n" in f"\n\n{text}"]
    assert len(found) == 1


def test_the_open_question_that_is_shown_is_open() -> None:
    line, *_ = blocks("console")
    assert line.strip() in _print("check", "examples/", "--undecided").splitlines()


def test_the_calls_a_day_that_are_shown_are_drawn(printed: dict[str, str]) -> None:
    lines = blocks("console")[-1].splitlines()
    assert len(lines) == 2 and {*lines} <= {*printed["audit"].splitlines()}


def test_there_is_an_excerpt_of_both_faces(printed: dict[str, str]) -> None:
    assert len(EXCERPTS) == len(printed)


def test_every_rule_that_is_named_exists() -> None:
    named = set(re.findall(r"(?:error|warning|info|ignore)\[([\w*-]+)\]", README))
    named |= set(re.findall(r"explain ([\w-]+)`", README))
    named |= set(re.findall(r"[`\"]([a-z]+(?:-[a-z]+)+)[`\"]", README)) - NO_RULES
    assert len(named) > 5
    assert named <= set(RULES)


def test_every_option_that_is_named_exists() -> None:
    ours = {option for one in commands.commands.values() for parameter in one.params for option in parameter.opts}
    of_spark = README.split("on Apache Spark\n")[1].split("## Settings")[0]
    lines = README.split("### Tests")[0] + README.split("### Recorded calls")[1].replace(of_spark, "")
    named = set(re.findall(r"--[a-z][a-z-]+", lines)) - {"--vipps-guard"}
    assert len(named) > 5
    assert named <= ours
    words = {option for action in parser()._actions for option in action.option_strings}
    assert set() < set(re.findall(r"--[a-z][a-z-]+", of_spark)) <= words


def test_the_settings_are_all_listed() -> None:
    listed = set(re.findall(r"^\| `([a-z-]+)` \|", README.split("### pyproject.toml")[1], re.MULTILINE))
    assert listed == {one.alias for one in Table.model_fields.values()}


def test_the_settings_that_are_shown_are_valid(tmp_path: Path) -> None:
    logs, table = TABLES
    path = tmp_path / "pyproject.toml"
    path.write_text(table, encoding="utf-8")
    config = read(path, RULES)
    assert config.rules < set(RULES)
    assert set(tomllib.loads(table)["tool"]["vipps-lint"]) == {"ignore", "exclude", "severity", "per-file-ignores"}
    path.write_text(logs, encoding="utf-8")
    assert read(path, RULES).fields == tomllib.loads(logs)["tool"]["vipps-lint"]["audit"]["fields"]


def test_the_modes_of_the_guard_are_all_listed() -> None:
    section = README.split("### Tests")[1].split("### Recorded calls")[0]
    assert set(re.findall(r"^\| `([a-z]+)` \|", section, re.MULTILINE)) == set(guard.MODES)


def test_the_options_of_pytest_are_those_of_the_plugin(pytestconfig: pytest.Config) -> None:
    assert "pytest --vipps-guard" in [block.strip() for block in blocks("sh")]
    plugin = (ROOT / "vipps_lint" / "guard" / "plugin").glob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in plugin)
    options = set(re.findall(r"--vipps-[a-z]+", README))
    assert options == {"--vipps-guard", "--vipps-record", "--vipps-history", "--vipps-obligations", "--vipps-summary"}
    for name in (*options, "vipps_guard(mode=..., ignore=[...]", 'addini("vipps_guard"', "def vipps_guard("):
        assert name in source


@pytest.mark.parametrize("code", PYTHON)
def test_the_code_is_python_and_names_what_exists(code: str) -> None:
    tree = ast.parse(code)
    shop = {path.stem for path in (ROOT / "examples" / "shop").glob("*.py")}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "shop":
            assert {name.name for name in node.names} <= shop


def test_the_guard_is_used_as_it_is() -> None:
    (code,) = (one for one in PYTHON if "Guard(" in one)
    seen: list[tuple[str, ...]] = []

    def run_the_integration() -> None:
        import requests

        with pytest.raises(requests.ConnectionError):
            good = good_request(catalog(), "ecom.initiate-payment")
            body = {**good.body, "transaction": {**good.body["transaction"], "amount": "1"}}
            requests.post("http://127.0.0.1:9/ecomm/v2/payments", json=body, headers=good.headers, timeout=5)

    scope = {"run_the_integration": run_the_integration, "print": lambda *words: seen.append(words)}
    exec(compile(code, "README.md", "exec"), scope)
    assert [words[:2] for words in seen] == [("error", "amount-not-integer")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(("", ""), pytest.ExitCode.OK, id="as it stands"),
        pytest.param(("mobile-number-not-national", "unknown-host"), pytest.ExitCode.TESTS_FAILED, id="not silenced"),
    ],
)
def test_the_test_that_is_shown_runs(tmp_path: Path, change: tuple[str, str], code: pytest.ExitCode) -> None:
    (shown,) = (one for one in PYTHON if "def test_" in one)
    shutil.copytree(ROOT / "examples" / "shop", tmp_path / "shop")
    (tmp_path / "test_shop.py").write_text(shown.replace(*change), encoding="utf-8")
    options = ["-p", "vipps_lint.guard.plugin", "--vipps-guard", "-p", "no:cacheprovider"]
    paths = os.pathsep.join([str(ROOT), str(tmp_path)])
    environment = {**os.environ, "PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert "1 call of 1 operation" in done.stdout


def test_the_comment_that_is_shown_silences_a_finding() -> None:
    (code,) = (one for one in PYTHON if "vipps-lint: ignore[" in one)
    report = check_source(code, "donate.py", date.fromisoformat(DAY))
    outcome = suppress(report.diagnostics, {"donate.py": code}, RULES, lambda path, rule: True)
    assert [one.rule for one in report.diagnostics] == ["amount-below-minimum"]
    assert (outcome.diagnostics, outcome.suppressed, outcome.notes) == ([], 1, [])


def test_the_record_that_is_shown_follows_the_schema() -> None:
    (record,) = blocks("json")
    jsonschema.validate(json.loads(record), json.loads(schema()))


def test_the_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)


def code_map() -> Iterator[str]:
    """The modules in the tables of the architecture; a bare name is in the folder of the one before it in its row."""
    text = (ROOT / "vipps_lint" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules, reader = text.split("## Code map")[1].split("## Invariants")[0].split("## The source reader")
    for base, section in (("", modules), ("read/source/", reader)):
        for row in re.findall(r"^\|.*`\w[\w/]*\.py`.*\|$", section, re.MULTILINE):
            folder = ""
            for inner, name in re.findall(r"`((?:\w+/)*)(\w+\.py)`", row):
                folder = inner or folder
                yield base + folder + name


def test_the_code_map_names_every_module_once() -> None:
    package = ROOT / "vipps_lint"
    assert sorted(code_map()) == sorted(path.relative_to(package).as_posix() for path in package.rglob("*.py"))


def test_the_tests_that_the_architecture_names_exist() -> None:
    text = (ROOT / "vipps_lint" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)`", text)
    assert len(set(named)) > 5
    assert all((ROOT / name).is_file() for name in named)
