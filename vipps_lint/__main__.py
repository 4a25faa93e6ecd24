"""The program: `vipps-lint`, and `python -m vipps_lint`."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130


def console() -> None:
    """Run the command line and end the process with its exit code.

    Even the imports may be interrupted. After an interrupt the process ends at once: a thread may still be at work, and
    the interpreter would wait for it or die of it.
    """
    try:
        from vipps_lint.cli import main

        code = main()
    except KeyboardInterrupt:
        from contextlib import suppress

        code = INTERRUPTED
        with suppress(OSError, AttributeError):
            sys.stderr.write("vipps-lint: interrupted\n")
    if code == INTERRUPTED:
        _leave()
    sys.exit(code)


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
