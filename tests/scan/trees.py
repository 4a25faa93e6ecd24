"""Trees of files, in a repository of git or not, and what a plain and slow look at them says."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from vipps_lint.scan.markers import COMMENT, MARKERS
from vipps_lint.scan.walk import SKIPPED

ROUTE = 'post("https://api.vipps.no/ecomm/v2/payments")\n'
SUFFIXES = (".py", ".pyi", ".pyw")


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by their names from a folder; the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def git(folder: Path, *arguments: str) -> None:
    """Run git, which knows nothing of the user's own settings."""
    author = ("-c", "user.name=Shop", "-c", "user.email=shop@example.com", "-c", "commit.gpgsign=false")
    clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True, env=clean)


def committed(folder: Path) -> Path:
    """Make a repository of a folder, with all that is not ignored committed; the folder."""
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "--allow-empty", "-m", "shop")
    return folder


def listed(folder: Path) -> set[str]:
    """The Python files below a folder, by the plainest means."""
    command = [
        "git",
        "-C",
        str(folder),
        "ls-files",
        "-co",
        "--exclude-standard",
        "-z",
        *(f"*{end}" for end in SUFFIXES),
    ]
    names = os.fsdecode(subprocess.run(command, capture_output=True, check=False).stdout).split("\0")
    return {name for name in names if name and (folder / name).is_file()} or walked(folder)


def walked(folder: Path) -> set[str]:
    """The Python files below a folder where git has nothing to say."""
    found = set()
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED and not name.startswith(".")]
        paths = (Path(top, name) for name in names if name.endswith(SUFFIXES))
        found |= {path.relative_to(folder).as_posix() for path in paths if path.is_file()}
    return found


def telling(folder: Path) -> tuple[set[str], set[str]]:
    """Those of the files that spell a route, and those with a comment for us."""
    texts = {name: (folder / name).read_bytes() for name in listed(folder)}
    routes = {name for name, text in texts.items() if any(marker in text.lower() for marker in MARKERS)}
    return routes, {name for name, text in texts.items() if COMMENT in text}
