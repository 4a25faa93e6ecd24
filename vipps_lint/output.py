"""Where a report goes: standard output as it can show it, or a file that is there whole or not at all.

Every run imports this, so it imports next to nothing.
"""

from __future__ import annotations

import codecs
import errno
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import TextIO

PLAIN = {"…": "...", "×": "x", "–": "-", "—": "-", "\u202f": " "}


class PipeClosedError(Exception):
    """Nobody reads our output any more."""


def _spelled_out(error: UnicodeError) -> tuple[str, int]:
    """What stands for a character that a stream cannot show: its plain form, or its number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(PLAIN.get(one) or one.encode("ascii", "backslashreplace").decode() for one in bad), error.end


codecs.register_error("vipps_lint.spelled_out", _spelled_out)


def write(text: str | Iterable[str], stream: TextIO) -> None:
    """Write text, or pieces of it, to a stream of any encoding; what it cannot show is spelled out, never an error."""
    encoding = stream.encoding or "utf-8"
    for piece in (text,) if isinstance(text, str) else text:
        stream.write(piece.encode(encoding, "vipps_lint.spelled_out").decode(encoding))
    stream.flush()


def shows(text: str, stream: TextIO | None) -> bool:
    """Whether a stream can show a text as it is."""
    try:
        text.encode((stream and stream.encoding) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def say(text: str | Iterable[str]) -> None:
    """Write to standard output. Raises `OSError` where it is closed, `PipeClosedError` where its reader has gone."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, "closed; there is nowhere to write to", "standard output")
    try:
        write(text, sys.stdout)
    except BrokenPipeError:
        # what is still buffered must not fail at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise PipeClosedError from None
    except OSError as error:
        raise OSError(error.errno, f"cannot be written: {error.strerror}", "standard output") from None


def complain(sentence: str) -> None:
    """Write one line to standard error, if it is open."""
    if sys.stderr is not None:
        write(f"vipps-lint: {sentence}\n", sys.stderr)


def write_file(text: str | Iterable[str], path: Path) -> None:
    """Write a file in UTF-8, all at once: a reader sees the old content or the new. Raises `OSError`."""
    from contextlib import suppress
    from pathlib import Path

    pieces = (text,) if isinstance(text, str) else text
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        _fill(path, pieces)  # a pipe or a device cannot be replaced
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _fill(draft, pieces)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def _fill(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.writelines(pieces)


def colorful(choice: str, stream: TextIO | None) -> bool:
    """Whether to colour what goes to a stream: as told, else on a terminal that does not decline (`NO_COLOR`)."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    if stream is None or not stream.isatty():
        return False
    return sys.platform != "win32" or _windows_obeys()


def _windows_obeys() -> bool:
    """Whether the Windows console was told, or can be told, to obey escape sequences."""
    if any(name in os.environ for name in ("WT_SESSION", "ANSICON", "ConEmuANSI")):
        return True
    return os.system("") == 0  # a side effect of any command: the console obeys from now on
