"""A folder of files, and runs of the program in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vipps_lint import cli
from vipps_lint.short import begin

ROOT = Path(__file__).parents[2]
HEAVY = {"click", "pydantic", "libcst", "re", "pathlib", "dataclasses", "typing", "subprocess", "json", "tomllib"}

PAY = """import requests

from shop.numbers import number
from shop.settings import BASE


def pay(headers):
    body = {"customerInfo": {"mobileNumber": number}}
    response = requests.post(BASE + "/ecomm/v2/payments", json=body, headers=headers, timeout=10)
    response.raise_for_status()
    return response.json()
"""
PLAIN = "def add(a, b):\n    return a + b\n"
TREE = {
    "shop/__init__.py": "",
    "shop/pay.py": PAY,
    "shop/numbers.py": 'number = "+4791234567"\n',
    "shop/settings.py": 'BASE = "https://api.vipps.no"\n',
    "shop/plain.py": PLAIN,
    "other/plain.py": PLAIN,
    "other/empty.py": "",
    "other/large.py": "#" * 4_000_001,
    "idle/note.py": "# vipps-lint: ignore[unknown-host] no reason\n",
    "none/notes.txt": "no Python\n",
    "set/pyproject.toml": '[tool.vipps-lint]\nexclude = ["gen"]\n',
    "set/gen/pay.py": PAY,
    "set/plain.py": PLAIN,
    "wrong/pyproject.toml": '[tool.vipps-lint]\nexclud = ["gen"]\n',
    "wrong/plain.py": PLAIN,
}
Shop = Callable[..., tuple[int, str, str]]


def program(*arguments: str) -> int:
    """The exit code of the program: the short way, then the long way where that is needed."""
    code, run = begin(arguments)
    return cli.main(arguments, run) if code is None else code


def anew(*arguments: str) -> int:
    """The exit code of the long way alone, which remembers nothing."""
    return cli.main([*arguments, "--no-cache"])


def printed(capsys: pytest.CaptureFixture[str], code: int) -> tuple[int, str, str]:
    shown = capsys.readouterr()
    return code, shown.out, shown.err


ALWAYS, AGAIN, NEVER = "always", "again", "never"
"""Whether the short way is enough: always, from the second run on, or never."""
