"""The work of a run in portions: whole files, and pieces of long files of lines, which several processes can read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from stat import S_ISREG

from vipps_lint.audit.files import STDIN, Source
from vipps_lint.audit.formats import is_divisible
from vipps_lint.immutable import immutable

LENGTH = 1 << 24
"""About how many bytes of a file of lines are one portion."""

@immutable(frozen=True, slots=True)
class Portion:
    """The bytes of a file from `start` to `end` (None: to its end); their place among all portions is `index`.

    `size` is about how many bytes there are to be read, 0 where nobody knows.
    """

    index: int
    source: Source
    start: int = 0
    end: int | None = None
    size: int = 0


def laid_out(sources: Iterable[Source]) -> list[Portion]:
    """All files as portions, in the order of their records."""
    found: list[Portion] = []
    for source in sources:
        size = _size(source)
        cuts = _cuts(source, size) if size > 2 * LENGTH and is_divisible(source) else []
        edges = [0, *cuts, None]
        for start, end in pairwise(edges):
            found.append(Portion(len(found), source, start or 0, end, (end or size) - (start or 0)))
    return found


def _cuts(source: Source, size: int) -> list[int]:
    """Where lines begin, about every `LENGTH` bytes."""
    cuts: list[int] = []
    at = LENGTH
    with Path(source.path).open("rb") as file:
        while at < size:
            file.seek(at)
            while (line := file.readline(LENGTH)) and not line.endswith(b"\n"):
                pass
            at = file.tell()
            if at < size:
                cuts.append(at)
            at += LENGTH
    return cuts


def _size(source: Source) -> int:
    """How many bytes there are to be read."""
    if source.path == STDIN:
        return 0
    try:
        told = Path(source.path).stat()
    except (OSError, ValueError):
        return 0
    return told.st_size if S_ISREG(told.st_mode) else 0
