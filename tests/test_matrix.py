"""The environments that the guard's tests run in: all that is asked for, in its oldest or its newest version."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "tools" / "matrix.py"


@pytest.fixture(scope="module")
def matrix() -> ModuleType:
    if not SCRIPT.exists():
        pytest.skip("an installed package has no tools")
    spec = spec_from_file_location("matrix", SCRIPT)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_oldest_are_the_lower_bounds(matrix: ModuleType):
    oldest, current = matrix.wanted(True), matrix.wanted(False)
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", one) for one in oldest)
    assert [one.partition("==")[0] for one in oldest] == [one.partition(">=")[0] for one in current]
    assert {"requests", "aiohttp", "vcrpy", "pydantic"} <= {one.partition("==")[0] for one in oldest}
    assert "<" in next(one for one in current if one.startswith("aiohttp"))


@pytest.mark.parametrize("words", [[], ["newest"]], ids=["no session", "no such session"])
def test_what_is_no_session_is_a_usage_error(matrix: ModuleType, capsys: pytest.CaptureFixture[str], words: list[str]):
    assert matrix.main(words) == 2
    assert capsys.readouterr().err.startswith("usage: python tools/matrix.py oldest|current")
