"""What the source reader may ask about the files of a run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vipps_lint.catalog import Catalog
from vipps_lint.check.importing import Importing
from vipps_lint.scan import Scan, content
from vipps_lint.scan.markers import Markers


class Files:
    """The files that a scan has found, by their paths with forward slashes, and any other that code may import.

    `consulted` has the text of each file that was read, and None for each path at which there was nothing to read.
    """

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.consulted: dict[str, bytes | None] = {}

    def text(self, path: str) -> bytes | None:
        """The text of a file; None where there is none, or none that can be read as source."""
        if path not in self.consulted:
            self.consulted[path] = content(path)
        return self.consulted[path]

    def texts(self, paths: list[str]) -> dict[str, bytes]:
        """The texts of those files that can be read."""
        return {path: text for path in paths if (text := self.text(path)) is not None}

    def mentioning(self, names: frozenset[str]) -> list[str]:
        """The checked files whose text has one of some names, as whole words."""
        found = _words(names).search
        return [path for path, text in self._possible(tuple(sorted(map(str.encode, names)))) if found(text)]

    def begin(self) -> None:
        """Search for the files that may import those with routes, while these are read."""
        self.scan.begin(Importing(self.scan.routes()).words)

    def importing(self, modules: frozenset[str], names: frozenset[str]) -> list[str]:
        """The checked files that may import one of some modules, and whose text has one of some names."""
        sought = Importing(modules)
        found = _words(names).search
        if not names:
            self.scan.stop()
            return []
        possible = self._possible(sought.words)
        return [path for path, text in possible if sought.imported_by(path, text) and found(text)]

    def _possible(self, words: tuple[bytes, ...]) -> Iterator[tuple[str, bytes]]:
        """The files that may have one of some words and that are not read anyway, with their texts."""
        routes = set(self.scan.routes())
        for path in sorted(self.scan.possible(words)) if words else ():
            if path not in routes:
                yield path, content(path) or b""


def _words(names: frozenset[str]) -> re.Pattern[bytes]:
    listed = b"|".join(re.escape(name.encode()) for name in sorted(names))
    return re.compile(rb"(?<![0-9A-Za-z_\x80-\xff])(?:" + listed + rb")(?![0-9A-Za-z_\x80-\xff])")


def markers(rules: Catalog) -> Markers:
    """What a file must contain to be worth parsing: the prefix of an API, as a path has it, in small letters."""
    prefixes = {prefix.strip("/").lower() for api in rules.apis.values() for prefix in (*api.prefixes, *api.typos)}
    return Markers(tuple(one.encode() for one in sorted(prefixes)))
