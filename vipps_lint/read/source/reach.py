"""Which functions of a module can lead to a call of Vipps at all: by the routes they spell and the names they use.

A function is worth following when a route stands in it, or when it uses a name (a constant, a function, a method, an
attribute) that something worth following has. Names are compared as text, so too many are followed, never too few.
"""

from __future__ import annotations

from dataclasses import dataclass

from vipps_lint.read.routes import Routes
from vipps_lint.read.source import ir
from vipps_lint.read.source.handlers import walk


@dataclass
class Piece:
    """A function, or a statement outside functions: what it spells, what it uses, what it makes."""

    node: int | None
    spells: bool
    uses: frozenset[str]
    makes: frozenset[str]


def leading_to_routes(block: ir.Block, routes: Routes) -> set[int]:
    """The nodes of the functions that may lead to a call."""
    pieces = list(_pieces(block, routes))
    names: set[str] = set()
    worth: set[int] = set()
    open_pieces = pieces
    grown = True
    while grown:
        found = [piece for piece in open_pieces if piece.spells or piece.uses & names]
        grown = bool(found)
        open_pieces = [piece for piece in open_pieces if not (piece.spells or piece.uses & names)]
        for piece in found:
            names |= piece.makes
            if piece.node is not None:
                worth.add(piece.node)
    return worth


def _pieces(block: ir.Block, routes: Routes) -> list[Piece]:
    pieces: list[Piece] = []
    for statement in block:
        match statement:
            case ir.ClassDefinition(name=name, body=body):
                inner = _pieces(body, routes)
                pieces += inner
                pieces.append(Piece(None, False, frozenset().union(*(one.makes for one in inner)), frozenset({name})))
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
    for part in walk(statement):
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
    for part in walk(statement):
        match part:
            case ir.Assign(targets=targets):
                found |= {one.name for one in targets if isinstance(one, ir.Attribute)}
            case ir.Shared(names=names):
                found |= set(names)
    return found
