"""Reports: what the faces found, as text, JSON or workflow annotations. Knows no face."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from vipps_lint.call import Call
from vipps_lint.diagnostic import Diagnostic, Failure, Judgement, Note

if TYPE_CHECKING:
    from vipps_lint.report.health import Health


@dataclass
class Report:
    """The outcome of one run: the findings, every call that was seen, and what could not be read.

    `scanned` counts the files (check) or records (audit) that were looked at, Vipps or not, `unread` the records among
    them that could not be read. `sources` has the text of each file with a finding or a `vipps-lint:` comment, by the
    path that its places name. Where the calls are those of source, `judgements` has one for each, and `secrets` are the
    texts in it that open doors, without which it is shown.
    `failures` are the errors that were answered, `health` the numbers of recorded calls, and `comparison` what has
    become of them since an earlier audit, as plain data. Of an `incomplete` report the first note says why.
    """

    face: Literal["check", "guard", "audit"]
    diagnostics: Sequence[Diagnostic] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    scanned: int = 0
    sources: dict[str, str] = field(default_factory=dict)
    suppressed: int = 0
    judgements: list[Judgement] = field(default_factory=list)
    failures: Counter[Failure] = field(default_factory=Counter)
    secrets: set[str] = field(default_factory=set)
    health: Health | None = None
    incomplete: bool = False
    comparison: Mapping[str, Any] | None = None
    unread: int = 0

    @property
    def unread_files(self) -> list[str]:
        """The files that could not be read, or not to their end, each once."""
        return list(dict.fromkeys(note.path for note in self.notes if note.lost))
