"""What a file must contain to be worth parsing, in small letters.

It follows from `rules/api/`, and stands here because most runs find nothing and end before any rule is read; a test
compares the two.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MARKERS = (
    b"access-management-1.0/access",
    b"accesstoken/get",
    b"checkout/v2",
    b"checkout/v3",
    b"ecom/v2",
    b"ecomm/v2",
    b"epayment/v1",
    b"management/v1",
    b"merchant-management/psp/v1",
    b"miami/v1/token",
    b"order-management/v1",
    b"order-management/v2",
    b"order-management/v3",
    b"partner-api",
    b"point-of-sale/v1",
    b"psp/v2",
    b"psp/v3",
    b"qr/v1",
    b"recurring/v2",
    b"recurring/v3",
    b"report/v1",
    b"report/v2",
    b"settlement/v1",
    b"v1/partial",
    b"vipps-login-ciba/api",
    b"vipps-userinfo-api/userinfo",
    b"webhooks/v1",
)
"""The prefixes of the APIs, as paths have them."""

COMMENT = b"vipps-lint:"
"""What comments begin with that speak to us."""


class Markers:
    """The markers to look for, and the fewer and shorter `pieces` of which every marker has one.

    A file without a piece has no marker. One that has a piece is looked at again.
    """

    def __init__(self, routes: tuple[bytes, ...] = MARKERS) -> None:
        self.routes = routes
        self.pieces = tuple(dict.fromkeys(map(_piece, (*routes, COMMENT))))
        self._words = self.pieces
        self._version: Callable[[bytes], object] = _nowhere

    def hasten(self) -> None:
        """Prepare for many texts: an expression finds versions faster than `in` does, and takes its time to load."""
        import re

        versions = [piece for piece in self.pieces if piece.startswith(b"/v")]
        self._words = tuple(piece for piece in self.pieces if piece not in versions)
        self._version = (
            re.compile(b"/v[" + b"".join(piece[2:] for piece in versions) + b"]").search if versions else _nowhere
        )

    def route_in(self, text: bytes) -> bool:
        """Whether a text spells a route."""
        return self.found_in(text)[0]

    def found_in(self, text: bytes) -> tuple[bool, bool]:
        """Whether a text spells a route, and whether it has a comment for us."""
        lowered = text.lower()
        if not self._version(lowered) and not any(piece in lowered for piece in self._words):
            return False, False
        return any(marker in lowered for marker in self.routes), COMMENT in text


def _nowhere(_: bytes) -> None:
    """What finds nothing."""


def _piece(marker: bytes) -> bytes:
    """The version of a marker, which most share and few files have; the whole marker where it has none."""
    before, version, number = marker.partition(b"/v")
    return version + number[:1] if before and number[:1].isdigit() else marker
