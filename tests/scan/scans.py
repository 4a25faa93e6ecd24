"""Scans, compared with what a walk finds."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from trees import listed, telling

from vipps_lint.cache import Cache
from vipps_lint.scan import Scan, look
from vipps_lint.scan.excluding import Exclusion

NOTHING = Exclusion((), "")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, names and modes of POSIX")


def scan(folder: Path, cache: Cache | None = None) -> Scan:
    """A scan of a folder, by names from that folder."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        return look(["."], NOTHING, cache or Cache(""))
    finally:
        os.chdir(here)


def agrees(folder: Path, cache: Cache | None = None) -> None:
    found = scan(folder, cache)
    assert set(found.files()) == listed(folder)
    assert found.count() == len(listed(folder))
    assert (set(found.routes()), set(found.comments())) == telling(folder)
