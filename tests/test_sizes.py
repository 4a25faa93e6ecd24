"""Files and functions are as long as one can read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("vipps_lint", "tests", "benchmarks", "tools", "examples")
FILE, FUNCTION = 300, 60


def too_long(name: str, text: str) -> Iterator[str]:
    """The file, if it is too long, and its functions that are."""
    if (length := len(text.splitlines())) > FILE:
        yield f"{name}: {length} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > FUNCTION:
                yield f"{name}:{node.lineno}: {node.name}: {length} lines"


def test_no_file_and_no_function_is_too_long():
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    assert [one for file in files for one in too_long(str(file.relative_to(ROOT)), file.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("x = 1\n" * 300, 0, id="a file of 300 lines"),
        pytest.param("x = 1\n" * 301, 1, id="one line more"),
        pytest.param("async def f():\n" + "    x = 1\n" * 59, 0, id="a function of 60 lines"),
        pytest.param("class C:\n    def f(self):\n" + "        x = 1\n" * 60, 1, id="a method of one line more"),
    ],
)
def test_what_is_too_long(text: str, count: int):
    assert len(list(too_long("a.py", text))) == count
