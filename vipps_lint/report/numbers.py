"""Numbers as people read them."""

from __future__ import annotations

THIN = "\u202f"


def grouped(number: int) -> str:
    """The number with its thousands apart: `12 500`."""
    return f"{number:,}".replace(",", THIN)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number of things, in words."""
    return f"{grouped(number)} {noun if number == 1 else plural or noun + 's'}"


def share(part: int, whole: int) -> str:
    """A part in percent. Only nothing is 0 %, and only all is 100 %."""
    if part in (0, whole) or not whole:
        return "100 %" if part else "0 %"
    percent = 100 * part / whole
    if percent < 0.1:
        return "< 0.1 %"
    return "> 99.9 %" if percent > 99.9 else f"{percent:.1f} %"


def money(minor: int, currency: str) -> str:
    """An amount in minor units, in its own: `299.00 NOK`. All currencies of Vipps have a hundred to one."""
    return f"{grouped(minor // 100)}.{minor % 100:02} {currency}"
