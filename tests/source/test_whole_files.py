"""Every function of files that nobody wrote for us is followed to an end: no exception, whatever is in them."""

from __future__ import annotations

import importlib.metadata
import random
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Note
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import Alone, Bare, entries
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.modules import Modules
from vipps_lint.read.source.roomy import with_room

ROUTES = Routes(catalog().operations.values())
OWN = sorted((Path(__file__).parents[2] / "vipps_lint").rglob("*.py"))
STANDARD = Path(sysconfig.get_path("stdlib"))
CALL = b'requests.post("https://api.vipps.no/ecomm/v2/payments", json={**locals()})\n'
LARGEST = 20
BIG = 100_000
MOST = 3
"""So many files of a folder or package are followed, spread evenly over it."""
REPORTED = "please report this bug"


def followed(path: str, text: bytes) -> list[Note]:
    """The notes of a file of which every function is followed, whether it can lead to a call or not."""

    def follow() -> list[Note]:
        machine, notes = Machine(ROUTES), list[Note]()
        Modules(machine, Alone(), Bare(), notes).load(path, text, noted=True)
        for function, owner in entries.functions_of(machine):
            entries.follow(machine, function, owner, notes)
        return notes

    return with_room(follow)


def bugs(files: list[Path]) -> list[str]:
    """What went wrong in some files; large ones are tables of data and left out."""
    texts = ((path, path.read_bytes()) for path in files if path.stat().st_size < BIG)
    return [
        f"{path}: {note.message}" for path, text in texts for note in followed(str(path), text) if REPORTED in note.message
    ]


def some(files: Iterable[Path]) -> list[Path]:
    """A few of the Python files, always the same."""
    found = sorted(files)
    return found[:: max(1, -(-len(found) // MOST))]


def mutated(seed: int) -> bytes:
    """One of our files with some bytes, words or lines changed, lost, doubled or moved, and calls of Vipps between them."""
    chance = random.Random(seed)
    text = chance.choice(OWN).read_bytes()
    separator = chance.choice((b"\n", b"\n", b" ", b""))
    pieces = text.split(separator) if separator else [bytes([byte]) for byte in text]
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(pieces))
        piece = pieces[at]
        other = chance.choice(
            (b"", piece + separator + piece, piece[: len(piece) // 2], chance.choice(pieces), CALL, b"\0")
        )
        pieces[at] = other
    return b"import requests\n" + separator.join(pieces) + b"\n" + CALL


@pytest.mark.parametrize("path", OWN[:: max(1, len(OWN) // 12)], ids=lambda path: path.stem)
def test_a_file_of_our_own(path: Path) -> None:
    assert bugs([path]) == []


@pytest.mark.parametrize("seed", range(25))
def test_a_mutated_file(seed: int) -> None:
    assert not [note for note in followed("mutated.py", mutated(seed)) if REPORTED in note.message]


@pytest.mark.slow
@pytest.mark.parametrize("block", range(25, 525, 50))
def test_many_mutated_files(block: int) -> None:
    notes = [note for seed in range(block, block + 50) for note in followed("mutated.py", mutated(seed))]
    assert not [note for note in notes if REPORTED in note.message]


def standard() -> Iterator[Path]:
    """The folders and files of the standard library."""
    yield from sorted(path for path in STANDARD.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())


@pytest.mark.slow
@pytest.mark.parametrize("part", list(standard())[::2], ids=lambda path: path.name)
def test_the_standard_library(part: Path) -> None:
    assert bugs([part] if part.is_file() else some(part.rglob("*.py"))) == []


def largest() -> list[importlib.metadata.Distribution]:
    """The installed packages with the most Python in them."""

    def size(package: importlib.metadata.Distribution) -> int:
        return sum(one.size or 0 for one in package.files or () if one.suffix == ".py")

    return sorted(importlib.metadata.distributions(), key=size, reverse=True)[:LARGEST]


@pytest.mark.slow
@pytest.mark.parametrize("package", largest(), ids=lambda package: package.name)
def test_a_large_package(package: importlib.metadata.Distribution) -> None:
    files = [Path(str(package.locate_file(one))) for one in package.files or () if one.suffix == ".py"]
    assert bugs(some(path for path in files if path.exists())) == []
