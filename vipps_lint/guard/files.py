"""Which of the linter's files a file is that was executed."""

from __future__ import annotations

import os
from pathlib import Path


class Files:
    """Names files: one name for each, also for links to it and for an installed copy with the same text."""

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self._sources: dict[str, set[str]] = {}
        self._ran: dict[str, str] = {}

    def of_source(self, path: str) -> str:
        """The name of a file that a report mentions; its paths are relative to one of the folders."""
        spelled = (path, path.replace("\\", "/"))
        there = (folder / one for one in spelled for folder in self.folders)
        found = _real(next((one for one in there if one.is_file()), self.folders[0] / path))
        self._sources.setdefault(Path(found).name, set()).add(found)
        return found

    def that_ran(self, path: str) -> str:
        """The name of a file that was executed; all sources are known by now."""
        if path not in self._ran:
            self._ran[path] = self._source(_real(path))
        return self._ran[path]

    def _source(self, found: str) -> str:
        namesakes = self._sources.get(Path(found).name, set())
        if found in namesakes or not namesakes or (text := _text(found)) is None:
            return found
        copies = [one for one in namesakes if _text(one) == text]
        return copies[0] if len(copies) == 1 else found


def _real(path: str | Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _text(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except OSError:
        return None
