"""The folders that `run.py` measures in."""

from __future__ import annotations

import random
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

from vipps_lint.scan.markers import Markers

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
LONGEST = 1_000_000


class Trees:
    """The folders that are looked at, made once in a folder."""

    def __init__(self, folder: Path, files: int) -> None:
        self.plain = folder / "plain"
        self.git = folder / "git"
        self.ten = folder / "ten"
        self.hundred = folder / "hundred"
        self.three = folder / "three"
        if self.three.exists():
            return
        _fill(self.plain, files)
        for tree in (self.git, self.ten):
            shutil.copytree(self.plain, tree, symlinks=True)
        _shops(self.ten, 1)
        _shops(self.hundred, 12)
        for tree in (self.git, self.ten, self.hundred):
            _commit(tree)
        _few(self.plain, self.three)


def _fill(folder: Path, files: int) -> None:
    """Write so many Python files without a route into a folder."""
    texts = list(_texts())
    for number in range(files):
        name, text = texts[number % len(texts)]
        path = folder / f"part{number // 1000:02}" / f"copy{number // len(texts)}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def _texts() -> Iterator[tuple[str, bytes]]:
    markers = Markers()
    roots = dict.fromkeys(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib"))
    for root in roots:
        for path in sorted(root.rglob("*.py")):
            text = path.read_bytes()
            if len(text) < LONGEST and not any(markers.found_in(text)):
                yield path.relative_to(root).as_posix().replace("site-packages", "packages"), text


def _shops(folder: Path, number: int) -> None:
    """Put copies of the example into a folder, each a little different."""
    for copy in range(number):
        target = folder / f"shop{copy:02}"
        shutil.copytree(SHOP, target, ignore=shutil.ignore_patterns("__pycache__"))
        for path in target.glob("*.py"):
            path.write_text(f"{path.read_text('utf-8')}\n# shop {copy}\n", "utf-8")


def _few(plain: Path, folder: Path) -> None:
    folder.mkdir()
    found = [path for path in sorted(plain.rglob("*.py")) if 2_000 < path.stat().st_size < 20_000]
    for number, path in enumerate(random.Random(1).sample(found, 3)):
        shutil.copy(path, folder / f"plain{number}.py")
    for name in ("checkout", "refunds", "tokens"):
        shutil.copy(SHOP / f"{name}.py", folder)


def _commit(folder: Path) -> None:
    author = (
        "-c",
        "user.name=Bench",
        "-c",
        "user.email=bench@example.com",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "gc.auto=0",
    )
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "tree"]):
        subprocess.run(["git", *author, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    time.sleep(1.5)  # what is as young as the index is compared by content, again and again, until that is written anew
    subprocess.run(["git", "status", "--short"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
