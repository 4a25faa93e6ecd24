"""The plain forms of `vipps-lint check`, read without the library that reads all of them.

What is not surely plain is left to the whole command line: an unknown option, a path that does not exist, a value that
may be wrong.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ONE_OF = {
    "--format": ("text", "json", "github", "markdown"),
    "--color": ("auto", "always", "never"),
    "--fail-on": ("info", "warning", "error"),
}
ANY = ("--select", "--ignore", "--as-of", "--config", "--cache-dir", "--jobs")
FLAGS = ("--no-config", "--quiet", "-q", "--no-cache")

HARMLESS = frozenset({"--color", "--fail-on", "--cache-dir", "--jobs", *FLAGS})
"""Options that cannot be wrong here, and that change nothing of an answer without findings."""


class Request:
    """What a command line asks for: `paths` (as they are written), and options with their last values.

    `arguments` are all its words; none for one that was not understood, whose answer therefore cannot be remembered.
    """

    def __init__(self, arguments: Sequence[str], paths: list[str], options: dict[str, str]) -> None:
        self.arguments = tuple(arguments)
        self.paths = paths or ["."]
        self.options = options

    @property
    def quiet(self) -> bool:
        """Whether only findings are printed."""
        return "--quiet" in self.options or "-q" in self.options

    @property
    def simple(self) -> bool:
        """Whether all that it asks for is known to make sense, whatever the rules are called."""
        return self.options.get("--format", "text") == "text" and self.options.keys() <= HARMLESS | {"--format"}


def request(arguments: Sequence[str]) -> Request | None:
    """What the command line asks for; None where it is not surely a plain `check`."""
    if not arguments or arguments[0] != "check" or "_VIPPS_LINT_COMPLETE" in os.environ:
        return None
    paths, options = list[str](), dict[str, str]()
    words = iter(arguments[1:])
    for word in words:
        name, assigned, value = word.partition("=")
        if word in FLAGS:
            options[word] = ""
        elif not word.startswith("-"):
            paths.append(word)
        elif name.startswith("--") and (name in ONE_OF or name in ANY):
            options[name] = value if assigned else next(words, "")
        else:
            return None
    fine = all(map(_exists, paths)) and all(_makes_sense(name, value) for name, value in options.items())
    return Request(arguments, paths, options) if fine else None


def _makes_sense(name: str, value: str) -> bool:
    if name in FLAGS:
        return True
    if name in ONE_OF:
        return value in ONE_OF[name]
    if name == "--jobs":
        return value.isascii() and value.isdigit() and 0 < int(value) < 1000
    if name == "--cache-dir" and os.path.exists(value) and not os.path.isdir(value):
        return False
    return bool(value) and not value.startswith("-")


def _exists(path: str) -> bool:
    pattern = sys.platform == "win32" and any(sign in path for sign in "*?[~$%")  # which the command line spells out
    return not pattern and "\0" not in path and os.path.exists(path) and os.access(path, os.R_OK)
