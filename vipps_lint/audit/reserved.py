"""Money that stays reserved: payments of which a part was captured, and the rest neither captured nor released."""

from __future__ import annotations

from dataclasses import dataclass, field

from vipps_lint.call import Call, Effect
from vipps_lint.checks.environment import environment
from vipps_lint.checks.payments import left
from vipps_lint.ledger import Ledger
from vipps_lint.ledger.book import Key

MONEY_OF_ECOM = "NOK"
"""The eCom API knows no other currency, so its calls name none."""


@dataclass
class Reserved:
    """Remembers the currency of each payment in production, which the ledger does not need."""

    _currencies: dict[str, str | None] = field(default_factory=dict)

    def note(self, call: Call, entity: str) -> None:
        """See which currency a call names. Of payments with one id and two currencies nothing is said."""
        for effect in call.operation.effects if call.operation and entity == "payment" else ():
            if effect.entity != "payment" or "amount" not in effect.facts or environment(call) != "production":
                continue
            key, currency = str(call[effect.key]), _currency(call, effect)
            if currency is not None:
                known = self._currencies.setdefault(key, currency)
                self._currencies[key] = currency if known == currency else None

    def forget(self, key: Key) -> None:
        """Forget the currency of a payment of which nothing is known any more."""
        self._currencies.pop(str(key.id), None)

    def left(self, ledger: Ledger) -> dict[str, tuple[int, int]]:
        """How many payments have money left, and how much of it in minor units, by currency."""
        sums: dict[str, tuple[int, int]] = {}
        for key, payment in ledger.payments.items():
            currency = self._currencies.get(str(key.id))
            amount = left(payment)
            if currency and amount:
                payments, before = sums.get(currency, (0, 0))
                sums[currency] = (payments + 1, before + amount)
        return sums


def _currency(call: Call, effect: Effect) -> str | None:
    """The currency beside the amount."""
    at = effect.facts.get("amount")
    if at is None:
        return None
    if call.api.id == "ecom":
        return MONEY_OF_ECOM
    named = call[(*at[:-1], "currency")]
    return named if isinstance(named, str) and len(named) == 3 and named.isalpha() else None
