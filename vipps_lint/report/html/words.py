"""Texts as a page shows them."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from vipps_lint.report.frame import visible

_QUOTED = re.compile(r"`([^`\n]+)`")


def moment(at: str | None) -> str:
    """A moment to the minute, in UTC."""
    return at[:16].replace("T", " ") if at else "no time"


def code(text: str) -> Markup:
    """Escaped text, in which what stands in backticks is code."""
    return Markup(_QUOTED.sub(r"<code>\1</code>", str(escape(visible(text)))))
