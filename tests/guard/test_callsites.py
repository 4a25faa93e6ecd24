"""Which call sites the calls of a run belong to, and of which it is certain that they were never called."""

from __future__ import annotations

from typing import Any

import pytest

from vipps_lint.guard.callsites import CallSites, sites_of
from vipps_lint.guard.files import Files


def call(line: int, *ways: list[int], end: int = 0, id: str | None = "ecom.get-payment-details") -> dict[str, Any]:
    """A call site of a report; all stands in one file, and in functions `at_1`, `at_2` and so on by their tens."""
    place = {"path": "shop.py", "line": line, "end_line": end or line}
    step = {"within": f"Shop.at_{line // 10}", **place}
    return {
        **place,
        "operation": f"call of line {line}",
        "id": id,
        "method": "GET",
        "ways": [[{**step, "line": one, "end_line": one} for one in way] for way in ways] or [[step]],
        "rules": {"undecided": []},
    }


def seen(calls: list[dict[str, Any]], ran: list[tuple[str, int, str]], whole: bool = True) -> CallSites:
    """The sites after one call that passed some lines."""
    found = CallSites(sites_of(calls, str, ()))
    key = "GET" if calls[0]["id"] is None else "ecom.get-payment-details"
    lines = [list(line) for line in ran]
    found.add({"operation": "GET it", "key": key, "lines": lines, "whole": whole, "decided": []}, str)
    return found


@pytest.mark.parametrize(
    ("calls", "ran", "called"),
    [
        pytest.param([call(5)], [5], [5], id="a line that ran"),
        pytest.param([call(5, end=9)], [7], [5], id="one of several lines"),
        pytest.param([call(5, end=9)], [10], [], id="the line after"),
        pytest.param([call(5), call(8)], [40, 8, 3], [8], id="a caller of the line that sends"),
        pytest.param([call(3, end=30), call(8)], [8], [8], id="one site inside another"),
        pytest.param([call(5), call(5)], [5], [5, 5], id="two on one line"),
        pytest.param([call(5, [2, 5, 40])], [40, 2], [5], id="a site that is not on the stack, by its way"),
        pytest.param([call(5, [2, 5, 40]), call(6, [3, 6, 40])], [40, 3], [6], id="the way that shares more"),
        pytest.param([call(5, [2, 5, 40]), call(6, [3, 6, 40])], [40], [], id="a wrapper that all share tells nothing"),
        pytest.param([call(5, id=None)], [5], [5], id="a path that is no operation"),
        pytest.param([call(5, id="ecom.capture-payment")], [5], [], id="another operation"),
    ],
)
def test_a_call_belongs_to(calls, ran, called):
    found = seen(calls, [("shop.py", line, "") for line in ran])
    assert [site.line for site in found.sites if site.calls] == called
    assert found.elsewhere.total() == (0 if called else 1)


@pytest.mark.parametrize(
    ("calls", "coroutine", "called"),
    [
        pytest.param([call(11)], "at_1", [11], id="what a coroutine awaits later"),
        pytest.param([call(11)], "at_2", [], id="another coroutine"),
        pytest.param([call(11), call(12)], "at_1", [], id="one of two"),
    ],
)
def test_what_is_awaited_belongs_to_the_site_in_the_coroutine(calls, coroutine, called):
    assert [site.line for site in seen(calls, [("shop.py", 15, coroutine)]).sites if site.calls] == called


@pytest.mark.parametrize(
    ("ran", "whole", "lines"),
    [
        pytest.param(
            [("test.py", 7, "")],
            True,
            ["never called:", "        shop.py:5 call of line 5"],
            id="a call that did not come near",
        ),
        pytest.param(
            [("shop.py", 7, "")],
            True,
            ["not known whether called:", "        shop.py:5 call of line 5"],
            id="a call that came through the same file",
        ),
        pytest.param(
            [], False, ["not known whether called:", "        shop.py:5 call of line 5"], id="a call of a thread"
        ),
    ],
)
def test_never_is_said_where_it_is_certain(ran, whole, lines):
    assert [*seen([call(5)], ran, whole).lines(80)][1:3] == lines


TASKS = '''
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import requests

from vipps_lint.guard.trails import TracedGuard

URL = "{url}/ecomm/v2/payments/acme-1/details"


async def direct():
    async with httpx.AsyncClient() as client:
        await client.get(URL)


async def gathered():
    async with httpx.AsyncClient() as client:
        await asyncio.gather(client.get(URL))


def in_thread():
    with ThreadPoolExecutor(1) as pool:
        pool.submit(requests.get, URL, timeout=5).result()


@pytest.mark.parametrize(("send", "lines", "whole"), [
    (lambda: requests.get(URL, timeout=5), [(30, "")], True),
    (lambda: asyncio.run(direct()), [(16, "direct"), (31, "")], True),
    (lambda: asyncio.run(gathered()), [(32, "")], False),
    (in_thread, [], False),
])
def test_trails(send, lines, whole):
    with TracedGuard("collect") as guard:
        send()
    [trail] = guard.trails
    here = [(line.line, line.coroutine) for line in trail.lines if line.file == __file__]
    assert here == (lines and [*lines, (37, "")])
    assert trail.whole is whole
'''


def test_the_lines_that_a_call_has_passed(pytester, server):
    pytester.makepyfile(test_trails=TASKS.lstrip("\n").format(url=server.url))
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio").assert_outcomes(passed=4)


def test_what_only_source_can_tell_is_no_duty_of_tests():
    told = call(5)
    told["rules"]["undecided"] = [
        {"rule": "amount-below-minimum", "pointer": "body.amount", "reason": "`a` is not known"},
        {"rule": "amount-below-minimum", "pointer": "body.amount", "reason": "`b` is not known"},
        {"rule": "amount-float-arithmetic", "pointer": "body.amount", "reason": "`a` is not known"},
    ]
    [site] = sites_of([told], str, {"amount-below-minimum"})
    assert site.opened == {"amount-below-minimum": ("`a` is not known", "`b` is not known")}


def test_copies_of_a_file_are_told_apart_by_their_text(tmp_path):
    for name, text in {"src/shop.py": "a = 1", "site/shop.py": "a = 1", "old/shop.py": "a = 2"}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, "utf-8")
    files = Files(tmp_path)
    source = files.of_source("src/shop.py")
    assert files.that_ran(str(tmp_path / "site" / "shop.py")) == source
    assert files.that_ran(str(tmp_path / "old" / "shop.py")) != source
    assert files.that_ran(str(tmp_path / "gone" / "shop.py")) != source
