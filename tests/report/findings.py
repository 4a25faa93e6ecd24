"""Hand-made findings."""

from __future__ import annotations

from dataclasses import replace

from vipps_lint.call import Call, Place
from vipps_lint.catalog import catalog
from vipps_lint.diagnostic import Diagnostic, Note, Severity
from vipps_lint.report import Report

SHOP = 'def pay(order):\n    body = {"phone": f"+47{order.phone}"}\n    return body\n'
OPERATION = catalog().operations["epayment.create-payment"]
PHONE = Diagnostic(
    rule="phone-number-not-msisdn",
    severity=Severity.ERROR,
    message="phone number `+47{order.phone}` is not an MSISDN",
    help="send `47{order.phone}`: country code and number, digits only",
    place=Place("shop/checkout.py", 2, 22, 2, 41),
    operation="POST /epayment/v1/payments",
    pointer="body.customer.phoneNumber",
    instead="47{order.phone}",
)
RECORD = replace(PHONE, place=Place("calls.har", record=17), severity=Severity.WARNING)


def checked(*diagnostics: Diagnostic, notes: tuple[Note, ...] = (), source: str = SHOP) -> Report:
    call = Call(
        OPERATION.api, OPERATION, "POST", OPERATION.route, host="api.vipps.no", place=Place("shop/checkout.py", 2, 5)
    )
    return Report("check", list(diagnostics), [call], list(notes), 3, {"shop/checkout.py": source})
