"""The shop as the current folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from acme import SHOP


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a shop with one mistake in `shop/pay.py`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "pay.py").write_text(SHOP, encoding="utf-8")
    return tmp_path
