"""One folder: its files, and what there is to say of each, remembered from run to run.

A file that has not changed is not read again. What vouches for it is its *identity*: for a file that git tracks the
hash of what it contains, for others size, times and number on the disk. A file that may have changed without a trace
(git says that it was modified; it was written just now) has no identity, and is read in each run.
"""

from __future__ import annotations

import os
from time import time_ns

from vipps_lint.cache import digest
from vipps_lint.scan import git, walk
from vipps_lint.scan.search import UNREADABLE, verdicts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vipps_lint.cache import Cache
    from vipps_lint.scan.excluding import Exclusion
    from vipps_lint.scan.markers import Markers
    from vipps_lint.scan.search import Progress

KIND = "scan"

MANY = 1500
"""To search more files than this is work for git, where there is a repository."""

RECENT = 2_000_000_000
"""For how many nanoseconds after it was written a file may be written again at what the disk calls the same time."""


class Folder:
    """The Python files below a folder that is named: those git does not ignore, if it is in a repository.

    A folder that git ignores as a whole was named on purpose, so there all files count. `identities` has the identity
    of each file that has one; `loose` are the other files. Both have paths as reports show them.
    """

    def __init__(self, path: str, exclude: Exclusion) -> None:
        self.path = path
        self.exclude = exclude
        self.in_git = False
        self.identities: dict[str, bytes] = {}
        self.loose: list[str] = []
        self._start = "" if path == "." else path if path.endswith("/") else f"{path}/"

    def look(self, markers: Markers, cache: Cache, jobs: int, progress: Progress | None) -> dict[str, str]:
        """Find the files; those of which there is something to say, with their verdicts, in the order of the paths."""
        memory = _Memory(cache, f"{os.path.abspath(self.path)} {digest(b' '.join(markers.routes))}")
        listed = git.listing(self.path)
        search = None if memory.known else git.search(self.path, markers.pieces, whole=False)
        self._find(listed.output())
        fresh = [path for path, identity in self.identities.items() if identity not in memory.known]
        if search is None and self.in_git and len(fresh) > MANY:
            search = git.search(self.path, markers.pieces, whole=False)
        found = {path: said for path, identity in self.identities.items() if (said := memory.known.get(identity))}
        found |= verdicts([*self._among(fresh, search), *self.loose], markers, jobs, progress)
        if fresh:
            memory.keep(self.identities, found)
        return {path: found[path] for path in sorted(found, key=lambda path: path.split("/"))}

    def search(self, words: tuple[bytes, ...]) -> git.Process | None:
        """Have git search the files for words; None where it cannot."""
        return git.search(self.path, words, whole=True) if self.in_git else None

    def possible(self, search: git.Process | None) -> list[str]:
        """The files that may have one of the words of a search; the others surely have none."""
        return [*self._among(list(self.identities), search), *self.loose]

    def _find(self, listed: bytes | None) -> None:
        if listed:
            self._from_git(git.Listing(listed))
        self.in_git = bool(self.identities or self.loose)
        if not self.in_git:
            self._from_disk()
        if self.exclude:
            kept = set(self.exclude.below(self.path, [*self.identities, *self.loose]))
            self.identities = {path: identity for path, identity in self.identities.items() if path in kept}
            self.loose = [path for path in self.loose if path in kept]

    def _from_git(self, listing: git.Listing) -> None:
        self.identities = {self._start + name: identity for name, identity in listing.tracked.items()}
        self.loose = [path for path in (self._start + name for name in listing.others) if os.path.isfile(path)]

    def _from_disk(self) -> None:
        old = time_ns() - RECENT
        for name, about in walk.python_files(self.path):
            if max(about.st_mtime_ns, about.st_ctime_ns) > old:
                self.loose.append(self._start + name)
            else:
                numbers = f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino}"
                self.identities[self._start + name] = os.fsencode(f"{numbers} {name}")

    def _among(self, paths: list[str], search: git.Process | None) -> list[str]:
        """Those of the paths that a search of git has named; all where it could not be done."""
        written = search.output((0, 1)) if search else None
        if written is None or not self.in_git:
            return paths
        named = {self._start + name for name in git.names_in(written)}
        return [path for path in paths if path in named]


class _Memory:
    """The verdicts of the last run, by identity; "" for files of which there is nothing to say."""

    def __init__(self, cache: Cache, key: str) -> None:
        self.cache = cache
        self.key = key
        said, _, silent = (cache.get(KIND, key) or b"").partition(b"\0\0")
        words = said.split(b"\0")
        self.known = dict.fromkeys(silent.split(b"\0"), "") if silent else {}
        self.known |= {identity: os.fsdecode(word) for identity, word in zip(words[1::2], words[::2], strict=False)}

    def keep(self, identities: dict[str, bytes], found: dict[str, str]) -> None:
        """Remember the verdicts of this run. What could not be read is tried again."""
        said: list[bytes] = []
        for path, word in found.items():
            if path in identities and not word.startswith(UNREADABLE):
                said += os.fsencode(word), identities[path]
        silent = (identity for path, identity in identities.items() if path not in found)
        self.cache.put(KIND, self.key, b"\0".join(said) + b"\0\0" + b"\0".join(silent))
