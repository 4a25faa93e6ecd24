"""The short way through a run: it says what the long way says, and imports next to nothing."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from shops import AGAIN, ALWAYS, HEAVY, NEVER, ROOT, printed, program

from vipps_lint import cli
from vipps_lint.short import begin
from vipps_lint.short.request import ANY, FLAGS, ONE_OF, request


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
