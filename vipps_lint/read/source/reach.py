"""Which functions of a module can lead to a call of Vipps at all: by the routes they spell and the names they use.

A function is worth following when a route stands in it, or when it uses a name (a constant, a function, a method, an
attribute) that something worth following has. Names are compared as text, so too many are followed, never too few.

Functions are followed on their own: what one leaves in a module's variables is not seen by the others, and what it sets
of things only where a module's body or whatever makes an instance leads to it, or where that is a client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from vipps_lint.read.routes import Routes
from vipps_lint.read.source import ir
from vipps_lint.read.source.attributes import is_client
from vipps_lint.read.source.library import is_logging
from vipps_lint.read.source.quoting import source_of


@dataclass
class Piece:
    """A function, or a statement outside functions: what it spells, what it uses, what it makes; or a `whole` class.

    `sets` are attributes that it sets, which others see where it is `begun` without being called by them; one that
    `logs` may write them to a log.
    """

    node: int | None
    spells: bool
    uses: frozenset[str]
    makes: frozenset[str]
    whole: bool = False
    sets: frozenset[str] = frozenset()
    begun: bool = False
    logs: bool = False


class Reach:
    """What leads to routes in the modules that are added; names are compared across all of them."""

    def __init__(self, routes: Routes) -> None:
        self.routes = routes
        self._pieces: dict[str, list[Piece]] = {}

    def add(self, path: str, block: ir.Block) -> None:
        """Look through a module, once."""
        if path not in self._pieces:
            self._pieces[path] = _pieces(block, self.routes)

    def worth(self) -> set[int]:
        """The nodes of the functions that may lead to a call, or write to a log what these have kept."""
        leading = self._leading()
        kept = frozenset[str]().union(*(piece.sets for piece in leading))
        logging = [piece for pieces in self._pieces.values() for piece in pieces if piece.logs and piece.uses & kept]
        return {piece.node for piece in (*leading, *logging) if piece.node is not None}

    def names(self) -> frozenset[str]:
        """The names by which other modules may use what leads to a call."""
        return frozenset(name for piece in self._leading() for name in piece.makes if not name.startswith("__"))

    def mentioned(self) -> frozenset[str]:
        """The names that any of the modules uses."""
        pieces = [piece for several in self._pieces.values() for piece in several]
        return frozenset().union(*(piece.uses for piece in pieces if not piece.whole))

    def _leading(self) -> list[Piece]:
        """The pieces that spell a route, and those that use what one of them makes."""
        pieces = [piece for pieces in self._pieces.values() for piece in pieces]
        makers = _by_name(pieces, lambda piece: piece.makes)
        begun = _led_to((piece for piece in pieces if piece.begun), lambda piece: piece.uses, makers)
        users = _by_name(pieces, lambda piece: piece.uses)
        leading = _led_to(
            (piece for piece in pieces if piece.spells),
            lambda piece: piece.makes | piece.sets if id(piece) in begun else piece.makes,
            users,
        )
        return list(leading.values())


Names: TypeAlias = Callable[[Piece], frozenset[str]]


def _by_name(pieces: Iterable[Piece], names: Names) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = {}
    for piece in pieces:
        for name in names(piece):
            found.setdefault(name, []).append(piece)
    return found


def _led_to(first: Iterable[Piece], names: Names, by_name: dict[str, list[Piece]]) -> dict[int, Piece]:
    """Some pieces, those that their names lead to, and so on; by what they are."""
    found = {id(piece): piece for piece in first}
    todo, rest = list(found.values()), dict(by_name)
    while todo:
        for name in names(todo.pop()):
            further = {id(piece): piece for piece in rest.pop(name, ()) if id(piece) not in found}
            found |= further
            todo += further.values()
    return found


def _pieces(block: ir.Block, routes: Routes) -> list[Piece]:
    pieces: list[Piece] = []
    for statement in block:
        match statement:
            case ir.ClassDefinition(name=name, body=body):
                inner = _pieces(body, routes)
                pieces += inner
                makes = frozenset[str]().union(*(one.makes for one in inner))
                pieces.append(Piece(None, False, makes, frozenset({name}), whole=True))
            case ir.If(body=body, otherwise=otherwise):
                pieces += _pieces(body, routes) + _pieces(otherwise, routes)
            case ir.Try(body=body, otherwise=otherwise, final=final):
                pieces += _pieces(body, routes) + _pieces(otherwise, routes) + _pieces(final, routes)
            case _:
                pieces.append(_piece(statement, routes))
    return pieces


BEGINNING = frozenset({"__init__", "__post_init__", "__attrs_post_init__", "__new__", "__enter__", "__aenter__"})
"""Methods that are followed though nobody names them."""


def _piece(statement: ir.Statement, routes: Routes) -> Piece:
    spells = logs = False
    uses, variables, attributes, clients = set[str](), set[str](), set[str](), set[str]()
    for part in ir.walk(statement):
        match part:
            case ir.Name(id=name):
                uses.add(name)
            case ir.Attribute(name=name):
                uses.add(name)
            case ir.Constant(value=value):
                spells = spells or (isinstance(value, str) and routes.mentions(value))
            case ir.Format(parts=parts):
                spells = spells or any(isinstance(one, str) and routes.mentions(one) for one in parts)
            case ir.Assign(targets=targets, value=value):
                names = {one.name for one in targets if isinstance(one, ir.Attribute)}
                attributes |= names
                clients |= names if is_client(value) else set()
                variables |= {one.id for one in targets if isinstance(one, ir.Name)}
            case ir.FunctionDefinition(name=name):
                variables.add(name)
            case ir.CallOf(function=function):
                logs = logs or is_logging(source_of(function))
    if not isinstance(statement, ir.FunctionDefinition):
        return Piece(None, spells, frozenset(uses), frozenset(variables | attributes), begun=True)
    name = statement.name
    made = frozenset({name} | clients)
    begun, sets = name in BEGINNING, frozenset(attributes)
    return Piece(statement.node, spells, frozenset(uses), made, sets=sets, begun=begun, logs=logs)
