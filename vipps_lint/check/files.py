"""What the source reader may ask about the files of a run."""

from __future__ import annotations

import re

from vipps_lint.catalog import Catalog
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

    def mentioning(self, modules: frozenset[str], names: frozenset[str]) -> list[str]:
        """The checked files whose text has one of the module names and one of the other names, as whole words."""
        if not modules or not names:
            return []
        routes = set(self.scan.routes())
        wanted = tuple(sorted(map(str.encode, modules)))
        module, name = _words(modules), _words(names)
        possible = [path for path in sorted(self.scan.possible(wanted)) if path not in routes]
        return [path for path in possible if _mentions(content(path) or b"", wanted, module, name)]


def _mentions(text: bytes, wanted: tuple[bytes, ...], module: re.Pattern[bytes], name: re.Pattern[bytes]) -> bool:
    quick = any(word in text for word in wanted)  # many times faster than an expression, and mostly False
    return quick and module.search(text) is not None and name.search(text) is not None


def _words(names: frozenset[str]) -> re.Pattern[bytes]:
    listed = b"|".join(re.escape(name.encode()) for name in sorted(names))
    return re.compile(rb"(?<![0-9A-Za-z_\x80-\xff])(?:" + listed + rb")(?![0-9A-Za-z_\x80-\xff])")


def markers(rules: Catalog) -> Markers:
    """What a file must contain to be worth parsing: the prefix of an API, as a path has it, in small letters."""
    prefixes = {prefix.strip("/").lower() for api in rules.apis.values() for prefix in (*api.prefixes, *api.typos)}
    return Markers(tuple(one.encode() for one in sorted(prefixes)))
