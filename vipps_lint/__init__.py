"""vipps-lint finds wrong calls of the Vipps MobilePay APIs: in source, in tests and in recorded traffic."""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for the one of `typing`, which takes long to import
if TYPE_CHECKING:
    from vipps_lint.guard import Guard, VippsLintError, VippsLintWarning

__all__ = ["Guard", "VippsLintError", "VippsLintWarning", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """The guard's names, imported when they are first asked for: whoever only lints pays nothing for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from vipps_lint import guard

    found: object = getattr(guard, name)
    return found
