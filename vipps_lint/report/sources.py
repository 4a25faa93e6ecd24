"""The text of the files that a report speaks of."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

from vipps_lint.report import Report


def decoded(data: bytes) -> str:
    """Python source as text, in the encoding that it declares; bytes that do not fit it are marked."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError:  # an encoding that nobody knows
        encoding = "utf-8"
    return data.decode(encoding, "replace")


def add_sources(report: Report) -> None:
    """Read the files that findings point to and whose text the run did not keep, as far as they can be read."""
    places = [one.place for one in report.diagnostics]
    places += [related.place for one in report.diagnostics for related in one.related]
    for path in {place.path for place in places if place.line} - report.sources.keys():
        try:
            report.sources[path] = decoded(Path(path).read_bytes())
        except OSError:
            continue
