"""Programs in, calls out: what the tests of the source reader share."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from vipps_lint.catalog import catalog
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import Source, read_source

Reader = Callable[[str], Source]


@pytest.fixture(scope="session")
def read() -> Reader:
    """Reads a program (indented as it stands in the test)."""
    routes = Routes(catalog().operations.values())

    def read_program(program: str) -> Source:
        return read_source(dedent(program), "shop.py", routes)

    return read_program
