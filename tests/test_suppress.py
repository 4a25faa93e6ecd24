"""Comments that silence findings."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import pytest

from vipps_lint.call import Place
from vipps_lint.diagnostic import Diagnostic, Severity
from vipps_lint.suppress import Outcome, suppress

KNOWN = ("amount-not-integer", "amount-below-minimum", "unknown-host")


def finding(line: int, rule: str = KNOWN[0], *, end: int | None = None, internal: bool = False) -> Diagnostic:
    place = Place("shop.py", line, 5, end or line, 9)
    return Diagnostic(rule, Severity.ERROR, "m", "h", place, "POST /x", "body", internal=internal)


def outcome(source: str, *diagnostics: Diagnostic, decided: bool = True) -> Outcome:
    return suppress(list(diagnostics), {"shop.py": textwrap.dedent(source)}, KNOWN, lambda path, rule: decided)


@pytest.mark.parametrize(
    ("source", "diagnostic"),
    [
        pytest.param("x = 1.5  # vipps-lint: ignore[amount-not-integer] legacy\n", finding(1), id="on the line"),
        pytest.param("x = 1.5  #vipps-lint:ignore[amount-not-integer]\n", finding(1), id="without blanks"),
        pytest.param(
            "x = 1.5  # noqa: E501  # vipps-lint: ignore[amount-not-integer]\n", finding(1), id="behind another comment"
        ),
        pytest.param(
            "x = 1.5  # vipps-lint: ignore[unknown-host, amount-not-integer] both\n",
            finding(1),
            id="one of several names",
        ),
        pytest.param(
            "# vipps-lint: ignore[amount-not-integer] legacy\nx = 1.5\n", finding(2), id="alone on the line above"
        ),
        pytest.param(
            "# vipps-lint: ignore[amount-not-integer] a reason\n# that takes two lines\nx = 1.5\n",
            finding(3),
            id="a reason on more lines",
        ),
        pytest.param(
            "x = ('4'\n     '7')  # vipps-lint: ignore[amount-not-integer]\n",
            finding(1, end=2),
            id="the token's last line",
        ),
        pytest.param(
            "x = ('4'\n     # vipps-lint: ignore[amount-not-integer]\n     '7')\n",
            finding(1, end=3),
            id="inside the token",
        ),
        pytest.param(
            "x = 1.5  # vipps-lint: ignore[amount-not-integer]\ny = (\n", finding(1), id="a file that ends early"
        ),
        pytest.param(
            "y = ')\nx = 1.5  # vipps-lint: ignore[amount-not-integer]\n",
            finding(2),
            id="behind what no tokenizer reads",
        ),
        pytest.param(
            "y = 1\r\nx = 1.5  # vipps-lint: ignore[amount-not-integer]\r\n", finding(2), id="Windows line ends"
        ),
    ],
)
def test_a_comment_silences(source: str, diagnostic: Diagnostic) -> None:
    found = suppress([diagnostic], {"shop.py": source}, KNOWN, lambda path, rule: True)
    assert (found.diagnostics, found.suppressed) == ([], 1)


@pytest.mark.parametrize(
    ("source", "diagnostic"),
    [
        pytest.param("x = 1.5  # vipps-lint: ignore[unknown-host]\n", finding(1), id="another rule"),
        pytest.param("x = '# vipps-lint: ignore[amount-not-integer]'\n", finding(1), id="a string is no comment"),
        pytest.param(
            "y = 1  # vipps-lint: ignore[amount-not-integer]\nx = 1.5\n", finding(2), id="behind code on the line above"
        ),
        pytest.param("# vipps-lint: ignore[amount-not-integer]\n\nx = 1.5\n", finding(3), id="an empty line between"),
        pytest.param("x = 1.5  # vipps-lint: ignore\n", finding(1), id="no rule is named"),
        pytest.param(
            "x = 1.5  # vipps-lint: ignore[amount-not-integer]\n", finding(1, internal=True), id="a crash of a rule"
        ),
        pytest.param(
            "y = '''\nx = '# vipps-lint: ignore[amount-not-integer]'\n",
            finding(2),
            id="a string in a file that ends early",
        ),
    ],
)
def test_a_comment_does_not_silence(source: str, diagnostic: Diagnostic) -> None:
    assert outcome(source, diagnostic).diagnostics == [diagnostic]


@pytest.mark.parametrize(
    ("comment", "note"),
    [
        pytest.param(
            "ignore",
            "this comment suppresses nothing; name the rule: `# vipps-lint: ignore[rule-name] reason`",
            id="no name",
        ),
        pytest.param(
            "ignore[]",
            "this comment suppresses nothing; name the rule: `# vipps-lint: ignore[rule-name] reason`",
            id="empty",
        ),
        pytest.param(
            "off",
            "this comment suppresses nothing; name the rule: `# vipps-lint: ignore[rule-name] reason`",
            id="another verb",
        ),
        pytest.param(
            "ignore[amount-not-intger]",
            "no rule is called `amount-not-intger`; did you mean `amount-not-integer`?",
            id="typo",
        ),
        pytest.param(
            "ignore[E501]", "no rule is called `E501`; `vipps-lint rules` lists them", id="a name that is far off"
        ),
        pytest.param("ignore[unknown-host]", "`ignore[unknown-host]` suppresses nothing here; remove it", id="unused"),
    ],
)
def test_a_comment_that_does_nothing_is_noted(comment: str, note: str) -> None:
    found = outcome(f"y = 1\nx = 1.5  # vipps-lint: {comment}\n", finding(2))
    assert [(one.path, one.line, one.message) for one in found.notes] == [("shop.py", 2, note)]


def test_each_name_of_a_comment_is_judged_alone() -> None:
    found = outcome("x = 1.5  # vipps-lint: ignore[amount-not-integer, unknown-host]\n", finding(1))
    assert [note.message for note in found.notes] == ["`ignore[unknown-host]` suppresses nothing here; remove it"]


def test_a_comment_for_a_rule_that_was_not_asked_is_not_unused() -> None:
    assert outcome("x = 1  # vipps-lint: ignore[unknown-host]\n", decided=False).notes == []


def test_files_are_kept_apart() -> None:
    sources = {"a.py": "x = 1.5  # vipps-lint: ignore[amount-not-integer]\n", "shop.py": "x = 1.5\n"}
    assert suppress([finding(1)], sources, KNOWN, lambda path, rule: True).diagnostics == [finding(1)]


SENT = """\
def first():
    send(PRICE)  # vipps-lint: ignore[amount-not-integer] agreed with the shop


def second():
    send(
        PRICE,
    )
"""


@pytest.mark.parametrize(
    ("sites", "silenced"),
    [
        pytest.param([Place("shop.py", 2, 5, 2, 16)], True, id="the only call that sends it has the comment"),
        pytest.param([Place("shop.py", 2, 5, 2, 16), Place("shop.py", 6, 5, 8, 6)], False, id="another call has none"),
        pytest.param([Place("shop.py", 1, 1, 3, 1)], False, id="a line inside the call"),
        pytest.param([Place("other.py", 2, 5, 2, 16)], False, id="the same line of another file"),
        pytest.param([], False, id="no call is known"),
    ],
)
def test_a_comment_at_the_call_silences_what_only_it_sends(sites: list[Place], silenced: bool) -> None:
    elsewhere = replace(finding(1), place=Place("settings.py", 3, 9, 3, 12), sites=tuple(sites))
    found = suppress([elsewhere], {"shop.py": SENT}, KNOWN, lambda path, rule: True)
    assert (found.suppressed, len(found.notes)) == ((1, 0) if silenced else (0, 1))
