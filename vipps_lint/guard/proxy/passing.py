"""The calls of Vipps that pass through mitmproxy, judged and recorded."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time
from typing import Any
from weakref import WeakKeyDictionary

from mitmproxy import ctx, exceptions

from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.guard.arguments import day
from vipps_lint.guard.core import Core
from vipps_lint.guard.history import Seen
from vipps_lint.guard.recording import Recorder, record
from vipps_lint.guard.tally import Tally, freight
from vipps_lint.guard.verdicts import listing
from vipps_lint.guard.watch import harmless
from vipps_lint.read.request import Answer, Exchange
from vipps_lint.read.routes import Routes
from vipps_lint.report.mask import masked_call, masked_text

log = logging.getLogger("vipps-lint")


class VippsLint:
    """The addon. All calls that pass are one history."""

    def __init__(self) -> None:
        rules = catalog()
        self.core, self.tally = Core(rules, Routes(rules.operations.values())), Tally()
        self.recorder: Recorder | None = None
        self.under_way: WeakKeyDictionary[Any, Seen] = WeakKeyDictionary()  # what a flow itself holds is saved with it
        self.as_of: date | None = None

    def load(self, loader: Any) -> None:
        """Tell mitmproxy of our options."""
        loader.add_option("vipps_record", str, "", "Write the calls, masked, to this file, for `vipps-lint audit`.")
        loader.add_option("vipps_as_of", str, "", "Judge the calls as of this day (YYYY-MM-DD), not of today.")

    def configure(self, updated: set[str]) -> None:
        """Take the options. A mistake in one is one sentence, and mitmproxy does not start."""
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
        with harmless("a request"):
            place = Place(masked_text(flow.request.pretty_url.partition("?")[0]))
            if (seen := self.core.sent(_request(flow.request), place, self._sent(flow.request))) is not None:
                self.under_way[flow] = seen

    def response(self, flow: Any) -> None:
        """Judge it with its answer, and say what was found."""
        with harmless("an answer"):
            if (seen := self.under_way.pop(flow, None)) is not None:
                self.core.answered(seen, _answer(flow.response))
                self._say(seen, flow)

    def error(self, flow: Any) -> None:
        """There was no answer."""
        with harmless("an unanswered call"):
            if (seen := self.under_way.pop(flow, None)) is not None:
                self.core.lost(seen)
                self._say(seen, flow)

    def done(self) -> None:
        """Say what passed."""
        for line in self.tally.lines():
            log.info("vipps-lint: %s", line)
        if self.recorder is not None:
            log.info("vipps-lint: %s", self.recorder.close())

    def _say(self, seen: Seen, flow: Any) -> None:
        call = masked_call(seen.call)
        self.tally.add(freight([call], seen.found, None))
        if self.recorder is not None:
            self.recorder.add([record(call, str(flow.id))])
        if seen.found:
            log.warning("vipps-lint: %s", listing(seen.found))

    def _sent(self, request: Any) -> datetime:
        """When a request was sent, or the day that it is judged by."""
        if self.as_of:
            return datetime.combine(self.as_of, time(12), UTC)
        return datetime.fromtimestamp(request.timestamp_start, UTC)


def _request(request: Any) -> Exchange:
    return Exchange(request.method, request.pretty_url, dict(request.headers), request.get_content(strict=False))


def _answer(response: Any) -> Answer:
    return Answer(response.status_code, dict(response.headers), response.get_content(strict=False))
