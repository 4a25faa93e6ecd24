"""What the guard says, and the error and the warning that say it. A text names the call first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vipps_lint.call import Place
from vipps_lint.diagnostic import Diagnostic, Severity


class VippsLintError(AssertionError):
    """A call that breaks rules. `diagnostics` are the findings, masked as the text is."""

    def __init__(self, text: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(text)
        self.diagnostics = tuple(diagnostics)


class VippsLintWarning(UserWarning):
    """A call that breaks a rule, in the mode `warn`."""


def grave(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings that are more than advice."""
    return [one for one in diagnostics if one.severity is not Severity.INFO]


def refusal(call: str, found: Sequence[Diagnostic], was_sent: bool) -> VippsLintError:
    """The error of one call: what became of it, then what is wrong with it."""
    fate = "was sent, but is wrong" if was_sent else "was not sent"
    first, *others = found
    lines = [f"{call} {fate}: {_finding(first)}", *_below(first)]
    for one in others:
        lines += [f"also: {_finding(one)}", *_below(one)]
    return VippsLintError("\n".join(lines), found)


def remark(call: str, found: Diagnostic) -> str:
    """The text of one warning."""
    return f"{call}: {_finding(found)}; {found.help}" if found.help else f"{call}: {_finding(found)}"


def verdict(found: Sequence[Diagnostic]) -> VippsLintError:
    """The error of a whole run: everything that was found in it."""
    return VippsLintError(listing(found), found)


def listing(found: Sequence[Diagnostic]) -> str:
    """All findings with their calls and places, and how many there are."""
    blocks = ["\n".join((f"{one.severity.value}: {one.operation}: {_finding(one)}", *_below(one))) for one in found]
    count = "1 finding" if len(found) == 1 else f"{len(found)} findings"
    return "\n".join([f"{count} in calls of Vipps APIs", *blocks])


def shown(place: Place) -> str:
    """The place as `path:line`."""
    return place.path if place.line is None else f"{place.path}:{place.line}"


def _finding(one: Diagnostic) -> str:
    return f"{one.message} [{one.rule}]"


def _below(one: Diagnostic) -> Iterator[str]:
    yield f"  --> {shown(one.place)}"
    if one.help:
        yield f"  = help: {one.help}"
    for other in one.related:
        yield f"  = {other.message}: {shown(other.place)}"
