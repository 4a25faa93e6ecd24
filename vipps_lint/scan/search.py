"""Files that are read to see what is in them, in a few processes where there are many."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from vipps_lint.scan.markers import Markers

    Progress = Callable[[int, int], None]

ROUTE, COMMENT, BOTH, LARGE, UNREADABLE = "route", "comment", "route and comment", "large", "unreadable: "
"""What there may be to say of a file, its verdict; of most it is nothing."""

LARGEST = 4_000_000
"""Files of more bytes are no source that anybody wrote."""

READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)

OVERLAP = 100
"""No marker has more bytes."""

MANY = 400
"""How many files another process is worth."""

STRIDE = 64
"""After how many files a run says how far it is."""


def verdict(path: str, markers: Markers) -> str:
    """What there is to say of a file."""
    try:
        file = os.open(path, READING)  # in a fifth of the time that a file object takes
        try:
            size = os.fstat(file).st_size
            if size > LARGEST:
                return LARGE if _spelled_in(file, markers) else ""
            text = os.read(file, size + 1)
        finally:
            os.close(file)
    except OSError as error:
        return f"{UNREADABLE}{error.strerror or error}"
    route, comment = markers.found_in(text)
    if route:
        return BOTH if comment else ROUTE
    return COMMENT if comment else ""


def _spelled_in(file: int, markers: Markers) -> bool:
    before = b""
    while block := os.read(file, LARGEST):
        if markers.route_in(before + block):
            return True
        before = block[-OVERLAP:]
    return False


def verdicts(paths: Sequence[str], markers: Markers, jobs: int = 1, progress: Progress | None = None) -> dict[str, str]:
    """The files of which there is something to say, read in as many processes as `jobs` where that pays."""
    if len(paths) <= MANY:
        return dict(_said(paths, markers, len(paths), progress))
    from vipps_lint import hands

    markers.hasten()
    workers = min(jobs, len(paths) // MANY) if hands.FORKS else 1
    here = os.getpid()

    def work(part: Sequence[str]) -> bytes:
        told = progress if os.getpid() == here else None
        return b"".join(os.fsencode(f"{path}\0{said}\0") for path, said in _said(part, markers, len(paths), told))

    words = os.fsdecode(b"".join(hands.worked([paths[number::workers] for number in range(workers)], work))).split("\0")
    return dict(zip(words[:-1:2], words[1::2], strict=True))


def _said(paths: Sequence[str], markers: Markers, whole: int, progress: Progress | None) -> Iterator[tuple[str, str]]:
    """The files of which there is something to say; these are a share of the whole that is read at the same time."""
    share = whole / (len(paths) or 1)
    for number, path in enumerate(paths):
        if progress and number % STRIDE == 0:
            progress(int(number * share), whole)
        if said := verdict(path, markers):
            yield path, said
