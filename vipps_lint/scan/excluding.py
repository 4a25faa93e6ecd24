"""Which files the settings leave out."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Matcher = Callable[[str], object]


class Exclusion:
    """The files and folders that one of the globs names, by their way from `base` or by their last name."""

    def __init__(self, globs: tuple[str, ...], base: str) -> None:
        self.base = base
        self._matches = _matcher(globs) if globs else None
        self._folders: dict[str, bool] = {}

    def __bool__(self) -> bool:
        return self._matches is not None

    def __call__(self, path: str) -> bool:
        """Whether a glob names the path, or a folder that it is in."""
        return self._matches is not None and self._named(relative(path, self.base), self._matches)

    def below(self, folder: str, names: list[str]) -> list[str]:
        """Those of the names in (and below) a folder that are not excluded."""
        if self._matches is None:
            return names
        way, matches = relative(folder, self.base), self._matches
        before = "" if way == "." else f"{way}/"
        return [name for name in names if not self._named(before + name, matches)]

    def _named(self, way: str, matches: Matcher) -> bool:
        if matches(way):
            return True
        folder = way.rpartition("/")[0]
        if not folder or folder.endswith(".."):
            return False
        if folder not in self._folders:
            self._folders[folder] = self._named(folder, matches)
        return self._folders[folder]


def _matcher(globs: tuple[str, ...]) -> Matcher:
    import re
    from fnmatch import translate

    patterns = [translate(glob.rstrip("/")) for glob in globs]
    whole = re.compile("|".join(patterns))

    def matches(way: str) -> object:
        return whole.match(way) or whole.match(way.rpartition("/")[2])

    return matches


def relative(path: str, base: str) -> str:
    """The path as globs see it: from a folder, with `/`."""
    try:
        way = os.path.relpath(path, base)
    except ValueError:  # another drive
        way = path
    return way.replace(os.sep, "/")
