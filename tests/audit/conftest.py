"""Recordings of a small shop, written to files and audited with two rules of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vipps_lint.audit import audit
from vipps_lint.catalog import Catalog, catalog, folder
from vipps_lint.report import Report

RULES = {
    "mobile-number-not-national": """
        on = ["ecom.initiate-payment"]
        field = "body.customerInfo.mobileNumber"
        message = "mobile number `{value}` is not eight digits"
        timeline = [{ from = 2018-10-25, severity = "warning" }, { from = 2022-08-01, severity = "error" }]
        check = { use = "phone", format = "national", region = "NO" }
        invalid = [{ body.customerInfo.mobileNumber = "1" }]
    """,
    "cancel-without-release": """
        on = ["ecom.cancel-payment"]
        message = "payment `{key}` has been captured in part"
        timeline = [{ from = 2018-10-25, severity = "error" }]
        check = { use = "payment", breach = "cancel-without-release" }
        invalid = [{ body.transaction.transactionText = "1" }]
    """,
}
COMMON = 'help = "see the guide"\nwhy = "it is so"\nsource = "https://example.com"\nverified = 2026-01-01\n'


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The operations of the real catalog with one rule that looks at a request and one that looks at history."""
    place = tmp_path_factory.mktemp("rules")
    shutil.copytree(folder() / "api", place / "api")
    for name, text in RULES.items():
        (place / f"{name}.toml").write_text(COMMON + text, encoding="utf-8")
    return catalog(place)


@pytest.fixture
def audited(rules: Catalog, tmp_path: Path) -> Callable[..., Report]:
    """Writes each recording (bytes, text, or a list of records) to a file of its own and audits them all."""

    def run(*recordings: object, **options: Any) -> Report:
        paths = []
        for index, recording in enumerate(recordings):
            path = tmp_path / f"calls{index}"
            path.write_bytes(as_bytes(recording))
            paths.append(path)
        return audit(paths, rules, **options)

    return run


def as_bytes(recording: object) -> bytes:
    """What is in the file."""
    match recording:
        case bytes():
            return recording
        case str():
            return recording.encode()
        case list():
            return "".join(json.dumps(record) + "\n" for record in recording).encode()
        case _:
            return json.dumps(recording).encode()
