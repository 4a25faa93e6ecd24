"""The hook as people use it: the real pre-commit on a real repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PARTS = ("vipps_lint", "rules", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".pre-commit-hooks.yaml")

SHOP = """import requests


def pay(order, headers):
    body = {**order, "customerInfo": {"mobileNumber": "NUMBER"}}
    response = requests.post("https://api.vipps.no/ecomm/v2/payments", json=body, headers=headers, timeout=10)
    response.raise_for_status()
    return response.json()
"""


def git(folder: Path, *arguments: str) -> None:
    author = ("-c", "user.name=Shop", "-c", "user.email=shop@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


def repository(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


@pytest.fixture
def hook(tmp_path: Path) -> Path:
    """A repository with this checkout as it is now, for pre-commit to clone."""
    folder = tmp_path / "hook"
    folder.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    return repository(folder)


def test_the_hook_fails_on_a_staged_mistake_and_passes_after_the_fix_and_where_the_file_is_excluded(tmp_path: Path, hook: Path) -> None:
    shop = repository(tmp_path / "shop")

    def commit_hook(number: str) -> subprocess.CompletedProcess[str]:
        (shop / "pay.py").write_text(SHOP.replace("NUMBER", number), encoding="utf-8")
        (shop / "notes.txt").write_text("not Python: +4791234567\n", encoding="utf-8")
        git(shop, "add", ".")
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "try-repo", str(hook), "vipps-lint"],
            cwd=shop,
            env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
            check=False,
        )

    wrong = commit_hook("+4791234567")
    assert wrong.returncode == 1, wrong.stdout + wrong.stderr
    assert "[mobile-number-not-national]: mobile number `+4791234567` is not eight digits" in wrong.stdout
    assert "--> pay.py:5:55" in wrong.stdout
    right = commit_hook("91234567")
    assert right.returncode == 0, right.stdout + right.stderr
    (shop / "pyproject.toml").write_text('[tool.vipps-lint]\nexclude = ["pay.py"]\n', encoding="utf-8")
    excluded = commit_hook("+4791234567")
    assert excluded.returncode == 0, excluded.stdout + excluded.stderr
