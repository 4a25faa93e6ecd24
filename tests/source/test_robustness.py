"""Whatever is in a file, it is read to an end: with calls, with holes, or with a note."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vipps_lint.check import check_source

TODAY = date(2026, 11, 22)
CALL = 'requests.post("https://api.vipps.no/ecomm/v2/payments", json={"customerInfo": {"mobileNumber": "+47"}})'
SOURCES = sorted((Path(__file__).parents[2] / "vipps_lint").rglob("*.py"))

HOSTILE = [
    pytest.param("x = " + "(" * 3000 + ")" * 3000, id="deep brackets"),
    pytest.param("x = " + "[" * 200 + CALL + "]" * 200, id="a call deep in lists"),
    pytest.param("import requests\n" + "if a:\n    x = 1\n" * 3000 + CALL, id="thousands of branches"),
    pytest.param("import requests\ndef f(n):\n    return f(n) + g(n)\ndef g(n):\n    return f(n)\n" + CALL, id="mutual recursion"),
    pytest.param("import requests\nURL = '" + "x" * 2_000_000 + "'\n" + CALL, id="a literal of two megabytes"),
    pytest.param("import requests\n" + "".join(f"def f{n}():\n    f{n + 1}(); f{n + 1}()\n" for n in range(60)) + "def f60():\n    " + CALL, id="doubling calls"),
    pytest.param("import requests\nd = {}\nd['d'] = d\nrequests.post('https://api.vipps.no/ecomm/v2/payments', json=d)", id="a dict in itself"),
    pytest.param("import requests\na = {}\nb = {'x': a, 'y': a}\na.update(x=b, y=b)\nrequests.post('https://api.vipps.no/ecomm/v2/payments', json=a)", id="two dicts in each other, twice"),
    pytest.param("import requests\nclass A(A):\n    pass\nclass B(B):\n    def f(self):\n        " + CALL, id="a class that is its own base"),
    pytest.param("from __future__ import annotations\nimport *\n", id="no syntax of Python"),
    pytest.param("\0", id="a NUL"),
    pytest.param("# coding: no-such-encoding\nx = 1", id="an unknown encoding"),
    pytest.param("x = 1" + "0" * 10_000, id="a number of ten thousand digits"),
    pytest.param("print 'Python 2'", id="Python 2"),
]  # fmt: skip


@pytest.mark.parametrize("program", HOSTILE)
def test_hostile_file(program: str) -> None:
    report = check_source(program.encode(), "hostile.py", TODAY)
    assert all(note.path == "hostile.py" and "\n" not in note.message for note in report.notes)
    assert not any(one.internal for one in report.diagnostics)
    assert "+47" not in program or report.notes or [one.rule for one in report.diagnostics]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        pytest.param("def f(:\n    pass", "does not parse", id="a syntax error"),
        pytest.param(b"\xff\xfe\x00", "cannot be read as Python", id="bytes that are no text"),
    ],
)
def test_unreadable_file_is_one_note(program: str | bytes, message: str) -> None:
    [note] = check_source(program, "broken.py", TODAY).notes
    assert message in note.message
    assert "nothing in it was checked" in note.message


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_mutated_source_never_raises(seed: int) -> None:
    """Lines of our own sources, shuffled, doubled, dropped and cut, with a call of Vipps in between."""
    chance = random.Random(seed)
    lines = chance.choice(SOURCES).read_text(encoding="utf-8").splitlines()
    start = chance.randrange(max(1, len(lines) - 40))
    piece = lines[start : start + 40]
    for _ in range(chance.randrange(6)):
        index = chance.randrange(len(piece))
        action = chance.randrange(4)
        piece[index : index + 1] = [[], [piece[index]] * 2, [piece[index][: chance.randrange(40)]], [CALL]][action]
        piece = piece or [CALL]
    report = check_source("import requests\n" + "\n".join(piece) + "\n" + CALL + "\n", "mutated.py", TODAY)
    assert report.scanned == 1
    assert not any(one.internal for one in report.diagnostics)
