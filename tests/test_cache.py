"""The cache makes runs faster and nothing else: whatever happens to its files, an entry is what was put or is none."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vipps_lint import cache as module
from vipps_lint.cache import Cache, default_folder, digest, stamp

ROOT = Path(__file__).parents[1]
VALUE = bytes(range(256)) * 20


@pytest.fixture
def store(tmp_path: Path) -> Cache:
    return Cache(str(tmp_path / "cache"))


def files(store: Cache) -> list[Path]:
    return sorted(path for path in Path(store.folder).rglob("*") if path.is_file() and path.name != "swept")


def test_what_was_put_is_got(store: Cache) -> None:
    store.put("ir", "a", VALUE)
    store.put("ir", "b", b"")
    assert (store.get("ir", "a"), store.get("ir", "b")) == (VALUE, b"")
    assert (store.get("ir", "c"), store.get("runs", "a")) == (None, None)


def test_a_later_value_replaces_the_earlier_one(store: Cache) -> None:
    store.put("ir", "a", b"old")
    store.put("ir", "a", b"new")
    assert store.get("ir", "a") == b"new"
    assert len(files(store)) == 1, "no unfinished file is left"


def test_the_empty_folder_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Cache("")
    store.put("ir", "a", VALUE)
    assert store.get("ir", "a") is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda entry: b"", id="empty"),
        pytest.param(lambda entry: entry[:10], id="cut in the header"),
        pytest.param(lambda entry: entry[:-1], id="cut at the end"),
        pytest.param(lambda entry: entry[: len(entry) // 2], id="cut in the middle"),
        pytest.param(lambda entry: entry + b"x", id="longer"),
        pytest.param(lambda entry: b"\x80\x04garbage" * 100, id="garbage"),
        pytest.param(lambda entry: entry[:60] + b"!" + entry[61:], id="one byte changed"),
        pytest.param(lambda entry: entry.replace(b"cache 1", b"cache 0"), id="of another version"),
    ],
)
def test_a_damaged_entry_is_none_and_is_rewritten(store: Cache, damaged) -> None:  # type: ignore[no-untyped-def]
    store.put("ir", "a", VALUE)
    (file,) = files(store)
    file.write_bytes(damaged(file.read_bytes()))
    assert store.get("ir", "a") is None
    store.put("ir", "a", VALUE)
    assert store.get("ir", "a") == VALUE


@given(at=st.integers(0, 400), byte=st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_no_change_of_a_byte_goes_unseen(store: Cache, at: int, byte: int) -> None:
    store.put("ir", "a", b"v" * 300)
    (file,) = files(store)
    entry = bytearray(file.read_bytes())
    at %= len(entry)
    changed = entry[at] != byte
    entry[at] = byte
    file.write_bytes(entry)
    assert store.get("ir", "a") == (None if changed else b"v" * 300)


def test_an_entry_under_another_name_is_none(store: Cache) -> None:
    store.put("ir", "a", b"of a")
    (first,) = files(store)
    store.put("ir", "b", b"of b")
    (second,) = (file for file in files(store) if file != first)
    first.replace(second)
    assert store.get("ir", "b") is None


@pytest.mark.skipif(os.name != "posix", reason="users and modes as POSIX has them")
def test_an_entry_that_others_may_write_is_none(store: Cache) -> None:
    store.put("ir", "a", VALUE)
    (file,) = files(store)
    assert file.stat().st_mode & 0o077 == 0
    file.chmod(0o666)
    assert store.get("ir", "a") is None


def a_file(place: Path) -> None:
    place.write_text("no folder")


def a_locked_folder(place: Path) -> None:
    place.mkdir(mode=0o500)


def a_folder_where_files_go(place: Path) -> None:
    (place / "ir" / (digest(b"a") + module.ENDING)).mkdir(parents=True)


def a_file_where_a_kind_goes(place: Path) -> None:
    place.mkdir()
    (place / "ir").write_text("")


@pytest.mark.parametrize("spoil", [a_file, a_locked_folder, a_folder_where_files_go, a_file_where_a_kind_goes])
def test_a_folder_that_cannot_be_used_is_ignored(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    spoil(tmp_path / "cache")
    store = Cache(str(tmp_path / "cache"))
    store.put("ir", "a", VALUE)
    assert store.get("ir", "a") in (None, VALUE)  # the superuser may write anywhere
    assert not list(tmp_path.rglob("*-*"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_ignored(store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.open
    monkeypatch.setattr(module.os, "open", lambda path, *rest: write("/dev/full", os.O_WRONLY))
    store.put("ir", "a", VALUE)
    monkeypatch.undo()
    assert store.get("ir", "a") is None


def _hammer(folder: str, own: int) -> None:
    store = Cache(folder)
    for round_ in range(300):
        store.put("ir", "shared", bytes([own]) * 5000)
        found = store.get("ir", "shared")
        assert found is not None and len(set(found)) == 1 and len(found) == 5000, round_


def test_two_processes_do_not_disturb_each_other(store: Cache) -> None:
    spawned = multiprocessing.get_context("spawn")
    others = [spawned.Process(target=_hammer, args=(store.folder, own)) for own in (1, 2)]
    for one in others:
        one.start()
    for one in others:
        one.join(60)
    assert [one.exitcode for one in others] == [0, 0]
    assert len(files(store)) == 1


def aged(file: Path, days: float) -> None:
    then = time.time() - days * module.DAY
    os.utime(file, (then, then))


def test_once_a_day_what_nobody_uses_is_removed_and_nothing_else(store: Cache) -> None:
    foreign = Path(store.folder) / "photos" / "me.jpg"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"")
    for key in ("unused", "asked for"):
        store.put("ir", key, b"")
    for file in (*files(store), foreign):
        aged(file, 40)
    store.put("ir", "young", b"")
    store.get("ir", "asked for")
    aged(Path(store.folder) / "swept", 2)
    Cache(store.folder).put("ir", "new", b"")
    kept = [key for key in ("young", "unused", "asked for", "new") if store.get("ir", key) is not None]
    assert kept == ["young", "asked for", "new"]
    assert foreign.exists()


def test_a_cache_that_grew_too_large_loses_its_oldest(store: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 20_000)
    for number in range(10):
        store.put("ir", str(number), bytes(4000))
        for file in files(store):
            aged(file, (time.time() - file.stat().st_mtime) / module.DAY + 0.1)
    aged(Path(store.folder) / "swept", 2)
    Cache(store.folder).put("ir", "new", b"")
    assert [number for number in range(10) if store.get("ir", str(number))] == [8, 9]


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        pytest.param("linux", {"HOME": "/home/u"}, "/home/u/.cache/vipps-lint", id="Linux"),
        pytest.param("linux", {"HOME": "/home/u", "XDG_CACHE_HOME": "/x"}, "/x/vipps-lint", id="a cache folder of XDG"),
        pytest.param("darwin", {"HOME": "/Users/u"}, "/Users/u/Library/Caches/vipps-lint", id="macOS"),
        pytest.param("win32", {"HOME": "/u", "LOCALAPPDATA": "/u/Local"}, "/u/Local/vipps-lint", id="Windows"),
        pytest.param("linux", {"HOME": "/u", "VIPPS_LINT_CACHE_DIR": "/own"}, "/own", id="the user's choice"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="paths as POSIX writes them")
def test_the_folder_is_where_the_platform_keeps_caches(
    platform: str, environment: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.sys, "platform", platform)
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "VIPPS_LINT_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert default_folder() == folder


def test_a_stamp_changes_with_the_files_of_its_folders(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    stamps = [stamp(str(tmp_path))]
    file.write_text("1")
    stamps.append(stamp(str(tmp_path)))
    aged(file, 1)
    stamps.append(stamp(str(tmp_path)))
    file.write_text("12")
    aged(file, 1)
    stamps.append(stamp(str(tmp_path)))
    file.rename(tmp_path / "b.toml")
    stamps.append(stamp(str(tmp_path)))
    assert len(set(stamps)) == len(stamps)
    assert stamp(str(tmp_path)) == stamps[-1]


def test_it_imports_next_to_nothing() -> None:
    program = "import sys, vipps_lint.cache; print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-S", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"hashlib", "pathlib", "json", "pydantic", "tempfile", "random", "shutil", "dataclasses", "libcst"}
    assert not heavy & set(shown.stdout.split())
