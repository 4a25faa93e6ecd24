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

BRANCHING = "import requests\ndef f(a, x=0):\n"
DOUBLING = [
    ("'ab'", "x = x + x"),
    ("'ab'", "x = f'{x}{x}'"),
    ("'ab'", "x = '%s%s' % (x, x)"),
    ("'ab'", "x = '{}{}'.format(x, x)"),
    ("'ab'", "x = x.join([x, x])"),
    ("'ab'", "x = x.replace('a', x)"),
    ("[1]", "x = x + x"),
    ("[1]", "x = [*x, *x]"),
    ("[1]", "x.extend(x)"),
    ("10", "x = x * x"),
]
HUGE = [
    "10 ** 10 ** 8",
    "1 << 10 ** 10",
    "'x' * 10 ** 9",
    "[0] * 10 ** 9",
    "'%1000000000d' % 1",
    "f'{1:>1000000000}'",
    "'{:>1000000000}'.format(1)",
    "'a'.ljust(10 ** 9)",
    "'a'.ljust(1000000000)",
    "'a'.zfill(1000000000)",
    "list(range(10 ** 9))",
    "int(1e400)",
]

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
    pytest.param(BRANCHING + "".join(f"    if a == {n}:\n        x = {n}\n" for n in range(10_000)) + f"    {CALL}\n", id="ten thousand branches"),
    pytest.param("import requests\ndef f(a):\n" + "".join(f"{' ' * n}for i{n} in a:\n" for n in range(1, 60)) + " " * 60 + CALL, id="sixty loops in each other"),
    pytest.param("import requests\ndef f(a):\n" + "".join(f"{' ' * n}for i{n} in (1, 2, 3, 4):\n" for n in range(1, 60)) + " " * 60 + CALL, id="sixty known loops in each other"),
    pytest.param(f"import requests\nURL = '{'x' * 20_000_000}'\n{CALL}", id="a literal of twenty megabytes"),
    pytest.param(f"import requests\nrequests.get('https://api.vipps.no/ecomm/v2/payments/{'x' * 20_000_000}')\n{CALL}", id="a URL of twenty megabytes"),
    pytest.param(f"x = [{'1,' * 1_000_000}]\n{CALL}", id="a list of a million numbers"),
    pytest.param(f"x = [\n{'1,' * 20_000}]\n{CALL}", id="a list of twenty thousand numbers"),
    pytest.param("import requests\n" + "".join(f"def f{n}(x):\n    f{n * 7 % 2000}(x); f{n * 13 % 2000}(x); return f{(n + 1) % 2000}(x)\n" for n in range(2000)) + CALL, id="two thousand functions that call each other"),
    pytest.param("import requests\n" + "".join(f"def f{n}(x):\n    {CALL}\n    f{n * 7 % 300}(x); f{n * 13 % 300}(x)\n" for n in range(300)), id="three hundred functions that call Vipps and each other"),
    *(pytest.param(f"import requests\nx = {start}\n" + f"{again}\n" * 200 + CALL.replace('"+47"', "x"), id=f"two hundred times {again}") for start, again in DOUBLING),
    *(pytest.param(f"import requests\nx = {huge}\n" + CALL.replace('"+47"', "x"), id=huge) for huge in HUGE),
    pytest.param(f"import requests\nx = 'ab'\nwhile True:\n    x += x\n    {CALL}", id="text that doubles in a loop"),
    pytest.param("import requests\nx = []\nx.append(x)\ny = x + x\n" + CALL.replace('"+47"', "y"), id="a list in itself"),
    pytest.param(f"import requests\ndef f(a):\n    x = f'{'{a}b' * 20_000}'\n    {CALL}", id="a template of forty thousand pieces"),
]  # fmt: skip


def test_a_file_with_too_much_code_is_followed_as_far_as_its_budget_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    from vipps_lint.read.source import project

    program = "import requests\n" + "".join(f"def f{n}():\n    {CALL}\n" for n in range(3))
    whole = check_source(program, "long.py", TODAY)
    monkeypatch.setattr(project, "FILE_STEPS", 10)
    part = check_source(program, "long.py", TODAY)
    assert len(whole.calls) == 3 and not whole.notes
    assert len(part.calls) == 1 and part.diagnostics
    assert [note.message for note in part.notes] == [
        "has too much code to follow it all; nothing after `f0` was checked"
    ]


def test_calls_and_joins_are_counted_as_the_work_that_they_are() -> None:
    """Each function makes a few hundred calls, by ways that fork and join: there is an end before all are made."""
    functions = (f"def f{n}(x):\n    if x: {CALL}\n    f{n + 1}(x); f{n + 1}(x); f{n + 1}(x)\n" for n in range(7))
    report = check_source("import requests\n" + "".join(functions), "many.py", TODAY)
    assert [note.message.partition(";")[0] for note in report.notes][:1] == ["`f0` is too complex to follow to its end"]


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
