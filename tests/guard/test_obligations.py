"""A small project with a wrapper, whose tests run under the plugin: what the summary says of its call sites."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vipps_lint.guard.callsites import CallSites, sites_of
from vipps_lint.guard.files import Files

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent.parent

WRAPPER = '''
import requests


class Vipps:
    def __init__(self, host, token):
        self.host = host
        self.headers = {"Authorization": f"Bearer {token}", "Ocp-Apim-Subscription-Key": "key"}

    def _call(self, method, path, body=None, **headers):
        answer = requests.request(
            method,
            f"{self.host}{path}",
            json=body,
            headers={**self.headers, **headers},
            timeout=10,
        )
        answer.raise_for_status()
        return answer.json()

    def start(self, order_id, amount, number):
        shop = {"merchantSerialNumber": "123456", "callbackPrefix": "https://shop.example/vipps",
                "fallBack": "https://shop.example/thanks"}
        return self._call(
            "POST",
            "/ecomm/v2/payments",
            {"customerInfo": {"mobileNumber": number}, "merchantInfo": shop,
             "transaction": {"orderId": order_id, "amount": amount, "transactionText": "Socks"}},
        )

    def capture(self, order_id, amount):
        return self._call("POST", f"/ecomm/v2/payments/{order_id}/capture", body({"amount": amount}), **{"X-Request-Id": order_id})

    def cancel(self, order_id):
        return self._call("PUT", f"/ecomm/v2/payments/{order_id}/cancel", body({}))

    def details(self, order_id):
        return self._call("GET", f"/ecomm/v2/payments/{order_id}/details")


def body(transaction):
    return {"merchantInfo": {"merchantSerialNumber": "123456"}, "transaction": {**transaction, "transactionText": "Socks"}}
'''

TESTS = '''
from unittest.mock import patch

import pytest
import requests
from shop.vipps import Vipps

HOST = "https://apitest.vipps.no"


@pytest.fixture(autouse=True)
def answers():
    with patch("requests.request") as request:
        yield request


@pytest.mark.parametrize("number", ["91234567", "+4791234567"])
def test_start(number):
    Vipps(HOST, "token").start("acme-1001", 49900, number)


def test_capture():
    vipps = Vipps(HOST, "token")
    vipps.start("acme-1001", 49900, "91234567")
    vipps.capture("acme-1001", 49900)


def test_smoke():
    requests.request("GET", f"{HOST}/ecomm/v2/payments/acme-1001/details", headers=Vipps(HOST, "t").headers)
'''

SETTINGS = """
[tool.vipps-lint]
select = ["amount-below-minimum", "cancel-without-release", "capture-above-reserved", "mobile-number-not-national", "unknown-host"]

[tool.pytest.ini_options]
pythonpath = ["."]
""".lstrip()
"""With these rules alone: more of them would change the numbers."""

SUMMARY = """
================================= vipps-guard ==================================
5 calls of 3 operations in 4 tests
     3  POST /ecomm/v2/payments
     1  GET /ecomm/v2/payments/{orderId}/details
     1  POST /ecomm/v2/payments/{orderId}/capture
1 finding
     1  warning[mobile-number-not-national]
            shop/vipps.py:10
call sites: 2 of 4 called; of 9 rules that the source leaves open, 5 decided
     3  shop/vipps.py:23 POST /ecomm/v2/payments
            3 decided
     1  shop/vipps.py:31 POST /ecomm/v2/payments/{orderId}/capture
            2 decided; open: capture-above-reserved
never called:
        shop/vipps.py:34 PUT /ecomm/v2/payments/{orderId}/cancel
            open: cancel-without-release, unknown-host
        shop/vipps.py:37 GET /ecomm/v2/payments/{orderId}/details
            open: unknown-host
calls that passed none of these call sites:
     1  tests/test_shop.py:28 GET /ecomm/v2/payments/{orderId}/details
""".strip().splitlines()


@pytest.fixture
def project(tmp_path) -> Path:
    return planted(tmp_path / "project")


def planted(folder: Path) -> Path:
    for name, text in {"shop/__init__.py": "", "shop/vipps.py": WRAPPER, "tests/test_shop.py": TESTS}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip("\n"), "utf-8")
    (folder / "pyproject.toml").write_text(SETTINGS, "utf-8")
    return folder


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs the tests of a project as its people would."""
    plugins = ["-p", "vipps_lint.guard.plugin"]
    if any(option.startswith("-n") for option in options):
        plugins += ["-p", "xdist"]
    command = [sys.executable, "-m", "pytest", *plugins, "-p", "no:cacheprovider", "--vipps-guard=collect", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"}
    environment |= {"VIPPS_LINT_CACHE_DIR": str(folder.parent.parent / "cache")}  # one for all tests of this process
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )


def summary(done: subprocess.CompletedProcess[str]) -> list[str]:
    lines = done.stdout.splitlines()
    start = next((number for number, line in enumerate(lines) if "= vipps-guard =" in line), len(lines))
    assert start < len(lines), done.stdout + done.stderr
    end = next(number for number in range(start + 1, len(lines)) if lines[number].startswith("="))
    return lines[start:end]


def as_it_is(folder: Path) -> tuple[Path, list[str]]:
    return folder, ["--vipps-obligations=shop"]


def in_the_settings(folder: Path) -> tuple[Path, list[str]]:
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write('vipps_obligations = ["shop"]\n')
    return folder, []


def by_a_report(folder: Path) -> tuple[Path, list[str]]:
    report(folder)
    return folder, ["--vipps-obligations=calls.json"]


def by_a_report_of_windows(folder: Path) -> tuple[Path, list[str]]:
    told = json.loads(report(folder).read_text("utf-8"))
    (folder / "calls.json").write_text(json.dumps(told).replace("shop/", "shop\\\\"), "utf-8")
    return folder, ["--vipps-obligations=calls.json"]


def by_a_link(folder: Path) -> tuple[Path, list[str]]:
    link = folder.parent / "link"
    link.symlink_to(folder, target_is_directory=True)
    return link, ["--vipps-obligations=shop"]


def with_an_installed_copy(folder: Path) -> tuple[Path, list[str]]:
    """The tests import what was installed, the linter reads the source."""
    shutil.copytree(folder / "shop", folder.parent / "site" / "shop")
    text = (folder / "pyproject.toml").read_text("utf-8")
    (folder / "pyproject.toml").write_text(text.replace('["."]', '["../site"]'), "utf-8")
    return folder, ["--vipps-obligations=shop", "--import-mode=importlib"]


def report(folder: Path) -> Path:
    command = [sys.executable, "-m", "vipps_lint", "check", "shop", "--format", "json", "--output", "calls.json"]
    subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False, timeout=120)
    return folder / "calls.json"


@pytest.mark.parametrize("xdist", [False, True], ids=["in one process", "under xdist"])
def test_the_summary_line_for_line(project, xdist):
    if xdist and importlib.util.find_spec("xdist") is None:
        pytest.skip("pytest-xdist is not installed")
    done = run(project, "--vipps-obligations=shop", *(["-n2"] if xdist else []))
    assert summary(done) == SUMMARY
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(in_the_settings, id="paths in the ini file"),
        pytest.param(by_a_report, id="a report that was made before"),
        pytest.param(by_a_report_of_windows, id="a report with the paths of Windows"),
        pytest.param(by_a_link, id="a project behind a link"),
        pytest.param(with_an_installed_copy, id="tests of an installed copy"),
    ],
)
def test_call_sites_are_found_again(project, arrange):
    folder, options = arrange(project)
    found = summary(run(folder, *options))
    windows = [line.replace("\\", "/") for line in found]
    assert sites(windows) == sites(SUMMARY)


def sites(lines: list[str]) -> list[str]:
    start = next((number for number, line in enumerate(lines) if line.startswith("call sites")), len(lines))
    return lines[start:]


def test_verbose_names_what_is_decided_and_why_the_rest_is_open(project):
    lines = summary(run(project, "--vipps-obligations=shop", "-v"))
    at = lines.index("     1  shop/vipps.py:31 POST /ecomm/v2/payments/{orderId}/capture")
    assert lines[at + 1 : at + 4] == [
        "            decided: amount-below-minimum, unknown-host",
        "            open: capture-above-reserved: what was reserved, captured and",
        "            released before is not fully known",
    ]


def test_the_summary_as_json(project):
    done = run(project, "--vipps-obligations=shop", "--vipps-summary=summary.json")
    assert summary(done)[-1] == "the summary is in summary.json"
    told = json.loads((project / "summary.json").read_text("utf-8"))
    assert told["calls"]["POST /ecomm/v2/payments"] == 3
    assert [(one["rule"], one["place"], one["test"]) for one in told["findings"]] == [
        ("mobile-number-not-national", "shop/vipps.py:10", "tests/test_shop.py::test_start[+4791234567]")
    ]
    assert [(one["line"], one["calls"]) for one in told["sites"]] == [(23, 3), (31, 1), (34, 0), (37, 0)]
    assert told["sites"][3]["undecided"] == {"unknown-host": ["`host` comes from the caller"]}
    assert told["elsewhere"] == [
        {"operation": "GET /ecomm/v2/payments/{orderId}/details", "path": "tests/test_shop.py", "line": 28, "calls": 1}
    ]
    assert "91234567" not in json.dumps(told["findings"][0]["message"])


def test_without_obligations_there_are_no_call_sites(project):
    assert summary(run(project)) == SUMMARY[: SUMMARY.index(sites(SUMMARY)[0])]


MISTAKES = [
    pytest.param(
        ["--vipps-obligations=shops"],
        {},
        "ERROR: --vipps-obligations: there is no {folder}/shops",
        id="a path that is not there",
    ),
    pytest.param(
        ["--vipps-obligations=calls.json"],
        {"calls.json": "{}"},
        "vipps-obligations: {folder}/calls.json is no report of the linter; make it with "
        "`vipps-lint check --format json --output FILE`",
        id="JSON that is no report",
    ),
    pytest.param(
        ["--vipps-obligations=shop"],
        {"pyproject.toml": "[tool.vipps-lint]\nselects = []\n"},
        "vipps-obligations: the linter could not read the call sites: vipps-lint: {folder}/pyproject.toml: ",
        id="settings of the linter with a mistake",
    ),
    pytest.param(
        ["--vipps-summary=shop"], {}, "--vipps-summary: shop cannot be written: Is a directory", id="a file to write"
    ),
]


@pytest.mark.parametrize(("options", "files", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence_and_the_tests_are_reported(project, options, files, sentence):
    for name, text in files.items():
        (project / name).write_text(text, "utf-8")
    done = run(project, *options)
    text = done.stdout + done.stderr
    assert [line for line in text.splitlines() if line.startswith(sentence.format(folder=project))], text
    assert "Traceback" not in text and "INTERNALERROR" not in text


def test_tests_outside_the_sources_alone_decide_nothing(project):
    (project / "empty").mkdir()
    assert sites(summary(run(project, "--vipps-obligations=empty")))[0] == (
        "call sites: the linter knows none in these paths"
    )


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


def test_the_readme_shows_this_summary():
    assert "\n".join(SUMMARY) in (ROOT / "README.md").read_text("utf-8")
