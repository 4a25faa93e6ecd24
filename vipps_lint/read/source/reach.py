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
        names: set[str] = set()
        rest = [piece for pieces in self._pieces.values() for piece in pieces]
        leading: list[Piece] = []
        while found := [piece for piece in rest if piece.spells or piece.uses & names]:
            leading += found
            known = set(map(id, found))
            rest = [piece for piece in rest if id(piece) not in known]
            names |= {name for piece in found for name in piece.makes}
        return leading


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
    spells = False
    uses: set[str] = set()
    makes: set[str] = set()
    for part in ir.walk(statement):
        match part:
            case ir.Constant(value=str() as text):
                spells = spells or routes.mentions(text)
            case ir.Format(parts=parts):
                spells = spells or any(isinstance(one, str) and routes.mentions(one) for one in parts)
            case ir.Name(id=name):
                uses.add(name)
            case ir.Attribute(name=name):
                uses.add(name)
            case ir.Assign(targets=targets):
                makes |= {
                    one.id if isinstance(one, ir.Name) else one.name
                    for one in targets
                    if isinstance(one, ir.Name | ir.Attribute)
                }
            case ir.FunctionDefinition(name=name):
                makes.add(name)
    node = statement.node if isinstance(statement, ir.FunctionDefinition) else None
    local = makes if node is None else {name for name in makes if name == statement.name} | _attributes(statement)  # type: ignore[union-attr]
    return Piece(node, spells, frozenset(uses), frozenset(local))


def _attributes(statement: ir.Statement) -> set[str]:
    """What a function sets beyond its own variables: attributes, and names that it declares global."""
    found: set[str] = set()
    for part in ir.walk(statement):
        match part:
            case ir.Assign(targets=targets):
                found |= {one.name for one in targets if isinstance(one, ir.Attribute)}
            case ir.Shared(names=names):
                found |= set(names)
    return found
