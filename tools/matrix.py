"""Runs the guard's tests with the oldest, or the newest, versions of the clients and the test doubles it works with.

    python tools/matrix.py oldest
    python tools/matrix.py current -k aiohttp

The oldest are the lower bounds in `pyproject.toml`. What follows the name goes to pytest. The environment is made anew
in a folder of the system's own, and removed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def wanted(oldest: bool) -> list[str]:
    """What to install: all that the package and its tests ask for, each in one version or the newest one allowed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked: list[str] = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return [one.partition(",")[0].replace(">=", "==") for one in asked] if oldest else asked


def main(words: list[str]) -> int:
    """Make the environment and run the tests; the exit code is pytest's."""
    session, *options = words or [""]
    if session not in ("oldest", "current"):
        sys.stderr.write("usage: python tools/matrix.py oldest|current [options of pytest]\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "Scripts" if os.name == "nt" else "bin", "python"))
        install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, *wanted(session == "oldest")], check=True)
        subprocess.run([*install, "--no-deps", "-e", str(ROOT)], check=True)
        return subprocess.run([python, "-m", "pytest", "-q", "tests/guard", *options], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
