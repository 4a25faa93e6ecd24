"""vipps-lint finds wrong calls of the Vipps MobilePay APIs: in source, in tests and in recorded traffic."""

__version__ = "0.1.0"
