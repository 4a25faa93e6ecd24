"""What the mode `log` does with a finding: a structured log record and, inside a span of OpenTelemetry, an event."""

from __future__ import annotations

import logging
import sys

from vipps_lint.diagnostic import Diagnostic, Severity
from vipps_lint.guard.verdicts import shown

log = logging.getLogger("vipps_lint.findings")

LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.INFO: logging.INFO}


def tell(found: Diagnostic) -> None:
    """Log a masked finding. The record has its parts as `vipps_rule`, `vipps_operation` and so on."""
    parts = _parts(found)
    log.log(
        LEVELS[found.severity],
        "%s: %s [%s]",
        found.operation,
        found.message,
        found.rule,
        extra={f"vipps_{name}": text for name, text in parts.items()},
    )
    trace = sys.modules.get("opentelemetry.trace")  # a program that traces has imported it
    if trace is not None:
        trace.get_current_span().add_event("vipps.finding", {f"vipps.{name}": text for name, text in parts.items()})


def _parts(found: Diagnostic) -> dict[str, str]:
    return {
        "rule": found.rule,
        "severity": found.severity.value,
        "operation": found.operation,
        "field": found.pointer,
        "help": found.help,
        "place": shown(found.place),
    }
