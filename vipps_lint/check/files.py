"""The files of a run: which there are, which spell a route, and what the source reader may ask about the others."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from vipps_lint.catalog import Catalog
from vipps_lint.diagnostic import Note

SUFFIXES = (".py", ".pyi", ".pyw")
SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist"})
LARGEST = 4_000_000
"""Files of more bytes are no source that anybody wrote."""


class Folder:
    """The files of one run, by their paths with forward slashes. `seeds` are those that spell a route."""

    def __init__(self, rules: Catalog, notes: list[Note]) -> None:
        self.markers = _markers(rules)
        self.notes = notes
        self.taken: list[str] = []
        self.seeds: dict[str, bytes] = {}
        self.text = lru_cache(maxsize=256)(self._text)

    def take(self, path: Path) -> bytes | None:
        """Read a file that is to be checked; None, with a note, where that is not possible."""
        shown = path.as_posix()
        try:
            if path.stat().st_size > LARGEST:
                self.notes.append(Note(shown, f"has more than {LARGEST // 10**6} MB and was not checked"))
                return None
            text = path.read_bytes()
        except OSError as error:
            self.notes.append(Note(shown, f"cannot be read: {error.strerror or error}"))
            return None
        self.taken.append(shown)
        lowered = text.lower()
        if any(marker in lowered for marker in self.markers):
            self.seeds[shown] = text
        return text

    def _text(self, path: str) -> bytes | None:
        file = Path(path)
        try:
            return file.read_bytes() if file.is_file() and file.stat().st_size <= LARGEST else None
        except OSError:
            return None

    def mentioning(self, modules: frozenset[str], names: frozenset[str]) -> list[str]:
        """The checked files whose text has one of the module names and one of the other names, as whole words."""
        if not modules or not names:
            return []
        module, name = _words(modules), _words(names)
        texts = ((path, self.text(path) or b"") for path in self.taken if path not in self.seeds)
        return [path for path, text in texts if module.search(text) and name.search(text)]


def _words(names: frozenset[str]) -> re.Pattern[bytes]:
    return re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in sorted(names)) + rb")\b")


def _markers(rules: Catalog) -> tuple[bytes, ...]:
    """What a file must contain to be worth parsing: the prefix of an API, as a path has it, in small letters."""
    prefixes = {prefix.strip("/").lower() for api in rules.apis.values() for prefix in (*api.prefixes, *api.typos)}
    return tuple(one.encode() for one in sorted(prefixes))


def python_files(paths: Sequence[Path], exclude: Callable[[Path], bool], notes: list[Note]) -> Iterator[Path]:
    """The files to check: those that are named, and those in named folders, that `exclude` does not say yes to."""
    for path in paths:
        if exclude(path):
            continue
        if path.is_dir():
            yield from (one for one in sorted(_inside(path)) if not exclude(one))
        elif path.exists():
            yield path
        else:
            notes.append(Note(path.as_posix(), "there is no such file or folder"))


def _inside(folder: Path) -> Iterator[Path]:
    """The Python files below a folder: those git does not ignore, where it is in a git checkout.

    A folder that git ignores as a whole was named on purpose, so there all files count.
    """
    if listed := _from_git(folder):
        yield from listed
        return
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED and not name.startswith(".")]
        yield from (Path(top) / name for name in names if name.endswith(SUFFIXES))


def _from_git(folder: Path) -> list[Path] | None:
    """What git tracks or could track below a folder; None where it is no checkout or there is no git."""
    command = ["git", "-C", str(folder), "ls-files", "-co", "--exclude-standard", "-z"]
    try:
        result = subprocess.run([*command, *(f"*{suffix}" for suffix in SUFFIXES)], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    names = dict.fromkeys(name for name in result.stdout.decode("utf-8", "surrogateescape").split("\0") if name)
    return [path for name in names if (path := folder / name).is_file()]
