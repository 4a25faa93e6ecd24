"""What is worth keeping from one run to the next, as files in the user's own cache folder.

A cache can only make a run faster: an entry that is damaged, of another version or another user's is no entry, and
what cannot be written is not kept. Runs that have nothing to do import this too, so it imports next to nothing.
"""

from __future__ import annotations

import os
import sys
from time import time

try:
    from _blake2 import blake2b  # hashlib has it too, and loads OpenSSL first: a third of the start-up of a small run
except ImportError:
    from hashlib import blake2b

from vipps_lint import __version__

FORMAT = b"vipps-lint cache 1\n"
DIGEST = 16
HEADER = len(FORMAT) + DIGEST
ENDING = ".vipps"
"""What the names of entries end with: in a folder that is shared with others, nothing else is removed."""

DAY = 86_400
UNUSED = 30 * DAY
"""Entries that nobody has asked for in this time are removed."""

LARGEST = 256 * 1024 * 1024
"""A cache that has grown to more bytes loses its oldest entries, down to half of this."""


def default_folder() -> str:
    """Where the cache is when nobody says otherwise: `VIPPS_LINT_CACHE_DIR`, or a folder in the user's cache folder."""
    named = os.environ.get("VIPPS_LINT_CACHE_DIR")
    if named:
        return named
    home = os.path.expanduser("~")
    if home == "~":  # nobody's home: nothing is kept
        return ""
    if sys.platform == "win32":
        caches = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        caches = os.path.join(home, "Library", "Caches")
    else:
        caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(caches, "vipps-lint")


def digest(content: bytes) -> str:
    """A name for a content, such as a key for `Cache`: other content has another one."""
    return str(blake2b(content, digest_size=DIGEST).hexdigest())


def stamp(*folders: str) -> str:
    """What changes when a file that is directly in one of these folders changes, comes or goes, or the program does."""
    found = [f"{__version__} {sys.implementation.cache_tag} {sys.hexversion}"]
    for folder in folders:
        with os.scandir(folder) as entries:
            files = [(one.name, one.stat()) for one in entries if one.is_file()]
        found += sorted(f"{folder}/{name} {file.st_size} {file.st_mtime_ns}" for name, file in files)
    return digest("\n".join(found).encode("utf-8", "surrogateescape"))


class Cache:
    """Entries by kind and key; one of the folder "" keeps nothing. No method raises for the state of the disk."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._swept = not folder

    def get(self, kind: str, key: str) -> bytes | None:
        """What was put under this kind and key; None where there is nothing, or nothing that can be trusted."""
        if not self.folder:
            return None
        path = self._path(kind, key)
        try:
            with open(path, "rb") as file:
                about = os.fstat(file.fileno())
                entry = file.read() if _is_own(about) else b""
            if time() - about.st_mtime > DAY:
                os.utime(path)  # it is in use
        except OSError:
            return None
        value = entry[HEADER:]
        return value if entry[:HEADER] == _header(kind, key, value) else None

    def put(self, kind: str, key: str, value: bytes) -> None:
        """Keep a value. Whoever reads meanwhile gets the old one or this one, never a part."""
        if not self.folder:
            return
        path = self._path(kind, key)
        unfinished = f"{path[: -len(ENDING)]}-{os.urandom(6).hex()}{ENDING}"
        try:
            os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
            try:
                _write(unfinished, _header(kind, key, value) + value)
                os.replace(unfinished, path)
            except OSError:
                os.unlink(unfinished)
            self._sweep()
        except OSError:
            return

    def _path(self, kind: str, key: str) -> str:
        return os.path.join(self.folder, kind, digest(key.encode("utf-8", "surrogateescape")) + ENDING)

    def _sweep(self) -> None:
        """Once a day, remove what nobody uses, and the oldest where there is too much."""
        if self._swept:
            return
        self._swept = True
        mark = os.path.join(self.folder, "swept")
        if os.path.exists(mark) and abs(time() - os.stat(mark).st_mtime) < DAY:
            return
        _write(mark, b"")
        os.utime(mark)
        entries = sorted(_entries(self.folder), reverse=True)
        size = 0
        crowded = sum(one[1] for one in entries) > LARGEST
        for changed, length, path in entries:
            size += length
            if (crowded and size > LARGEST // 2) or time() - changed > UNUSED:
                os.unlink(path)


def _header(kind: str, key: str, value: bytes) -> bytes:
    named = f"{kind}\0{key}\0".encode("utf-8", "surrogateescape")
    return FORMAT + blake2b(named + value, digest_size=DIGEST).digest()


def _is_own(about: os.stat_result) -> bool:
    """Whether nobody else can have written a file; where users have no numbers, the folder is the user's own."""
    return not hasattr(os, "geteuid") or (about.st_uid == os.geteuid() and not about.st_mode & 0o022)


def _write(path: str, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600), "wb") as file:
        file.write(content)


def _entries(folder: str) -> list[tuple[float, int, str]]:
    """Time, size and path of all files in the folders of the kinds; unfinished ones too, which end as unused."""
    found = []
    for kind in [one.path for one in os.scandir(folder) if one.is_dir()]:
        for one in os.scandir(kind):
            if one.name.endswith(ENDING):
                about = one.stat()
                found.append((about.st_mtime, about.st_size, one.path))
    return found
