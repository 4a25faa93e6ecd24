"""What a generated log is made of: whole lives of payments and agreements as texts, with gaps for what differs.

A wrong life is an `[[invalid]]` example of a rule that recorded traffic can decide, so a new rule is planted without
a change here. A good life is a few good requests. What is to be found in a life is reckoned once, by judging its calls
one after the other in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vipps_lint.call import Place
from vipps_lint.catalog import Catalog
from vipps_lint.changes import BeforeFile, ExampleFile, GoodFile
from vipps_lint.checks import FACES, Evidence
from vipps_lint.checks.environment import environment
from vipps_lint.diagnostic import Diagnostic
from vipps_lint.document import MAYBE, YES
from vipps_lint.engine import at_the_end, judge
from vipps_lint.examples import Request, requests
from vipps_lint.immutable import changed
from vipps_lint.ledger import Ledger
from vipps_lint.read.jsonl import read_line
from vipps_lint.read.record import Record
from vipps_lint.read.redaction import without_redactions
from vipps_lint.read.request import read_call
from vipps_lint.read.routes import Routes

PLUGIN = {
    "User-Agent": "acme-webshop/4.5.6 (python-requests/2.32.5)",
    "Vipps-System-Name": "acme-enterprise",
    "Vipps-System-Version": "3.1.2",
    "Vipps-System-Plugin-Name": "acme-webshop",
    "Vipps-System-Plugin-Version": "4.5.6",
}
GAP = "\x00"
"""Stands around a gap: `id:` and an id that it looks like, `at:` and seconds or `due:` and days from the start of the
life.
"""

DUE = re.compile(r'"due": "[\d-]{10}"')

GOOD = ("", 0)
STAND_IN = "http://127.0.0.1:4010"

START = datetime(2026, 10, 1, tzinfo=UTC)
"""When the first life begins that has no time of its own."""

FINAL = datetime(2030, 1, 1, tzinfo=UTC)
"""The last moment of every generated log: until then all has been seen that has happened."""

ORDER = {"path": {"orderId": "acme-shop-1042-socks"}}
ECOM_ID, EPAYMENT_ID = "acme-shop-1042-socks", "acme-shop-2051-mittens"


@dataclass(frozen=True)
class Life:
    """The records of some calls, with gaps. `found` is what is wrong with them: number of the call (from 0), rule,
    pointer. The times of a `rule`'s example are its own; `example` is its number, from 1.
    """

    rule: str
    example: int
    records: tuple[str, ...]
    found: tuple[tuple[int, str, str], ...]


def wrong_lives(catalog: Catalog) -> Iterator[Life]:
    """Each example of each rule that recorded traffic can decide, if the rule is found in it."""
    ids = _ids(catalog)
    for rule in catalog.rules.values():
        if rule.needs <= FACES["audit"]:
            for number, example in enumerate(rule.invalid, 1):
                made = requests(catalog, example, rule)
                if Evidence.ANSWER in rule.needs:  # only what somebody else answers in the place of Vipps can be wrong
                    made = [changed(one, base=STAND_IN) for one in made]
                life = _life((rule.name, number), made, ids, catalog, fixed=True) if made else None
                if life and any(name == rule.name for _, name, _ in life.found):
                    yield life


def good_lives(catalog: Catalog) -> list[Life]:
    """Payments that are created, fetched, captured and refunded or released, and single requests of all operations."""
    ids = _ids(catalog)
    paid = [_life(GOOD, requests(catalog, example), ids, catalog, fixed=False) for example in _paid(catalog)]
    single = (ExampleFile(operation=name) for name in catalog.operations)
    others = [_life(GOOD, requests(catalog, example), ids, catalog, fixed=False) for example in single]
    assert not any(life.found for life in paid), [life.found for life in paid]
    return [*paid * 12, *(life for life in others if not life.found)]


def _paid(catalog: Catalog) -> Iterator[ExampleFile]:
    """Whole lives of payments; each call a minute or more after the one before."""
    bodiless = ("response.body",)
    ecom = {"transaction": {"amount": 49900}}
    begin = BeforeFile("ecom.initiate-payment")
    look = BeforeFile("ecom.get-payment-details", without=bodiless)
    capture = BeforeFile("ecom.capture-payment", body=ecom, without=bodiless)
    yield ExampleFile(operation="ecom.get-payment-details", without=bodiless, before=(begin, look, capture))
    yield ExampleFile(operation="ecom.refund-payment", without=bodiless, before=(begin, look, capture, look))
    yield ExampleFile(operation="ecom.cancel-payment", without=bodiless, before=(begin, look, look))
    value = {"modificationAmount": {"value": 49900}}
    begin = BeforeFile("epayment.create-payment")
    look = BeforeFile("epayment.get-payment", without=bodiless)
    capture = BeforeFile("epayment.capture-payment", body=value, without=bodiless)
    yield ExampleFile(operation="epayment.get-payment", without=bodiless, before=(begin, look, look, capture))
    yield ExampleFile(operation="epayment.refund-payment", without=bodiless, before=(begin, look, capture))
    draft, charge = BeforeFile("recurring-v3.draft-agreement"), BeforeFile("recurring-v3.create-charge")
    yield ExampleFile(operation="recurring-v3.get-charge", without=bodiless, before=(draft, charge))


def _ids(catalog: Catalog) -> re.Pattern[str]:
    """The ids in all good requests: they are other ones in each life."""
    found: set[str] = set()
    for name, good in catalog.good.items():
        found |= {str(value) for value in good.path.values() if len(str(value)) > 8}
        found |= {good.headers[key] for key in ("Idempotency-Key", "X-Request-Id") if key in good.headers}
        for effect in catalog.operations[name].effects:
            places = (effect.key, effect.facts.get("charge", ()))
            found |= {text for at in places if len(text := _text(good, at)) > 8}
    return re.compile("|".join(re.escape(one) for one in sorted(found, key=len, reverse=True)))


def _text(good: GoodFile, at: Sequence[str | int]) -> str:
    value: object = {"path": good.path, "headers": good.headers, "body": good.body, "response": good.response}
    for step in at:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _life(name: tuple[str, int], made: list[Request], ids: re.Pattern[str], catalog: Catalog, fixed: bool) -> Life:
    start = made[0].at
    records = tuple(_record(one, ids, start, fixed) for one in made)
    begin = start if fixed else START
    return Life(*name, records, tuple(_found([filled(pieces(one), 7, begin) for one in records], catalog)))


def _record(request: Request, ids: re.Pattern[str], start: datetime, fixed: bool) -> str:
    exchange = request.exchange()
    at = request.at.isoformat() if fixed else f"{GAP}at:{(request.at - start).total_seconds()}{GAP}"
    sent = {"method": exchange.method, "url": exchange.url, "headers": {**PLUGIN, **exchange.headers}}
    answer = {"status": exchange.status, "headers": exchange.response_headers, "body": request.response.get("body")}
    body = {"body_text": exchange.body} if request.form else {"body": request.body}
    told = {"request": {**sent, **body}, "response": answer if exchange.status else None}
    record = {"id": f"{GAP}id:call-00000000{GAP}", "at": at, **told}
    text = json.dumps(record, ensure_ascii=False).replace("\\u0000", GAP)
    if not fixed:
        text = DUE.sub(f'"due": "{GAP}due:10{GAP}"', text)
    return ids.sub(lambda found: f"{GAP}id:{found[0]}{GAP}", text)


def pieces(record: str) -> list[str]:
    """The text of a record, every second piece a gap."""
    return record.split(GAP)


def filled(record: list[str], number: int, start: datetime) -> str:
    """A record with the ids of a life and the times of its calls."""
    parts = record.copy()
    parts[1::2] = [_gap(one, number, start) for one in parts[1::2]]
    return "".join(parts)


def _gap(name: str, number: int, start: datetime) -> str:
    kind, _, text = name.partition(":")
    match kind:
        case "id":
            return f"{text[:-8]}{number:08}"  # as long as it was
        case "due":
            return str((start + timedelta(days=int(text))).date())
        case _:
            return (start + timedelta(seconds=float(text))).isoformat()


def _found(records: list[str], catalog: Catalog) -> Iterator[tuple[int, str, str]]:
    """What is wrong with the calls of a life, judged one after the other."""
    rules = catalog.only(name for name, rule in catalog.rules.items() if rule.needs <= FACES["audit"])
    routes, ledger = Routes(catalog.operations.values()), Ledger(trails={})
    for number, text in enumerate(records):
        *_, record = read_line(text, Place("log", record=number))
        assert isinstance(record, Record)
        call = read_call(record.exchange, routes, record.place)
        if call is not None and record.exchange.at is not None:
            genuine = YES if environment(call) else MAYBE
            call = changed(call, document=without_redactions(call.document), genuine=genuine)
            yield from (_name(one) for one in judge(call, ledger, rules, record.exchange.at.date()))
            ledger.fold(call)
    yield from (_name(one) for _, one in at_the_end(ledger, rules, FINAL))


def _name(found: Diagnostic) -> tuple[int, str, str]:
    return found.place.record or 0, found.rule, found.pointer
