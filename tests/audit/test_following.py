"""A log that grows: whatever becomes of its file, its lines are judged once, and as the audit of the whole judges them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from auditing import WRONG
from hypothesis import given, settings
from hypothesis import strategies as st
from shop import URL, cancel, capture, initiate, record

from vipps_lint.audit import audit, following, tail
from vipps_lint.audit.following import Follower
from vipps_lint.audit.mapping import Setting, decidable
from vipps_lint.audit.tail import Line, Tail
from vipps_lint.catalog import catalog
from vipps_lint.read.fields import Fields
from vipps_lint.report import Report
from vipps_lint.report.summary import reading_order

CATALOG = catalog()
TODAY = date(2026, 11, 22)
EXAMPLES = Path(__file__).parents[2] / "examples"

Step = Callable[[Path], Any]


def writes(text: str) -> Step:
    return lambda path: path.open("ab").write(text.encode("utf-8", "surrogateescape"))


def begins_anew(text: str) -> Step:
    """The file is cut off and written to again, as logrotate does with `copytruncate`."""
    return lambda path: path.write_text(text, "utf-8")


def replaced(text: str) -> Step:
    def act(path: Path) -> None:
        path.rename(path.with_suffix(".1"))
        path.write_text(text, "utf-8")

    return act


def moved(path: Path) -> None:
    path.rename(path.with_suffix(".1"))


def late(text: str) -> Step:
    """The writer has the old file open, and writes to it after it was renamed."""
    return lambda path: path.with_suffix(".1").open("a").write(text)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([(lambda path: None, []), (writes("a\n"), ["a"])], id="not there yet"),
        pytest.param([(writes("a\nb\n"), ["a", "b"]), (writes("c\n"), ["c"])], id="it grows"),
        pytest.param([(writes("a"), []), (writes("b"), []), (writes("c\nd"), ["abc"])], id="half a line waits"),
        pytest.param([(writes("å"[:1] + "\n"), ["å"]), (writes("\udcff\n"), ["\udcff"])], id="bytes that are no text"),
        pytest.param([(writes("\ufeffa\n\ufeffb\n"), ["a", "b"])], id="a mark of the encoding"),
        pytest.param([(writes("a\n"), ["a"]), (replaced("b\n"), ["b"]), (writes("c\n"), ["c"])], id="another file"),
        pytest.param([(writes("a\nb"), ["a"]), (replaced("c\n"), ["b", "c"])], id="half a line of a file that is done"),
        pytest.param(
            [(writes("a\n"), ["a"]), (moved, []), (late("b\n"), ["b"]), (writes("c\n"), ["c"])], id="a late writer"
        ),
        pytest.param([(writes("aaa\n"), ["aaa"]), (begins_anew("b\n"), ["b"])], id="cut off"),
        pytest.param([(writes("aaa\n"), ["aaa"]), (begins_anew(""), []), (writes("b\n"), ["b"])], id="emptied"),
        pytest.param([(writes("a\nha"), ["a"]), (begins_anew("b\n"), ["b"])], id="cut off in the middle of a line"),
        pytest.param([(writes("a\n"), ["a"]), (begins_anew("b\nccc\n"), ["b", "ccc"])], id="cut off, and longer since"),
        pytest.param([(writes("a\n\n\n"), ["a", "", ""])], id="empty lines"),
    ],
)
def test_each_line_is_taken_once_it_is_complete(tmp_path: Path, steps: list[tuple[Step, list[str]]]) -> None:
    path = tmp_path / "calls.jsonl"
    followed = Tail(path)
    for act, lines in steps:
        act(path)
        assert [one.text for one in followed.lines()] == lines
        assert list(followed.lines()) == []
    followed.close()


def test_lines_are_counted_in_their_file(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    followed = Tail(path)
    writes("a\nb\n")(path)
    assert [one.number for one in followed.lines()] == [1, 2]
    writes("c\n")(path)
    assert [one.number for one in followed.lines()] == [3]
    replaced("d\n")(path)
    assert [one.number for one in followed.lines()] == [1]
    writes("e")(path)
    assert [*followed.lines(), *followed.rest()] == [Line(2, "e")]


def test_what_is_written_while_a_file_is_replaced_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"

    class Raced(Tail):
        def _is_replaced(self) -> bool:
            if not path.with_suffix(".1").exists():
                writes("late\n")(path)
                replaced("new\n")(path)
            return super()._is_replaced()

    writes("early\n")(path)
    assert [one.text for one in Raced(path).lines()] == ["early", "late", "new"]


def test_a_line_that_is_too_long_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "LONGEST", 10)
    path = tmp_path / "calls.jsonl"
    followed = Tail(path)
    writes("x" * 9)(path)
    assert list(followed.lines()) == []
    writes("x" * 9)(path)
    assert list(followed.lines()) == [] and not followed._line
    writes("x\nshort\n")(path)
    assert list(followed.lines()) == [Line(1, None), Line(2, "short")]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.text("ab\n", max_size=8), st.booleans()), max_size=12))
def test_the_pieces_do_not_matter(tmp_path_factory: pytest.TempPathFactory, writing: list[tuple[str, bool]]) -> None:
    path = tmp_path_factory.mktemp("log") / "calls.jsonl"
    followed, found = Tail(path), []
    for text, looked in writing:
        writes(text)(path)
        found += list(followed.lines()) if looked else []
    whole = "".join(text for text, _ in writing)
    found += [*followed.lines(), *followed.rest()]
    followed.close()
    lines = whole.split("\n")
    assert [one.text for one in found] == (lines if lines[-1] else lines[:-1])


def follower(path: str = "calls.jsonl", rules: Any = CATALOG, **more: Any) -> Follower:
    return Follower(Setting(decidable(rules), TODAY, **more), lambda: TODAY, path, 90)


def taken(one: Follower, records: list[Any]) -> Report:
    for number, text in enumerate(records, 1):
        one.take(Line(number, text if isinstance(text, str) else json.dumps(text)))
    return one.report()


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((EXAMPLES / "calls.jsonl").read_text("utf-8").splitlines(), id="the example"),
        pytest.param([initiate(), capture(), capture("2022-04-01T12:07:00Z", amount=90000)], id="a capture too much"),
        pytest.param([initiate(number=WRONG), initiate(order="b", status=400)], id="each by itself"),
        pytest.param([initiate(), capture(), cancel()], id="a cancel without a release"),
        pytest.param(["", "no JSON", '{"request": 1}', initiate(), "  "], id="what cannot be read"),
        pytest.param([initiate(), initiate(), capture()], id="a record that comes twice"),
        pytest.param([initiate(), capture(), initiate("2022-06-01T12:00:00Z", "b")], id="money that nobody released"),
        pytest.param([initiate(f"2022-04-01T12:00:0{n}Z", status=429) for n in range(6)], id="too many in a minute"),
        pytest.param([{**initiate(None), "at": None}, capture(None)], id="without a time"),
        pytest.param([record("GET", "https://shop.example/", None, None)] * 3, id="of another service"),
        pytest.param([record("POST", f"{URL}/x/y/z", {}, "2022-04-01T12:00:00Z"), capture()], id="no operation"),
    ],
)
def test_a_log_that_is_followed_tells_what_its_audit_tells(tmp_path: Path, lines: list[Any]) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines), "utf-8")
    whole = audit([path], CATALOG, as_of=TODAY)
    one = follower(str(path))
    taken(one, path.read_text("utf-8").splitlines())
    one.end()
    report = one.report()
    assert reading_order(report.diagnostics) == whole.diagnostics
    assert report.failures == whole.failures
    assert (report.scanned, report.unread) == (whole.scanned, whole.unread)
    assert report.health is not None and whole.health is not None
    assert report.health.as_data() == whole.health.as_data()
    assert {note.message for note in report.notes} == {
        note.message for note in whole.notes if "no time" not in note.message and "read before" not in note.message
    }


def test_a_finding_is_told_at_its_line_of_the_present_file() -> None:
    one = follower()
    wrong = json.dumps(initiate(number=WRONG))
    assert {found.place.record for found in one.take(Line(7, wrong))} == {1}
    again = json.dumps(initiate("2022-04-02T12:00:00Z", "b", number=WRONG))
    assert {(found.place.record, found.place.line) for found in one.take(Line(1, again))} == {(1, 1)}


def test_settings_and_the_fields_of_other_logs_count() -> None:
    quiet = follower(chosen=lambda found: [])
    assert taken(quiet, [initiate(number=WRONG)]).diagnostics == []
    foreign = follower(fields=Fields({"method": "verb", "url": "to"}))
    assert taken(foreign, [{"verb": "POST", "to": f"{URL}"}]).health.answers.total() == 1  # type: ignore[union-attr]


def orders(count: int, **more: Any) -> list[Any]:
    return [initiate(f"2022-04-01T12:{n // 60:02}:{n % 60:02}Z", f"order-{n}", **more) for n in range(count)]


def test_payments_that_came_first_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "LIVES", 5)
    monkeypatch.setattr(following, "TRAILS", 3)
    one = follower()
    taken(one, [*orders(20), capture("2022-04-01T13:00:00Z", "order-19")])
    assert len(one._history.ledger.payments) == 5
    assert len(one._history._reserved._currencies) <= 6
    assert len(one._history.ledger.trails or {}) == 3
    assert one.report().health.reserved == {"NOK": (1, 29900)}  # type: ignore[union-attr]


@pytest.mark.parametrize(("between", "found"), [(0, ["capture-above-reserved"]), (10, [])])
def test_of_a_life_that_is_forgotten_nothing_is_certain(
    monkeypatch: pytest.MonkeyPatch, between: int, found: list[str]
) -> None:
    monkeypatch.setattr(following, "LIVES", 5)
    too_much = capture("2022-04-01T13:00:00Z", amount=90000, status=400)
    report = taken(follower(), [initiate("2022-04-01T11:00:00Z"), *orders(between), too_much])
    assert [one.rule for one in report.diagnostics if one.rule == "capture-above-reserved"] == found


@pytest.mark.parametrize(("most", "waiting"), [(100, 9), (3, 1)])
def test_what_may_be_about_any_payment_does_not_pile_up(
    monkeypatch: pytest.MonkeyPatch, most: int, waiting: int
) -> None:
    monkeypatch.setattr(following, "VAGUE", most)
    one = follower()
    taken(one, [capture(f"2022-04-01T12:00:0{n}Z", "***") for n in range(9)])
    assert len(one._history.ledger.payments._waiting) == waiting


def test_findings_notes_errors_and_names_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in (("KEPT", 3), ("KINDS", 2), ("RECENT", 4)):
        monkeypatch.setattr(following, name, number)
    one = follower()
    failing = [
        {**record("GET", f"{URL}/o-{n}/details", None, f"2022-04-01T12:00:0{n}Z"), "response": {
            "status": 400, "body": [{"errorGroup": "Payment", "errorCode": f"{n}"}]}}
        for n in range(9)
    ]  # fmt: skip
    report = taken(one, [*orders(9, number=WRONG), *failing, *["no JSON"] * 30])
    assert len(report.diagnostics) == 3 and report.health is not None
    assert sum(found["count"] for found in report.health.as_data()["findings"]) == 9
    assert report.failures.total() == 9 and len(report.failures) <= 3
    assert len(one._recent) <= 5 and len(report.notes) <= 23
    assert any("6 more findings are counted, and not listed" in note.message for note in report.notes)
    assert any("10 more notes about records" in note.message for note in report.notes)


def test_what_only_the_end_tells_is_told_in_the_end() -> None:
    one = follower()
    taken(one, [initiate(), capture(), initiate("2022-06-01T12:00:00Z", "b")])
    rule = "remainder-never-released"
    assert rule not in {found.rule for found in one.report().diagnostics}
    assert [found.rule for found in one.end()] == [rule]
    assert one.report().health.breaches[rule].count == 1  # type: ignore[union-attr]
