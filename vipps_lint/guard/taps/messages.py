"""Headers and bodies as clients hold them, for the taps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vipps_lint.read.request import Body, Missing


def headers_of(headers: Mapping[Any, Any] | None) -> dict[str, str]:
    """The headers as text."""
    if not headers:
        return {}
    pairs = headers.lower_items() if hasattr(headers, "lower_items") else headers.items()  # requests' is faster so
    return {
        name if type(name) is str else _text(name): value if type(value) is str else _text(value)
        for name, value in pairs
    }


def body_of(body: object) -> Body:
    """What is sent, if it is at hand; a stream is not touched."""
    match body:
        case None | str() | bytes():
            return body
        case bytearray():
            return bytes(body)
        case _:
            return Missing("the body is a stream")


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
