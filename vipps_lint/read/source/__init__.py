"""Python source to calls.

Finds the calls of Vipps operations in a module and evaluates their arguments as far as the text allows. What the text
does not say becomes a hole. The only user of libcst; knows no rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

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


def read_source(text: str | bytes, path: str, routes: Routes) -> Source:
    """The calls in a file; a note instead where it does not parse. Never raises for anything in the file."""
    import libcst

    from vipps_lint.read.source.lower import Lowering
    from vipps_lint.read.source.module import evaluate_module

    try:
        block = Lowering().module(libcst.parse_module(text))
    except libcst.ParserSyntaxError as error:
        where = f"line {error.raw_line}"
        return Source(
            notes=[Note(path, f"does not parse: syntax error in {where}; nothing in it was checked", error.raw_line)]
        )
    except (RecursionError, ValueError, UnicodeDecodeError, LookupError) as error:
        return Source(
            notes=[Note(path, f"cannot be read as Python: {type(error).__name__}; nothing in it was checked")]
        )
    return evaluate_module(block, path, routes)


def locate(text: str | bytes, path: str, nodes: set[int]) -> Mapping[int, Place]:
    """Lines and columns (from 1) of the given nodes of a file that `read_source` has read."""
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


def located(place: Place, places: Mapping[int, Place]) -> Place:
    """The place with its lines, where it is a node that was located."""
    found = places.get(place.node) if place.node is not None else None
    return replace(found, record=place.record) if found is not None else place


def nodes_of(places: Iterator[Place]) -> set[int]:
    """The nodes among some places."""
    return {place.node for place in places if place.node is not None}
