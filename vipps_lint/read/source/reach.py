"""Which functions of a module can lead to a call of Vipps at all: by the routes they spell and the names they use.

A function is worth following when a route stands in it, or when it uses a name (a constant, a function, a method, an
attribute) that something worth following has. Names are compared as text, so too many are followed, never too few.
"""

from __future__ import annotations

from dataclasses import dataclass

from vipps_lint.read.routes import Routes
from vipps_lint.read.source import ir


@dataclass
class Piece:
    """A function, or a statement outside functions: what it spells, what it uses, what it makes; or a whole class."""

    node: int | None
    spells: bool
    uses: frozenset[str]
    makes: frozenset[str]
    whole: bool = False


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
        """The nodes of the functions that may lead to a call."""
        return {piece.node for piece in self._leading() if piece.node is not None}

    def names(self) -> frozenset[str]:
        """The names by which other modules may use what leads to a call."""
        return frozenset(name for piece in self._leading() for name in piece.makes if not name.startswith("__"))

    def mentioned(self) -> frozenset[str]:
        """The names that any of the modules uses."""
        pieces = [piece for several in self._pieces.values() for piece in several]
        return frozenset().union(*(piece.uses for piece in pieces if not piece.whole))

    def _leading(self) -> list[Piece]:
        pieces = [piece for pieces in self._pieces.values() for piece in pieces]
        users: dict[str, list[Piece]] = {}
        for piece in pieces:
            for name in piece.uses:
                users.setdefault(name, []).append(piece)
        leading = {id(piece): piece for piece in pieces if piece.spells}
        todo = list(leading.values())
        while todo:
            for name in todo.pop().makes:
                further = {id(piece): piece for piece in users.pop(name, ()) if id(piece) not in leading}
                leading |= further
                todo += further.values()
        return list(leading.values())


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


def _piece(statement: ir.Statement, routes: Routes) -> Piece:
    """What one statement spells, uses and makes: a function beyond its own variables only."""
    spells = False
    uses, variables, attributes, shared = set[str](), set[str](), set[str](), set[str]()
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
            case ir.Assign(targets=targets):
                attributes |= {one.name for one in targets if isinstance(one, ir.Attribute)}
                variables |= {one.id for one in targets if isinstance(one, ir.Name)}
            case ir.FunctionDefinition(name=name):
                variables.add(name)
            case ir.Shared(names=names):
                shared |= set(names)
    if not isinstance(statement, ir.FunctionDefinition):
        return Piece(None, spells, frozenset(uses), frozenset(variables | attributes))
    return Piece(statement.node, spells, frozenset(uses), frozenset({statement.name} | attributes | shared))
