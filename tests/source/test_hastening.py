"""libcst as it is imported where nobody else uses it: it parses the same trees."""

from __future__ import annotations

import subprocess
import sys

import pytest

TREES = """
import dataclasses, sys
before = dataclasses.dataclass
if sys.argv[1] == "hastened":
    from vipps_lint.read.source.hastening import hasten
    hasten()
assert dataclasses.dataclass is before
import libcst
module = libcst.parse_module(open(sys.argv[2], "rb").read())
guarded = libcst.Name.__dataclass_params__.frozen
print(guarded, libcst.ParserSyntaxError.__module__, module.deep_equals(module.deep_clone()))
print(module.code)
print(module)
"""


@pytest.mark.parametrize("path", [__file__, subprocess.__file__])
def test_trees_are_the_same(path: str) -> None:
    usual, hastened = (_run(word, path) for word in ("usual", "hastened"))
    assert usual.startswith("True libcst._exceptions True\n")
    assert hastened.startswith("False libcst._exceptions True\n")
    assert usual.partition("\n")[2] == hastened.partition("\n")[2]


def test_what_somebody_has_imported_stays_as_it_is() -> None:
    ran = "import libcst as one; from vipps_lint.read.source.hastening import hasten; hasten(); import libcst as two; "
    assert _output("-c", ran + "print(one is two, one.Name.__dataclass_params__.frozen)") == "True True\n"


def _run(word: str, path: str) -> str:
    return _output("-c", TREES, word, path)


def _output(*words: str) -> str:
    return subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True).stdout
