"""Reports as text, and the frames of code in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from findings import PHONE, RECORD, checked
from hypothesis import given, settings
from hypothesis import strategies as st

from vipps_lint.call import Place
from vipps_lint.diagnostic import Note, Related, Severity
from vipps_lint.report import Report
from vipps_lint.report.frame import WIDTH, frame, width
from vipps_lint.report.json import document
from vipps_lint.report.summary import sentence
from vipps_lint.report.text import Screen, text


def test_text_shows_a_finding_in_its_code() -> None:
    assert text(checked(PHONE)) == (
        "error[phone-number-not-msisdn]: phone number `+47{order.phone}` is not an MSISDN\n"
        " --> shop/checkout.py:2:22\n"
        "  |\n"
        '2 |     body = {"phone": f"+47{order.phone}"}\n'
        "  |                      ^^^^^^^^^^^^^^^^^^^ sent by `POST /epayment/v1/payments`\n"
        "  |\n"
        "  = help: send `47{order.phone}`: country code and number, digits only\n"
        "\n"
        "1 error. Looked at 3 files: 1 call of 1 operation in 1 file.\n"
    )


def test_text_shows_a_record_by_its_number_and_field() -> None:
    report = Report("audit", [RECORD], [], [], 20)
    assert text(report) == (
        "warning[phone-number-not-msisdn]: phone number `+47{order.phone}` is not an MSISDN\n"
        " --> calls.har#17 body.customer.phoneNumber\n"
        "  = sent by `POST /epayment/v1/payments`\n"
        "  = help: send `47{order.phone}`: country code and number, digits only\n"
        "\n"
        "1 warning. Looked at 20 records: no calls of a Vipps API.\n"
    )


def test_text_names_the_operation_of_a_whole_call_once() -> None:
    whole = replace(PHONE, pointer="", message="the answer is not looked at")
    named = replace(whole, message="`POST /epayment/v1/payments` stops working")
    assert "^^^ `POST /epayment/v1/payments`\n" in text(checked(whole))
    assert "^^^\n" in text(checked(named))
    assert "^^^ answered by `POST /epayment/v1/payments`\n" in text(
        checked(replace(PHONE, pointer="response.body.logo"))
    )


def test_text_shows_related_places_with_their_own_frames() -> None:
    related = Related(Place("shop/checkout.py", 1, 5, 1, 8), "the order comes from here")
    assert text(checked(replace(PHONE, related=(related,)))).endswith(
        "note: the order comes from here\n"
        " --> shop/checkout.py:1:5\n"
        "  |\n"
        "1 | def pay(order):\n"
        "  |     ^^^\n"
        "\n"
        "1 error. Looked at 3 files: 1 call of 1 operation in 1 file.\n"
    )


@pytest.mark.parametrize(
    ("report", "line"),
    [
        pytest.param(checked(), "No findings. Looked at 3 files: 1 call of 1 operation in 1 file.", id="calls"),
        pytest.param(
            Report("check", scanned=1),
            "No findings. Looked at 1 file: no calls of a Vipps API.",
            id="files without calls",
        ),
        pytest.param(Report("check"), "Nothing was checked.", id="nothing at all"),
        pytest.param(
            replace(checked(), suppressed=2),
            "No findings (2 suppressed). Looked at 3 files: 1 call of 1 operation in 1 file.",
            id="everything suppressed",
        ),
        pytest.param(
            checked(*[PHONE] * 2, RECORD, replace(RECORD, severity=Severity.INFO)),
            "2 errors, 1 warning and 1 info. Looked at 3 files: 1 call of 1 operation in 1 file.",
            id="the worst comes first",
        ),
    ],
)
def test_the_last_line_has_the_numbers(report: Report, line: str) -> None:
    assert sentence(report) == line
    assert text(report).splitlines()[-1] == line


def test_a_clean_run_is_one_line_and_none_when_quiet() -> None:
    assert text(checked()).count("\n") == 1
    assert text(checked(), quiet=True) == ""


@pytest.mark.parametrize(
    ("note", "line"),
    [
        pytest.param(Note("a.py", "not valid Python", line=3), "note: a.py:3: not valid Python", id="a line of a file"),
        pytest.param(Note("a.har", "has no URL", record=4), "note: a.har#4: has no URL", id="a record"),
        pytest.param(Note("a.har", "a.har: cut off"), "note: a.har: cut off", id="the file is not named twice"),
    ],
)
def test_notes_name_their_place_once(note: Note, line: str) -> None:
    assert line in text(checked(notes=(note,))).splitlines()


def test_findings_are_ordered_by_place() -> None:
    rows = [(path, line) for path in ("b.py", "a.py") for line in (10, 2)]
    report = checked(*(replace(PHONE, place=Place(path, line)) for path, line in rows))
    places = [(one["path"], one["line"]) for one in document(report)["diagnostics"]]
    assert places == [("a.py", 2), ("a.py", 10), ("b.py", 2), ("b.py", 10)]


@pytest.mark.parametrize(
    ("source", "place", "rows"),
    [
        pytest.param("\tx = 1", Place("", 1, 6, 1, 7), ["    x = 1", "        ^"], id="a tab is four columns"),
        pytest.param(
            'x = "日本", 1', Place("", 1, 11, 1, 12), ['x = "日本", 1', " " * 12 + "^"], id="wide before the token"
        ),
        pytest.param('x = "日本"', Place("", 1, 5, 1, 9), ['x = "日本"', " " * 4 + "^" * 6], id="a wide token"),
        pytest.param(
            "x = 'Ａ' + y", Place("", 1, 11, 1, 12), ["x = 'Ａ' + y", " " * 11 + "^"], id="a full-width letter"
        ),
        pytest.param("x = '👍' + y", Place("", 1, 11, 1, 12), ["x = '👍' + y", " " * 11 + "^"], id="an emoji"),
        pytest.param(
            "e\u0301 = 1", Place("", 1, 6, 1, 7), ["e\u0301 = 1", "    ^"], id="a combining accent has no width"
        ),
        pytest.param("f(\n  1)", Place("", 1, 1, 2, 5), ["f(", "^^"], id="a token on two lines is marked on the first"),
        pytest.param(
            "x = '\x1b[31m'", Place("", 1, 5, 1, 12), ["x = '\\x1b[31m'", "    ^^^^^^^^^^"], id="an escape sequence"
        ),
        pytest.param("a\r\nb = 1\r\n", Place("", 2, 5, 2, 6), ["b = 1", "    ^"], id="Windows line ends"),
        pytest.param("x", Place("", 1, 9, 1, 12), ["x", " ^"], id="a column behind the end"),
    ],
)
def test_frame(source: str, place: Place, rows: list[str]) -> None:
    assert rows == [content for _, content in frame(place, source)][1:]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        pytest.param(None, Place("", 1, 1), id="no text"),
        pytest.param("x", Place("", 2, 1), id="a line behind the end"),
        pytest.param("x", Place("", record=1), id="a record"),
    ],
)
def test_no_frame(source: str | None, place: Place) -> None:
    assert frame(place, source) == []


def test_a_long_line_is_cut_around_the_token() -> None:
    line = "x = [" + "'filler', " * 100 + "'+47', " + "'filler', " * 100 + "]"
    start = line.index("'+47'") + 1
    shown, marks = [content for _, content in frame(Place("", 1, start, 1, start + 5), line)][1:]
    assert shown[marks.index("^") : len(marks)] == "'+47'"
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert width(shown) <= WIDTH


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=400),
    st.integers(1, 400),
    st.integers(1, 400),
    st.booleans(),
)
def test_a_frame_fits_the_terminal_whatever_the_line(line: str, start: int, length: int, long: bool) -> None:
    source = line * (4 if long else 1)
    for _, content in frame(Place("", 1, start, 1, start + length), source):
        assert width(content) <= WIDTH + 1
        assert not any(unicodedata.category(character) == "Cc" for character in content)


def test_colours_change_nothing_but_the_colours() -> None:
    report = checked(PHONE, notes=(Note("a.py", "not valid Python"),))
    colored = text(report, screen=Screen(color=True))
    assert "\x1b[1;31m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == text(report)
    assert "\x1b" not in text(report)


def test_a_message_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in text(checked(replace(PHONE, message="`\x1b[2J`", help="\x9b2J", operation="GET /\x07")))
