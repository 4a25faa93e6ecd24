"""What users do not want to hear of: comments, settings and excluded files."""

from __future__ import annotations

from pathlib import Path

import pytest
from acme import RULE, SHOP, printed

from vipps_lint.cli import main
from vipps_lint.cli.reports import CLEAN, FINDINGS, NOTHING, WRONG


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
