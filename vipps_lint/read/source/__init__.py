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

    from vipps_lint.read.source.roomy import TooDeepError, refuse_too_deep, with_room

    try:
        refuse_too_deep(text.encode("utf-8", "replace") if isinstance(text, str) else text)
        return with_room(lambda: _read(text, path, routes))
    except libcst.ParserSyntaxError as error:
        where = f"line {error.raw_line}"
        message = f"does not parse: syntax error in {where}; nothing in it was checked"
        return Source(notes=[Note(path, message, error.raw_line)])
    except (TooDeepError, RecursionError):
        return Source(notes=[Note(path, "is nested too deep to be read as Python; nothing in it was checked")])
    except (SyntaxError, ValueError, LookupError) as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        return Source(notes=[Note(path, f"cannot be read as Python: {reason}; nothing in it was checked")])


def _read(text: str | bytes, path: str, routes: Routes) -> Source:
    import libcst

    from vipps_lint.read.source.lower import Lowering
    from vipps_lint.read.source.module import evaluate_module

    return evaluate_module(Lowering().module(libcst.parse_module(text)), path, routes)


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


def located(place: Place, places: Mapping[int, Place]) -> Place:
    """The place with its lines, where it is a node that was located."""
    found = places.get(place.node) if place.node is not None else None
    return replace(found, record=place.record) if found is not None else place


def nodes_of(places: Iterator[Place]) -> set[int]:
    """The nodes among some places."""
    return {place.node for place in places if place.node is not None}
