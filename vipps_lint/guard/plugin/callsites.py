"""Where the plugin gets the call sites from: a report of `vipps-lint check`, or the linter in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import vipps_lint
from vipps_lint.catalog import catalog
from vipps_lint.checks import FACES
from vipps_lint.guard.callsites import CallSites, sites_of
from vipps_lint.guard.files import Files

PROGRAM = "import sys; sys.path.append(sys.argv.pop(1)); from vipps_lint.__main__ import console; console()"


def load(paths: Sequence[Path], root: Path, day: date | None) -> tuple[CallSites, Files]:
    """The call sites of Python files and folders, and of reports (`.json`) that `vipps-lint check` made before.

    Raises `UsageError` where there is no report to be had.
    """
    reports = [path for path in paths if path.suffix == ".json"]
    sources = [path for path in paths if path.suffix != ".json"]
    calls = [call for path in reports for call in _read(path)] + (_check(sources, root, day) if sources else [])
    files = Files(root, Path.cwd(), *(path.parent for path in reports))
    judged = [rule.name for rule in catalog().rules.values() if rule.needs <= FACES["guard"]]
    return CallSites(sites_of(calls, files.of_source, judged), f"{root}{os.sep}"), files


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        return _calls(path.read_text("utf-8"))
    except OSError as error:
        raise pytest.UsageError(f"vipps-obligations: {path} cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError):
        cure = "make it with `vipps-lint check --format json --output FILE`"
        raise pytest.UsageError(f"vipps-obligations: {path} is no report of the linter; {cure}") from None


def _calls(text: str) -> list[dict[str, Any]]:
    report = json.loads(text)
    if report["face"] != "check":
        raise ValueError(report["face"])
    calls: list[dict[str, Any]] = report["calls"]
    sites_of(calls, str, ())
    return calls


def _check(paths: Sequence[Path], root: Path, day: date | None) -> list[dict[str, Any]]:
    """What the linter says, by the project's settings. In its own process, it leaves that of the tests as it is."""
    package = str(Path(vipps_lint.__file__).parent.parent)
    named = [os.path.relpath(path, root) if path.is_relative_to(root) else str(path) for path in paths]
    words = ["check", "--format", "json", *(["--as-of", day.isoformat()] if day else []), "--", *named]
    command = [sys.executable, "-P", "-c", PROGRAM, package, *words]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
        return _calls(done.stdout)
    except OSError as error:
        said = error.strerror or str(error)
    except (ValueError, KeyError, TypeError):
        said = done.stderr.strip().rpartition("\n")[2] or f"it ended with code {done.returncode}"
    raise pytest.UsageError(f"vipps-obligations: the linter could not read the call sites: {said}")
