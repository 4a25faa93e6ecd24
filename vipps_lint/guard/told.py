"""Facts that were set up elsewhere, told to a guard as the answers in which Vipps would show them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from vipps_lint.call import Call, Place
from vipps_lint.immutable import immutable
from vipps_lint.ledger import sales_unit
from vipps_lint.read.request import Exchange, read_call
from vipps_lint.read.routes import Routes


@immutable(frozen=True, slots=True)
class Told:
    """A GET of Vipps and what it would answer."""

    path: str
    answer: Mapping[str, Any]


def agreement(
    agreement_id: str,
    pricing: Mapping[str, Any],
    interval: Mapping[str, Any] | None,
    campaign: Mapping[str, Any] | None,
    status: str,
) -> Told:
    """An agreement of Recurring v3, in the words of its API."""
    known = {"id": agreement_id, "status": status, "pricing": pricing, "interval": interval, "campaign": campaign}
    answer = {name: value for name, value in known.items() if value is not None}
    return Told(f"/recurring/v3/agreements/{quote(agreement_id, safe='')}", answer)


def payment(reference: str, reserved: int, captured: int, refunded: int, cancelled: int) -> Told:
    """A payment that was reserved, of any API that reserves; all amounts in minor units."""
    amounts = {"authorized": reserved, "captured": captured, "refunded": refunded, "cancelled": cancelled}
    aggregate = {f"{name}Amount": {"currency": "NOK", "value": value} for name, value in amounts.items()}
    answer = {"reference": reference, "state": "AUTHORIZED", "aggregate": aggregate}
    return Told(f"/epayment/v1/payments/{quote(reference, safe='')}", answer)


def call_that_shows(told: Told, like: Call, routes: Routes) -> Call | None:
    """The call in which the fact is seen: of the same client and sales unit, just before the call `like`."""
    unit = sales_unit(like)
    exchange = Exchange(
        "GET",
        told.path,
        {"Merchant-Serial-Number": str(unit)} if isinstance(unit, str | int) else {},
        status=200,
        response_headers={"Content-Type": "application/json"},
        response_body=json.dumps(told.answer),
        at=like.at,
    )
    call = read_call(exchange, routes, Place("told"))
    return replace(call, host=like.host, scheme=like.scheme) if call else None
