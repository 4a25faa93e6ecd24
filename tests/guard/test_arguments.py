"""How guards are made: arguments, decorated functions, the day that they judge by."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import httpx
import pytest
import requests
from orders import INITIATE, RULE, WRONG, order

from vipps_lint import Guard, VippsLintError


@pytest.mark.parametrize("day", ["soon", "2022-02-30", "20220401", "2022-04-01T12:00", "", 20220401])
def test_what_is_no_day_is_one_sentence(phones, day):
    sentence = f"as_of: {day!r} is no day; write a `date`, or text such as `2022-04-15`"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Guard(as_of=day, catalog=phones)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2018, 10, 24), id="a date"),
        pytest.param(datetime(2018, 10, 24, 23, 59, tzinfo=UTC), id="a moment"),
        pytest.param("2018-10-24", id="text"),
    ],
)
def test_as_of_judges_by_the_rules_of_that_day(server, client, phones, day):
    with Guard(as_of=day, catalog=phones) as guard:
        client("POST", server.url + INITIATE, json=WRONG)
    assert guard.diagnostics == ()
    assert guard.calls[0].at.date() == date(2018, 10, 24)


def test_ignored_rules_are_not_judged(server, client, phones):
    with Guard(ignore=[RULE], catalog=phones) as guard:
        client("POST", server.url + INITIATE, json=WRONG)
    assert guard.diagnostics == ()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(
            {"mode": "rais"},
            "`rais` is no mode of Guard (did you mean `raise`?); there are `raise`, `warn`, `collect`, `fail`, `log`",
            id="a mode",
        ),
        pytest.param(
            {"ignore": ["mobile-number-not-nationl"]},
            f"ignore: no rule is called `mobile-number-not-nationl` (did you mean `{RULE}`?); see `vipps-lint rules`",
            id="a rule",
        ),
    ],
)
def test_a_mistake_in_the_arguments_is_one_sentence(arguments, sentence):
    with pytest.raises(ValueError) as caught:
        Guard(**arguments)
    assert str(caught.value) == sentence


def test_decorated_functions_are_guarded(server, phones):
    guard = Guard(catalog=phones)

    @guard
    def pay(number: str) -> int:
        return requests.post(server.url + INITIATE, json=order(number), timeout=5).status_code

    @guard
    async def pay_later(number: str) -> int:
        async with httpx.AsyncClient() as later:
            return (await later.post(server.url + INITIATE, json=order(number))).status_code

    @guard
    def pay_in_steps(number: str) -> Iterator[int]:
        yield requests.post(server.url + INITIATE, json=order(number), timeout=5).status_code

    assert (pay("91234567"), asyncio.run(pay_later("91234567")), list(pay_in_steps("91234567"))) == (200, 200, [200])
    assert len(guard.calls) == 3
    for wrong in (pay, lambda n: asyncio.run(pay_later(n)), lambda n: list(pay_in_steps(n))):
        with pytest.raises(VippsLintError):
            wrong("+4791234567")
    assert pay.__name__ == "pay" and inspect.iscoroutinefunction(pay_later)


def test_a_decorated_function_fails_for_the_calls_of_its_own_run(server, phones):
    numbers = iter(["+4791234567", "91234567"])

    @Guard("fail", catalog=phones)
    def pay() -> None:
        requests.post(server.url + INITIATE, json=order(next(numbers)), timeout=5)

    with pytest.raises(VippsLintError):
        pay()
    pay()


def test_classes_are_not_decorated():
    with pytest.raises(TypeError, match="Guard decorates functions, coroutines and generators, not <class"):
        Guard()(dict)


def test_async_with(server, phones):
    async def run() -> None:
        async with Guard(catalog=phones), httpx.AsyncClient() as later:
            await later.post(server.url + INITIATE, json=WRONG)

    with pytest.raises(VippsLintError):
        asyncio.run(run())
    assert server.received == []
