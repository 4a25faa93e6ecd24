"""Imports point down, each dependency has one home, and the pure modules neither read, write nor ask the time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "vipps_lint"

ROWS = [
    ("immutable",),
    ("document", "packing"),
    ("shape",),
    ("call", "diagnostic"),
    ("ledger",),
    ("checks", "read"),
    ("changes",),
    ("rulefiles", "cache", "hands", "output", "progress"),
    ("scan", "workshop"),
    ("short",),
    ("shapefiles",),
    ("catalog",),
    ("engine", "examples"),
    ("suppress", "report"),
    ("check", "guard", "audit"),
    ("cli", "config", "settings"),
]
"""Low to high; a module imports from lower rows or its own package, and the faces do not know each other."""

NEIGHBOURS = {("diagnostic", "call"), ("report", "suppress"), ("cli", "config"), ("config", "settings")}
"""Imports inside a row that are meant."""

HOMES = {
    "libcst": ("read/source/",),
    "phonenumbers": ("checks/phone.py",),
    "click": ("cli/",),
    "jinja2": ("report/html/",),
    "markupsafe": ("report/html/",),
    "pydantic": ("rulefiles.py", "settings.py", "read/record.py", "audit/"),
    "pytest": ("guard/plugin/",),
    "_pytest": ("guard/plugin/",),
    "mitmproxy": ("guard/proxy/",),
    "zstandard": ("audit/unpacking.py",),
    "pyarrow": ("audit/parquet.py", "audit/spark/"),
    "pyspark": ("audit/spark/",),
}

PURE = ("document", "shape", "call", "diagnostic", "ledger", "checks", "read", "engine", "examples")
OUTSIDE = {"os", "io", "pathlib", "socket", "subprocess", "time", "locale", "tempfile", "shutil", "random", "secrets"}
CLOCKS = {("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today")}
FILES = {"open", "input", "print"}


@dataclass(frozen=True)
class Module:
    """One module of the package: where it is, and what it says."""

    path: str
    tree: ast.Module

    @property
    def part(self) -> str:
        """The row entry that the module belongs to: `ledger` for `ledger/book.py`."""
        return self.path.removesuffix(".py").split("/")[0]


def modules() -> list[Module]:
    files = sorted(PACKAGE.rglob("*.py"))
    return [Module(file.relative_to(PACKAGE).as_posix(), ast.parse(file.read_bytes())) for file in files]


def row(part: str) -> int | None:
    return next((number for number, parts in enumerate(ROWS) if part in parts), None)


def imported(module: Module) -> Iterator[str]:
    """The full names of all that the module imports, wherever in it."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str() as origin, names=names, level=0):
                yield from (f"{origin}.{alias.name}" for alias in names)


def upward(module: Module) -> list[str]:
    """Imports of the package that do not point down."""
    found = []
    for name in imported(module):
        top, _, rest = name.partition(".")
        part = rest.split(".")[0]
        mine, theirs = row(module.part), row(part)
        if top != "vipps_lint" or mine is None or theirs is None or part == module.part:
            continue
        if theirs >= mine and (module.part, part) not in NEIGHBOURS:
            found.append(f"{module.path} imports {name}")
    return found


def homeless(module: Module) -> list[str]:
    """Dependencies that are used outside their home."""
    tops = {name.split(".")[0] for name in imported(module)}
    return [
        f"{module.path} imports {top}"
        for top in sorted(tops & HOMES.keys())
        if not any(module.path.startswith(home) for home in HOMES[top])
    ]


def impure(module: Module) -> list[str]:
    """What a pure module does that depends on more than its arguments."""
    if module.part not in PURE:
        return []
    found = [f"{module.path} imports {name}" for name in imported(module) if name.split(".")[0] in OUTSIDE]
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in FILES:
                found.append(f"{module.path}:{node.lineno} calls {name}")
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if (owner, name) in CLOCKS:
                found.append(f"{module.path}:{node.lineno} calls {owner}.{name}")
    return found


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.path)
def test_module_keeps_to_its_layer(module: Module) -> None:
    assert not [*upward(module), *homeless(module), *impure(module)]


def test_every_module_has_a_row() -> None:
    free = {"__init__", "__main__", "py"}
    assert {module.part for module in modules()} - free <= {part for parts in ROWS for part in parts}


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        pytest.param(
            "document.py", "from vipps_lint.call import Call", upward, id="the lowest layer knows a higher one"
        ),
        pytest.param("checks/phone.py", "from vipps_lint.read import routes", upward, id="checks know a reader"),
        pytest.param("guard/core.py", "import vipps_lint.audit.html", upward, id="one face knows another"),
        pytest.param(
            "engine.py", "def f():\n    from vipps_lint import report", upward, id="an import in a function counts"
        ),
        pytest.param("engine.py", "import libcst as cst", homeless, id="libcst outside the source reader"),
        pytest.param("guard/core.py", "from pytest import fixture", homeless, id="pytest outside the plugin"),
        pytest.param("ledger/book.py", "from pathlib import Path", impure, id="a pure module that can read files"),
        pytest.param("read/har.py", "def f():\n    return open('x')", impure, id="a pure module that opens a file"),
        pytest.param("checks/dates.py", "today = date.today()", impure, id="a check that reads the clock"),
        pytest.param("engine.py", "now = datetime.now(UTC)", impure, id="an engine that reads the clock"),
    ],
)
def test_a_breach_is_seen(path: str, text: str, problem) -> None:  # type: ignore[no-untyped-def]
    assert problem(Module(path, ast.parse(text)))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("checks/phone.py", "import phonenumbers\nfrom vipps_lint.ledger import Ledger", id="a check"),
        pytest.param("guard/plugin/__init__.py", "import pytest\nfrom vipps_lint.engine import judge", id="the plugin"),
        pytest.param("ledger/payment.py", "from vipps_lint.ledger.ranges import Range", id="its own package"),
        pytest.param("cli.py", "import os, time\nprint(1)", id="the command line may do as it likes"),
    ],
)
def test_what_is_allowed_is_no_breach(path: str, text: str) -> None:
    module = Module(path, ast.parse(text))
    assert not [*upward(module), *homeless(module), *impure(module)]
