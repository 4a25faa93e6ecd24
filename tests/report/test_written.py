"""Reports on terminals, in files and in pipes; rules and examples as tables and pages."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from vipps_lint.catalog import Stage, catalog
from vipps_lint.diagnostic import Severity
from vipps_lint.document import Pointer
from vipps_lint.output import write, write_file
from vipps_lint.report.illustrate import as_http, as_python
from vipps_lint.report.rules import severity, table


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
