"""Settings in `pyproject.toml` and what the command line makes of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vipps_lint.call import Place
from vipps_lint.config import Config, ConfigError, combine, find, read
from vipps_lint.diagnostic import Diagnostic, Severity

KNOWN = ("amount-not-integer", "amount-below-minimum", "charge-due-too-soon", "unknown-host")


def settings(folder: Path, text: str) -> Config:
    path = folder / "pyproject.toml"
    path.write_text(f"[tool.vipps-lint]\n{text}\n", encoding="utf-8")
    return read(path, KNOWN)


def finding(path: Path | str, rule: str, severity: Severity = Severity.WARNING, internal: bool = False) -> Diagnostic:
    return Diagnostic(rule, severity, "m", "h", Place(str(path), 1), "POST /x", "body", internal=internal)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param("", set(KNOWN), id="nothing is said"),
        pytest.param('select = ["unknown-host"]', {"unknown-host"}, id="a selection"),
        pytest.param('ignore = ["unknown-host"]', set(KNOWN[:3]), id="one ignored"),
        pytest.param('select = ["amount-*"]', set(KNOWN[:2]), id="a topic"),
        pytest.param('select = ["amount-*"]\nignore = ["amount-not-integer"]', {KNOWN[1]}, id="ignoring wins"),
        pytest.param('severity = { unknown-host = "off" }', set(KNOWN[:3]), id="one switched off"),
    ],
)
def test_the_rules_that_are_asked(tmp_path: Path, text: str, rules: set[str]) -> None:
    assert settings(tmp_path, text).rules == rules


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            'ignore = ["unkown-host"]',
            "tool.vipps-lint.ignore: no rule is called `unkown-host`; did you mean `unknown-host`?",
            id="a rule with a typo",
        ),
        pytest.param(
            'per-file-ignores = { "tests/*" = ["E501"] }',
            "tool.vipps-lint.per-file-ignores.tests/*: no rule is called `E501`; `vipps-lint rules` lists them",
            id="a rule of somebody else",
        ),
        pytest.param(
            'severity = { charge-soon = "info" }',
            "tool.vipps-lint.severity: no rule is called `charge-soon`; did you mean `charge-due-too-soon`?",
            id="a severity for no rule",
        ),
        pytest.param(
            'ingore = ["unknown-host"]',
            "tool.vipps-lint.ingore: unknown key; did you mean `ignore`?",
            id="a key with a typo",
        ),
        pytest.param(
            'as_of = "2022-04-15"', "tool.vipps-lint.as_of: unknown key; did you mean `as-of`?", id="an underscore"
        ),
        pytest.param(
            'select = "unknown-host"', "tool.vipps-lint.select: input should be a valid list", id="text for a list"
        ),
        pytest.param('as-of = "soon"', "tool.vipps-lint.as-of: no such day; write YYYY-MM-DD (found 'soon')", id="no date"),
        pytest.param('as-of = "2022-02-30"', "tool.vipps-lint.as-of: no such day; write YYYY-MM-DD", id="30 February"),
        pytest.param(
            'severity = { unknown-host = "fatal" }',
            "tool.vipps-lint.severity.unknown-host: input should be 'info', 'warning', 'error' or 'off'",
            id="no severity",
        ),
        pytest.param("select = [", "not valid TOML:", id="no TOML"),
        pytest.param(
            'audit.fields = { metod = "http.method" }',
            "tool.vipps-lint.audit.fields.metod: unknown key; did you mean `method`?",
            id="a field of a log that no call has",
        ),
        pytest.param(
            'audit.fields.request-body = ""',
            "tool.vipps-lint.audit.fields.request-body: string should have at least 1 character",
            id="a path to nowhere",
        ),
    ],
)
def test_a_mistake_is_one_sentence_that_names_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'pyproject.toml'}: {sentence}")
    assert "\n" not in str(caught.value)


def test_a_file_without_the_table_or_no_file_is_an_error_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read(path, KNOWN)
    path.write_text("[tool.ruff]\n")
    with pytest.raises(ConfigError, match=r"has no \[tool.vipps-lint\] table"):
        read(path, KNOWN)
    path.write_text("tool.vipps-lint = 1\n")
    with pytest.raises(ConfigError, match=r"tool.vipps-lint: must be a table"):
        read(path, KNOWN)


@pytest.mark.parametrize("text", ["as-of = 2022-04-15", 'as-of = "2022-04-15"'], ids=["a TOML date", "text"])
def test_the_day_to_judge_by(tmp_path: Path, text: str) -> None:
    config = settings(tmp_path, text)
    assert config.as_of == date(2022, 4, 15)
    assert combine(config, KNOWN, (), (), None).as_of == date(2022, 4, 15)
    assert combine(config, KNOWN, (), (), date(2026, 1, 1)).as_of == date(2026, 1, 1)


def test_the_fields_of_logs(tmp_path: Path) -> None:
    config = settings(tmp_path, '[tool.vipps-lint.audit.fields]\nrequest-line = "request"\nurl = "url.full"')
    assert config.fields == {"request-line": "request", "url": "url.full"}


def test_the_project_says_how_severe_a_rule_is(tmp_path: Path) -> None:
    config = settings(tmp_path, 'severity = { "amount-*" = "error" }')
    found = config.apply([finding("a.py", "amount-not-integer"), finding("a.py", "unknown-host")])
    assert [one.severity for one in found] == [Severity.ERROR, Severity.WARNING]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        pytest.param("tests/test_shop.py", [], id="a file in the folder"),
        pytest.param("tests/unit/test_shop.py", [], id="deeper in the folder"),
        pytest.param("shop/conftest.py", [], id="a file's name anywhere"),
        pytest.param("shop/tests/x.py", ["unknown-host"], id="a folder of the same name elsewhere"),
        pytest.param("shop/pay.py", ["unknown-host"], id="another file"),
    ],
)
def test_rules_can_be_ignored_in_some_files(tmp_path: Path, path: str, kept: list[str]) -> None:
    config = settings(tmp_path, 'per-file-ignores = { "tests/*" = ["unknown-host"], "conftest.py" = ["unknown-*"] }')
    found = config.apply([finding(tmp_path / path, "unknown-host")])
    assert [one.rule for one in found] == kept


@pytest.mark.parametrize(
    ("pattern", "excluded"),
    [
        pytest.param("shop", {"shop/pay.py", "shop/api/pay.py"}, id="a folder"),
        pytest.param("shop/", {"shop/pay.py", "shop/api/pay.py"}, id="a folder with a slash"),
        pytest.param("shop/*", {"shop/pay.py", "shop/api/pay.py"}, id="what is in a folder"),
        pytest.param("shop/**", {"shop/pay.py", "shop/api/pay.py"}, id="two stars"),
        pytest.param("shop/api", {"shop/api/pay.py"}, id="a folder in a folder"),
        pytest.param("api", {"shop/api/pay.py"}, id="a folder's name anywhere"),
        pytest.param("pay.py", {"shop/pay.py", "shop/api/pay.py"}, id="a file's name anywhere"),
        pytest.param("shop/*.py", {"shop/pay.py", "shop/api/pay.py"}, id="a kind of file"),
        pytest.param("pay", set(), id="no part of a name"),
    ],
)
def test_excluded_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, excluded: set[str]) -> None:
    config = settings(tmp_path, f'exclude = ["{pattern}"]')
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    files = ["shop/pay.py", "shop/api/pay.py", "main.py"]
    assert {file for file in files if config.exclusion(str(tmp_path / file))} == excluded
    assert {file for file in files if config.exclusion(str(Path("..", file)))} == excluded


def test_a_crash_of_a_rule_is_never_ignored(tmp_path: Path) -> None:
    config = settings(tmp_path, 'ignore = ["unknown-host"]')
    assert config.apply([finding("a.py", "unknown-host", internal=True)])
    assert not config.apply([finding("a.py", "unknown-host")])


def test_the_nearest_file_with_the_table_counts(tmp_path: Path) -> None:
    inner = tmp_path / "packages" / "shop"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.vipps-lint]\n")
    assert find(inner) == tmp_path / "pyproject.toml"
    (inner.parent / "pyproject.toml").write_text("this is [ not TOML, and not about us")
    assert find(inner) == tmp_path / "pyproject.toml"
    (inner / "pyproject.toml").write_text('[project]\ndependencies = ["vipps-lint"]\n')
    assert find(inner) == tmp_path / "pyproject.toml"
    (inner / "pyproject.toml").write_text("[tool]\nvipps-lint = { ignore = [] }\n")
    assert find(inner) == inner / "pyproject.toml"


def test_a_broken_file_with_the_table_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.vipps-lint]\nselect = [\n")
    with pytest.raises(ConfigError, match="not valid TOML"):
        find(tmp_path)


@pytest.mark.parametrize(
    ("select", "ignore", "rules"),
    [
        pytest.param((), (), set(KNOWN[:3]), id="nothing is given"),
        pytest.param(("unknown-host",), (), {"unknown-host"}, id="a selection replaces the project's"),
        pytest.param(("unknown-host, amount-*",), (), {"unknown-host", *KNOWN[:2]}, id="a comma list"),
        pytest.param(("amount-*", "unknown-host"), (), {"unknown-host", *KNOWN[:2]}, id="twice"),
        pytest.param((), ("amount-*",), {KNOWN[2]}, id="ignoring adds to the project's"),
    ],
)
def test_the_command_line_changes_the_settings(
    tmp_path: Path, select: tuple[str, ...], ignore: tuple[str, ...], rules: set[str]
) -> None:
    config = settings(tmp_path, 'ignore = ["unknown-host"]')
    assert combine(config, KNOWN, select, ignore, None).rules == rules


def test_the_command_line_knows_the_names_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--ignore: no rule is called `amount-not-int`; did you mean"):
        combine(settings(tmp_path, ""), KNOWN, (), ("amount-not-int",), None)
