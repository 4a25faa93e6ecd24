"""The guard: watches the calls that a program really makes, and judges them with the rules that `check` uses.

    with Guard():
        checkout.pay(order)      # a wrong call raises before it is sent

Importing this package imports nothing else, so that the pytest plugin costs nothing where it is not asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vipps_lint.guard.guard import Guard
    from vipps_lint.guard.verdicts import VippsLintError, VippsLintWarning

__all__ = ["Guard", "VippsLintError", "VippsLintWarning"]


def __getattr__(name: str) -> Any:
    """`Guard` and its error and warning, imported when they are first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from vipps_lint.guard import guard

    return getattr(guard, name)
