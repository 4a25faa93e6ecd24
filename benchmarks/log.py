"""Writes a log of recorded calls, as long as you like, with mistakes in it of which it says where they are.

    python benchmarks/log.py calls.jsonl --calls 1000000
    vipps-lint audit calls.jsonl

Most calls are whole lives of payments and single good requests; some lives are examples of what rules find. Beside the
log, `calls.jsonl.expected` has one line for each finding: record, rule and pointer. The same seed writes the same log.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import IO

from lives import FINAL, START, Life, filled, good_lives, pieces, wrong_lives

from vipps_lint.catalog import catalog

OPEN = 200
"""How many lives go on at the same time."""

OTHERS = '{"at": "%s", "request": {"method": "GET", "url": "https://shop.example/orders/%d"}, "response": null}\n'


@dataclass
class Going:
    """A life that has begun: its number and its calls that are still to come, each as text and gaps in turn."""

    life: Life
    number: int
    start: datetime
    left: Iterator[tuple[int, list[str]]] = field(repr=False)


class Writer:
    """Writes lives, of which many go on at the same time."""

    def __init__(self, seed: int, rate: float, spread: float) -> None:
        self._random = random.Random(seed)
        self._rate, self._spread = rate, spread
        self._good = good_lives(catalog())
        wrong = list(wrong_lives(catalog()))
        self._random.shuffle(wrong)
        self._wrong = cycle(wrong)
        self._pieces = {text: pieces(text) for life in (*self._good, *wrong) for text in life.records}
        self._number = 0

    def lines(self, calls: int) -> Iterator[tuple[str, Life, int]]:
        """The lines of a log, each with the life that it is of, and which call of that it is."""
        open_lives: list[Going] = []
        while calls > 0 or open_lives:
            if calls > 0 and len(open_lives) < OPEN:
                going = self._begun()
                calls -= len(going.life.records)
                open_lives.append(going)
                continue
            going = self._random.choice(open_lives)
            index, record = next(going.left)
            if index == len(going.life.records) - 1:
                open_lives.remove(going)
            yield filled(record, going.number, going.start) + "\n", going.life, index

    def _begun(self) -> Going:
        self._number += 1
        wrong = self._random.random() < self._rate
        life = next(self._wrong) if wrong else self._random.choice(self._good)
        start = START + timedelta(seconds=self._number * self._spread)
        left = iter([(index, self._pieces[text]) for index, text in enumerate(life.records)])
        return Going(life, self._number, start, left)


def write(log: IO[str], expected: IO[str], *, calls: int, seed: int = 1, rate: float = 0.001, others: float = 0) -> int:
    """Write about so many calls and what is to be found in them; the number of records.

    `rate` is the share of lives that are wrong, `others` that of calls to other services, which come on top.
    """
    writer, choice, number = Writer(seed, rate, spread=min(1.0, 5_000_000 / max(calls, 1))), random.Random(seed), 0
    for line, life, index in writer.lines(calls):
        number += 1
        log.write(line)
        for call, rule, pointer in life.found:
            if call == index:
                expected.write(json.dumps({"record": number, "rule": rule, "pointer": pointer}) + "\n")
        if others and choice.random() < others:
            number += 1
            log.write(OTHERS % (START.isoformat(), number))
    log.write(OTHERS % (FINAL.isoformat(), 0))  # what never happens is known at the end
    return number + 1


def main() -> None:
    """Write a log as the command line says."""
    parser = argparse.ArgumentParser(description="Writes a log of calls with known mistakes in it.")
    parser.add_argument("log", type=Path, help="where to; `.gz` at the end packs it")
    parser.add_argument("--calls", type=int, default=100_000, help="about how many (100000)")
    parser.add_argument("--rate", type=float, default=0.001, help="the share of lives that are wrong (0.001)")
    parser.add_argument("--others", type=float, default=0.0, help="calls to other services on top, as a share (0)")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with ExitStack() as stack:
        packed = wanted.log.suffix == ".gz"
        begin = gzip.open if packed else open
        log = stack.enter_context(begin(wanted.log, "wt", encoding="utf-8"))
        expected = stack.enter_context(Path(f"{wanted.log}.expected").open("w", encoding="utf-8"))
        options = {"calls": wanted.calls, "rate": wanted.rate, "others": wanted.others}
        print(f"{write(log, expected, seed=wanted.seed, **options):,} records in {wanted.log}", file=sys.stderr)


if __name__ == "__main__":
    main()
