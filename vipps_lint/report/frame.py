"""The code frame of a finding: the source line with the token underlined, as wide as a terminal shows it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator

from vipps_lint.call import Place
from vipps_lint.report.mask import hidden_line

TAB = 4
"""How many columns a tab takes in a frame; the real width is the reader's own setting."""

WIDTH = 110
"""How much of a line a frame shows; a longer one is cut around the token."""

LEAD = 30
"""How much of a cut line stays before the token."""


def frame(place: Place, source: str | None, label: str = "", secrets: Collection[str] = ()) -> list[tuple[str, str]]:
    """The frame as rows of margin and text, or no rows where the file does not have the place.

    The margin holds the line's number; the row under it has the marks, and the `label` behind them. What is shown of
    `secrets` is stars.
    """
    line = _line(source, place)
    if line is None or place.line is None:
        return []
    text = hidden_line(line, secrets)
    start, end = _span(place, text)
    before, token, after = _cut(_expand(text[:start]), _expand(text[start:end]), _expand(text[end:]))
    marks = " " * width(before) + "^" * max(1, width(token))
    return [("", ""), (str(place.line), f"{before}{token}{after}".rstrip()), ("", f"{marks} {label}".rstrip())]


def _line(source: str | None, place: Place) -> str | None:
    """The line that the place begins on. Python ends lines at `\\n`, `\\r\\n` and `\\r` alone."""
    if source is None or place.line is None:
        return None
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[place.line - 1].removeprefix("\ufeff") if 0 < place.line <= len(lines) else None


def _span(place: Place, text: str) -> tuple[int, int]:
    """Where the token is on its first line; one that goes on below is underlined to the end of the line."""
    start = min((place.column or 1) - 1, len(text))
    one_line = place.end_line in (None, place.line) and place.end_column is not None
    end = min((place.end_column or 1) - 1, len(text)) if one_line else len(text.rstrip())
    return start, max(start, end)


def _expand(text: str) -> str:
    """The text without characters that a terminal would obey instead of showing."""
    return visible(text.replace("\t", " " * TAB))


def _cut(before: str, token: str, after: str) -> tuple[str, str, str]:
    """The three pieces, shortened to what fits: the token first, then what follows it, then what leads to it."""
    if width(before + token + after) <= WIDTH:
        return before, token, after
    token = _head(token, WIDTH - LEAD)
    if width(before) > LEAD and width(before + token) > WIDTH:
        before = "…" + _tail(before, LEAD - 1)
    return before, token, _head(after, WIDTH - width(before + token))


def _head(text: str, room: int) -> str:
    """As much of the beginning as fits into `room` columns, with a mark where it was cut."""
    if width(text) <= room:
        return text
    while text and width(text) > room - 1:
        text = text[: min(len(text) - 1, max(room, 1))]
    return text + "…"


def _tail(text: str, room: int) -> str:
    """As much of the end as fits into `room` columns."""
    while width(text) > room:
        text = text[max(1, len(text) - room) :]
    return text


def visible(text: str) -> str:
    """The text with control characters spelled out: `\\x1b` is shown, not obeyed, and so is a change of direction."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(text))


def _spelled(text: str) -> Iterator[str]:
    for character in text:
        kind = unicodedata.category(character)
        hidden = kind in ("Cc", "Cs", "Zl", "Zp") or (kind == "Cf" and character != "\u200d")
        yield character.encode("unicode_escape").decode("ascii") if hidden else character


def width(text: str) -> int:
    """How many columns a terminal takes for the text."""
    return len(text) if text.isascii() else sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
