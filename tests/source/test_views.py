"""Functions that run for each request: what people send to them, and what never changes in them."""

from __future__ import annotations

from datetime import date
from textwrap import dedent, indent

import pytest

from vipps_lint.check import check_source

PROGRAM = """
import json
import logging
import re
import flask
import requests
from fastapi import Depends, FastAPI
from flask import request as sent
from pydantic import BaseModel, Field
from acme.models import Customer

app = FastAPI()
log = logging.getLogger(__name__)

{setup}

{head}
{steps}
    body = {{
        "amount": {{"currency": "NOK", "value": 49900}},
        "customer": {{"phoneNumber": {number}}},
        "reference": {reference},
    }}
    response = requests.post("https://api.vipps.no/epayment/v1/payments", json=body, timeout=10)
    response.raise_for_status()
"""
UNCHECKED, CONSTANT = "phone-number-unchecked", "order-id-constant"
FLASK, DJANGO, PLAIN = "@app.route('/pay')\ndef pay():", "def pay(request):", "def pay(order):"


def rules(head: str, number: str = "'4791234567'", steps: str = "pass", setup: str = "", reference: str = "sent.id") -> set[str]:
    """Which of the two rules the program breaks."""
    text = PROGRAM.format(head=head, number=number, steps=indent(steps, "    "), setup=dedent(setup), reference=reference)
    report = check_source(text, "shop.py", date(2026, 11, 22))
    assert not report.notes and not any(one.internal for one in report.diagnostics)
    return {one.rule for one in report.diagnostics} & {UNCHECKED, CONSTANT}


MODEL = "class Order(BaseModel):\n    phone: str"
CHECKED = MODEL + "\n    @field_validator('phone')\n    def check(cls, value):\n        return value"
FASTAPI = "@app.post('/pay')\nasync def pay(order: Order, shop=Depends(str)):"


@pytest.mark.parametrize(
    ("head", "number", "steps", "setup"),
    [
        pytest.param(FLASK, "sent.json['phone']", "pass", "", id="an item of Flask's JSON"),
        pytest.param(FLASK, "flask.request.form.get('phone')", "pass", "", id="a field of Flask's form"),
        pytest.param(PLAIN, "data.get('phone', '')", "data = sent.get_json() or {}", "", id="a function that a view calls"),
        pytest.param(DJANGO, "request.POST['phone']", "pass", "", id="a field of Django's form"),
        pytest.param(DJANGO, "request.data.get('phone')", "pass", "", id="data of the REST framework"),
        pytest.param("class Pay(View):\n    def post(self, request):\n        pay(request)\ndef pay(request):", "request.data['phone']", "pass", "", id="a view's method"),
        pytest.param("async def pay(request):", "data['phone']", "data = await request.json()", "", id="awaited JSON"),
        pytest.param(FASTAPI, "order.phone", "pass", MODEL, id="a field of a model of pydantic"),
        pytest.param("@app.get('/pay/{phone}')\ndef pay(phone: str):", "phone", "pass", "", id="a piece of the path"),
        pytest.param(DJANGO, "str(phone)", "phone = request.POST['phone']\nlog.info('to %s', phone)", "", id="logged, and made text"),
        pytest.param(DJANGO, "phone", "phone = request.POST['phone']\nif not phone:\n    return", "", id="only asked whether it is there"),
    ],
)  # fmt: skip
def test_input_is_sent_as_it_came(head: str, number: str, steps: str, setup: str) -> None:
    assert rules(head, number, steps, setup) == {UNCHECKED}


@pytest.mark.parametrize(
    ("head", "number", "steps", "setup"),
    [
        pytest.param(PLAIN, "order.phone", "pass", "", id="the parameter of a function"),
        pytest.param("def test_pay(request):", "request.data['phone']", "pass", "", id="a test"),
        pytest.param("@pytest.fixture\ndef pay(request):", "request.data['phone']", "pass", "", id="a fixture"),
        pytest.param("@checked\ndef pay(request):", "request.data['phone']", "pass", "", id="a decorator that may check"),
        pytest.param("@checked\n" + FLASK, "sent.json['phone']", "pass", "", id="a decorator around a view of Flask"),
        pytest.param(DJANGO, "request.user['phone']", "pass", "", id="something else of the request"),
        pytest.param(DJANGO, "request.data['phone'].replace(' ', '')", "pass", "", id="normalised"),
        pytest.param(DJANGO, "request.data['phone'][-8:]", "pass", "", id="cut"),
        pytest.param(DJANGO, "'47' + request.data['phone']", "pass", "", id="completed"),
        pytest.param(DJANGO, "phone", "phone = clean(request.data['phone'])", "", id="cleaned by code that is not seen"),
        pytest.param(DJANGO, "phone", "phone = request.data['phone']\nif len(phone) != 10:\n    return", "", id="measured"),
        pytest.param(DJANGO, "phone", "phone = request.data['phone']\nif not re.match('47', phone):\n    return", "", id="matched"),
        pytest.param(DJANGO, "phone", "phone = request.data['phone']\nif not phone.isdigit():\n    return", "", id="asked"),
        pytest.param(DJANGO, "phone", "phone = request.data['phone']\nif phone == 'x':\n    return", "", id="compared"),
        pytest.param(DJANGO, "data['phone']", "data = request.data\nvalidate(data)", "", id="validated as a whole"),
        pytest.param(DJANGO, "customer.phone", "customer = Customer(phone=request.data['phone'])", "", id="put into a model"),
        pytest.param(DJANGO, "order.phone", "order = Order(phone=request.data['phone'])", MODEL, id="put into a model of pydantic"),
        pytest.param(FASTAPI, "order.phone", "pass", CHECKED, id="a model with a validator"),
        pytest.param(FASTAPI, "order.phone", "pass", "class Order(BaseModel):\n    phone: MobileNumber", id="a type that may check"),
        pytest.param(FASTAPI, "order.phone", "pass", "class Order(BaseModel):\n    phone: str = Field(pattern='47')", id="a field that may check"),
        pytest.param("@app.post('/pay')\ndef pay(order: Customer):", "order.phone", "pass", "", id="a model that is not seen"),
        pytest.param(FASTAPI, "shop.phone", "pass", MODEL, id="what the framework makes itself"),
    ],
)  # fmt: skip
def test_what_may_have_been_checked_is_not_reported(head: str, number: str, steps: str, setup: str) -> None:
    assert rules(head, number, steps, setup) == set()


@pytest.mark.parametrize(
    ("head", "reference", "expected"),
    [
        pytest.param(DJANGO, "'acme-1042'", True, id="a view"),
        pytest.param(FLASK, "'acme-1042'", True, id="a route"),
        pytest.param(DJANGO, "ID", True, id="a constant of the module"),
        pytest.param(DJANGO, "f'acme-{request.id}'", False, id="an id that differs"),
        pytest.param(DJANGO, "'acme-1042' if request.test else request.id", False, id="one of two"),
        pytest.param(PLAIN, "'acme-1042'", False, id="a function that may run once"),
        pytest.param("def test_pay(request):", "'acme-1042'", False, id="a test"),
    ],
)
def test_an_order_id_that_never_changes(head: str, reference: str, expected: bool) -> None:
    assert (CONSTANT in rules(head, reference=reference, setup="ID = 'acme-1042'")) is expected
