"""The files of a run: in every kind of tree, with and without git, remembered or not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scans import NOTHING, POSIX, agrees, scan
from trees import ROUTE, committed, git, write

from vipps_lint.cache import Cache
from vipps_lint.scan import look


def ignored(folder: Path) -> Path:
    write(folder, {".gitignore": "/gen/\n*_pb2.py\n", "gen/a.py": ROUTE, "a_pb2.py": ROUTE, "b.py": ROUTE})
    return committed(folder)


def forced(folder: Path) -> Path:
    ignored(folder)
    git(folder, "add", "-f", "a_pb2.py")
    return folder


def nested(folder: Path) -> Path:
    write(folder, {"a.py": ROUTE, "tools/a.py": ROUTE})
    committed(folder / "tools")
    return committed(folder)


def submodule(folder: Path) -> Path:
    committed(write(folder / "lib", {"a.py": ROUTE}))
    shop = committed(write(folder / "shop", {"b.py": ROUTE}))
    git(shop, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(folder / "lib"), "lib.py")
    git(shop, "config", "submodule.recurse", "true")
    return shop


def worktree(folder: Path) -> Path:
    shop = committed(write(folder / "shop", {"a.py": ROUTE}))
    git(shop, "worktree", "add", "-q", "../other")
    return write(folder / "other", {"b.py": ROUTE})


def edited(folder: Path) -> Path:
    committed(write(folder, {"a.py": ROUTE, "b.py": "", "gone.py": ROUTE, "moved.py": ROUTE}))
    git(folder, "mv", "moved.py", "there.py")
    (folder / "gone.py").unlink()
    return write(folder, {"a.py": "", "b.py": ROUTE, "new.py": ROUTE})


def staged(folder: Path) -> Path:
    committed(write(folder, {"a.py": ""}))
    git(write(folder, {"a.py": ROUTE, "b.py": ROUTE}), "add", ".")
    return write(folder, {"a.py": "", "b.py": ""})


def assumed(folder: Path) -> Path:
    committed(write(folder, {"a.py": "", "b.py": ""}))
    git(folder, "update-index", "--assume-unchanged", "a.py")
    git(folder, "update-index", "--skip-worktree", "b.py")
    return write(folder, {"a.py": ROUTE, "b.py": ROUTE})


def conflict(folder: Path) -> Path:
    committed(write(folder, {"a.py": "1\n"}))
    git(folder, "checkout", "-q", "-b", "other")
    committed(write(folder, {"a.py": "2\n"}))
    git(folder, "checkout", "-q", "-")
    committed(write(folder, {"a.py": "3\n"}))
    try:
        git(folder, "merge", "other")
    except Exception:  # noqa: BLE001 - it is meant to fail
        return write(folder, {"a.py": ROUTE})
    raise AssertionError("no conflict")


def below(folder: Path) -> Path:
    committed(write(folder, {"a.py": ROUTE, "shop/b.py": ROUTE, "shop/c/d.py": ROUTE}))
    git(folder, "config", "grep.fullName", "true")
    git(folder, "config", "color.grep", "always")
    return folder / "shop"


def inside_ignored(folder: Path) -> Path:
    ignored(folder)
    return folder / "gen"


def links(folder: Path) -> Path:
    write(folder, {"shop/a.py": ROUTE, "shop/text": ROUTE})
    (folder / "link.py").symlink_to("shop/text")
    (folder / "folder.py").symlink_to("shop")
    (folder / "nowhere.py").symlink_to("gone")
    (folder / "more").symlink_to("shop")
    return folder


def odd_names(folder: Path) -> Path:
    names = [b"w\xff.py", "bl\xe5b\xe6r.py".encode(), b"a b.py", b"new\nline.py", b'"quoted".py', b"-e.py", b"tab\t.py"]
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text(ROUTE)  # noqa: PTH118 - of bytes
    return folder


def kinds(folder: Path) -> Path:
    long = "#" * 9_000_000
    return write(folder, {
        "a.PY": ROUTE, "b.pyi": ROUTE.upper(), "c.pyw": ROUTE, "d.txt": ROUTE, "e.py": b"\0" + ROUTE.encode(), "f.py": "",
        "g.py": "# vipps-lint: ignore[x]", "h.py": "# VIPPS-LINT: ignore[x]", "long.py": long, "build/i.py": ROUTE,
        ".hidden/j.py": ROUTE, "k.py/l.py": ROUTE, "m.py": ROUTE.encode("utf-16"), "n.py": "x = '/v1/partial'",
    })  # fmt: skip


TREES: list[tuple[str, Callable[[Path], Path]]] = [
    ("files that git ignores", ignored),
    ("a file that git ignores and tracks", forced),
    ("a repository in the repository", nested),
    ("a submodule, with a name like a file's", submodule),
    ("a work tree of another repository", worktree),
    ("files that changed, came and went since the commit", edited),
    ("files that changed after they were staged", staged),
    ("files that git was told not to look at", assumed),
    ("a file in conflict", conflict),
    ("a folder of a repository, whose settings change what git prints", below),
    ("a folder that git ignores", inside_ignored),
    ("no repository", lambda folder: write(folder, {"a.py": ROUTE, "b/c.py": ROUTE, "b/d.py": ""})),
    ("a repository without a commit", lambda folder: (git(write(folder, {"a.py": ROUTE}), "init", "-q"), folder)[1]),
    ("a repository without Python", lambda folder: committed(write(folder, {"a.txt": ROUTE}))),
    ("kinds of files", kinds),
    ("kinds of files in a repository", lambda folder: committed(kinds(folder))),
]
LINKED: list[tuple[str, Callable[[Path], Path]]] = [
    ("links", links),
    ("links in a repository", lambda folder: committed(links(folder))),
    ("odd names", odd_names),
    ("odd names in a repository", lambda folder: committed(odd_names(folder))),
    ("odd names that are not committed", lambda folder: (git(odd_names(folder), "init", "-q"), folder)[1]),
]


@pytest.mark.parametrize(
    "tree",
    [
        *(pytest.param(tree, id=name) for name, tree in TREES),
        *(pytest.param(tree, id=name, marks=POSIX) for name, tree in LINKED),
    ],
)
def test_all_files_are_found_and_read(tmp_path: Path, tree: Callable[[Path], Path]) -> None:
    folder = tree(tmp_path / "tree" if (tmp_path / "tree").mkdir() is None else tmp_path)
    cache = Cache(str(tmp_path / "cache"))
    agrees(folder)
    agrees(folder, cache)
    agrees(folder, cache)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["a.py", "b.py", "c/a.py", "c/d.py", "e.txt"]),
        st.sampled_from([None, "", "x = 1\n", ROUTE, ROUTE + ROUTE, "# vipps-lint: ignore[x]\n"]),
        st.sampled_from(["", "add", "commit"]),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(EDITS, min_size=1, max_size=3), in_git=st.booleans())
def test_what_is_remembered_is_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, str | None, str]]], in_git: bool
) -> None:
    folder = write(tmp_path_factory.mktemp("tree"), {"a.py": ROUTE, "b.py": "", "c/a.py": ""})
    cache = Cache(str(tmp_path_factory.mktemp("cache")))
    if in_git:
        committed(folder)
    for edits in rounds:
        for name, text, then in edits:
            if text is None:
                (folder / name).unlink(missing_ok=True)
            else:
                write(folder, {name: text})
            if in_git and then:
                git(folder, "add", "-A")
            if in_git and then == "commit":
                git(folder, "commit", "-q", "--allow-empty", "-m", "edit")
        agrees(folder, cache)


def test_many_files_are_read_by_several_processes(tmp_path: Path) -> None:
    names = {f"{number}.py": ROUTE if number % 100 == 0 else "x = 1\n" for number in range(1000)}
    folder = str(write(tmp_path, names))
    told: list[tuple[int, int]] = []
    found = look([folder], NOTHING, Cache(""), jobs=2, progress=lambda done, whole: told.append((done, whole)))
    assert [Path(path).name for path in found.routes()] == sorted(name for name, text in names.items() if text == ROUTE)
    assert found.routes() == look([folder], NOTHING, Cache("")).routes()
    assert told[0] == (0, 1000)
    assert max(done for done, _ in told) < 1000


def test_a_file_that_changes_at_the_same_time_and_size_is_seen(tmp_path: Path) -> None:
    file = write(tmp_path, {"a.py": "#" * len(ROUTE)}) / "a.py"
    cache = Cache(str(tmp_path / "cache"))
    before = file.stat()
    assert not scan(tmp_path, cache).routes()
    file.write_text(ROUTE)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert scan(tmp_path, cache).routes() == ["a.py"]


def test_large_files_with_a_route_and_unreadable_ones_are_named(tmp_path: Path) -> None:
    write(tmp_path, {"large.py": "#" * 4_000_000 + ROUTE, "flat.py": "#" * 4_000_001, "a.py": ROUTE})
    found = look([str(tmp_path), str(tmp_path / "gone.py")], NOTHING, Cache(""))
    reasons = {Path(path).name: reason for path, reason in found.unread().items()}
    assert reasons == {
        "large.py": "has more than 4 MB and was not checked",
        "gone.py": "there is no such file or folder",
    }
    assert (found.count(), found.state()) == (2, None)
