"""A log that tests write call by call: each is a good request with changes, judged as it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.document import YES, Truth
from vipps_lint.engine import judge
from vipps_lint.examples import requests
from vipps_lint.ledger import Ledger
from vipps_lint.read.request import Exchange, read_call
from vipps_lint.read.routes import Routes
from vipps_lint.rulefiles import ExampleFile

CATALOG = catalog()
ROUTES = Routes(CATALOG.operations.values())
V3, V2 = "recurring-v3", "recurring-v2"


class Log:
    """Calls of a log in their order, each a good request with changes, and what is found in them."""

    def __init__(self, start: str = "2026-11-22T09:00:00", genuine: Truth = YES) -> None:
        self.at = datetime.fromisoformat(start).replace(tzinfo=UTC)
        self.genuine = genuine
        self.history = Ledger()
        self.calls = 0

    def send(self, operation: str, *, at: str | None = None, **change: Any) -> list[str]:
        """Add a call; the names of the rules that it breaks, with their severities where they are not errors."""
        self.at = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else self.at + timedelta(minutes=1)
        self.calls += 1
        example = ExampleFile(operation=operation, at=self.at, **change)
        return self.add(requests(CATALOG, example)[-1].exchange())

    def add(self, exchange: Exchange) -> list[str]:
        call = read_call(exchange, ROUTES, Place("log", record=self.calls), self.genuine)
        assert call is not None
        found = [one for one in judge(call, self.history, CATALOG, self.at.date()) if one.rule != "api-version-retired"]
        self.history.fold(call)
        return [one.rule + ("" if one.severity.value == "error" else f" ({one.severity.value})") for one in found]

    def charge(self, value: int, due: str, api: str = V3, **change: Any) -> list[str]:
        """Create a charge that is like no other; a rejected one where the `status` says so."""
        name = f"acme42-charge-{self.calls}"
        given = change.pop("response", {})
        return self.send(
            f"{api}.create-charge",
            headers={"Idempotency-Key": name},
            body={"amount": value, "due": due, "orderId": name},
            response={**given, **({} if given.get("status", 0) >= 400 else {"body": {"chargeId": name}})},
            **change,
        )


REJECTED = {"status": 400}
