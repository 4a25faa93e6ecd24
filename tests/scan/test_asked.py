"""What a scan is asked: which files import or mention a name, and what marks a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scans import NOTHING, POSIX
from trees import ROUTE, committed, write

from vipps_lint.cache import Cache
from vipps_lint.catalog import catalog
from vipps_lint.check.files import Files, markers
from vipps_lint.scan import look, plain
from vipps_lint.scan.markers import MARKERS, Markers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("from shop.client import pay\npay()", True, id="a name of the module"),
        pytest.param("from shop import client\nclient.pay()", True, id="the module"),
        pytest.param("from shop import (  # both\n    wallet,\n    client as c,\n)\nc.pay()", True, id="on lines"),
        pytest.param("from shop import wallet, \\\n    client\nclient.pay()", True, id="on a line that goes on"),
        pytest.param("import shop.client as c\nc.pay()", True, id="by its whole name"),
        pytest.param("import wallet, shop.client\nshop.client.pay()", True, id="one of two"),
        pytest.param("if pay:\n    from ..shop.client import *", True, id="all of its names"),
        pytest.param("from .. shop.client import pay", False, id="a form that nobody writes"),
        pytest.param("from ..shop import client; client.pay()", True, id="from the folder above"),
        pytest.param("try: from client import pay\nexcept ImportError: pay = 1", True, id="as from its own folder"),
        pytest.param("from .client import pay", False, id="a module of the same name in another folder"),
        pytest.param("from other.client import pay", False, id="a module of the same name in another package"),
        pytest.param("from shop.clients import pay\npay()", False, id="a longer module"),
        pytest.param("from shop.client import repay\n", False, id="a longer name"),
        pytest.param("client.pay()", False, id="no import"),
        pytest.param("import json  # shop.client.pay", False, id="a comment"),
        pytest.param("from shop.client import x\nx.pay\u00e5()", False, id="a letter beyond ASCII in the name"),
        pytest.param(
            "# " + ROUTE + "from shop.client import pay", False, id="a file that spells a route is read anyway"
        ),
    ],
)
@pytest.mark.parametrize("in_git", [False, True])
def test_files_that_import_names(tmp_path: Path, in_git: bool, text: str, found: bool) -> None:
    write(tmp_path, {"new/a.py": text, "shop/client.py": ROUTE})
    if in_git:
        committed(tmp_path)
        write(tmp_path, {"new/b.py": text})
    files = Files(look([str(tmp_path)], NOTHING, Cache("")))
    expected = {"a.py", "b.py"} if in_git else {"a.py"}
    modules = frozenset(str(tmp_path / name) for name in ("shop/client.py", "shop/wallet/__init__.py"))
    paths = files.importing(modules, frozenset({"pay", "charge"}))
    assert {Path(path).name for path in paths} == (expected if found else set())


@pytest.mark.parametrize("in_git", [False, True])
def test_files_that_mention_a_name(tmp_path: Path, in_git: bool) -> None:
    write(tmp_path, {"a.py": "x.BASE = 1", "b.py": "BASES = 1", "c.py": "base = 1", "d.py": f"BASE = {ROUTE}"})
    if in_git:
        committed(tmp_path)
    files = Files(look([str(tmp_path)], NOTHING, Cache("")))
    assert [Path(path).name for path in files.mentioning(frozenset({"BASE"}))] == ["a.py"]


def test_the_state_changes_with_every_file(tmp_path: Path) -> None:
    committed(write(tmp_path, {"a.py": "", "b.py": ""}))

    def state() -> str | None:
        return look([str(tmp_path), str(tmp_path / "shop.txt")], NOTHING, Cache("")).state()

    states = [state()]
    for name, text in (("shop.txt", ""), ("shop.txt", "1"), ("a.py", "1"), ("a.py", "2"), ("c.py", ""), ("d.py", "")):
        write(tmp_path, {name: text})
        states.append(state())
    (tmp_path / "b.py").unlink()
    states += state(), state()
    assert states[0] is None
    assert None not in states[1:]
    assert len(set(states)) == len(states) - 1


def test_the_markers_are_those_of_the_catalog() -> None:
    assert markers(catalog()).routes == MARKERS


@given(st.sampled_from(MARKERS), st.binary(max_size=9), st.binary(max_size=9))
def test_every_marker_has_a_piece(marker: bytes, before: bytes, after: bytes) -> None:
    markers = Markers()
    assert markers.found_in(before + marker.upper() + after)[0]
    markers.hasten()
    assert markers.found_in(before + marker.upper() + after)[0]


@POSIX
@pytest.mark.parametrize("path", [".", "./", "a", "./a", "a//b/", "a/./b", "../a", "/", "/a/", "//a", "///a", "a/.."])
def test_paths_are_shown_as_pathlib_would(path: str) -> None:
    assert plain(path) == Path(path).as_posix()
