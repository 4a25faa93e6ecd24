"""The short way says what the long way says, and a run that is remembered what a new one would say."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vipps_lint import cli
from vipps_lint.cli.reports import FINDINGS
from vipps_lint.short import begin
from vipps_lint.short.request import ANY, FLAGS, ONE_OF, request
from vipps_lint.short.run import program as program_now

ROOT = Path(__file__).parents[2]
HEAVY = {"click", "pydantic", "libcst", "re", "pathlib", "dataclasses", "typing", "subprocess", "json", "tomllib"}

PAY = """import requests

from shop.numbers import number
from shop.settings import BASE


def pay(headers):
    body = {"customerInfo": {"mobileNumber": number}}
    response = requests.post(BASE + "/ecomm/v2/payments", json=body, headers=headers, timeout=10)
    response.raise_for_status()
    return response.json()
"""
PLAIN = "def add(a, b):\n    return a + b\n"
TREE = {
    "shop/__init__.py": "",
    "shop/pay.py": PAY,
    "shop/numbers.py": 'number = "+4791234567"\n',
    "shop/settings.py": 'BASE = "https://api.vipps.no"\n',
    "shop/plain.py": PLAIN,
    "other/plain.py": PLAIN,
    "other/empty.py": "",
    "other/large.py": "#" * 4_000_001,
    "idle/note.py": "# vipps-lint: ignore[unknown-host] no reason\n",
    "none/notes.txt": "no Python\n",
    "set/pyproject.toml": '[tool.vipps-lint]\nexclude = ["gen"]\n',
    "set/gen/pay.py": PAY,
    "set/plain.py": PLAIN,
    "wrong/pyproject.toml": '[tool.vipps-lint]\nexclud = ["gen"]\n',
    "wrong/plain.py": PLAIN,
}
Shop = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with all of the tree in it.

    git knows the files: without it those that were written just now are not known by the same marks as a little later.
    """
    folder = tmp_path / "work"
    for name, text in TREE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VIPPS_LINT_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def program(*arguments: str) -> int:
    """The exit code of the program: the short way, then the long way where that is needed."""
    code, run = begin(arguments)
    return cli.main(arguments, run) if code is None else code


def anew(*arguments: str) -> int:
    """The exit code of the long way alone, which remembers nothing."""
    return cli.main([*arguments, "--no-cache"])


def printed(capsys: pytest.CaptureFixture[str], code: int) -> tuple[int, str, str]:
    shown = capsys.readouterr()
    return code, shown.out, shown.err


ALWAYS, AGAIN, NEVER = "always", "again", "never"
"""Whether the short way is enough: always, from the second run on, or never."""


@pytest.mark.parametrize(
    ("line", "short"),
    [
        pytest.param("other", ALWAYS, id="a folder without calls"),
        pytest.param("other/plain.py", ALWAYS, id="one file"),
        pytest.param("other/plain.py ./other//plain.py shop/plain.py", ALWAYS, id="files, one of them twice"),
        pytest.param("other -q", ALWAYS, id="nothing to print"),
        pytest.param("--quiet other", ALWAYS, id="the option first"),
        pytest.param("other --format text --color=always --fail-on error --no-config --jobs 2", ALWAYS, id="options"),
        pytest.param("other --cache-dir elsewhere", ALWAYS, id="another cache"),
        pytest.param("other none", ALWAYS, id="a folder without Python beside one with"),
        pytest.param("other --format json", AGAIN, id="another format"),
        pytest.param("other --format github", AGAIN, id="annotations"),
        pytest.param("other --select charge-*", AGAIN, id="names of rules"),
        pytest.param("other --as-of 2022-04-15", AGAIN, id="a day"),
        pytest.param("", AGAIN, id="all that is here"),
        pytest.param("shop", AGAIN, id="a folder with a mistake"),
        pytest.param("shop/pay.py shop/settings.py shop/plain.py", AGAIN, id="files with a mistake"),
        pytest.param("shop --format=json -q", AGAIN, id="a mistake for programs"),
        pytest.param("shop --format github", AGAIN, id="a mistake as an annotation"),
        pytest.param("shop --color always", AGAIN, id="a mistake in colour"),
        pytest.param("shop --fail-on error", AGAIN, id="a mistake that does not count"),
        pytest.param("shop --ignore unknown-host --ignore mobile-number-not-national", AGAIN, id="a mistake ignored"),
        pytest.param("idle", AGAIN, id="a comment that silences nothing"),
        pytest.param("set", AGAIN, id="a project with settings"),
        pytest.param("set/plain.py", AGAIN, id="a file of a project with settings"),
        pytest.param("other --config set/pyproject.toml", AGAIN, id="named settings"),
        pytest.param("set/gen", NEVER, id="all excluded"),
        pytest.param("none", NEVER, id="nothing checked"),
        pytest.param("wrong", NEVER, id="a mistake in the settings"),
        pytest.param("gone.py", NEVER, id="a path that does not exist"),
        pytest.param("other --select no-such-rule", NEVER, id="a rule that does not exist"),
        pytest.param("other --as-of 2022-02-31", NEVER, id="no such day"),
        pytest.param("other --jobs 0", NEVER, id="no such number"),
        pytest.param("other --jobs \u0663", NEVER, id="other digits"),
        pytest.param("other --format yaml", NEVER, id="no such format"),
        pytest.param("other --format", NEVER, id="a value that is missing"),
        pytest.param("other --quiet=1", NEVER, id="a value that is too much"),
        pytest.param("other --no-such-option", NEVER, id="no such option"),
        pytest.param("other -qq", NEVER, id="a short form that is known to the long way"),
        pytest.param("-- other", NEVER, id="a form that is known to the long way"),
        pytest.param("other --help", NEVER, id="help"),
        pytest.param("other --cache-dir other/plain.py", NEVER, id="a cache that is a file"),
        pytest.param("other --config gone.toml", NEVER, id="settings that do not exist"),
    ],
)
def test_short_and_long_way_agree(shop: Path, capsys: pytest.CaptureFixture[str], line: str, short: str) -> None:
    arguments = ["check", *line.split()]
    expected = printed(capsys, cli.main(arguments))
    assert printed(capsys, program(*arguments)) == expected
    assert printed(capsys, program(*arguments)) == expected
    assert (begin(arguments)[0] is not None) == (short != NEVER)
    cold = [*arguments, "--no-cache"]
    assert (begin(cold)[0] is not None) == (short == ALWAYS)


def test_the_options_are_those_of_the_long_way() -> None:
    known = {name for option in cli.check.params for name in option.opts if name.startswith("-")}
    assert {*ONE_OF, *ANY, *FLAGS} <= known
    takes_value = {name for option in cli.check.params for name in option.opts if not getattr(option, "is_flag", True)}
    assert {*ONE_OF, *ANY} <= takes_value
    assert not set(FLAGS) & takes_value


def test_other_commands_go_the_long_way() -> None:
    assert [request(words) for words in ([], ["rules"], ["audit", "x"], ["--version"], ["chec"])] == [None] * 5


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        pytest.param("other/plain.py shop/plain.py", [], id="nothing to find"),
        pytest.param("shop/pay.py shop/numbers.py", [], id="remembered"),
        pytest.param("set/plain.py", ["re"], id="settings with globs"),
        pytest.param("other", ["re", "subprocess"], id="a folder"),
    ],
)
def test_a_short_run_imports_next_to_nothing(shop: Path, line: str, needed: list[str]) -> None:
    script = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print([name for name in {sorted(HEAVY)!r} if name in sys.modules]))\n"
        "from vipps_lint.__main__ import console\n"
        "console()\n"
    )
    command = [sys.executable, "-S", "-c", script, "check", *line.split()]
    here = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, env=here, check=False)
    imported = ast.literal_eval(done.stdout.splitlines()[-1])
    assert set(imported) <= set(needed), done.stdout + done.stderr


def test_both_ways_to_start_are_short(shop: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "vipps_lint", "check", "other"], capture_output=True, env=environment, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"No findings. Looked at 3 files: no calls of a Vipps API.\n"


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
