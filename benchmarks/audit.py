"""What an audit of a long log costs, in one run with the bare parsing of the same log as a yardstick.

    python benchmarks/audit.py --calls 100000
    python benchmarks/audit.py --calls 5000000 --rounds 1

Writes a log with known mistakes (`benchmarks/log.py`), parses it in one process with the parser that the auditor uses,
and audits it with the command as users start it. Says how many calls a second each does, how much memory all processes
of the audit have at the same time (the sum of their proportional set sizes, looked at ten times a second), whether
exactly the known mistakes were found, and what a call costs in logs of other lengths.
"""

from __future__ import annotations

import argparse
import codecs
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from log import write

from vipps_lint.audit.unpacking import unpacked
from vipps_lint.read.request import DECODER
from vipps_lint.read.stream import lines

GOAL, MEMORY = 0.4, 250
Finding = tuple[int, str, str]
"""The number of the record, the rule, and where in the call."""


@dataclass
class Run:
    """Seconds by the clock and of all processors, and the most megabytes that all processes had."""

    wall: float
    processor: float
    memory: float


def parsed(log: Path) -> float:
    """Seconds of the processor to read a log and to decode its lines."""
    begun = time.process_time()
    with log.open("rb") as file:
        for line in lines(codecs.iterdecode(unpacked(file), "utf-8", "surrogateescape")):
            if line:
                DECODER.decode(line)
    return time.process_time() - begun


def audited(log: Path, report: Path) -> Run:
    """An audit as users start it."""
    before, begun, most = getrusage(RUSAGE_CHILDREN), time.perf_counter(), 0.0
    command = [sys.executable, "-m", "vipps_lint", "audit", str(log), "--format", "json", "--output", str(report)]
    process = subprocess.Popen(command, start_new_session=True)
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(0.1)
    wall, after = time.perf_counter() - begun, getrusage(RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, processor, most)


def _memory(group: int) -> float:
    """Megabytes of all processes of a session, pages that they share counted once."""
    whole = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            session = int(status.read_text().rpartition(")")[2].split()[3])
            if session == group:
                told = (status.parent / "smaps_rollup").read_text().split("Pss:")[1]
                whole += int(told.split()[0])
        except (OSError, IndexError, ValueError):
            continue  # it has just ended
    return whole / 1024


def reported(report: Path) -> Counter[Finding]:
    """The findings of a JSON report."""
    found = json.loads(report.read_text(encoding="utf-8"))["diagnostics"]
    return Counter((one["record"], one["rule"], one["pointer"]) for one in found)


def known(expected: Path) -> Counter[Finding]:
    """The findings that a log has."""
    with expected.open(encoding="utf-8") as file:
        return Counter((one["record"], one["rule"], one["pointer"]) for one in map(json.loads, file))


def differences(found: Counter[Finding], wanted: Counter[Finding]) -> Iterator[str]:
    """A line for each rule of which other findings are reported than there are."""
    for word, which in (("missing", wanted - found), ("too many", found - wanted)):
        for rule, number in sorted(Counter(rule for _, rule, _ in which.elements()).items()):
            first = min(record for record, name, _ in which if name == rule)
            yield f"{word}: {number} of {rule}, the first in record {first}"


def measured(folder: Path, calls: int, rounds: int) -> Iterable[str]:
    """The lines of the table for a log of so many calls."""
    log, report = folder / "calls.jsonl", folder / "report.json"
    with log.open("w", encoding="utf-8") as file, Path(f"{log}.expected").open("w", encoding="utf-8") as expected:
        records = write(file, expected, calls=calls)
    yield f"{records:,} records, {log.stat().st_size / records:.0f} bytes each"
    parsing, runs = [], []
    for _ in range(rounds):
        parsing.append(parsed(log))
        runs.append(audited(log, report))
    parse, run = min(parsing), min(runs, key=lambda one: one.wall)
    memory = max(one.memory for one in runs)
    yield f"  parsing alone    {records / parse:10,.0f} a second  {parse / records * 1e6:6.1f} us a call"
    yield f"  audit            {records / run.wall:10,.0f} a second  {run.wall / records * 1e6:6.1f} us a call"
    yield f"  of its processors                      {run.processor / records * 1e6:6.1f} us a call"
    yield f"  share of parsing {parse / run.wall:10.0%}           (goal {GOAL:.0%})"
    yield f"  memory           {memory:10.0f} MB         (goal {MEMORY} MB)"
    wanted = known(Path(f"{log}.expected"))
    wrong = list(differences(reported(report), wanted))
    yield from (f"  {line}" for line in wrong or [f"exactly the {wanted.total():,} known findings"])


def main() -> None:
    """Measure logs of several lengths, the longest last."""
    parser = argparse.ArgumentParser(description="Measures the auditor on generated logs.")
    parser.add_argument("--calls", type=int, default=100_000, help="how many the longest log has (100000)")
    parser.add_argument("--rounds", type=int, default=2, help="how often each is measured; the fastest counts (2)")
    wanted = parser.parse_args()
    lengths = [10**power for power in range(4, 10) if 10**power < wanted.calls]
    for calls in [*lengths, wanted.calls]:
        with tempfile.TemporaryDirectory() as folder:
            for line in measured(Path(folder), calls, wanted.rounds):
                print(line, flush=True)


if __name__ == "__main__":
    main()
