"""What is made of a text can be kept as bytes, and says of every node where it stands."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import libcst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from vipps_lint.call import Place
from vipps_lint.packing import packed
from vipps_lint.read.source import ir
from vipps_lint.read.source.lower import Lowering
from vipps_lint.read.source.lowered import Lowered, Unreadable, restored
from vipps_lint.read.source.making import made
from vipps_lint.read.source.places import places

OURS = sorted((Path(__file__).parents[2] / "vipps_lint").rglob("*.py"))

FORMS = [
    pytest.param("x = (1 +\n     2)\n", id="an expression over two lines"),
    pytest.param("@a\n@b(1)\nasync def f(x, *y, z: int = 3, **w) -> None:\n    return x\n", id="a decorated function"),
    pytest.param("class A(B, metaclass=C):\n    x: int = 1\n\n    def f(self): pass; g()\n", id="a class"),
    pytest.param("try:\n    f()\nexcept (A, b.C) as e:\n    pass\nelse:\n    g()\nfinally:\n    h()\n", id="handlers"),
    pytest.param("if a: b\nelif c: d\nelse: e\nfor x, y in z: f(x)\nwhile not a: break\n", id="suites in one line"),
    pytest.param("match a:\n    case {'b': [c, *d], **e} if f: g(c)\n    case _: pass\n", id="patterns"),
    pytest.param('x = f"a{b!r:>{c}}" "d" \'e\'; y = ((1,), [*a], {**b, "k": (v)})\n', id="texts and displays"),
    pytest.param("x = [a(b) for b in c if (d) for e in f]; y = lambda a, *b: (yield)\n", id="comprehensions"),
    pytest.param("with (a as b, c as d):\n    (x := y)\n", id="a with in brackets"),
    pytest.param(
        "\ufeffx = f('ø', 'æ\u2028å', g)  # no comment\r\ny = 1\r\n", id="letters beyond ASCII, lines of Windows"
    ),
    pytest.param("x = 1\ry = 2\r", id="lines of old machines"),
    pytest.param("x = f(1)", id="no end of the last line"),
    pytest.param("", id="nothing"),
    pytest.param("\n\n# only words\n", id="no code"),
    pytest.param(
        "\tif x:\n\t\ty\n".replace("\tif", "if").replace("\t\ty", "\ty") + "\x0cz = 1\n", id="tabs and form feeds"
    ),
]


def told(text: bytes) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """The places of all nodes as we find them, and as libcst does."""
    module = libcst.parse_module(text)
    lowering = Lowering()
    lowering.module(module)
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    theirs = [positions[node] for node in lowering.nodes]
    expected = [(one.start.line, one.start.column + 1, one.end.line, one.end.column + 1) for one in theirs]
    return list(places(module, lowering.nodes)), expected


@pytest.mark.parametrize("program", FORMS)
def test_places_are_those_that_libcst_finds(program: str) -> None:
    found, expected = told(program.encode())
    assert found == expected


@pytest.mark.parametrize("file", OURS[::9], ids=lambda file: file.name)
def test_places_of_whole_files_are_those_that_libcst_finds(file: Path) -> None:
    found, expected = told(file.read_bytes())
    assert found and found == expected


@pytest.mark.parametrize("program", FORMS)
def test_what_is_made_of_a_text_is_its_module(program: str) -> None:
    [written] = made([program.encode()])
    lowered = restored(written, 0)
    assert isinstance(lowered, Lowered)
    assert lowered.block == Lowering().module(libcst.parse_module(program.encode()))


def test_a_module_can_be_numbered_from_any_number_on() -> None:
    text = "\n".join(dedent(one.values[0]) for one in FORMS[:8]).encode()  # type: ignore[attr-defined]
    [written] = made([text])
    expected = Lowering(1000).module(libcst.parse_module(text))
    lowered = restored(written, 1000)
    assert isinstance(lowered, Lowered) and lowered.block == expected
    numbers = [part.node for part in ir.walk(lowered.block) if hasattr(part, "node")]
    assert min(numbers) >= 1000 and max(numbers) < 1000 + lowered.count


def test_a_node_without_a_place_keeps_its_file() -> None:
    assert Lowered((), bytes(16)).located(Place("a.py", node=0)) == Place("a.py", node=0)


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        pytest.param(b"x = 1\ny = = 2\n", "does not parse: syntax error in line 2", 2, id="no syntax"),
        pytest.param(b"(" * 300 + b")" * 300, "is nested too deep to be read as Python", None, id="too deep"),
    ],
)
def test_what_cannot_be_read_says_why(text: bytes, problem: str, line: int | None) -> None:
    [written] = made([text])
    assert restored(written, 0) == Unreadable(problem, line)


@pytest.mark.parametrize("written", [packed("a text"), b"", b"garbage"])
def test_other_bytes_are_no_module(written: bytes) -> None:
    with pytest.raises(ValueError):
        restored(written, 0)
