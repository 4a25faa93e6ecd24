"""Random programs, made of small pieces: a function `main` that sends dicts, with flags and values nobody knows."""

from __future__ import annotations

import itertools
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from expression_pieces import CONDITIONS, DICTS, EXPRESSIONS, KEYS, SCALARS
from hypothesis import assume
from hypothesis import strategies as st
from statement_pieces import CORE, STATEMENTS

PREAMBLE = (Path(__file__).parent / "preamble.py").read_text(encoding="utf-8")
MAIN = "def main(f0, f1, unknown_value, unknown_key, unknown_list, unknown_dict):"
START = (
    "s0 = 1", "s1 = 't'", "d0 = {'a': 1}", "d1 = {}", "l0 = [1, 2]", "l1 = ['x']", "o0 = Box(1)", "o1 = Box(2)",
)  # fmt: skip
EVERYTHING = "{'d0': d0, 'd1': d1, 's0': s0, 's1': s1, 'l0': l0, 'l1': l1, 'x0': o0.x, 'y0': o0.y}"
VARIABLES = {"s": ("s0", "s1"), "d": ("d0", "d1"), "l": ("l0", "l1"), "o": ("o0", "o1")}
SLOT = re.compile(r"\{\{|\}\}|\{(s2?|d2?|l2?|o2?|S|D|K|C|N|block2?)\}")


@dataclass
class Grammar:
    """The pieces that a program may be made of."""

    statements: dict[str, str]
    scalars: dict[str, str]
    depth: int = 2


WHOLE = Grammar(CORE | STATEMENTS, SCALARS | EXPRESSIONS)


def around(name: str) -> Grammar:
    """The core and one more piece."""
    statements = {name: STATEMENTS[name]} if name in STATEMENTS else {}
    scalars = {name: EXPRESSIONS[name]} if name in EXPRESSIONS else {}
    return Grammar(CORE | statements, SCALARS | scalars)


class Writer:
    """Writes one program from random choices."""

    def __init__(self, draw: st.DrawFn, grammar: Grammar) -> None:
        self.draw = draw
        self.grammar = grammar
        self.sites = itertools.count(1)

    def pick(self, options: Iterable[str]) -> str:
        """One of some texts."""
        return self.draw(st.sampled_from(list(options)))

    def scalar(self, depth: int) -> str:
        """An expression for a scalar; deep ones are simple."""
        plain = [text for text in self.grammar.scalars.values() if depth == 0 or "{S}" not in text]
        return self.fill(self.pick(plain), depth + 1)

    def fill(self, piece: str, depth: int = 0, level: int = 0) -> str:
        """The piece with every slot filled."""
        return SLOT.sub(lambda found: self.slot(found, depth, level), piece)

    def slot(self, found: re.Match[str], depth: int, level: int) -> str:
        """What one slot is filled with."""
        match found[1]:
            case None:
                return found[0][0]  # a doubled brace
            case "S":
                return self.scalar(depth)
            case "D":
                return self.fill(self.pick(DICTS.values()), depth + 1)
            case "C":
                return self.fill(self.pick(CONDITIONS), depth + 1)
            case "K":
                return self.pick(KEYS)
            case "N":
                return str(next(self.sites))
            case "block" | "block2" as name:
                return self.block(level + 1, indent=2 if name == "block2" else 1)
            case variable:
                return self.pick(VARIABLES[variable[0]])

    def block(self, level: int, indent: int = 0) -> str:
        """Some statements; deep ones are simple."""
        pieces = [
            text for text in self.grammar.statements.values() if level < self.grammar.depth or "{block" not in text
        ]
        count = self.draw(st.integers(1, 3 if level else 6))
        lines = "\n".join(self.fill(self.pick(pieces), level=level) for _ in range(count))
        return "\n".join("    " * indent + line for line in lines.splitlines())


@st.composite
def programs(draw: st.DrawFn, grammar: Grammar = WHOLE, first: str = "") -> str:
    """A program whose `main` sends something, and everything that it has in the end; the piece `first` is in it."""
    writer = Writer(draw, grammar)
    lines = [*START]
    if first:
        lines += writer.fill(STATEMENTS.get(first) or "{s} = " + EXPRESSIONS[first]).splitlines()
    lines += writer.block(0).splitlines()
    lines.append(f"post({next(writer.sites)}, {EVERYTHING})")
    program = PREAMBLE + "\n\n" + "\n    ".join([MAIN, *lines]) + "\n"
    assume(compiles(program))
    return program


def compiles(program: str) -> bool:
    """Whether Python takes the program: `nonlocal` after a use, for one, it does not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(program, "program.py", "exec")
        except SyntaxError:
            return False
    return True


def main_of(program: str) -> str:
    """The part of a program that is its own."""
    return program[program.index(MAIN) :]
