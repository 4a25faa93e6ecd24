"""Our own values as bytes and back, for the cache: dataclasses, enums, days, and what Python's literals can write.

pickle does the work, because it does it in C. What is unpacked can make nothing else than these values, whoever wrote
the bytes: names of anything that is no dataclass and no enum of ours are refused.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from io import BytesIO
from operator import attrgetter
from typing import Any, TypeAlias

PLAIN = frozenset({("datetime", "date"), ("datetime", "datetime"), ("datetime", "timedelta"), ("datetime", "timezone")})
OURS = "vipps_lint."
Maker: TypeAlias = Callable[[type], Callable[..., Any]]


def packed(value: object) -> bytes:
    """The value as bytes. Raises `TypeError` for anything in it that `unpacked` would refuse."""
    written = BytesIO()
    try:
        _Packer(written, pickle.HIGHEST_PROTOCOL).dump(value)
    except (pickle.PicklingError, AttributeError) as error:
        raise TypeError(f"cannot be packed: {error}") from None
    return written.getvalue()


def unpacked(written: bytes, maker: Maker = lambda kind: kind) -> Any:
    """The value that was packed; `maker` says what makes the values of a class from their fields.

    Raises `ValueError` for bytes that are none of ours.
    """
    try:
        return _Unpacker(written, maker).load()
    except Exception as error:  # noqa: BLE001 - damaged bytes can make pickle raise nearly anything
        raise ValueError(f"{type(error).__name__}: {error}") from None


class _Packer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if is_dataclass(kind):
            return kind, _fields(kind)(value)
        if _is_allowed(value if isinstance(value, type) else kind):
            return NotImplemented
        raise TypeError(f"a {kind.__module__}.{kind.__qualname__} cannot be packed")


class _Unpacker(pickle.Unpickler):
    def __init__(self, written: bytes, maker: Maker) -> None:
        super().__init__(BytesIO(written))
        self._maker = maker

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(OURS) or (module, name) in PLAIN:
            found = super().find_class(module, name)
            if isinstance(found, type) and _is_allowed(found):
                return self._maker(found)
        raise ValueError(f"{module}.{name} is nothing that is unpacked")


def _is_allowed(kind: type) -> bool:
    ours = kind.__module__.startswith(OURS) and (is_dataclass(kind) or issubclass(kind, Enum))
    return ours or (kind.__module__, kind.__qualname__) in PLAIN


@cache
def _fields(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the fields of a dataclass' values, as its constructor takes them."""
    names = [field.name for field in fields(kind) if field.init]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)
