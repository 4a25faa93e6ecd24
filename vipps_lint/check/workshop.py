"""Where the texts of files are parsed: by several processes where that pays, and not at all where it has been done."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path

from vipps_lint import hands, read
from vipps_lint.cache import Cache, digest, stamp
from vipps_lint.read.source import Making

KIND = "modules"
PAYS = 4 if hands.FORKS else 20
"""From how many texts on another process is worth its start."""


class Workshop:
    """A workshop with a cache and so many processes."""

    def __init__(self, cache: Cache, jobs: int) -> None:
        self.cache = cache
        self.jobs = jobs

    def made(self, texts: Sequence[bytes], making: Making) -> list[bytes]:
        """What `making` makes of each text, from the cache where it has been made before."""
        keys = [digest(text) + self._code for text in texts]
        entries = [self.cache.get(KIND, key) for key in keys]
        missing = [text for text, entry in zip(texts, entries, strict=True) if entry is None]
        fresh = iter(self._new(missing, making))
        return [entry or self._kept(key, next(fresh)) for key, entry in zip(keys, entries, strict=True)]

    def _new(self, texts: list[bytes], making: Making) -> list[bytes]:
        if not texts:
            return []
        if self.jobs < 2 or len(texts) < PAYS:
            return making(texts)
        making([])  # what it imports is imported once, before there are children
        piles = _piles(texts, min(self.jobs, len(texts)))
        results = hands.worked([[texts[number] for number in pile] for pile in piles], partial(_written, making))
        found: dict[int, bytes] = {}
        for pile, result in zip(piles, results, strict=True):
            found |= zip(pile, marshal.loads(result), strict=True)
        return [found[number] for number in range(len(texts))]

    def _kept(self, key: str, made: bytes) -> bytes:
        self.cache.put(KIND, key, made)
        return made

    @cached_property
    def _code(self) -> str:
        """What changes with the code that reads and with its parser: both may make something else of a text."""
        if not self.cache.folder:
            return ""
        source, parser = Path(read.__file__).parent / "source", find_spec("libcst")
        folders = [source, source / "ir", *((Path(parser.origin).parent,) if parser and parser.origin else ())]
        return stamp(*map(str, folders))


def _written(making: Making, texts: Sequence[bytes]) -> bytes:
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
