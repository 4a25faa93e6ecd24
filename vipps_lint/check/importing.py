"""Which texts may import some modules, by their import statements alone.

It may take a text for an importer that is none, never the other way round: what a name of an import leads to is for
the evaluation to find out, which parses, and words such as `main` and `tokens` stand in thousands of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import basename, dirname, join, normpath

NAME = rb"[.\w\x80-\xff]+"
WORD = re.compile(NAME)
IMPORTED = re.compile(rb"import\b\s*(\([^)]*\)|(?:[^\n;#\\]|\\\r?\n)*)")
FROM = re.compile(rb"\bfrom\s+(" + NAME + rb")\s*$")


class Importing:
    """Some modules of a project, by their paths."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._ways: dict[str, set[str]] = {}
        for path in paths:
            way = normpath(path.rpartition(".")[0])
            way = dirname(way) if basename(way) == "__init__" else way
            self._ways.setdefault(basename(way), set()).add(way)
        self.words = tuple(sorted(map(str.encode, self._ways)))
        """What a statement that imports one of them has in it, unless it is in its folder and says only `.`."""

    def imported_by(self, path: str, text: bytes) -> bool:
        """Whether the file may import one of the modules."""
        return any(self._named(*way) for base, names in self._statements(text) for way in _ways(path, base, names))

    def _statements(self, text: bytes) -> Iterator[tuple[str, list[str]]]:
        """The import statements that have one of our words: what is behind `from`, and the names behind `import`."""
        for statement in IMPORTED.finditer(text):
            start = text.rfind(b"\n", 0, statement.start()) + 1
            whole = text[start : statement.end()]
            if any(word in whole for word in self.words):
                base = FROM.search(text[start : statement.start()])
                names = [word.decode("utf-8", "replace") for word in WORD.findall(statement[1])]
                yield base[1].decode("utf-8", "replace") if base else "", names

    def _named(self, folder: str | None, steps: str) -> bool:
        if folder is not None:
            whole = normpath(join(folder, steps))
            return whole in self._ways.get(basename(whole), ())
        return any(way == steps or way.endswith(f"/{steps}") for way in self._ways.get(basename(steps), ()))


def _ways(path: str, base: str, names: list[str]) -> Iterator[tuple[str | None, str]]:
    """What a statement imports, as steps from a folder, or from any folder (None)."""
    bare = base.lstrip(".")
    dots = len(base) - len(bare)
    folder = normpath(join(dirname(path), *[".."] * (dots - 1))) if dots else None
    steps = bare.replace(".", "/")
    yield folder, steps
    yield from ((folder, join(steps, name.replace(".", "/"))) for name in names)
