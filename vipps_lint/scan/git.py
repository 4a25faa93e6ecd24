"""What git knows of a folder: its files, which of them are as they were committed, and what is written in them.

git compares and reads thousands of files in the time in which Python opens a few hundred.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess

SUFFIXES = (".py", ".pyi", ".pyw")
WANTED = ["--", *(f"*{suffix}" for suffix in SUFFIXES)]
LISTING = ["ls-files", "-z", "-v", "-s", "-c", "-m", "-d", "-o", "--exclude-standard", *WANTED]
SEARCH = ["grep", "-l", "-z", "-a", "-F", "--no-color", "--no-full-name", "--no-recurse-submodules"]
MOST = 60
"""How many words git is asked for at once: each costs another look at every file."""


class Listing:
    """What git tracks or could track below a folder.

    `tracked` are regular files that git reads itself and that are as its index says, each with what the index says: the
    hash of its content among it. `others` are untracked and modified files, links, folders, and what is gone.
    """

    def __init__(self, text: bytes) -> None:
        tracked, others = dict[bytes, bytes](), dict[bytes, None]()
        for entry in text.split(b"\0"):
            if entry.startswith(b"H 100"):  # a file; in small letters git would not look at it, `S` is not checked out
                tracked[entry.partition(b"\t")[2]] = entry
            elif entry:
                others[entry[2:] if entry.startswith(b"? ") else entry.partition(b"\t")[2]] = None
        self.tracked = {os.fsdecode(name): entry for name, entry in tracked.items() if name not in others}
        self.others = [os.fsdecode(name) for name in others]


class Process:
    """A command of git in a folder, running while we do something else."""

    def __init__(self, folder: str, command: list[str]) -> None:
        import subprocess

        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._process = subprocess.Popen(
                ["git", "-C", folder or ".", *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError:  # there is no git
            return

    def output(self, expected: tuple[int, ...] = (0,)) -> bytes | None:
        """What it wrote; None where it could not do its work, or not all of it."""
        if self._process is None:
            return None
        written, complaints = self._process.communicate()
        return written if self._process.returncode in expected and not complaints else None

    def stop(self) -> None:
        """Nobody needs the answer any more."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


def listing(folder: str) -> Process:
    """Ask for the `text` of a `Listing`."""
    return Process(folder, LISTING)


def search(folder: str, words: tuple[bytes, ...], *, whole: bool) -> Process | None:
    """Ask which tracked files have one of the words: as whole words, or anywhere in small or capital letters.

    None where that are too many words to ask for.
    """
    if len(words) > MOST:
        return None
    wanted = [part for word in words for part in ("-e", os.fsdecode(word))]
    return Process(folder, [*SEARCH, "-w" if whole else "-i", *wanted, *WANTED])


def names_in(written: bytes) -> set[str]:
    """The files that a search has named."""
    return {os.fsdecode(name) for name in written.split(b"\0") if name}
