"""Where the texts of files are parsed: by several processes where that pays, and not at all where it has been done.

What the files of a run need is known early, so processes may begin with it while all that judges is still imported.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property, partial

from vipps_lint import hands
from vipps_lint.cache import Cache, digest, stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vipps_lint.read.source import Making

KIND = "modules"
PARSER = "libcst"
PAYS = 4 if hands.FORKS else 20
"""From how many texts on another process is worth its start."""


class Workshop:
    """A workshop with a cache and so many processes."""

    def __init__(self, cache: Cache, jobs: int) -> None:
        self.cache = cache
        self.jobs = jobs
        self._end: Callable[[], object] | None = None

    def begin(self, texts: Sequence[bytes]) -> None:
        """Have another process make what will be asked for, into the cache; where it cannot be kept, nothing."""
        if not (hands.FORKS and self.jobs > 1 and self.cache.folder):
            return
        missing = [text for text in dict.fromkeys(texts) if self.cache.get(KIND, self._key(text)) is None]
        if missing:
            import vipps_lint.read.source.lowered  # noqa: F401 - what both will need is there before there are two

            self._end = hands.begun([missing], self._make)

    def _make(self, texts: list[bytes]) -> bytes:
        from vipps_lint.read.source.hastening import hasten

        hasten()
        from vipps_lint.read.source.making import made

        for text, result in zip(texts, self._new(texts, made), strict=True):
            self._kept(self._key(text), result)
        return b""

    def made(self, texts: Sequence[bytes], making: Making) -> list[bytes]:
        """What `making` makes of each text, from the cache where it has been made before."""
        if self._end is not None:
            self._end()
            self._end = None
        keys = [self._key(text) for text in texts]
        entries = [self.cache.get(KIND, key) for key in keys]
        missing = [text for text, entry in zip(texts, entries, strict=True) if entry is None]
        fresh = iter(self._new(missing, making))
        return [entry or self._kept(key, next(fresh)) for key, entry in zip(keys, entries, strict=True)]

    def _new(self, texts: list[bytes], making: Making) -> list[bytes]:
        if not texts:
            return []
        from vipps_lint.read.source.hastening import hasten

        hasten()
        if self.jobs < 2 or len(texts) < PAYS:
            return making(texts)
        making([])  # what it imports is imported once, before there are children
        piles = _piles(texts, min(self.jobs, len(texts)))
        results = hands.worked([[texts[number] for number in pile] for pile in piles], partial(_written, making))
        import marshal

        found: dict[int, bytes] = {}
        for pile, result in zip(piles, results, strict=True):
            found |= zip(pile, marshal.loads(result), strict=True)
        return [found[number] for number in range(len(texts))]

    def _key(self, text: bytes) -> str:
        return digest(text) + self._code

    def _kept(self, key: str, made: bytes) -> bytes:
        self.cache.put(KIND, key, made)
        return made

    @cached_property
    def _code(self) -> str:
        """What changes with the code that reads and with its parser: both may make something else of a text."""
        if not self.cache.folder:
            return ""
        source = os.path.join(os.path.dirname(__file__), "read", "source")
        parsers = (os.path.join(place, PARSER) for place in sys.path)
        return stamp(source, os.path.join(source, "ir"), *[folder for folder in parsers if os.path.isdir(folder)][:1])


def _written(making: Making, texts: Sequence[bytes]) -> bytes:
    import marshal

    return marshal.dumps(making(texts))


def _piles(texts: Sequence[bytes], count: int) -> list[list[int]]:
    """The numbers of the texts in piles of about the same weight."""
    piles: list[list[int]] = [[] for _ in range(count)]
    weights = [0] * count
    for number in sorted(range(len(texts)), key=lambda one: -len(texts[one])):
        lightest = weights.index(min(weights))
        piles[lightest].append(number)
        weights[lightest] += len(texts[number]) + 1
    return piles
