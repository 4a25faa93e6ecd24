"""The catalog in the cache: made anew when a rule file has changed, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rule_files import RULE, folder_of

from vipps_lint.cache import Cache
from vipps_lint.catalog import Catalog, catalog
from vipps_lint.packing import packed


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[Path]:
    yield from folder_of(tmp_path)


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(str(tmp_path_factory.mktemp("kept")))


def again(rules: Path, kept: Cache) -> Catalog:
    """The catalog as the next run gets it."""
    catalog.cache_clear()
    return catalog(rules, kept)


def test_the_next_run_gets_the_same_catalog_from_the_cache(rules: Path, kept: Cache) -> None:
    (rules / "sample.toml").write_text(RULE, encoding="utf-8")
    first = again(rules, kept)
    files = {path: path.stat() for path in rules.rglob("*.toml")}
    (rules / "sample.toml").write_text("x" * len(RULE), encoding="utf-8")
    for path, before in files.items():  # nobody can tell that the file is another one, and so nobody reads it
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert again(rules, kept) == first


@pytest.mark.parametrize(
    ("edit", "names"),
    [
        pytest.param(lambda rules: (rules / "more.toml").write_text(RULE), {"sample", "more"}, id="a new file"),
        pytest.param(lambda rules: (rules / "sample.toml").unlink(), set(), id="a file that is gone"),
        pytest.param(lambda rules: (rules / "sample.toml").rename(rules / "x.toml"), {"x"}, id="a file renamed"),
    ],
)
def test_a_changed_folder_of_rules_counts_at_once(rules: Path, kept: Cache, edit, names: set[str]) -> None:  # type: ignore[no-untyped-def]
    (rules / "sample.toml").write_text(RULE, encoding="utf-8")
    again(rules, kept)
    edit(rules)
    assert set(again(rules, kept).rules) == names


def test_a_rule_file_that_is_edited_counts_at_once(rules: Path, kept: Cache) -> None:
    (rules / "sample.toml").write_text(RULE, encoding="utf-8")
    assert again(rules, kept).rules["sample"].help == "send `true`"
    (rules / "sample.toml").write_text(RULE.replace("send `true`", "send true or false"), encoding="utf-8")
    assert again(rules, kept).rules["sample"].help == "send true or false"


@pytest.mark.parametrize("entry", [b"", b"garbage", packed("no catalog")])
def test_an_entry_that_is_no_catalog_is_ignored_and_replaced(
    rules: Path, kept: Cache, monkeypatch: pytest.MonkeyPatch, entry: bytes
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("vipps_lint.catalog.packed", lambda made: entry)
        again(rules, kept)
    first = again(rules, kept)
    assert first.operations
    assert again(rules, kept) == first


def test_the_next_run_imports_no_validator(tmp_path: Path) -> None:
    program = "import sys; from vipps_lint.catalog import catalog; catalog(); print(*sys.modules)"
    environment = {**os.environ, "VIPPS_LINT_CACHE_DIR": str(tmp_path)}
    runs = [
        subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    heavy = {"pydantic", "tomllib", "phonenumbers", "libcst", "click"}
    assert [heavy & set(run.stdout.split()) for run in runs] == [{"pydantic", "tomllib"}, set()]
