"""Rule files of tests: a sample, and a folder to write them in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from vipps_lint.catalog import Rule, catalog, folder

RULE = """
on = ["ecom.cancel-payment"]
field = "body.shouldReleaseRemainingFunds"
message = "`{value}` is no boolean"
help = "send `true`"
why = "Vipps says so."
source = "https://developer.vippsmobilepay.com/docs"
verified = 2026-11-22
timeline = [{ from = 2022-04-01, severity = "error" }]

[check]
use = "type"
type = "boolean"

[[valid]]
body.shouldReleaseRemainingFunds = true

[[invalid]]
body.shouldReleaseRemainingFunds = "true"
"""


def folder_of(place: Path) -> Iterator[Path]:
    """A folder of rule files with the operations that we ship, and no rules yet."""
    shutil.copytree(folder() / "api", place / "api")
    yield place
    catalog.cache_clear()


def written(rules: Path, text: str, name: str = "sample") -> Rule:
    (rules / f"{name}.toml").write_text(text, encoding="utf-8")
    return catalog(rules).rules[name]
