"""Reports: hand-made findings as text, JSON and workflow commands."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vipps_lint.call import Call, Place
from vipps_lint.catalog import Stage, catalog
from vipps_lint.diagnostic import Diagnostic, Note, Related, Severity
from vipps_lint.document import Pointer
from vipps_lint.output import write, write_file
from vipps_lint.report import Report
from vipps_lint.report.frame import WIDTH, frame, width
from vipps_lint.report.github import github
from vipps_lint.report.illustrate import as_http, as_python
from vipps_lint.report.json import document, json_text
from vipps_lint.report.rules import severity, table
from vipps_lint.report.summary import sentence
from vipps_lint.report.text import text

SHOP = 'def pay(order):\n    body = {"phone": f"+47{order.phone}"}\n    return body\n'
OPERATION = catalog().operations["epayment.create-payment"]
PHONE = Diagnostic(
    rule="phone-number-not-msisdn",
    severity=Severity.ERROR,
    message="phone number `+47{order.phone}` is not an MSISDN",
    help="send `47{order.phone}`: country code and number, digits only",
    place=Place("shop/checkout.py", 2, 22, 2, 41),
    operation="POST /epayment/v1/payments",
    pointer="body.customer.phoneNumber",
    instead="47{order.phone}",
)
RECORD = replace(PHONE, place=Place("calls.har", record=17), severity=Severity.WARNING)


def checked(*diagnostics: Diagnostic, notes: tuple[Note, ...] = (), source: str = SHOP) -> Report:
    call = Call(
        OPERATION.api, OPERATION, "POST", OPERATION.route, host="api.vipps.no", place=Place("shop/checkout.py", 2, 5)
    )
    return Report("check", list(diagnostics), [call], list(notes), 3, {"shop/checkout.py": source})


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
    colored = text(report, color=True)
    assert "\x1b[1;31m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == text(report)
    assert "\x1b" not in text(report)


def test_a_message_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in text(checked(replace(PHONE, message="`\x1b[2J`", help="\x9b2J", operation="GET /\x07")))


def test_json_has_the_documented_shape() -> None:
    related = Related(Place("shop/checkout.py", 1, 5, 1, 8), "here")
    found = json.loads(
        json_text(checked(replace(PHONE, related=(related,)), notes=(Note("a.py", "no Python", line=3),)))
    )
    assert found == {
        "version": 1,
        "face": "check",
        "diagnostics": [
            {
                "rule": "phone-number-not-msisdn",
                "severity": "error",
                "message": PHONE.message,
                "help": PHONE.help,
                "path": "shop/checkout.py",
                "line": 2,
                "column": 22,
                "end_line": 2,
                "end_column": 41,
                "operation": "POST /epayment/v1/payments",
                "pointer": "body.customer.phoneNumber",
                "instead": "47{order.phone}",
                "related": [
                    {
                        "path": "shop/checkout.py",
                        "line": 1,
                        "column": 5,
                        "end_line": 1,
                        "end_column": 8,
                        "message": "here",
                    }
                ],
                "chain": [],
            }
        ],
        "calls": [
            {
                "operation": "POST /epayment/v1/payments",
                "id": "epayment.create-payment",
                "method": "POST",
                "route": "/epayment/v1/payments",
                "path": "shop/checkout.py",
                "line": 2,
                "column": 5,
                "end_line": None,
                "end_column": None,
                "host": "api.vipps.no",
                "environment": "production",
                "at": None,
            }
        ],
        "notes": [{"path": "a.py", "line": 3, "message": "no Python"}],
        "summary": {
            "error": 1, "warning": 0, "info": 0, "calls": 1, "operations": 1, "scanned": 3, "suppressed": 0,
        },
    }  # fmt: skip


def test_json_names_records_instead_of_lines() -> None:
    at = datetime(2022, 4, 1, tzinfo=UTC)
    call = Call(OPERATION.api, None, "GET", "/epayment/v1/x", at=at, place=Place("calls.har", record=17))
    found = document(Report("audit", [RECORD], [call], [Note("calls.har", "no URL", record=18)], 20))
    assert {"path": "calls.har", "record": 17}.items() <= found["diagnostics"][0].items()
    assert "line" not in found["diagnostics"][0]
    assert found["calls"][0] | {"record": 17, "id": None, "at": "2022-04-01T00:00:00+00:00"} == found["calls"][0]
    assert found["notes"] == [{"path": "calls.har", "record": 18, "message": "no URL"}]


def test_json_is_ascii_even_for_paths_that_are_no_text() -> None:
    odd = json_text(checked(replace(PHONE, place=Place("sk\udcf8.py", 1))))
    assert odd.isascii()
    assert json.loads(odd)["diagnostics"][0]["path"] == "sk\udcf8.py"


@pytest.mark.parametrize(
    ("diagnostic", "line"),
    [
        pytest.param(
            replace(PHONE, help=""),
            "::error file=shop/checkout.py,line=2,col=22,endLine=2,endColumn=41,"
            "title=vipps-lint(phone-number-not-msisdn)::phone number `+47{order.phone}` is not an MSISDN",
            id="an error",
        ),
        pytest.param(
            replace(
                PHONE,
                severity=Severity.INFO,
                place=Place("a,b:c%.py", 1),
                message="100%\r\nsure",
                help="do: this, that",
            ),
            "::notice file=a%2Cb%3Ac%25.py,line=1,title=vipps-lint(phone-number-not-msisdn)"
            "::100%25%0D%0Asure%0Ahelp: do: this, that",
            id="what the format uses itself is escaped",
        ),
        pytest.param(
            replace(PHONE, severity=Severity.WARNING, place=Place("./a.py", 1, 5, 3, 2), message="m", help=""),
            "::warning file=a.py,line=1,endLine=3,title=vipps-lint(phone-number-not-msisdn)::m",
            id="a token on several lines has no columns",
        ),
        pytest.param(
            replace(RECORD, message="m", help=""),
            "::warning file=calls.har,title=vipps-lint(phone-number-not-msisdn)::"
            "calls.har#17 body.customer.phoneNumber: m",
            id="a record",
        ),
    ],
)
def test_github(diagnostic: Diagnostic, line: str) -> None:
    report = checked(diagnostic)
    assert github(report).splitlines() == [line, sentence(report)]


def test_github_shows_what_was_not_read() -> None:
    line = "::notice file=a.py,line=3,title=vipps-lint::a.py:3: not valid Python"
    assert line in github(checked(notes=(Note("a.py", "not valid Python", line=3),))).splitlines()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii", "cp437"])
def test_any_terminal_can_show_any_report(encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    write("a… \u65e5\u672c ø \udcf8\n", stream)
    shown = raw.getvalue().decode(encoding)
    assert shown.startswith("a… " if encoding in ("utf-8", "cp1252") else "a... ")
    assert ("\\u65e5" in shown) is (encoding != "utf-8")


def test_a_report_file_is_replaced_at_once(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    write_file("nytt …", link)
    assert target.read_text(encoding="utf-8") == "nytt …"
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.txt", "report.txt"]


def test_a_report_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_file("text", tmp_path / "missing" / "report.txt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_file("text", pipe)
    assert os.read(reader, 10) == b"text"
    os.close(reader)
    assert pipe.is_fifo()


def stage(
    since: str, level: Severity | None, on: tuple[str, ...] = (), when: dict[Pointer, object] | None = None
) -> Stage:
    return Stage(date.fromisoformat(since), level, on, when or {})


@pytest.mark.parametrize(
    ("timeline", "shown"),
    [
        pytest.param((stage("2022-04-01", Severity.WARNING),), "warning", id="one stage"),
        pytest.param((stage("2022-06-01", Severity.WARNING),), "off", id="not yet"),
        pytest.param((stage("2022-04-01", Severity.ERROR), stage("2022-04-20", None)), "off", id="no more"),
        pytest.param(
            (stage("2022-04-20", Severity.WARNING), stage("2022-04-01", Severity.ERROR)), "warning", id="in any order"
        ),
        pytest.param(
            (stage("2022-04-01", Severity.WARNING), stage("2022-04-01", Severity.ERROR, ("psp.*",))),
            "warning/error",
            id="more for some operations",
        ),
        pytest.param(
            (stage("2022-04-01", Severity.ERROR, (), {("body", "x"): True}), stage("2022-04-20", Severity.INFO)),
            "info",
            id="a later stage speaks of all calls",
        ),
    ],
)
def test_how_severe_a_rule_is_on_a_day(timeline: tuple[Stage, ...], shown: str) -> None:
    rule = replace(catalog().rules["mobile-number-not-national"], timeline=timeline)
    assert severity(rule, date(2022, 5, 1)) == shown


def test_examples_show_what_they_are_about() -> None:
    rule = catalog().rules["mobile-number-not-national"]
    assert as_http(rule, rule.invalid[0], catalog()).splitlines() == [
        "POST https://api.vipps.no/ecomm/v2/payments",
        '  body.customerInfo.mobileNumber = "+47 91 23 45 67"',
        "  send instead: 91234567",
    ]
    compile(as_python(rule, rule.invalid[0], catalog()), "example", "exec")


def test_tables_are_as_wide_as_their_cells() -> None:
    assert table([("a", "日本", "x"), ("bcd", "e", "")]) == "a    日本  x\nbcd  e\n"
