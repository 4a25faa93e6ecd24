"""What expressions are worth: both what must be known and what must stay a hole."""

from __future__ import annotations

from typing import Any

import pytest

from vipps_lint.document import ABSENT, MAYBE, NO, YES, Array, DaysAhead, Hole, Object, OneOf, Template, get, present

PROGRAM = """
import copy, datetime, functools, json, os, uuid
from datetime import date, timedelta
import requests

{setup}

def send(order, number, flag, extra, rows):
{steps}
    requests.post("https://api.vipps.no/ecomm/v2/payments", json={{"x": {expression}}}, headers={{}})
"""


def value(read, expression: str, steps: str = "", setup: str = "") -> Any:
    """The value of an expression as the body of a call has it."""
    body = "\n".join("    " + line for line in steps.splitlines())
    source = read(PROGRAM.format(expression=expression, steps=body, setup=setup))
    assert source.notes == []
    [path] = source.paths
    return get(path.call.document, ("body", "x"))


def bare(found: Any) -> Any:
    """The value with every hole's symbol left out, so that tables can spell it."""
    match found:
        case Hole(type, _, fresh, source):
            return Hole(type, None, fresh, source)
        case Template(parts):
            return Template(tuple(bare(part) for part in parts))
        case Object(fields, is_open):
            return Object({key: bare(item) for key, item in fields.items()}, is_open)
        case Array(items, is_open):
            return Array(tuple(bare(item) for item in items), is_open)
        case OneOf(values):
            return OneOf(tuple(bare(item) for item in values))
        case _:
            return found


KNOWN = [
    pytest.param('"a" "b"', "", "", "ab", id="literals side by side"),
    pytest.param('"a" + "b"', "", "", "ab", id="concatenation"),
    pytest.param('f"{PREFIX}-1"', "", 'PREFIX = "acme"', "acme-1", id="an f-string of a module's constant"),
    pytest.param('"%s-%d" % ("a", 7)', "", "", "a-7", id="percent formatting"),
    pytest.param('"{}-{b}".format("a", b="c")', "", "", "a-c", id="format with positions and names"),
    pytest.param('"-".join(["a", "b"])', "", "", "a-b", id="join"),
    pytest.param('" +47 ".strip()', "", "", "+47", id="a method of text"),
    pytest.param("20 * 100", "", "", 2000, id="arithmetic on numbers"),
    pytest.param("-5", "", "", -5, id="a negative number"),
    pytest.param("a", "a = 1\na = 2", "", 2, id="the last assignment counts"),
    pytest.param("b", "a, b = 1, 2", "", 2, id="unpacking"),
    pytest.param("helper(3)", "", "def helper(n, m=4):\n    return n + m", 7, id="a function with a default"),
    pytest.param("helper(m=1, n=2)", "", "def helper(n, m):\n    return n - m", 1, id="arguments by name"),
    pytest.param("(lambda n: n + 1)(1)", "", "", 2, id="a lambda"),
    pytest.param("add(2)", "", "def f(a, b):\n    return a + b\nadd = functools.partial(f, 1)", 3, id="partial"),
    pytest.param("Shop().name", "", "class Shop:\n    name = 'acme'", "acme", id="a class attribute"),
    pytest.param(
        "Shop(5).fee()", "", "class Shop:\n    def __init__(self, n):\n        self.n = n\n"
        "    def fee(self):\n        return self.n * 2", 10, id="an instance attribute and a method",
    ),
    pytest.param("Shop().url", "", "class Shop:\n    @property\n    def url(self):\n        return 'u'", "u", id="a property"),
    pytest.param("B().f()", "", "class A:\n    def f(self):\n        return 1\nclass B(A):\n    pass", 1, id="an inherited method"),
    pytest.param(
        "B().f()", "", "class A:\n    def f(self):\n        return 1\nclass B(A):\n    def f(self):\n        return super().f() + 1",
        2, id="super",
    ),
    pytest.param("{'a': 1, **{'a': 2}}", "", "", Object({"a": 2}), id="a spread after a key replaces it"),
    pytest.param("body", "body = {'a': 1}\nbody['b'] = 2", "", Object({"a": 1, "b": 2}), id="a dict built in steps"),
    pytest.param("body", "body = {}\nbody.update(a=1)\nbody.update({'b': 2})", "", Object({"a": 1, "b": 2}), id="update"),
    pytest.param("{'a': 1} | {'b': 2}", "", "", Object({"a": 1, "b": 2}), id="the union of dicts"),
    pytest.param("dict(a=1)", "", "", Object({"a": 1}), id="dict with names"),
    pytest.param(
        "body", "body = {}\nfill(body)", "def fill(body):\n    body['a'] = 1", Object({"a": 1}), id="a helper that adds a key"
    ),
    pytest.param("body", "body = {'a': 1}\nother = body\nother['a'] = 2", "", Object({"a": 2}), id="two names of one dict"),
    pytest.param(
        "body", "body = {'a': 1}\nother = copy.deepcopy(body)\nother['a'] = 2", "", Object({"a": 1}), id="a copy is another dict"
    ),
    pytest.param("body", "body = {'a': 1}\ndel body['a']", "", Object({}), id="a deleted key"),
    pytest.param("body", "body = {'a': 1}\nprint(body)", "", Object({"a": 1}), id="printing changes nothing"),
    pytest.param("json.loads(json.dumps({'a': 1}))", "", "", Object({"a": 1}), id="JSON there and back"),
    pytest.param("[1, *[2, 3]]", "", "", Array((1, 2, 3)), id="a spread in a list"),
    pytest.param("body['a']", "body = {'a': {'b': 1}}", "", Object({"b": 1}), id="a subscript"),
    pytest.param("1 if 'a' in {'a': 2} else 3", "", "", 1, id="a condition that is known"),
    pytest.param("x", "if None:\n    x = 1\nelse:\n    x = 2", "", 2, id="a branch that is not taken"),
    pytest.param("x", "for x in [7]:\n    pass", "", 7, id="a loop over a known list"),
    pytest.param("(n := 4)", "", "", 4, id="a walrus"),
    pytest.param("True", "", "", True, id="true is no number"),
    pytest.param("None", "", "", None, id="null"),
]  # fmt: skip

PARTLY = [
    pytest.param('"47" + number', "", "", Template(("47", Hole(source="number"))), id="concatenation with a parameter"),
    pytest.param('f"+47{order.phone}"', "", "", Template(("+47", Hole(source="order.phone"))), id="an f-string"),
    pytest.param('"%s/x" % number', "", "", Template((Hole(source="number"), "/x")), id="percent formatting"),
    pytest.param("str(number)", "", "", Hole("string", source="number"), id="the text of something unknown"),
    pytest.param('f"{number:>8}"', "", "", Hole("string", source="number"), id="a format spec may change everything"),
    pytest.param("int(number)", "", "", Hole("integer", source="number"), id="int is whole, whatever it is"),
    pytest.param("order.price", "", "", Hole(source="order.price"), id="an attribute of a parameter"),
    pytest.param("number * 100", "", "", Hole(source="number * 100"), id="arithmetic with something unknown"),
    pytest.param("os.environ['P']", "", "", Hole(source="os.environ['P']"), id="the environment"),
    pytest.param("os.environ.get('P', '1')", "", "", OneOf(("1", Hole(source="os.environ['P']"))), id="a default gives two values"),
    pytest.param("1 if flag else 2", "", "", OneOf((1, 2)), id="a condition that is not known"),
    pytest.param("x", "x = 1\nif flag:\n    x = 2", "", OneOf((2, 1)), id="two branches that meet"),
    pytest.param(
        "{'a': 1, **({'b': 2} if flag else {})}", "", "", Object({"a": 1, "b": OneOf((2, ABSENT))}), id="a spread under a condition"
    ),
    pytest.param(
        "{'a': 1, **({'a': 2} if flag else {})}", "", "", Object({"a": OneOf((2, 1))}), id="a spread that may replace a key"
    ),
    pytest.param("{**extra, 'a': 1}", "", "", Object({"a": 1}, open=True), id="a spread before a key cannot change it"),
    pytest.param("{'a': 1, **extra}", "", "", Object({"a": OneOf((1, Hole()))}, open=True), id="a spread after a key can"),
    pytest.param(
        "body", "body = {'a': 1}\nif flag:\n    body['b'] = 2", "", Object({"a": 1, "b": OneOf((2, ABSENT))}),
        id="a key that one branch sets may be there",
    ),
    pytest.param(
        "body", "body = {'a': 1}\nsign(body)", "", Object({"a": OneOf((1, Hole(), ABSENT))}, open=True),
        id="a dict given to unknown code may be changed",
    ),
    pytest.param("body", "body = {'a': 1}\nbody[number] = 2", "", Object({"a": OneOf((1, Hole()))}, open=True), id="an unknown key may be any"),
    pytest.param("x", "x = 1\nfor row in rows:\n    x = 2", "", OneOf((2, 1)), id="a loop may not run"),
    pytest.param("x", "x = 1\ntry:\n    x = work()\nexcept Exception:\n    pass", "", OneOf((Hole(source="work()"), 1)), id="a try may be left early"),
    pytest.param("[*rows]", "", "", Array((), open=True), id="a list of unknown length"),
    pytest.param("GLOBAL", "", "GLOBAL = 1\ndef change():\n    global GLOBAL\n    GLOBAL = 2", OneOf((1, Hole(source="GLOBAL"))), id="a global that a function sets"),
    pytest.param("f(1)", "", "def f(n):\n    return f(n)", Hole(source="f(…)"), id="recursion ends"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "steps", "setup", "expected"), KNOWN)
def test_known(read, expression: str, steps: str, setup: str, expected: Any) -> None:
    found = value(read, expression, steps, setup)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(("expression", "steps", "setup", "expected"), PARTLY)
def test_partly_known(read, expression: str, steps: str, setup: str, expected: Any) -> None:
    assert repr(bare(value(read, expression, steps, setup))) == repr(expected)


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        pytest.param("date.today().isoformat()", 0, id="today"),
        pytest.param("(date.today() + timedelta(days=2)).isoformat()", 2, id="in two days"),
        pytest.param("(datetime.datetime.now() + datetime.timedelta(1)).strftime('%Y-%m-%d')", 1, id="from a moment"),
        pytest.param("str(date.today() - timedelta(weeks=1))", -7, id="a week ago"),
    ],
)
def test_day_counted_from_the_call(read, expression: str, days: int) -> None:
    found = value(read, expression)
    assert isinstance(found, Hole)
    assert found.symbol == DaysAhead(days)


def test_a_fresh_value_is_never_the_same_twice(read) -> None:
    found = value(read, "[str(uuid.uuid4()), str(uuid.uuid4())]")
    one, other = found.items
    assert one.fresh and other.fresh and one.symbol != other.symbol


def test_the_same_parameter_is_the_same_value(read) -> None:
    one, other = value(read, "[order.id, order.id]").items
    assert one.symbol == other.symbol is not None


@pytest.mark.parametrize(
    ("steps", "there"),
    [
        pytest.param("body = {'k': 1}", YES, id="set"),
        pytest.param("body = {}", NO, id="not set"),
        pytest.param("body = {}\nif flag:\n    body['k'] = 1", MAYBE, id="set on one path"),
        pytest.param("body = {}\nif flag:\n    body['k'] = 1\nelse:\n    body['k'] = 2", YES, id="set on both paths"),
        pytest.param("body = dict(extra)", MAYBE, id="made of something unknown"),
        pytest.param("body = {'k': 1}\nbody.pop('k')", NO, id="taken out"),
    ],
)
def test_whether_a_key_is_there(read, steps: str, there) -> None:
    assert present(get(value(read, "body", steps), ("k",))) is there
