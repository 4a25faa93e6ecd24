"""One expression in a program, as the body of a call has it: what the tables of the forms are made with.

In a table `...` is a hole; `Either(...)` a few alternatives; `Text(...)` text with holes; a key `...` (or a last item
`MORE`) says that there may be more; `ABSENT` among alternatives, that a key may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import normpath
from textwrap import dedent, indent
from typing import Any

from vipps_lint.catalog import catalog
from vipps_lint.document import ABSENT, Array, Hole, Object, OneOf, Template, Value, get
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import read_files

__all__ = ["ABSENT", "MORE", "Either", "Text", "sent"]

MORE = "and more"
ROUTES = Routes(catalog().operations.values())
PROGRAM = """
{setup}
import requests

def send(order, flag, rows, extra):
{steps}
    requests.post("https://api.vipps.no/ecomm/v2/payments", json={{"x": {expression}}})
"""


@dataclass(frozen=True)
class Text:
    """Text with holes: `Text("+47", ...)`."""

    parts: tuple[Any, ...]

    def __init__(self, *parts: Any) -> None:
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True)
class Either:
    """One of a few values."""

    values: tuple[Any, ...]

    def __init__(self, *values: Any) -> None:
        object.__setattr__(self, "values", tuple(sorted(values, key=repr)))


class Files:
    """A library that is a dict."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self.texts = texts

    def text(self, path: str) -> bytes | None:
        """The text of a file."""
        return self.texts.get(path)

    def importing(self, modules: frozenset[str], names: frozenset[str]) -> list[str]:
        """Nothing: the file with the call is the only one that is checked."""
        return []


def sent(setup: str, expression: str, steps: str = "pass", files: Mapping[str, str] | None = None) -> Any:
    """What an expression is worth after some steps, as far as the reader knows; `files` are beside the program."""
    program = PROGRAM.format(setup=dedent(setup), steps=indent(dedent(steps), "    "), expression=expression)
    texts = {normpath(f"shop/{path}"): dedent(text).encode() for path, text in (files or {}).items()}
    source = read_files({"shop/pay.py": program.encode()}, Files(texts), ROUTES)
    assert source.notes == []
    found = [path.call for path in source.paths if path.call.chain[0].within == "send"]
    assert len(found) == 1
    return plain(get(found[0].document, ("body", "x")))


def plain(value: Value) -> Any:
    """The value as the tables spell it."""
    match value:
        case Hole():
            return ...
        case Template(parts):
            return Text(*map(plain, parts))
        case OneOf(values):
            return Either(*map(plain, values))
        case Object(fields, is_open):
            return {key: plain(one) for key, one in fields.items()} | ({...: ...} if is_open else {})
        case Array(items, is_open):
            return [*map(plain, items), *([MORE] if is_open else [])]
        case _:
            return value
