"""Headers and bodies as clients hold them, for the taps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vipps_lint.read.request import Body, Missing


def headers_of(headers: Mapping[Any, Any] | None) -> dict[str, str]:
    """The headers as text."""
    return {_text(name): _text(value) for name, value in (headers or {}).items()}


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
