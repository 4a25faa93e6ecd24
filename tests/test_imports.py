"""Every module can be the first that is imported: modules that need each other ask nothing of each other meanwhile."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "vipps_lint"
LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

Modules = Mapping[str, ast.Module]


def modules() -> dict[str, ast.Module]:
    """The modules of the package by their full names."""
    files = {file.relative_to(PACKAGE.parent).with_suffix(""): file for file in PACKAGE.rglob("*.py")}
    return {
        ".".join(path.parts).removesuffix(".__init__"): ast.parse(file.read_bytes()) for path, file in files.items()
    }


def at_once(node: ast.AST) -> Iterator[ast.AST]:
    """What runs while the module is imported: no bodies of functions, no annotations, nothing for type checkers."""
    for name, child in ast.iter_fields(node):
        for one in child if isinstance(child, list) else [child]:
            typing = isinstance(one, ast.If) and "TYPE_CHECKING" in ast.dump(one.test)
            if not isinstance(one, ast.AST) or name in ("annotation", "returns") or typing:
                continue
            yield one
            if isinstance(one, LATER):
                inside = [*getattr(one, "decorator_list", []), *one.args.defaults, *filter(None, one.args.kw_defaults)]
                yield from (part for start in inside for part in (start, *at_once(start)))
            else:
                yield from at_once(one)


def imports(tree: ast.AST, known: Modules) -> Iterator[tuple[str, str, str]]:
    """The modules that are imported at once, with the name that is taken from each (or none) and what it is called."""
    for node in at_once(tree):
        if isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found = (whole, "") if whole in known else (node.module, alias.name)
                yield *found, alias.asname or alias.name


def reached(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    found, left = set[str](), [start]
    while left:
        new = edges.get(left.pop(), set()) - found
        found |= new
        left += new
    return found


def early(known: Modules) -> list[str]:
    """What is asked of a module that may not be there yet, because it has begun to import the one that asks."""
    edges = {name: {target for target, _, _ in imports(tree, known)} for name, tree in known.items()}
    around = {name: reached(name, edges) for name in known}
    found = []
    for name, tree in known.items():
        circular = [one for one in imports(tree, known) if name in around[one[0]]]
        found += [f"{name} takes {taken} from {target}" for target, taken, _ in circular if taken]
        called = {local: target for target, taken, local in circular if not taken}
        for node in at_once(tree):
            match node:
                case ast.Attribute(ast.Name(local), attribute) if local in called:
                    found.append(f"{name} uses {called[local]}.{attribute}")
    return found


def test_no_module_asks_another_one_that_is_not_ready():
    assert early(modules()) == []


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        pytest.param("from p.b import f", "from p import a", 1, id="a name of a module that imports this one"),
        pytest.param("from p import b\nT = {1: b.f}", "from p import a", 1, id="a table of another one's functions"),
        pytest.param("from p import b\ndef g(x=b.f): ...", "from p import a", 1, id="a default"),
        pytest.param("from p import b\nclass C(b.D): ...", "from p import a", 1, id="a base"),
        pytest.param("from p import b\ndef g(): b.f()", "from p import a", 0, id="the body of a function runs later"),
        pytest.param("from p import b\nT = lambda: b.f", "from p import a", 0, id="a lambda's too"),
        pytest.param("from p import b\ndef g(x: b.C) -> b.C: ...", "from p import a", 0, id="annotations are text"),
        pytest.param("from p.b import f", "def g():\n    from p import a", 0, id="an import that waits"),
        pytest.param("from p.b import f", "", 0, id="no circle"),
    ],
)
def test_a_circle_is_seen(one: str, other: str, count: int):
    known = {"p": ast.parse(""), "p.a": ast.parse(one), "p.b": ast.parse(other)}
    assert len(early(known)) == count
