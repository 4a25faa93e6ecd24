"""Which files a run is about, and which of them have something to say: a route of Vipps, or a comment for us.

Most runs find nothing here and are over. So nothing in this package imports anything that takes time.
"""

from __future__ import annotations

import os

from vipps_lint.cache import Cache, digest
from vipps_lint.scan.excluding import Exclusion
from vipps_lint.scan.markers import Markers
from vipps_lint.scan.search import BOTH, COMMENT, LARGE, LARGEST, ROUTE, UNREADABLE, verdicts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from vipps_lint.scan.folder import Folder
    from vipps_lint.scan.git import Process
    from vipps_lint.scan.search import Progress


class Scan:
    """The files of a run. `named` are those that were named themselves, `folders` have the others.

    `verdicts` has what there is to say of a file, in the order of the run; `missing` is what was named and is not
    there.
    """

    def __init__(self) -> None:
        self.named: list[str] = []
        self.folders: list[Folder] = []
        self.verdicts: dict[str, str] = {}
        self.missing: list[str] = []
        self._begun: tuple[tuple[bytes, ...], list[Process | None]] = ((), [])

    def files(self) -> list[str]:
        """The paths of all files that were looked at, as reports show them."""
        unread = self.unread()
        return [path for path in self._all() if path not in unread]

    def count(self) -> int:
        """How many files were looked at."""
        return len(self._all()) - (len(self.unread()) - len(self.missing))

    def routes(self) -> list[str]:
        """The files that spell a route."""
        return [path for path, said in self.verdicts.items() if said in (ROUTE, BOTH)]

    def comments(self) -> list[str]:
        """The files with a comment for us."""
        return [path for path, said in self.verdicts.items() if said in (COMMENT, BOTH)]

    def unread(self) -> dict[str, str]:
        """The files that were left out, and why."""
        reasons = dict.fromkeys(self.missing, "there is no such file or folder")
        for path, said in self.verdicts.items():
            if said == LARGE:
                reasons[path] = f"has more than {LARGEST // 10**6} MB and was not checked"
            elif said.startswith(UNREADABLE):
                reasons[path] = f"cannot be read: {said.removeprefix(UNREADABLE)}"
        return reasons

    def begin(self, words: tuple[bytes, ...]) -> None:
        """Search for words that `possible` will be asked for, or for some of them, while something else is done."""
        self.stop()
        self._begun = words, [folder.search(words) for folder in self.folders]

    def stop(self) -> None:
        """Nobody will ask for what was begun."""
        for search in self._begun[1]:
            if search is not None:
                search.stop()
        self._begun = (), []

    def possible(self, words: tuple[bytes, ...]) -> list[str]:
        """The files that may have one of some words; the others surely have none."""
        if not set(words) <= set(self._begun[0]):
            self.begin(words)
        (_, searches), self._begun = self._begun, ((), [])
        found = dict.fromkeys(self.named)
        for folder, search in zip(self.folders, searches, strict=True):
            found |= dict.fromkeys(folder.possible(search))
        unread = self.unread()
        return [path for path in found if path not in unread]

    def state(self) -> str | None:
        """What changes when a file of the run changes, comes or goes; None where a file cannot be read."""
        loose = [path for folder in self.folders for path in folder.loose]
        contents = {path: content(path, None) for path in (*self.named, *loose)}
        if self.unread() or None in contents.values():
            return None
        words = [os.fsencode(folder.path) for folder in self.folders]
        for path, text in contents.items():
            words += os.fsencode(path), os.fsencode(digest(text or b""))
        known = [identity for folder in self.folders for identity in folder.identities.values()]
        return digest(b"\0".join((*words, b"", *sorted(known))))

    def _all(self) -> dict[str, None]:
        found = dict.fromkeys(self.named)
        for folder in self.folders:
            found |= dict.fromkeys(folder.identities) | dict.fromkeys(folder.loose)
        return found


def look(
    paths: Sequence[str],
    exclude: Exclusion,
    cache: Cache,
    *,
    markers: Markers | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Scan:
    """Look at files, and at folders with all Python files in them, apart from those that are excluded."""
    scan, sought = Scan(), markers or Markers()
    for path in map(plain, paths):
        if exclude(path):
            continue
        if os.path.isdir(path):
            from vipps_lint.scan.folder import Folder

            folder = Folder(path, exclude)
            scan.verdicts |= folder.look(sought, cache, jobs, progress)
            scan.folders.append(folder)
        else:
            (scan.named if os.path.exists(path) else scan.missing).append(path)
    scan.verdicts |= verdicts(list(dict.fromkeys(scan.named)), sought, jobs, progress)
    return scan


def plain(path: str) -> str:
    """A path as reports show it: with `/`, and without steps that lead nowhere."""
    if os.sep != "/":
        path = path.replace(os.sep, "/")
    steps = [step for step in path.split("/") if step not in ("", ".")]
    start = "//" if path.startswith("//") and not path.startswith("///") else "/" if path.startswith("/") else ""
    return start + "/".join(steps) or "."


def content(path: str, largest: int | None = LARGEST) -> bytes | None:
    """The bytes of a file; None where there is no file, none that can be read, or one that is too large for source."""
    try:
        if not os.path.isfile(path) or (largest is not None and os.stat(path).st_size > largest):
            return None
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except (OSError, ValueError):
        return None
