"""The plugin in runs of pytest of its own, with calls to a real server."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import requests

from vipps_lint import Guard

pytest_plugins = ["pytester"]

RULE = "mobile-number-not-national"
ROOT = Path(__file__).parent.parent.parent
INSTALLED = any(one.value == "vipps_lint.guard.plugin" for one in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "vipps_lint.guard.plugin")
FINDING = f"warning: POST /ecomm/v2/payments: mobile number `+47…67` is not eight digits [[]{RULE}]"

assert Guard and requests  # imported here, so that the runs inside this process find them imported

TESTS = """
import pytest
import requests

def pay(number):
    shop = {{"merchantSerialNumber": "123456", "callbackPrefix": "https://shop.example", "fallBack": "https://shop.example"}}
    body = {{"customerInfo": {{"mobileNumber": number}}, "merchantInfo": shop,
            "transaction": {{"orderId": "acme-1", "amount": 100, "transactionText": "Socks"}}}}
    requests.post("{url}/ecomm/v2/payments", json=body, timeout=5,
                  headers={{"Authorization": "Bearer sesame-open", "Ocp-Apim-Subscription-Key": "0f14ebca"}})
"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, server, monkeypatch) -> Run:
    """Runs pytest on the code of some tests, in which `pay(number)` calls Vipps."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def run(code: str, *options: str, ini: str = "") -> pytest.RunResult:
        pytester.makeini(f"[pytest]\n{ini}\n")
        pytester.makepyfile(test_shop=TESTS.format(url=server.url) + code)
        return pytester.runpytest_inprocess(*PLUGIN, "-p", "no:cacheprovider", "-p", "no:asyncio", *options)

    return run


WRONG = """
def test_pays():
    pay("+4791234567")
"""


def test_a_test_with_a_wrong_call_fails_though_it_passed(run, server):
    result = run(WRONG, "--vipps-guard")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "*_ test_pays _*",
        "1 finding in calls of Vipps APIs",
        FINDING,
        "  --> test_shop.py:8",
        "  = help: send `91…67`: eight digits, no country code, no spaces",
        "*= vipps-guard =*",
        "1 call of 1 operation in 1 test",
        "     1  POST /ecomm/v2/payments",
        "1 finding",
        f"     1  warning[[]{RULE}]",
        "            mobile number `+47…67` is not eight digits",
        "            --> test_shop.py:8",
        "FAILED test_shop.py::test_pays*",
    ])  # fmt: skip
    result.stdout.no_fnmatch_line("*- vipps-guard -*")
    assert server.paths == ["POST /ecomm/v2/payments"]


def test_the_summary_names_some_places_of_a_finding(run):
    calls = "".join(f"    requests.post(URL, json=body('+479123456{number}'), timeout=5)\n" for number in range(7))
    parts = TESTS[TESTS.index("def pay") :].split("    requests.post", maxsplit=1)[0].replace("{{", "{").replace("}}", "}")
    code = parts.replace("def pay", "def body") + f"    return body\ndef test_pays():\n{calls}"
    code += "URL = 'https://api.vipps.no/ecomm/v2/payments'\n"
    code += "@pytest.fixture(autouse=True)\ndef nothing_is_sent(monkeypatch):\n"
    code += "    monkeypatch.setattr(requests, 'post', lambda *arguments, **options: None)\n"
    result = run(code, "--vipps-guard=collect")
    result.stdout.fnmatch_lines(["     7  warning*", "*not eight digits", *["            --> test_shop.py:*"] * 5])
    result.stdout.fnmatch_lines(["            and 2 more places"])


def test_a_run_without_wrong_calls_passes(run):
    result = run("def test_pays():\n    pay('91234567')\ndef test_nothing():\n    pass\n", "--vipps-guard")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*= vipps-guard =*", "1 call of 1 operation in 1 test", "*", "no findings"])


def test_a_run_without_calls_says_so(run):
    result = run("def test_nothing():\n    pass\n", "--vipps-guard")
    result.stdout.fnmatch_lines(["*= vipps-guard =*", "no test called a Vipps API"])


def test_a_run_without_tests_says_nothing(run):
    run(WRONG, "--vipps-guard", "--collect-only").stdout.no_fnmatch_line("*vipps-guard*")


def test_without_the_option_nothing_happens(run):
    result = run(WRONG)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*vipps-guard*")


@pytest.mark.parametrize(
    ("options", "ini", "outcome"),
    [
        pytest.param(["--vipps-guard=collect"], "", {"passed": 1}, id="collect only counts"),
        pytest.param(["--vipps-guard=warn", "-Walways::UserWarning"], "", {"passed": 1, "warnings": 1}, id="warn warns"),
        pytest.param(["--vipps-guard=raise"], "", {"failed": 1}, id="raise raises"),
        pytest.param([], "vipps_guard = fail", {"failed": 1}, id="the ini setting"),
        pytest.param(["--vipps-guard=collect"], "vipps_guard = fail", {"passed": 1}, id="the option goes first"),
        pytest.param(["--vipps-guard=off"], "vipps_guard = fail", {"passed": 1}, id="off is off"),
        pytest.param(["--vipps-guard", "--vipps-as-of=2018-10-24"], "", {"passed": 1}, id="before the rule began"),
    ],
)
def test_modes(run, options, ini, outcome):
    run(WRONG, *options, ini=ini).assert_outcomes(**outcome)


def test_raise_shows_the_call_and_sends_nothing(run, server):
    result = run(WRONG, "--vipps-guard=raise")
    result.stdout.fnmatch_lines([f"E *VippsLintError: POST /ecomm/v2/payments was not sent: * [[]{RULE}]"])
    result.stdout.no_fnmatch_line("*- vipps-guard -*")
    assert server.received == []


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        pytest.param(
            "@pytest.fixture\ndef order():\n    pay('+4791234567')\ndef test_order(order):\n    pass\n",
            {"failed": 1},
            id="in a fixture before the test",
        ),
        pytest.param(
            "@pytest.fixture\ndef order():\n    yield\n    pay('+4791234567')\ndef test_order(order):\n    pass\n",
            {"passed": 1, "errors": 1},
            id="in a fixture after the test",
        ),
        pytest.param(
            "@pytest.mark.xfail\ndef test_pays():\n    pay('+4791234567')\n", {"xfailed": 1}, id="in a test that may"
        ),
        pytest.param(
            "def test_pays():\n    pay('+4791234567')\n    pytest.skip('x')\n", {"skipped": 1}, id="before a skip"
        ),
        pytest.param(
            "def test_pays():\n    try:\n        pay('+4791234567')\n    except BaseException:\n        pass\n",
            {"failed": 1},
            id="in code that swallows everything",
        ),
        pytest.param(
            "@pytest.mark.vipps_guard(mode='collect')\ndef test_pays():\n    pay('+4791234567')\n",
            {"passed": 1},
            id="in a test with a mode of its own",
        ),
        pytest.param(
            f"@pytest.mark.vipps_guard(ignore=['{RULE}'])\ndef test_pays():\n    pay('+4791234567')\n",
            {"passed": 1},
            id="of a rule that is ignored here",
        ),
        pytest.param(
            f"@pytest.mark.vipps_guard(ignore='{RULE}')\nclass TestShop:\n    @pytest.mark.vipps_guard(mode='fail')\n"
            "    def test_pays(self):\n        pay('+4791234567')\n",
            {"passed": 1},
            id="of a rule that is ignored around here",
        ),
    ],
)
def test_a_wrong_call(run, code, outcome):
    run(code, "--vipps-guard").assert_outcomes(**outcome)


def test_a_marker_with_a_mode_is_enough(run):
    run("@pytest.mark.vipps_guard(mode='fail')" + WRONG).assert_outcomes(failed=1)


def test_a_test_that_fails_by_itself_shows_the_findings_beside_its_own_error(run):
    result = run(WRONG + "    assert 1 == 2\n", "--vipps-guard")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E       assert 1 == 2", "*- vipps-guard -*", "1 finding in *", FINDING])


def test_findings_of_a_fixture_are_shown_when_the_test_fails_by_itself(run):
    code = "@pytest.fixture\ndef order():\n    pay('+4791234567')\ndef test_order(order):\n    assert 1 == 2\n"
    result = run(code, "--vipps-guard")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- vipps-guard -*", "1 finding in *", FINDING])


FIXTURE = f"""
def test_pays(vipps_guard):
    pay("+4791234567")
    assert [call.operation.id for call in vipps_guard.calls] == ["ecom.initiate-payment"]
    assert [one.rule for one in vipps_guard.diagnostics] == ["{RULE}"]
"""


@pytest.mark.parametrize("options", [(), ("--vipps-guard=collect",)], ids=["without the option", "with the option"])
def test_the_fixture_is_the_guard_of_the_test(run, options):
    result = run(FIXTURE, *options)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*= vipps-guard =*", "1 call of 1 operation in 1 test"])


def test_the_fixture_fails_the_test_where_the_option_says_so(run):
    run(FIXTURE, "--vipps-guard").assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("code", "options", "sentence"),
    [
        pytest.param(
            "",
            ["--vipps-guard", "test_shop.py"],
            "ERROR: --vipps-guard: `test_shop.py` is no mode; there are fail, raise, warn, collect, log, off; "
            "before a path write `--vipps-guard=fail`",
            id="a path that is taken for a mode",
        ),
        pytest.param(
            "", ["--vipps-as-of=soon"], "ERROR: --vipps-as-of: `soon` is no day; write it as 2022-04-15", id="a day"
        ),
    ],
)
def test_a_mistake_is_one_sentence(run, code, options, sentence):
    result = run(code, *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([sentence])
    assert "Traceback" not in result.stderr.str()


@pytest.mark.parametrize(
    ("code", "options", "sentence"),
    [
        pytest.param(
            "@pytest.mark.vipps_guard(mode='rais')" + WRONG,
            [],
            "test_shop.py::test_pays: marker vipps_guard: `rais` is no mode; there are fail, raise, warn, *",
            id="a mode in a marker",
        ),
        pytest.param(
            "@pytest.mark.vipps_guard(ignore=['mobile-number-not-nationl'])" + WRONG,
            ["--vipps-guard"],
            "test_shop.py::test_pays: marker vipps_guard: ignore: no rule is called `mobile-number-not-nationl` "
            f"(did you mean `{RULE}`?); see `vipps-lint rules`",
            id="a rule in a marker",
        ),
        pytest.param(
            "@pytest.mark.vipps_guard('fail')" + WRONG,
            [],
            "test_shop.py::test_pays: the marker vipps_guard takes only mode=..., ignore=[[]...] and as_of=...",
            id="a marker without names",
        ),
    ],
)
def test_a_mistake_in_a_marker_fails_its_test_and_no_other(run, code, options, sentence, server):
    result = run(code + "def test_other():\n    pass\n", *options)
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines([sentence])
    assert "Traceback" not in result.stdout.str()
    assert server.paths == []


def test_a_wrong_ini_setting_is_one_sentence(run):
    result = run("", ini="vipps_guard = always")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: ini vipps_guard: `always` is no mode; there are fail, raise, *"])


def test_nothing_private_is_written(run):
    text = run(WRONG + "    assert 0\n", "--vipps-guard=warn", "--tb=line", "-rA").stdout.str()
    assert "47…67" in text
    assert not [secret for secret in ("91234567", "sesame", "0f14ebca") if secret in text]


def test_findings_come_back_from_the_workers_of_xdist(run):
    pytest.importorskip("xdist")
    result = run(WRONG + FIXTURE.replace("test_pays", "test_pays_too"), "--vipps-guard=fail", "-n1")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines([FINDING, "*= vipps-guard =*", "2 calls of 1 operation in 2 tests", "*", "2 findings"])


def test_a_mistake_in_a_marker_fails_its_test_in_a_worker_of_xdist(run):
    pytest.importorskip("xdist")
    code = "@pytest.mark.vipps_guard(mode='rais')\ndef test_a():\n    pass\ndef test_b():\n    pass\n"
    result = run(code, "--vipps-guard", "-n1")
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["test_shop.py::test_a: marker vipps_guard: `rais` is no mode; *"])
