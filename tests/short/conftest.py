"""The current folder, with all of the tree in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from shops import TREE


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
