"""An addon of mitmproxy that judges the calls of Vipps which pass, and records them.

    mitmdump -s "$(vipps-lint mitmproxy)" --set vipps_record=calls.jsonl

It runs in mitmproxy's Python. Where vipps-lint is not installed there, the package that this file is part of is used,
with the packages that are installed beside it.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from vipps_lint.guard.core import Core, Seen
    from vipps_lint.guard.recording import Recorder
    from vipps_lint.guard.tally import Tally

log = logging.getLogger("vipps-lint")
SEEN = "vipps_lint_seen"


class VippsLint:
    """The addon. All calls that pass are one history."""

    core: Core
    tally: Tally

    def __init__(self) -> None:
        self.recorder: Recorder | None = None
        self.as_of: date | None = None

    def load(self, loader: Any) -> None:
        """Tell mitmproxy of our options, and get the rules."""
        loader.add_option("vipps_record", str, "", "Write the calls, masked, to this file, for `vipps-lint audit`.")
        loader.add_option("vipps_as_of", str, "", "Judge the calls as of this day (YYYY-MM-DD), not of today.")
        _find_package()
        from vipps_lint.catalog import catalog
        from vipps_lint.guard.core import Core
        from vipps_lint.guard.tally import Tally
        from vipps_lint.read.routes import Routes

        rules = catalog()
        self.core, self.tally = Core(rules, Routes(rules.operations.values())), Tally()

    def configure(self, updated: set[str]) -> None:
        """Take the options. A mistake in one is one sentence, and mitmproxy does not start."""
        from mitmproxy import ctx, exceptions

        from vipps_lint.guard.arguments import day
        from vipps_lint.guard.recording import Recorder

        try:
            if "vipps_as_of" in updated:
                self.as_of = day(ctx.options.vipps_as_of or None)
            if "vipps_record" in updated and ctx.options.vipps_record:
                self.recorder = Recorder(ctx.options.vipps_record)
        except ValueError as error:
            raise exceptions.OptionsError(f"vipps_{error}") from None
        except OSError as error:
            raise exceptions.OptionsError(f"vipps_record: cannot be written: {error.strerror or error}") from None

    def request(self, flow: Any) -> None:
        """Judge a request as it passes."""
        from vipps_lint.call import Place
        from vipps_lint.guard.watch import harmless

        with harmless("a request"):
            flow.metadata[SEEN] = self.core.sent(self._exchange(flow), Place(flow.request.pretty_url.partition("?")[0]))

    def response(self, flow: Any) -> None:
        """Judge it with its answer, and say what was found."""
        from vipps_lint.guard.watch import harmless

        if (seen := flow.metadata.get(SEEN)) is not None:
            with harmless("an answer"):
                self.core.answered(seen, self._exchange(flow))
                self._say(seen, flow)

    def error(self, flow: Any) -> None:
        """There was no answer."""
        if (seen := flow.metadata.get(SEEN)) is not None:
            self.core.lost(seen)
            self._say(seen, flow)

    def done(self) -> None:
        """Say what passed."""
        for line in self.tally.lines() if hasattr(self, "tally") else ():
            log.info("vipps-lint: %s", line)
        if self.recorder is not None:
            log.info("vipps-lint: %s", self.recorder.close())

    def _say(self, seen: Seen, flow: Any) -> None:
        from vipps_lint.guard.recording import record
        from vipps_lint.guard.tally import freight
        from vipps_lint.guard.verdicts import listing
        from vipps_lint.report.mask import masked_call

        call = masked_call(seen.call)
        self.tally.add(freight([call], seen.found, None))
        if self.recorder is not None:
            self.recorder.add([record(call, str(flow.id))])
        if seen.found:
            log.warning("vipps-lint: %s", listing(seen.found))

    def _exchange(self, flow: Any) -> Any:
        from vipps_lint.read.request import Exchange, Missing

        request, response = flow.request, flow.response
        sent = datetime.fromtimestamp(request.timestamp_start, UTC)
        return Exchange(
            request.method,
            request.pretty_url,
            dict(request.headers),
            request.get_content(strict=False),
            status=response.status_code if response else None,
            response_headers=dict(response.headers) if response else {},
            response_body=response.get_content(strict=False) if response else Missing(),
            at=datetime.combine(self.as_of, time(12), UTC) if self.as_of else sent,
        )


def _find_package() -> None:
    """Make the package importable that this file is part of, and say what to do where its dependencies are not."""
    beside = str(Path(__file__).resolve().parents[3])
    if beside not in sys.path:
        sys.path.append(beside)
    missing = [name for name in ("vipps_lint", "pydantic", "phonenumbers") if find_spec(name) is None]
    if missing:
        cure = "install vipps-lint there: `pipx inject mitmproxy vipps-lint`, or both in one environment"
        raise ImportError(f"mitmproxy's Python has no {' and no '.join(missing)}; {cure}")


addons = [VippsLint()]
