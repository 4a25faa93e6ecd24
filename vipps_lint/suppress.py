"""Comments that silence findings: `# vipps-lint: ignore[rule-name] reason`.

A comment counts for the line that it stands on; alone on a line it counts for the next line of code. It silences a
finding whose token is on that line, or whose request is sent by a call that begins there; where several calls send the
token, each of them needs a comment. Only real comments count: text that looks like one inside a string does nothing.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches

from vipps_lint.call import Place
from vipps_lint.diagnostic import Diagnostic, Note
from vipps_lint.immutable import immutable

MARK = "vipps-lint:"
DIRECTIVE = re.compile(r"#\s*vipps-lint:\s*(?P<words>[^#]*)", re.IGNORECASE)
IGNORE = re.compile(r"ignore\s*\[(?P<names>[^\]]*)\]", re.IGNORECASE)
CURE = "name the rule: `# vipps-lint: ignore[rule-name] reason`"


@immutable(frozen=True, slots=True)
class Comment:
    """One comment: its line, the line that it speaks of, and the rules that it names (none if it is malformed)."""

    line: int
    target: int
    rules: tuple[str, ...]


@immutable(frozen=True, slots=True)
class Outcome:
    """What is left of the findings, how many were suppressed, and what is wrong with the comments."""

    diagnostics: list[Diagnostic]
    suppressed: int
    notes: list[Note]


def suppress(
    diagnostics: list[Diagnostic],
    sources: Mapping[str, str],
    known: Collection[str],
    decided: Callable[[str, str], bool],
) -> Outcome:
    """The findings without those that a comment in their file silences.

    `known` has the names of all rules; `decided` says whether a rule had its say in a file: a comment for one that
    had not is not called unused. A crash of a rule is never silenced.
    """
    comments = {path: list(read_comments(text)) for path, text in sources.items() if MARK in text.lower()}
    used: set[tuple[str, int, str]] = set()
    kept = []
    for diagnostic in diagnostics:
        silencing = [] if diagnostic.internal else _silencing(diagnostic, comments)
        used.update((path, comment.line, diagnostic.rule) for path, comment in silencing)
        if not silencing:
            kept.append(diagnostic)
    notes = [
        Note(path, problem, line=comment.line)
        for path, found in comments.items()
        for comment in found
        for problem in _problems(path, comment, used, known, decided)
    ]
    return Outcome(kept, len(diagnostics) - len(kept), notes)


def _silencing(diagnostic: Diagnostic, comments: Mapping[str, list[Comment]]) -> list[tuple[str, Comment]]:
    """The comments that name the finding's rule and speak of a line of its token, or of each call that sends it."""
    place = diagnostic.place
    if place.line is None:
        return []
    if here := _naming(diagnostic, comments, place, range(place.line, (place.end_line or place.line) + 1)):
        return here
    there = [
        _naming(diagnostic, comments, site, range(site.line or 0, (site.line or 0) + 1)) for site in diagnostic.sites
    ]
    return [one for found in there for one in found] if all(there) else []


def _naming(
    diagnostic: Diagnostic, comments: Mapping[str, list[Comment]], place: Place, lines: range
) -> list[tuple[str, Comment]]:
    of_file = comments.get(place.path, ())
    return [(place.path, one) for one in of_file if diagnostic.rule in one.rules and one.target in lines]


def _problems(
    path: str,
    comment: Comment,
    used: set[tuple[str, int, str]],
    known: Collection[str],
    decided: Callable[[str, str], bool],
) -> Iterator[str]:
    if not comment.rules:
        yield f"this comment suppresses nothing; {CURE}"
    for rule in comment.rules:
        if rule not in known:
            close = get_close_matches(rule, known, 1)
            hint = f"did you mean `{close[0]}`?" if close else "`vipps-lint rules` lists them"
            yield f"no rule is called `{rule}`; {hint}"
        elif (path, comment.line, rule) not in used and decided(path, rule):
            yield f"`ignore[{rule}]` suppresses nothing here; remove it"


def read_comments(text: str) -> Iterator[Comment]:
    """The comments of a module that speak to vipps-lint."""
    found = dict(_comments(text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line, comment in found.items():
        if directive := DIRECTIVE.search(comment):
            alone = lines[line - 1].lstrip().startswith("#")
            yield Comment(line, _next_code(lines, line) if alone else line, _names(directive["words"]))


def _names(words: str) -> tuple[str, ...]:
    ignore = IGNORE.match(words)
    return tuple(name for part in ignore["names"].split(",") if (name := part.strip())) if ignore else ()


def _next_code(lines: list[str], line: int) -> int:
    """The first line below that is more than a comment: reasons may take a few lines."""
    below = (number for number in range(line + 1, len(lines) + 1) if not lines[number - 1].lstrip().startswith("#"))
    return next(below, line)


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Every comment with its line. Where the text is not Python that this version reads, lines without quotes count."""
    reached = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            reached = token.start[0]
            if token.type == tokenize.COMMENT:
                yield reached, token.string
    except (tokenize.TokenError, SyntaxError):
        for number, line in enumerate(text.split("\n")[reached:], reached + 1):
            before, mark, comment = line.partition("#")
            if mark and not {'"', "'"} & set(before):
                yield number, mark + comment
