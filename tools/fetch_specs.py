"""The official OpenAPI files, from the commits in GitHub that `tools/decided.toml` names, into a folder.

    python tools/fetch_specs.py FOLDER

A file that is there already and whole is not fetched again.
"""

from __future__ import annotations

import sys
import tomllib
from hashlib import sha256
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

DECIDED = Path(__file__).with_name("decided.toml")
HOME = "https://raw.githubusercontent.com"
SECONDS = 30


def main(folder: Path, decided: Path = DECIDED, home: str = HOME) -> None:
    """Fetch what is missing. Ends with one sentence where a file cannot be had, or is another one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in tomllib.loads(decided.read_text(encoding="utf-8"))["files"].items():
        place = folder / name
        if not place.exists() or sha256(place.read_bytes()).hexdigest() != one["sha256"]:
            place.write_bytes(_fetched(f"{home}/{one['home']}", one["sha256"]))


def _fetched(address: str, digest: str) -> bytes:
    try:
        with urlopen(address, timeout=SECONDS) as answer:
            content = bytes(answer.read())
    except URLError as error:
        sys.exit(f"{address}: {getattr(error, 'reason', error)}; fetch it by hand, or try again")
    if sha256(content).hexdigest() != digest:
        sys.exit(f"{address}: not the file that tools/decided.toml knows; its digest is {sha256(content).hexdigest()}")
    return content


if __name__ == "__main__":
    main(Path(sys.argv[1]))
