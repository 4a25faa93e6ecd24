"""One run of `check`, and what is remembered of it.

A run is the same as an earlier one if the program, the words of the command line, the settings and the day are the
same, and so is all that the disk has told it: the files that it is about, those that were read besides, and the places
where a module was looked for and none was found. Then its answer is the same, and nothing is evaluated again.
"""

from __future__ import annotations

import os
import sys
from time import gmtime, strftime

from vipps_lint.cache import Cache, default_folder, digest, stamp
from vipps_lint.output import colorful
from vipps_lint.scan import content, look
from vipps_lint.scan.excluding import Exclusion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vipps_lint.scan import Scan
    from vipps_lint.scan.search import Progress
    from vipps_lint.short.request import Request
    from vipps_lint.workshop import Workshop

OUTCOME, SETTINGS = "run", "settings"
NAME = b"vipps-lint"
"""A file that does not have this word has no settings of ours."""

OURS, OTHER = b"ours", b"other"
"""What begins the memory of a file with settings for us, and that of one that only has the word."""

FEW = 4
"""Of how many files with routes the parse pays while the rest of the program is imported (two cores, 2026)."""

OTHERS = ("libcst", "phonenumbers")
"""Packages that an answer depends on too."""


class Run:
    """One run: its files, once the settings are known, and its earlier answer, if it has one."""

    def __init__(self, request: Request) -> None:
        options = request.options
        self.request = request
        self.cache = Cache("" if "--no-cache" in options else options.get("--cache-dir") or default_folder())
        self.jobs = int(options.get("--jobs") or cores())
        self.scan: Scan | None = None
        self._tables = list(_tables(request))
        self._key = ""
        self._workshop: Workshop | None = None
        self._program = ""

    def exclusion(self) -> Exclusion | None:
        """What the settings leave out; None where they must be read first."""
        for path, text in self._tables:
            kept = self.cache.get(SETTINGS, self._named(path, text))
            if kept is None:
                return None
            if kept != OTHER:
                return Exclusion(tuple(os.fsdecode(glob) for glob in kept.split(b"\0")[1:]), os.path.dirname(path))
        return Exclusion((), "")

    def keep_settings(self, used: str, globs: tuple[str, ...]) -> None:
        """Remember which file's settings count ("" for none), and what they leave out."""
        for path, text in self._tables:
            if content(path) != text:
                return
            ours = used and os.path.abspath(path) == os.path.abspath(used)
            kept = OURS + b"".join(b"\0" + os.fsencode(glob) for glob in globs) if ours else OTHER
            self.cache.put(SETTINGS, self._named(path, text), kept)
            if ours:
                return

    def look(self, exclusion: Exclusion, progress: Progress | None = None) -> Scan:
        """The files of the run, found once."""
        if self.scan is None:
            self.scan = look(self.request.paths, exclusion, self.cache, jobs=self.jobs, progress=progress)
        return self.scan

    @property
    def workshop(self) -> Workshop:
        """Where the texts of the run are parsed."""
        if self._workshop is None:
            from vipps_lint.workshop import Workshop

            self._workshop = Workshop(self.cache, self.jobs)
        return self._workshop

    def begin(self) -> None:
        """Have the files that spell routes parsed meanwhile, as far as nobody has done that.

        Only a few: many are parsed by several processes soon, which are slower to start beside one that is at work.
        """
        routes = [*self.scan.routes()] if self.scan is not None else []
        if len(routes) <= FEW:
            self.workshop.begin([text for path in routes if (text := content(path)) is not None])

    def answer(self) -> tuple[int, str] | None:
        """The exit code and the text of the same run, if there was one."""
        kept = self.cache.get(OUTCOME, self.key())
        if kept is None:
            return None
        code, count, rest = kept.split(b"\0", 2)
        *words, text = rest.split(b"\0", 2 * int(count))
        consulted = zip(map(os.fsdecode, words[::2]), map(os.fsdecode, words[1::2]), strict=True)
        if any(_digest(content(path)) != known for path, known in consulted):
            return None
        return int(code), text.decode("utf-8", "surrogatepass")

    def keep(self, code: int, text: str, consulted: Mapping[str, bytes | None]) -> None:
        """Remember the answer, and the files that were read for it; None is a place where there was none to read."""
        words = [str(code), str(len(consulted))]
        for path, read in consulted.items():
            words += path, _digest(read)
        if self.key() and not any("\0" in word for word in words):
            head = os.fsencode("\0".join((*words, "")))
            self.cache.put(OUTCOME, self.key(), head + text.encode("utf-8", "surrogatepass"))

    def key(self) -> str:
        """What changes when the answer may be another one; "" where that cannot be said."""
        known = self.request.arguments and self.cache.folder and self.scan
        if not self._key and known and self.scan and (state := self.scan.state()):
            color = str(colorful(self.request.options.get("--color", "auto"), sys.stdout))
            named = [self._named(path, text) for path, text in self._tables]
            words = [*self.request.arguments, "", state, color, strftime("%Y-%m-%d", gmtime()), os.getcwd()]
            self._key = "\0".join((*words, *named, self._named("", b"")))
        return self._key

    def _named(self, path: str, text: bytes) -> str:
        """What changes when the file says something else, or we take it for something else."""
        self._program = self._program or program()
        return f"{self._program}\0{path}\0{digest(text)}"


def cores() -> int:
    """How many processes can work at the same time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def program() -> str:
    """What changes when an answer may be another one because we are: code, rules, and what they are built on."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    rules = os.path.join(package, "rules")
    folders = [*_folders(package), *([] if os.path.isdir(rules) else _folders(os.path.join(package, "..", "rules")))]
    others = [f"{place} {about}" for place in sys.path for name in OTHERS if (about := _changed(place, name))]
    return " ".join((stamp(*folders), *others))


def _digest(text: bytes | None) -> str:
    return "" if text is None else digest(text)


def _folders(folder: str) -> Iterator[str]:
    """A folder and all folders below it, apart from Python's own."""
    yield folder
    with os.scandir(folder) as entries:
        below = sorted(one.path for one in entries if one.is_dir() and not one.name.startswith(("__", ".")))
    for one in below:
        yield from _folders(one)


def _changed(place: str, name: str) -> int:
    try:
        return os.stat(os.path.join(place, name)).st_mtime_ns
    except OSError:
        return 0


def _tables(request: Request) -> Iterator[tuple[str, bytes]]:
    """The files that may have settings for us, in the order in which they are asked, with their texts."""
    if "--no-config" in request.options or not request.arguments:
        return
    named = request.options.get("--config")
    if named is not None:
        yield named, content(named) or b""
        return
    first = request.paths[0]
    folder = os.path.abspath(first if os.path.isdir(first) else os.path.dirname(first) or ".")
    while True:
        path = os.path.join(folder, "pyproject.toml")
        text = content(path)
        if text and NAME in text:
            yield path, text
        if folder == os.path.dirname(folder):
            return
        folder = os.path.dirname(folder)
