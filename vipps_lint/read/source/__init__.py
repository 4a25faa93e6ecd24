"""Python source to calls.

Finds the calls of Vipps operations in a module and evaluates their arguments as far as the text allows. What the text
does not say becomes a hole. The only user of libcst; knows no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from vipps_lint.call import Call, Place
from vipps_lint.diagnostic import Note
from vipps_lint.document import Truth
from vipps_lint.read.routes import Routes

if TYPE_CHECKING:
    from vipps_lint.read.source.lowered import Lowered

Making: TypeAlias = Callable[[Sequence[bytes]], list[bytes]]


@dataclass
class Path:
    """One call, and the calls that came before it on the same path of execution (MAYBE: on some path only)."""

    call: Call
    before: list[tuple[Call, Truth]] = field(default_factory=list)


@dataclass
class Source:
    """What was read in some files."""

    paths: list[Path] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    files: Mapping[str, Lowered] = field(default_factory=dict)

    def located(self, place: Place) -> Place:
        """The place of a node with its lines and columns."""
        return self.files[place.path].located(place) if place.node is not None else place


class Library(Protocol):
    """What the reader may ask for: it does no input and output itself. Paths have forward slashes."""

    def text(self, path: str) -> bytes | None:
        """The text of a file; None where there is none (or it cannot be read)."""

    def mentioning(self, names: frozenset[str]) -> list[str]:
        """The files to be checked whose text has one of some names, without those that spell a route."""

    def importing(self, modules: frozenset[str], names: frozenset[str]) -> list[str]:
        """Those that may import one of the modules, which are named by their paths, and have one of the names."""


class Workshop(Protocol):
    """Where texts are parsed: by several hands where that pays, and not at all where what became of one is kept."""

    def made(self, texts: Sequence[bytes], making: Making) -> list[bytes]:
        """What `making` makes of the texts: of each, whatever the others are, and also in another process."""


class Alone:
    """The library of a file that is read without its project."""

    def text(self, path: str) -> bytes | None:
        """There is no other file."""
        return None

    def mentioning(self, names: frozenset[str]) -> list[str]:
        """There is no other file."""
        return []

    def importing(self, modules: frozenset[str], names: frozenset[str]) -> list[str]:
        """There is no other file."""
        return []


class Bare:
    """A workshop that has two hands and keeps nothing."""

    def made(self, texts: Sequence[bytes], making: Making) -> list[bytes]:
        """What is made of the texts here and now."""
        return making(texts)


def read_source(text: str | bytes, path: str, routes: Routes) -> Source:
    """The calls in one file; a note instead where it does not parse. Never raises for anything in the file."""
    given = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return read_files({path: given}, Alone(), routes)


def read_files(
    texts: Mapping[str, bytes], library: Library, routes: Routes, workshop: Workshop | None = None
) -> Source:
    """The calls in files that spell routes, and in the files of the library that use what they offer."""
    from vipps_lint.read.source.project import read_project
    from vipps_lint.read.source.roomy import uncollected, with_room

    with uncollected():
        return with_room(lambda: read_project(texts, library, routes, workshop or Bare()))
