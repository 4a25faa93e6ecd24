"""How long does `vipps-lint check` take, compared with what a user has anyway?

    python benchmarks/run.py [--files 15000] [--rounds 5] [--folder FOLDER] [--only WORD ...]

Builds a tree of Python files from the standard library and the installed packages, in a repository of git and not, and
puts example shops into copies of it. Then everything is measured in turn, round by round, so that a busy machine is
busy for all; each goal says how many times as long as its yardstick a run takes, by the fastest and the median round,
and by the fastest in processor time, which a busy machine changes least.

Yardsticks that are not installed (`rg`, `ruff`, `semgrep`, in this environment or on the PATH) are named and left out.
Cold is a cache with nothing in it but the compiled catalog, as after the first run of an installation; warm is the same
run once more. Needs POSIX, git, and an environment in which vipps-lint is installed, by a pip of today (26): the
scripts of old ones (23) import `re` first, which is half of what a short run takes beside Python's own start.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tree import Trees

from vipps_lint.scan.markers import MARKERS

HERE = Path(__file__).resolve().parent
START = "import sys; from vipps_lint.__main__ import console; sys.exit(console())"
PARSE = (
    "import sys, libcst, pathlib\n"
    "for path in sorted(pathlib.Path('.').rglob('*.py')):\n"
    "    libcst.parse_module(path.read_bytes())\n"
)


@dataclass
class Case:
    """One command that is measured, in a folder; `before` prepares a round and is not measured."""

    name: str
    command: Sequence[str]
    folder: Path
    before: Callable[[], None] = lambda: None
    cache: Path | None = None
    times: list[float] = field(default_factory=list)
    efforts: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Measure one round."""
        self.before()
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["VIPPS_LINT_CACHE_DIR"] = str(self.cache or "")
        start, effort = time.perf_counter(), _effort()
        quiet = subprocess.DEVNULL
        subprocess.run(self.command, cwd=self.folder, env=environment, stdout=quiet, stderr=quiet, check=False)
        self.times.append(time.perf_counter() - start)
        self.efforts.append(_effort() - effort)

    def measures(self) -> tuple[float, float, float]:
        """The fastest round, the median, and the least processor time, in seconds."""
        return min(self.times), statistics.median(self.times), min(self.efforts)


def _effort() -> float:
    """The processor time of all that was started so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True)
class Goal:
    """A case that is to take at most so many times as long as a yardstick."""

    case: str
    yardstick: str
    most: float


GOALS = [
    Goal("no Vipps, in git, cold", "rg", 1.0),
    Goal("no Vipps, in git, warm", "rg", 0.4),
    Goal("no Vipps, no git, cold", "rg, no git", 2.0),
    Goal("no Vipps, in git, cold", "ruff", 0.2),
    Goal("no Vipps, in git, cold", "semgrep", 0.01),
    Goal("ten Vipps files, cold", "rg", 2.5),
    Goal("ten Vipps files, warm", "rg", 0.5),
    Goal("three files, no Vipps", "python -c pass", 1.5),
    Goal("three Vipps files, cold", "import libcst", 1.0),
    Goal("three Vipps files, warm", "python -c pass", 1.5),
    Goal("a hundred Vipps files, cold", "parse loop", 1.0),
]


class Caches:
    """Folders for caches: cold ones, that are made anew for each round, and warm ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.compiled = folder / "compiled"
        environment = {**os.environ, "VIPPS_LINT_CACHE_DIR": str(self.compiled)}
        subprocess.run(_ours("rules"), env=environment, check=True, stdout=subprocess.DEVNULL)

    def cold(self, name: str, command: Sequence[str], folder: Path) -> Case:
        """A case whose cache is new in each round."""
        cache = self.folder / f"cold {name}"

        def before() -> None:
            shutil.rmtree(cache, ignore_errors=True)
            shutil.copytree(self.compiled, cache)

        return Case(f"{name}, cold", command, folder, before, cache)

    def warm(self, name: str, command: Sequence[str], folder: Path) -> Case:
        """A case whose cache is that of the round before; the first round is not measured."""
        cache = self.folder / f"warm {name}"
        shutil.copytree(self.compiled, cache, dirs_exist_ok=True)
        case = Case(f"{name}, warm", command, folder, cache=cache)
        case.run()
        case.times.clear()
        case.efforts.clear()
        return case


def _ours(*words: str) -> list[str]:
    """Our command: as it was installed, if it was."""
    script = _program("vipps-lint")
    return [script, *words] if script else [sys.executable, "-c", START, *words]


def _program(name: str) -> str | None:
    beside = shutil.which(name, path=str(Path(sys.executable).parent))
    return beside or shutil.which(name)


def cases(trees: Trees, caches: Caches) -> Iterator[Case]:
    """Everything that is measured."""
    check = _ours("check")
    few = [*check, "plain0.py", "plain1.py", "plain2.py"]
    vipps = [*check, "checkout.py", "refunds.py", "tokens.py"]
    yield Case("python -c pass", [sys.executable, "-c", "pass"], trees.three)
    yield Case("import libcst", [sys.executable, "-c", "import libcst"], trees.three)
    yield Case("parse loop", [sys.executable, "-c", PARSE], trees.hundred)
    yield from yardsticks(trees)
    yield caches.cold("no Vipps, in git", check, trees.git)
    yield caches.warm("no Vipps, in git", check, trees.git)
    yield caches.cold("no Vipps, no git", check, trees.plain)
    yield caches.warm("no Vipps, no git", check, trees.plain)
    yield caches.cold("ten Vipps files", check, trees.ten)
    yield caches.warm("ten Vipps files", check, trees.ten)
    yield Case("three files, no Vipps", few, trees.three, cache=caches.compiled)
    yield caches.cold("three Vipps files", vipps, trees.three)
    yield caches.warm("three Vipps files", vipps, trees.three)
    yield caches.cold("a hundred Vipps files", check, trees.hundred)
    yield caches.warm("a hundred Vipps files", check, trees.hundred)


def yardsticks(trees: Trees) -> Iterator[Case]:
    """The other programs, as far as they are installed."""
    patterns = [word for marker in MARKERS for word in ("-e", marker.decode())]
    search = ["-l", "-F", "-i", "-g", "*.py", *patterns, "."]
    rules = str(HERE / "semgrep.yaml")
    for name, program, words, folder in (
        ("rg", "rg", search, trees.git),
        ("rg, no git", "rg", search, trees.plain),
        ("ruff", "ruff", ["check", "--no-cache", "--isolated", "-q", "."], trees.git),
        (
            "semgrep",
            "semgrep",
            ["scan", "--metrics=off", "--disable-version-check", "-q", "--config", rules, "."],
            trees.git,
        ),
    ):
        found = _program(program)
        if found is None:
            print(f"{program} is not installed: nothing is compared with it")
        else:
            yield Case(name, [found, *words], folder)


def measure(measured: Sequence[Case], rounds: int) -> None:
    """Run everything in turn; what takes long only once, what is short more often."""
    for number in range(rounds * 4):
        for case in measured:
            long = bool(case.times) and case.times[0] > 10
            short = bool(case.times) and case.times[0] < 0.5
            if not long and (short or number < rounds):
                case.run()
                print(f"\rround {number + 1}: {case.name:40}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def report(measured: Sequence[Case]) -> None:
    """Print the times, and the goals with what became of them."""
    known = {case.name: case for case in measured}
    print(f"{'':28}{'':18}{'fastest':>10}{'median':>10}{'processor':>10}{'rounds':>8}")
    for case in measured:
        columns = "".join(f"{seconds * 1000:8.0f}ms" for seconds in case.measures())
        print(f"{case.name:46}{columns}{len(case.times):8}")
    print(f"\n{'':28}{'compared with':18}{'fastest':>10}{'median':>10}{'processor':>10}{'goal':>8}")
    for goal in GOALS:
        if goal.case in known and goal.yardstick in known:
            pairs = zip(known[goal.case].measures(), known[goal.yardstick].measures(), strict=True)
            columns = "".join(f"{ours / theirs:10.3f}" for ours, theirs in pairs)
            print(f"{goal.case:28}{goal.yardstick:18}{columns}{goal.most:8}")


def main() -> None:
    """Build the trees, measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=15_000, help="how many files the tree has")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the trees are made, and kept for the next time")
    parser.add_argument("--only", nargs="*", default=[], help="measure only cases whose names have one of these words")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        trees = Trees(folder.absolute() / "trees", given.files)
        caches = Caches(Path(temporary) / "caches")
        wanted = [
            case for case in cases(trees, caches) if not given.only or any(word in case.name for word in given.only)
        ]
        measure(wanted, given.rounds)
        report(wanted)


if __name__ == "__main__":
    main()
