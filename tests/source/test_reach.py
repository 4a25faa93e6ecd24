"""Which functions are followed: those that can lead to a call, and those that log what these keep."""

from __future__ import annotations

from textwrap import dedent

import pytest

from vipps_lint.catalog import catalog
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import ir
from vipps_lint.read.source.lowered import Lowered, restored
from vipps_lint.read.source.making import made
from vipps_lint.read.source.reach import Reach

PREAMBLE = """
import logging
import httpx
BASE = "https://api.vipps.no"
PAYMENTS = BASE + "/epayment/v1/payments"

def pay(client, order):
    global last
    last = order
    order.paid = client.post(PAYMENTS, json=order)
"""


@pytest.mark.parametrize(("program", "followed"), [
    pytest.param("def buy(order):\n    pay(client, order)", {"buy"}, id="what calls it"),
    pytest.param("def buy(order):\n    f(order)\n\nf = pay", {"buy"}, id="what calls it by another name"),
    pytest.param("WAYS = {'vipps': pay}\n\ndef buy(way):\n    WAYS[way]()", {"buy"}, id="what finds it in a table"),
    pytest.param("def where():\n    return PAYMENTS", {"where"}, id="what uses the constant"),
    pytest.param("def other(order):\n    return BASE", set(), id="what uses another constant"),
    pytest.param("def recent():\n    return last", set(), id="a variable of the module that it leaves something in"),
    pytest.param("def is_paid(order):\n    return order.paid", set(), id="an attribute that it sets of what it is given"),
    pytest.param("def show(order):\n    print(order.paid)", {"show"}, id="a log of an attribute that it sets"),
    pytest.param("def show(order):\n    logging.info(order.number)", set(), id="a log of another attribute"),
    pytest.param(
        "class Shop:\n    def __init__(self):\n        self.url = PAYMENTS\n\n    def buy(self):\n        post(self.url)",
        {"__init__", "buy"}, id="an attribute that `__init__` sets",
    ),
    pytest.param(
        "class Shop:\n    def __init__(self):\n        self.begin()\n\n    def begin(self):\n        self.url = PAYMENTS\n\n"
        "    def buy(self):\n        post(self.url)",
        {"__init__", "begin", "buy"}, id="an attribute that is set by what `__init__` calls",
    ),
    pytest.param(
        "class Shop:\n    def begin(self):\n        self.url = PAYMENTS\n\n    def buy(self):\n        post(self.url)",
        {"begin"}, id="an attribute that another method sets",
    ),
    pytest.param(
        "class Shop:\n    def begin(self):\n        self.http = httpx.Client(base_url=PAYMENTS)\n\n"
        "    def buy(self):\n        self.http.post('')",
        {"begin", "buy"}, id="an attribute that another method sets to a client",
    ),
    pytest.param(
        "def prepare(shop):\n    shop.url = PAYMENTS\n\nprepare(shop)\n\ndef buy():\n    post(shop.url)",
        {"prepare", "buy"}, id="an attribute that is set while the module is imported",
    ),
])  # fmt: skip
def test_what_is_followed(program: str, followed: set[str]) -> None:
    text = f"{PREAMBLE}\n{dedent(program)}\n".encode()
    lowered = restored(made([text])[0], 0)
    assert isinstance(lowered, Lowered)
    reach = Reach(Routes(catalog().operations.values()))
    reach.add("shop.py", lowered.block)
    definitions = [part for part in ir.walk(lowered.block) if isinstance(part, ir.FunctionDefinition)]
    assert {one.name for one in definitions if one.node in reach.worth()} == followed | {"pay"}
