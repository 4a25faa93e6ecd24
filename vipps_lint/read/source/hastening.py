"""libcst, imported in half the time, and parsing in four fifths of it.

Most of its import is spent on methods of its nodes that nothing here calls; and nodes that Python itself guards against
changes are slow to make. So its nodes are declared as ours are, in a process that is our own: another program may rely
on what libcst has by itself.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

NODES = "libcst._nodes."


def hasten() -> None:
    """Import libcst, if nobody has, with nodes that can be changed, and compared and shown only by its own methods."""
    if "libcst" in sys.modules:
        return
    declare: Any = dataclasses.dataclass

    def declared(kind: Any = None, /, **options: Any) -> Any:
        if kind is None:
            return lambda one: declared(one, **options)
        plain = {"repr": False, "eq": False, "frozen": False} if kind.__module__.startswith(NODES) else {}
        return declare(kind, **options | plain)

    dataclasses.dataclass = declared
    try:
        import libcst  # noqa: F401
    finally:
        dataclasses.dataclass = declare
