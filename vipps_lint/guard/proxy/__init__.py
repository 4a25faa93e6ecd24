"""The guard for programs in any language: an addon of mitmproxy. `vipps-lint mitmproxy` prints where it is."""

from __future__ import annotations

import os

ADDON = os.path.join(os.path.dirname(os.path.abspath(__file__)), "addon.py")  # noqa: PTH100, PTH118, PTH120 - as text
"""The file that `mitmdump -s` takes."""
