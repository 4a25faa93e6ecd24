"""The Python files below a folder, where git does not list them."""

from __future__ import annotations

import os

from vipps_lint.scan.git import SUFFIXES

SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist"})


def python_files(folder: str) -> list[tuple[str, os.stat_result]]:
    """The files by their names from the folder, with `/`, and how they are on the disk."""
    found: list[tuple[str, os.stat_result]] = []
    waiting = [""]
    while waiting:
        way = waiting.pop()
        try:
            entries = os.scandir(os.path.join(folder, way) or ".")
        except OSError:  # one that may not be looked into has nothing for us
            continue
        with entries:
            for entry in entries:
                if entry.name.endswith(SUFFIXES) and entry.is_file():
                    found.append((way + entry.name, entry.stat()))
                elif _descends(entry):
                    waiting.append(f"{way}{entry.name}/")
    return found


def _descends(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    return entry.is_dir(follow_symlinks=False) and name not in SKIPPED and not name.startswith(".")
