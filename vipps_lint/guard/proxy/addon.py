"""What mitmproxy loads: the addon, or one sentence that says what is missing.

    mitmdump -s "$(vipps-lint mitmproxy)" --set vipps_record=calls.jsonl

It runs in mitmproxy's Python. Where vipps-lint is not installed there, the package that this file is part of is used,
with the packages that are installed beside it.
"""

from __future__ import annotations

import logging
import sys
from importlib.util import find_spec
from pathlib import Path

PACKAGE = str(Path(__file__).resolve().parents[3])
if PACKAGE not in sys.path:
    sys.path.append(PACKAGE)

addons: list[object] = []
if missing := [name for name in ("vipps_lint", "pydantic", "phonenumbers") if find_spec(name) is None]:
    cure = "install vipps-lint there: `pipx inject mitmproxy vipps-lint`, or both in one environment"
    said = "mitmproxy's Python has no %s; %s"  # an error while it starts is mitmproxy's end
    logging.getLogger("vipps-lint").error(said, " and no ".join(missing), cure)
else:
    from vipps_lint.guard.proxy.passing import VippsLint

    addons.append(VippsLint())
