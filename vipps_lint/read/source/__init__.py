"""Python source to calls.

Finds the calls of Vipps operations in a module and evaluates their arguments as far as the text allows. What the text
does not say becomes a hole. The only user of libcst; knows no rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from vipps_lint.call import Call, Place
from vipps_lint.diagnostic import Note
from vipps_lint.document import Truth
from vipps_lint.read.routes import Routes


@dataclass
class Path:
    """One call, and the calls that came before it on the same path of execution (MAYBE: on some path only)."""

    call: Call
    before: list[tuple[Call, Truth]] = field(default_factory=list)


@dataclass
class Source:
    """What was read in one file."""

    paths: list[Path] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


class Library(Protocol):
    """What the reader may ask for: it does no input and output itself. Paths have forward slashes."""

    def text(self, path: str) -> bytes | None:
        """The text of a file; None where there is none (or it cannot be read)."""

    def mentioning(self, modules: frozenset[str], names: frozenset[str]) -> list[str]:
        """The files to be checked whose text has one of the module names and one of the other names."""


class Alone:
    """The library of a file that is read without its project."""

    def text(self, path: str) -> bytes | None:
        """There is no other file."""
        return None

    def mentioning(self, modules: frozenset[str], names: frozenset[str]) -> list[str]:
        """There is no other file."""
        return []


def read_source(text: str | bytes, path: str, routes: Routes) -> Source:
    """The calls in one file; a note instead where it does not parse. Never raises for anything in the file."""
    given = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return read_files({path: given}, Alone(), routes)


def read_files(texts: Mapping[str, bytes], library: Library, routes: Routes) -> Source:
    """The calls in files that spell routes, and in the files of the library that use what they offer."""
    from vipps_lint.read.source.project import read_project
    from vipps_lint.read.source.roomy import with_room

    return with_room(lambda: read_project(texts, library, routes))


def locate(text: str | bytes, path: str, nodes: set[int]) -> Mapping[int, Place]:
    """Lines and columns (from 1) of the given nodes of a file that `read_source` has read."""
    from vipps_lint.read.source.roomy import with_room

    return with_room(lambda: _locate(text, path, nodes)) if nodes else {}


def _locate(text: str | bytes, path: str, nodes: set[int]) -> Mapping[int, Place]:
    import libcst
    from libcst.metadata import MetadataWrapper, PositionProvider

    from vipps_lint.read.source.lower import Lowering

    module = libcst.parse_module(text)
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    lowering = Lowering()
    lowering.module(wrapper.module)
    places: dict[int, Place] = {}
    for number in nodes:
        found = positions.get(lowering.nodes[number])
        if found is not None:
            start, end = found.start, found.end
            places[number] = Place(path, start.line, start.column + 1, end.line, end.column + 1, node=number)
    return places
