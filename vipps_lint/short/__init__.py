"""The short way through `check`: what can be answered without reading rules, and without the libraries of the long way.

Nearly all runs are about files that do not speak of Vipps, and many of the others were made before. They end here, with
the same text and exit code as on the long way (tests compare them), in little more than the time that Python needs to
start.
"""

from __future__ import annotations

import os
import sys

from vipps_lint.output import PipeClosedError, say
from vipps_lint.short.request import request
from vipps_lint.short.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from vipps_lint.scan import Scan
    from vipps_lint.scan.excluding import Exclusion

CLEAN, PIPE_CLOSED = 0, 141


def begin(arguments: Sequence[str]) -> tuple[int | None, Run | None]:
    """The exit code, if the run could be answered; None and what is known of the run, where the long way must go on."""
    asked = request(arguments)
    if asked is None or sys.stdout is None:
        return None, None
    run = Run(asked)
    exclusion = run.exclusion()
    if exclusion is None:
        return None, run
    scan = _look(run, exclusion)
    silent = not (scan.verdicts or scan.missing) and scan.count() > 0
    answer = (CLEAN, "" if asked.quiet else nothing(scan.count())) if silent and asked.simple else run.answer()
    if answer is None:
        run.begin()
        return None, run
    code, text = answer
    try:
        say(text)
    except PipeClosedError:
        code = PIPE_CLOSED
    return code, run


def _look(run: Run, exclusion: Exclusion) -> Scan:
    """The files of the run; only folders take long enough to say how far it is."""
    if not any(map(os.path.isdir, run.request.paths)):
        return run.look(exclusion)
    from vipps_lint.progress import Progress

    progress = Progress(sys.stderr, "files")
    scan = run.look(exclusion, progress)
    progress.finish()
    return scan


def nothing(count: int) -> str:
    """The report of a run that found no call."""
    return f"No findings. Looked at {count} file{'' if count == 1 else 's'}: no calls of a Vipps API.\n"
