"""Text in pieces is read as if it were whole, and no more of it is held than one record."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from auditing import WRONG, Audited, calls
from hypothesis import given
from hypothesis import strategies as st
from shop import entry, har, initiate, record

from vipps_lint.audit import audit
from vipps_lint.catalog import Catalog
from vipps_lint.diagnostic import Note
from vipps_lint.read.har import read_har
from vipps_lint.read.jsonl import read_lines
from vipps_lint.read.record import Reading
from vipps_lint.read.stream import LONGEST

RECORD = json.dumps(initiate())
HAR = json.dumps(har(entry(comment='}"]\\\u00e5['), entry()), indent=1)
ENTRY = '{\n    "startedDateTime"'
VALUE = '{"a": "\\\\", "b": [1, "]}\\"", {"c": null}]}'


def pieces(text: str, cuts: Iterable[int]) -> list[str]:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[start:end] for start, end in pairwise(places)]


@given(st.lists(st.integers(min_value=0), max_size=8), st.integers(0, 500))
def test_pieces_of_a_har_are_the_whole(cuts: list[int], lost: int) -> None:
    text = HAR[: len(HAR) - lost]
    assert list(read_har(pieces(text, cuts), "x")) == list(read_har([text], "x"))


@given(st.lists(st.sampled_from([VALUE, "12", '"a,b"', "null", "nul", "[" * 3000 + "]" * 3000, "{]"]), max_size=5), st.data())
def test_pieces_of_any_list_are_the_whole(items: list[str], data: st.DataObject) -> None:
    text = '{"log": {"entries": [' + ", ".join(items) + data.draw(st.sampled_from(["", "]", "]}}"]))
    cuts = data.draw(st.lists(st.integers(min_value=0), max_size=8))
    assert list(read_har(pieces(text, cuts), "x")) == list(read_har([text], "x"))


@given(st.lists(st.sampled_from([RECORD, "", " \r", "oops"])), st.lists(st.integers(min_value=0), max_size=8))
def test_pieces_of_lines_are_the_whole(lines: list[str], cuts: list[int]) -> None:
    text = "\n".join(lines)
    assert list(read_lines(pieces(text, cuts), "x")) == list(read_lines([text], "x"))


def test_an_entry_that_is_too_deep_does_not_hide_the_others() -> None:
    deep = "[" * 1_000_000 + "]" * 1_000_000
    whole = json.dumps(har(entry(), entry(), entry()))
    first = whole.index('}, {"startedDateTime"') + 3
    text = whole[:first] + deep + ", " + whole[first:]
    one, note, *others = read_har([text], "x")
    assert isinstance(note, Note)
    assert (note.record, note.message) == (2, "the entry is nested too deep to be read; it was passed over")
    assert len([one, *others]) == 3


def long(start: str, filling: str, end: str) -> Iterator[str]:
    """A text of 128 million characters, of which nobody holds more than a piece."""
    yield start
    for _ in range(128):
        yield filling * 1_000_000
    yield end


FIRST, LAST = HAR.index(ENTRY), HAR.rindex(ENTRY)
TOO_LONG = [
    pytest.param(read_lines, RECORD + "\n", "x", "\n" + RECORD, id="a line"),
    pytest.param(read_har, HAR[:LAST] + '{"a": "', "x", '"},' + HAR[LAST:], id="a text in an entry"),
    pytest.param(read_har, HAR[:LAST] + '{"a": "', "\\\\", '"},' + HAR[LAST:], id="a text of escapes"),
    pytest.param(read_har, HAR[:LAST] + "[1", ",", "]," + HAR[LAST:], id="a list in the place of an entry"),
]


@pytest.mark.parametrize(("read", "start", "filling", "end"), TOO_LONG)
def test_a_record_that_is_too_long_is_passed_over_and_not_held(
    read: Callable[[Iterable[str], str], Reading], start: str, filling: str, end: str
) -> None:
    tracemalloc.start()
    one, note, other = read(long(start, filling, end), "x")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(note, Note)
    assert note.record == 2
    assert note.message.endswith("is longer than 16 million characters; it was passed over")
    assert not isinstance(one, Note)
    assert not isinstance(other, Note)
    assert peak < 4 * LONGEST


def test_a_text_without_end_is_a_har_that_breaks_off() -> None:
    (note,) = read_har(long(HAR[:FIRST] + '{"a": "', "x", ""), "x")
    assert isinstance(note, Note)
    line = HAR.count("\n", 0, FIRST) + 1
    assert f"breaks off at line {line}, column 4: no entry before that was read" in note.message


def test_what_has_been_read_is_not_held() -> None:
    text = json.dumps(har(*(entry(time=number) for number in range(20_000))))
    cut = [text[at : at + 100_000] for at in range(0, len(text), 100_000)]
    tracemalloc.start()
    assert sum(1 for _ in read_har(iter(cut), "x")) == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_calls_of_others_are_not_held(rules: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    others = (json.dumps(record("GET", f"https://shop.example/{n}", "x" * 100_000, None)) for n in range(300))
    path.write_text("\n".join([json.dumps(initiate(number=WRONG)), *others]))
    tracemalloc.start()
    report = audit([path], rules)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (report.scanned, calls(report), len(report.diagnostics)) == (301, 1, 1)
    assert peak < 10_000_000


def test_million_brackets_are_a_note(audited: Audited) -> None:
    report = audited("[" * 1_000_000 + "\n" + json.dumps(initiate(number=WRONG)))
    assert len(report.notes) == 1
    report = audited('{"request": ' + "[" * 1_000_000 + "\n" + json.dumps(initiate(number=WRONG)))
    assert len(report.diagnostics) == len(report.notes) == 1
