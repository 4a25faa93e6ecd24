"""The program: `vipps-lint`, and `python -m vipps_lint`."""

from __future__ import annotations

import gc
import os
import sys

INTERRUPTED = 130


def console() -> None:
    """Run the command line and end the process with its exit code.

    Even the imports may be interrupted. After an interrupt the process ends at once: a thread may still be at work, and
    the interpreter would wait for it or die of it.
    """
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:
        from contextlib import suppress

        code = INTERRUPTED
        with suppress(OSError, AttributeError):
            sys.stderr.write("vipps-lint: interrupted\n")
    if code == INTERRUPTED:
        _leave()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    from vipps_lint.short import begin

    if arguments[:1] == ["check"]:
        gc.disable()  # nearly all that a run makes it needs to its end, and would only be searched again and again

    try:
        code, run = begin(arguments)
    except Exception:  # noqa: BLE001 - whatever it is, the long way meets it too, and says what it is
        code, run = None, None
    if code is not None:
        return code
    from vipps_lint.cli import main

    return main(run=run)


def _leave() -> None:
    from contextlib import suppress

    try:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
    finally:
        os._exit(INTERRUPTED)


if __name__ == "__main__":
    console()
