"""How much of what people found in real code does `vipps-lint check` report, and is what it reports right?

    python benchmarks/score.py LABELS CHECKOUTS [--judgements FILE] [--only SNAPSHOT ...] [--misses] [--unjudged]

LABELS is a file of JSON Lines, one label each, with these keys (others are ignored):

    kind        `call_site`, `finding` or `negative`
    snapshot    the folder below CHECKOUTS that has the code
    file, line  where, `file` from that folder; the label speaks of the statement on that line
    rule        of findings and negatives: the family, a key of `families.toml`
    message     of call sites: the operation (`POST /ecomm/v2/payments`), `* *` for a transport that many share;
                of the others a sentence
    confidence  `high`, `medium` or `low`: how sure the person was

A call site is found when a call of the same operation is reported at its statement, or was sent through it. A finding
is found when one of its family's rules speaks there, at the token or in a related place. A negative counts against
us when one of its family's rules has its token there. All other reports are for a person to judge: verdicts are kept in
a file of JSON Lines with the keys `snapshot`, `file`, `line`, `rule`, `verdict` (`right` or `wrong`) and `reason`, and
`label` where a report is about a label of its file that stands at another statement: the line of the label. Such labels
count as found in the columns that say "judged".
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, Any]


@dataclass(frozen=True)
class Families:
    """Which rules report a family, and which families are derived by a rule of thumb."""

    rules: dict[str, frozenset[str]]
    derived: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> Families:
        """The families in a TOML file."""
        data = tomllib.loads(path.read_text("utf-8"))
        return cls({name: frozenset(rules) for name, rules in data["rules"].items()}, frozenset(data["derived"]))


@dataclass
class Snapshot:
    """One checkout: its labels, and what the linter said about it."""

    name: str
    folder: Path
    labels: list[Row]
    diagnostics: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)

    def statement(self, file: str, line: int) -> range:
        """The lines of the statement on a line: of a compound one its head, of an `except` the whole handler."""
        return _statements(self.folder / file).get(line, range(line, line + 1))

    def at(self, label: Row, place: Row) -> bool:
        """Whether a place is in the statement that a label speaks of."""
        if place["path"] != label["file"] or place.get("line") is None:
            return False
        lines = self.statement(label["file"], label["line"])
        first: int = place["line"]
        last: int = place.get("end_line") or first
        return first < lines.stop and last >= lines.start


@lru_cache(maxsize=64)
def _statements(path: Path) -> dict[int, range]:
    """The statement that each line belongs to, as far as Python reads the file."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    lines: dict[int, range] = {}
    for node in ast.walk(tree):  # from the outside in, so the innermost statement stays
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            span = range(node.lineno, _end(node) + 1)
            lines.update(dict.fromkeys(span, span))
    return lines


def _end(node: ast.stmt | ast.ExceptHandler) -> int:
    body: list[ast.stmt] = getattr(node, "body", [])
    last = node.end_lineno or node.lineno
    if isinstance(node, ast.ExceptHandler) or not body:
        return last
    return max(node.lineno, min(body[0].lineno - 1, last))


def run(snapshot: Snapshot) -> None:
    """Let the linter of this repository read a checkout; a run that fails says so and counts as silent."""
    command = [sys.executable, "-m", "vipps_lint", "check", "--no-config", "--format", "json", "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=snapshot.folder, env=environment, capture_output=True, timeout=600, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        print(f"{snapshot.name}: no report: {done.stderr.decode(errors='replace').strip()}", file=sys.stderr)
        return
    snapshot.diagnostics, snapshot.calls = report["diagnostics"], report["calls"]


def snapshots(labels: Iterable[Row], checkouts: Path, only: Iterable[str]) -> Iterator[Snapshot]:
    """The labels by checkout; checkouts that are not there are named and left out."""
    wanted = set(only)
    found: dict[str, Snapshot] = {}
    for label in labels:
        name = label["snapshot"]
        if not wanted or name in wanted:
            found.setdefault(name, Snapshot(name, checkouts / name, [])).labels.append(label)
    for one in found.values():
        if one.folder.is_dir():
            yield one
        else:
            print(f"{one.name}: no checkout, {len(one.labels)} labels left out", file=sys.stderr)


def same_operation(label: str, found: str) -> bool:
    """Whether two operations are the same, whatever their parameters are called."""
    pairs = zip(_steps(label), _steps(found), strict=False)
    same_length = len(_steps(label)) == len(_steps(found))
    return label == "* *" or (same_length and all(one == other or "{" in one + other for one, other in pairs))


def _steps(operation: str) -> list[str]:
    return re.split(r"[ /]+", operation.rstrip("/"))


def sends(snapshot: Snapshot, label: Row, call: Row) -> bool:
    """Whether a call is the one that a label speaks of."""
    places = (call, *(step for way in call["ways"] for step in way))
    return same_operation(label["message"], call["operation"]) and any(snapshot.at(label, one) for one in places)


def speaks(snapshot: Snapshot, label: Row, diagnostic: Row, families: Families, *, related: bool = True) -> bool:
    """Whether a report is about what a label says."""
    if diagnostic["rule"] not in families.rules.get(label["rule"], frozenset()):
        return False
    places = (diagnostic, *((*diagnostic["related"], *diagnostic["chain"]) if related else ()))
    return any(snapshot.at(label, one) for one in places)


@dataclass
class Score:
    """The outcome: labels with how they were found, and the reports that match no label.

    A finding is found at its `statement`, somewhere else as a person has `judged`, or not at all (empty).
    """

    sites: list[tuple[Row, bool]] = field(default_factory=list)
    findings: list[tuple[Row, str]] = field(default_factory=list)
    negatives: list[tuple[Row, Row]] = field(default_factory=list)
    matched: list[Row] = field(default_factory=list)
    unmatched: list[tuple[str, Row]] = field(default_factory=list)

    def add(self, snapshot: Snapshot, families: Families, verdicts: dict[Key, Row]) -> None:
        """Count one checkout."""
        matched: list[int] = []
        for label in snapshot.labels:
            if label["kind"] == "call_site":
                self.sites.append((label, any(sends(snapshot, label, call) for call in snapshot.calls)))
                continue
            negative = label["kind"] == "negative"
            hits = [
                number
                for number, one in enumerate(snapshot.diagnostics)
                if speaks(snapshot, label, one, families, related=not negative)
            ]
            if negative:
                self.negatives += [(label, snapshot.diagnostics[number]) for number in hits]
            else:
                told = (verdicts.get(key(snapshot.name, one), {}) for one in snapshot.diagnostics)
                elsewhere = any(one.get("label") == label["line"] and one["file"] == label["file"] for one in told)
                self.findings.append((label, "statement" if hits else "judged" if elsewhere else ""))
                matched += hits
        for number, one in enumerate(snapshot.diagnostics):
            if number in matched:
                self.matched.append(one)
            else:
                self.unmatched.append((snapshot.name, one))


Key = tuple[str, str, int, str]


def judged(path: Path | None) -> dict[Key, Row]:
    """The verdicts so far."""
    rows = read_rows(path) if path and path.exists() else []
    return {(row["snapshot"], row["file"], row["line"], row["rule"]): row for row in rows}


def key(snapshot: str, diagnostic: Row) -> Key:
    """What a verdict is kept under."""
    return snapshot, diagnostic["path"], diagnostic["line"], diagnostic["rule"]


def read_rows(path: Path) -> list[Row]:
    """The objects of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def table(score: Score, families: Families) -> Iterator[str]:
    """What was found, as lines: call sites, then the families, labelled by hand and derived."""
    found = sum(hit for _, hit in score.sites)
    yield f"call sites found with their operation: {_share(found, len(score.sites))}"
    yield f"{'family':24}{'at statement':>16}{'judged':>16}{'high, medium':>16}{'judged':>16}"
    by_hand = [one for one in score.findings if one[0]["rule"] not in families.derived]
    for name in sorted({label["rule"] for label, _ in by_hand}):
        yield _family(name, [one for one in by_hand if one[0]["rule"] == name])
    yield _family("all labelled by hand", by_hand)
    for name in sorted(families.derived):
        yield _family(f"derived: {name}", [one for one in score.findings if one[0]["rule"] == name])


def _family(name: str, rows: list[tuple[Row, str]]) -> str:
    every = [how for _, how in rows]
    sure = [how for label, how in rows if label["confidence"] != "low"]
    cells = (_share(found, len(hows)) for hows in (every, sure) for found in (hows.count("statement"), _all(hows)))
    return name.ljust(24) + "".join(cell.rjust(16) for cell in cells)


def _all(hows: list[str]) -> int:
    return len(hows) - hows.count("")


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} {100 * part // whole if whole else 100:3} %"


def precision(score: Score, verdicts: dict[Key, Row]) -> Iterator[str]:
    """Which reports are right: those that match a label and those that a person has judged to be."""
    for name, severities in (("warning or error", ("warning", "error")), ("info", ("info",))):
        labelled = sum(one["severity"] in severities for one in score.matched)
        rest = [(where, one) for where, one in score.unmatched if one["severity"] in severities]
        known = [verdicts[key(*one)]["verdict"] for one in rest if key(*one) in verdicts]
        right, decided = labelled + known.count("right"), labelled + len(known)
        total, open_ = labelled + len(rest), len(rest) - len(known)
        yield f"reports at {name}: {total}, right {_share(right, decided)}, to judge {open_}"


def line_of(snapshot: str, diagnostic: Row) -> str:
    """A report in one line."""
    where = f"{snapshot}/{diagnostic['path']}:{diagnostic['line']}"
    return f"{where} {diagnostic['severity']}[{diagnostic['rule']}] {diagnostic['message']}"


def missed(score: Score) -> Iterator[str]:
    """The labels that were not found, a line each."""
    for label, hit in (*score.sites, *score.findings):
        if not hit:
            what = label["rule"] or "call site"
            where = f"{label['snapshot']}/{label['file']}:{label['line']}"
            yield f"missed [{what}, {label['confidence']}] {where} {label['message']}"


def main(arguments: list[str] | None = None) -> int:
    """Score and print; 1 where a negative was reported."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--judgements", type=Path, help="verdicts on reports that match no label")
    parser.add_argument("--families", type=Path, default=Path(__file__).with_name("families.toml"))
    parser.add_argument("--only", action="append", default=[], metavar="SNAPSHOT", help="score only this checkout")
    parser.add_argument("--misses", action="store_true", help="list the labels that were not found")
    parser.add_argument("--unjudged", action="store_true", help="list the reports that nobody has judged")
    parser.add_argument("--wrong", action="store_true", help="list the reports that were judged wrong")
    options = parser.parse_args(arguments)
    families, verdicts, score = Families.read(options.families), judged(options.judgements), Score()
    for snapshot in snapshots(read_rows(options.labels), options.checkouts, options.only):
        run(snapshot)
        score.add(snapshot, families, verdicts)
    print("\n".join((*table(score, families), *precision(score, verdicts))))
    for label, diagnostic in score.negatives:
        print(f"negative reported: {line_of(label['snapshot'], diagnostic)}\n    but: {label['message']}")
    if options.misses:
        print("\n".join(missed(score)))
    for where, diagnostic in score.unmatched:
        verdict = verdicts.get(key(where, diagnostic), {"verdict": None})
        if (options.unjudged and verdict["verdict"] is None) or (options.wrong and verdict["verdict"] == "wrong"):
            print(f"{verdict['verdict'] or 'to judge'}: {line_of(where, diagnostic)}")
    return 1 if score.negatives else 0


if __name__ == "__main__":
    sys.exit(main())
