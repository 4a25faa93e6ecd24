"""Tests keep nothing in the user's own cache folder, and get nothing from it; what they start neither."""

from __future__ import annotations

import os
import shutil
import tempfile

VARIABLE = "VIPPS_LINT_CACHE_DIR"


def pytest_configure() -> None:
    os.environ[VARIABLE] = tempfile.mkdtemp(prefix="vipps-lint-tests-")


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ.pop(VARIABLE, ""), ignore_errors=True)
