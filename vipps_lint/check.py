"""The linter: Python files to findings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from vipps_lint.call import Call, Place
from vipps_lint.catalog import Catalog, catalog
from vipps_lint.diagnostic import Diagnostic, Note
from vipps_lint.engine import judge
from vipps_lint.ledger import Ledger
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import locate, located, nodes_of, read_source
from vipps_lint.report import Report
from vipps_lint.report.sources import decoded
from vipps_lint.suppress import MARK

SUFFIXES = (".py", ".pyi", ".pyw")
SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist"})
COMMENT = MARK.encode()
LARGEST = 4_000_000
"""Files of more bytes are no source that anybody wrote."""

Progress = Callable[[int, int], None]


def check_paths(
    paths: Sequence[Path],
    rules: Catalog,
    *,
    today: date,
    exclude: Callable[[Path], bool] = lambda path: False,
    progress: Progress | None = None,
) -> Report:
    """Check files, and folders with all Python files in them.

    Files that git ignores and files that `exclude` says yes to are left out,
    unless they are named themselves. `progress` is told how many of how many files are done. What cannot be read
    becomes a note; `scanned` is the number of files that were read.
    """
    report = Report("check")
    files = list(dict.fromkeys(_files(paths, exclude, report)))
    routes = Routes(rules.operations.values())
    markers = _markers(rules)
    for done, path in enumerate(files):
        if progress:
            progress(done, len(files))
        _check_file(path, rules, routes, markers, today, report)
    return report


def check_source(text: str | bytes, path: str, today: date, rules: Catalog | None = None) -> Report:
    """Check one piece of source, whatever it contains; `path` is how the report names it."""
    chosen = rules or catalog()
    report = Report("check", scanned=1)
    _check(text, path, chosen, Routes(chosen.operations.values()), today, report)
    return report


def _check_file(
    path: Path, rules: Catalog, routes: Routes, markers: tuple[bytes, ...], today: date, report: Report
) -> None:
    shown = path.as_posix()
    try:
        if path.stat().st_size > LARGEST:
            report.notes.append(Note(shown, f"has more than {LARGEST // 10**6} MB and was not checked"))
            return
        text = path.read_bytes()
    except OSError as error:
        report.notes.append(Note(shown, f"cannot be read: {error.strerror or error}"))
        return
    report.scanned += 1
    if COMMENT in text:
        report.sources[shown] = decoded(text)
    lowered = text.lower()
    if any(marker in lowered for marker in markers):
        _check(text, shown, rules, routes, today, report)


def _check(text: str | bytes, path: str, rules: Catalog, routes: Routes, today: date, report: Report) -> None:
    source = read_source(text, path, routes)
    report.notes += source.notes
    found: list[Diagnostic] = []
    for one in source.paths:
        history = Ledger()
        for earlier, happened in one.before:
            history.fold(earlier, happened)
        found += judge(one.call, history, rules, today)
    calls = _once_each(one.call for one in source.paths)
    places = locate(text, path, nodes_of(_places(found, calls))) if found or calls else {}
    report.calls += [replace(call, place=located(call.place, places)) for call in calls if call.place]
    report.diagnostics += sorted(_distinct(_located(one, places) for one in found), key=_order)


def _markers(rules: Catalog) -> tuple[bytes, ...]:
    """What a file must contain to be worth parsing: the prefix of an API, as a path has it, in small letters."""
    prefixes = {prefix.strip("/").lower() for api in rules.apis.values() for prefix in (*api.prefixes, *api.typos)}
    return tuple(one.encode() for one in sorted(prefixes))


def _once_each(calls: Iterable[Call]) -> list[Call]:
    """One call for each place and operation, however many paths lead there."""
    return list({(call.place, call.label): call for call in calls}.values())


def _places(found: Iterable[Diagnostic], calls: Iterable[Call]) -> Iterator[Place]:
    for diagnostic in found:
        yield diagnostic.place
        yield from (related.place for related in diagnostic.related)
    yield from (call.place for call in calls if call.place)


def _located(diagnostic: Diagnostic, places: dict[int, Place] | object) -> Diagnostic:
    related = tuple(replace(one, place=located(one.place, places)) for one in diagnostic.related)  # type: ignore[arg-type]
    return replace(diagnostic, place=located(diagnostic.place, places), related=related)  # type: ignore[arg-type]


def _distinct(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """One report for one mistake: the same rule at the same token is said once, with the first message."""
    seen: set[tuple[str, Place]] = set()
    for diagnostic in found:
        key = diagnostic.rule, diagnostic.place
        if key not in seen:
            seen.add(key)
            yield diagnostic


def _order(diagnostic: Diagnostic) -> tuple[int, int, str]:
    return diagnostic.place.line or 0, diagnostic.place.column or 0, diagnostic.rule


def _files(paths: Sequence[Path], exclude: Callable[[Path], bool], report: Report) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (one for one in sorted(_inside(path)) if not exclude(one))
        elif path.exists():
            yield path
        else:
            report.notes.append(Note(path.as_posix(), "there is no such file or folder"))


def _inside(folder: Path) -> Iterator[Path]:
    """The Python files below a folder: those git does not ignore, where it is in a git checkout.

    A folder that git ignores as a whole was named on purpose, so there all files count.
    """
    if listed := _from_git(folder):
        yield from listed
        return
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED and not name.startswith(".")]
        yield from (Path(top) / name for name in names if name.endswith(SUFFIXES))


def _from_git(folder: Path) -> list[Path] | None:
    """What git tracks or could track below a folder; None where it is no checkout or there is no git."""
    command = ["git", "-C", str(folder), "ls-files", "-co", "--exclude-standard", "-z"]
    try:
        result = subprocess.run([*command, *(f"*{suffix}" for suffix in SUFFIXES)], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    names = dict.fromkeys(name for name in result.stdout.decode("utf-8", "surrogateescape").split("\0") if name)
    return [path for name in names if (path := folder / name).is_file()]
