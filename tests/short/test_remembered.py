"""Remembered runs: whatever changes is seen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shops import PAY, ROOT, anew, printed, program

from vipps_lint.cli.reports import FINDINGS
from vipps_lint.short import begin
from vipps_lint.short.run import program as program_now


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("shop/pay.py", PAY.replace("ecomm", "ecom"), id="a file that was named"),
        pytest.param("shop/plain.py", PAY, id="a file that had nothing to say"),
        pytest.param("shop/numbers.py", 'number = "91234567"\n', id="a file that was imported"),
        pytest.param("shop/numbers.py", None, id="an imported file that is gone"),
        pytest.param("shop/shop/numbers.py", 'number = "91234567"\n', id="a file that would have been imported first"),
        pytest.param("pyproject.toml", '[tool.vipps-lint]\nignore = ["mobile-*"]\n', id="settings where there were none"),
        pytest.param("pyproject.toml", '[tool.vipps-lint]\nexclude = ["shop"]\n', id="settings that leave all out"),
        pytest.param("pyproject.toml", "[tool.vipps-lint]\nexclude = 1\n", id="settings that are wrong"),
    ],
)
@pytest.mark.parametrize("line", ["shop", "shop/pay.py shop/plain.py"])
def test_what_changes_is_seen(
    shop: Path, capsys: pytest.CaptureFixture[str], line: str, name: str, text: str | None
) -> None:
    arguments = ["check", *line.split()]
    before = printed(capsys, program(*arguments))
    (shop / name).parent.mkdir(exist_ok=True)
    if text is None:
        (shop / name).unlink()
    else:
        (shop / name).write_text(text, encoding="utf-8")
    after = printed(capsys, program(*arguments))
    assert after == printed(capsys, anew(*arguments))
    assert after != before
    assert printed(capsys, program(*arguments)) == after


def test_another_day_program_or_folder_is_another_run(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program("check", "shop")
    assert begin(["check", "shop"])[0] == FINDINGS
    tomorrow = datetime(2031, 1, 1, tzinfo=UTC).timetuple()
    with monkeypatch.context() as other:
        other.setattr("vipps_lint.short.run.gmtime", lambda: tomorrow)
        assert begin(["check", "shop"])[0] is None
    with monkeypatch.context() as other:
        other.setattr("vipps_lint.short.run.program", lambda: "another version")
        assert begin(["check", "shop"])[0] is None
    monkeypatch.chdir(shop / "other")
    assert begin(["check", "../shop"])[0] is None


@pytest.mark.parametrize("name", ["vipps_lint/short/run.py", "vipps_lint/new.py", "rules/unknown-host.toml", "rules/api/new.toml"])
def test_another_file_of_ours_makes_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for file in ("vipps_lint/short/run.py", "vipps_lint/check/files.py", "rules/unknown-host.toml", "rules/api/ecom.toml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("1")
    monkeypatch.setattr("vipps_lint.short.run.__file__", str(tmp_path / "vipps_lint" / "short" / "run.py"))
    before = program_now()
    assert program_now() == before
    (tmp_path / name).write_text("22")
    assert program_now() != before


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[: len(content) // 2], id="cut off"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[:-1] + bytes([content[-1] ^ 1]), id="one bit"),
        pytest.param(lambda content: b"vipps-lint cache 0\n" + content[19:], id="another version"),
        pytest.param(lambda content: b"\xff" * 100, id="something else"),
    ],
)
def test_a_damaged_memory_is_none(
    shop: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    expected = printed(capsys, program("check"))
    for kind in ("run", "scan", "settings"):
        for file in (tmp_path / "cache" / kind).glob("*"):
            file.write_bytes(damage(file.read_bytes()))
    assert begin(["check"])[0] is None
    capsys.readouterr()
    assert printed(capsys, program("check")) == expected
    assert begin(["check"])[0] == expected[0]


def test_a_cache_that_cannot_be_written_is_none(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "file").write_text("no folder")
    expected = printed(capsys, anew("check", "shop"))
    os.environ["VIPPS_LINT_CACHE_DIR"] = str(shop / "file" / "cache")
    assert printed(capsys, program("check", "shop")) == expected
    assert printed(capsys, program("check", "shop")) == expected


def test_runs_at_the_same_time_do_not_disturb_each_other(shop: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "vipps_lint", "check", "shop"]
    for _ in range(2):
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(3)]
        answers = {(process.communicate()[0], process.returncode) for process in running}
        assert len(answers) == 1
        assert {code for _, code in answers} == {FINDINGS}


FILES = st.sampled_from(["pay.py", "numbers.py", "settings.py", "more.py", "__init__.py", "pyproject.toml", "a/numbers.py"])
TEXTS = st.sampled_from([
    None, "", PAY, PAY.replace("number}", '"+47 1"}'), PAY.replace("shop.numbers", "numbers"), 'number = "91234567"\n',
    'number = "+4791234567"\n', 'BASE = "http://api.vipps.no"\n', "from shop.pay import pay\npay({})\n", "def broken(:\n",
    "# vipps-lint: ignore[mobile-number-not-national] on purpose\n", '[tool.vipps-lint]\nexclude = ["more.py"]\n',
    '[tool.vipps-lint]\nseverity = { mobile-number-not-national = "error" }\n',
])  # fmt: skip
LINES = st.sampled_from([["."], ["pay.py"], ["pay.py", "more.py"], ["--format", "json", "."]])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.tuples(st.lists(st.tuples(FILES, TEXTS), max_size=3), LINES), min_size=2, max_size=4), in_git=st.booleans())
def test_whatever_is_edited_a_remembered_run_is_as_a_new_one(
    shop: Path,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    rounds: list[tuple[list[tuple[str, str | None]], list[str]]],
    in_git: bool,
) -> None:
    folder = tmp_path_factory.mktemp("edited") / "shop"
    (folder / "a").mkdir(parents=True)
    os.chdir(folder)
    (folder / "pay.py").write_text(PAY, encoding="utf-8")
    if in_git:
        subprocess.run(["git", "init", "-q"], check=True)
    for edits, line in rounds:
        for name, text in edits:
            if text is None or (name.endswith(".py") == text.startswith("[tool")):
                (folder / name).unlink(missing_ok=True)
            else:
                (folder / name).write_text(text, encoding="utf-8")
        if in_git:
            subprocess.run(["git", "add", "-A"], check=True)
        arguments = ["check", *line]
        expected = printed(capsys, anew(*arguments))
        assert printed(capsys, program(*arguments)) == expected
        assert printed(capsys, program(*arguments)) == expected
