"""The pytest plugin: `pytest --vipps-guard` runs every test under a guard, and a test with a wrong call fails.

An exception in the middle of a call is swallowed by many a handler, so by default calls go through, and the report of
the test fails afterwards. Without the option, the ini setting or a marker this imports nothing but pytest.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vipps_lint.guard.guard import Guard, Mode
    from vipps_lint.guard.tally import Tally

MODES = ("fail", "raise", "warn", "collect")
OFF = "off"
MARKER = "vipps_guard(mode=..., ignore=[...]): how the guard watches this test, and rules that it does not judge here"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and the ini settings."""
    group = parser.getgroup("vipps-lint", "watch calls of the Vipps MobilePay APIs")
    group.addoption(
        "--vipps-guard",
        metavar="MODE",
        nargs="?",
        const="fail",
        default=None,
        help="run every test under vipps_lint.Guard; fail (the default): a test with a wrong call fails; "
        "raise: the call raises; warn: it warns; collect: count only; off. Before a path write --vipps-guard=fail",
    )
    group.addoption("--vipps-as-of", metavar="DATE", help="judge the calls as of this day (YYYY-MM-DD), not of today")
    parser.addini("vipps_guard", "the mode of --vipps-guard where the option is not given", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Check the settings, and count where the results come together."""
    config.addinivalue_line("markers", MARKER)
    _mode(config)
    _as_of(config)
    if not hasattr(config, "workerinput"):  # a worker of pytest-xdist has no terminal
        config.pluginmanager.register(_Summary(), "vipps-guard-summary")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Read the markers; one with a mistake fails its test, and the others run."""
    for item in items:
        try:
            item.stash[SETTINGS] = _checked(item)
        except pytest.UsageError as error:
            item.stash[MISTAKE] = str(error)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """The guard watches from the first fixture to the last."""
    settings = item.stash.get(SETTINGS, None)
    if settings is None:
        return (yield)
    with _guard(settings.mode, item.config, settings.ignore) as guard:
        item.stash[POST] = Post(guard, settings.mode)
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A mistake in a marker stops its test before it begins."""
    if MISTAKE in item.stash:
        pytest.fail(item.stash[MISTAKE], pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test that passed with a wrong call has not passed."""
    result = yield
    _fail_for_findings(item)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Fixtures call Vipps too when they clean up."""
    result = yield
    _fail_for_findings(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What was seen rides on the report; a test that failed for another reason shows the findings as a section."""
    report = yield
    post = item.stash.get(POST, None)
    if post is not None:
        post.load(report, call.excinfo.value if call.excinfo else None)
    return report


@pytest.fixture
def vipps_guard(request: pytest.FixtureRequest) -> Iterator[Guard]:
    """The guard that watches this test, with `calls` and `diagnostics`; without `--vipps-guard` one that collects."""
    post = request.node.stash.get(POST, None)
    if post is not None:
        yield post.guard
        return
    with _guard("collect", request.config, ()) as guard:
        request.node.stash[POST] = Post(guard, "collect")
        yield guard


@dataclass(frozen=True)
class _Settings:
    """How one test is watched."""

    mode: str
    ignore: tuple[str, ...]


@dataclass
class Post:
    """The guard of one test; `calls` and `findings` are on a report already, `blamed` findings have failed the test."""

    guard: Guard
    mode: str
    calls: int = 0
    findings: int = 0
    blamed: int = 0

    def blame(self) -> str:
        """The text that the test fails with; empty where nothing new is wrong."""
        from vipps_lint.guard.verdicts import grave, listing

        _, found = self.guard.since(self.calls, self.blamed)
        self.blamed += len(found)
        return listing(found) if self.mode == "fail" and grave(found) else ""

    def load(self, report: pytest.TestReport, error: BaseException | None) -> None:
        """Put on the report what is new since the one before."""
        from vipps_lint.guard.tally import freight
        from vipps_lint.guard.verdicts import VippsLintError, listing

        calls, found = self.guard.since(self.calls, self.findings)
        self.calls, self.findings = self.calls + len(calls), self.findings + len(found)
        report.vipps_guard = freight(calls, found)  # type: ignore[attr-defined]
        _, unblamed = self.guard.since(self.calls, self.blamed)
        if report.failed and unblamed and not isinstance(error, VippsLintError):
            report.sections.append(("vipps-guard", listing(unblamed)))
        if report.when == "call" or report.failed:
            self.blamed = self.findings


POST = pytest.StashKey[Post]()
SETTINGS = pytest.StashKey[_Settings | None]()
MISTAKE = pytest.StashKey[str]()


class _Summary:
    """Adds up what rides on the reports, in the process that has the terminal."""

    def __init__(self) -> None:
        self.tally: Tally | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one phase of one test."""
        load = getattr(report, "vipps_guard", None)
        if load is not None:
            self._sums().add(load)

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
    ) -> None:
        """Say what was called and what was found; that nothing was called too, where the guard was asked for."""
        asked = _mode(config) is not None and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if asked or (self.tally and self.tally.calls):
            terminalreporter.write_sep("=", "vipps-guard")
            for line in self._sums().lines():
                terminalreporter.write_line(line)

    def _sums(self) -> Tally:
        from vipps_lint.guard.tally import Tally

        self.tally = self.tally or Tally()
        return self.tally


def _fail_for_findings(item: pytest.Item) -> None:
    post = item.stash.get(POST, None)
    if post is not None and (text := post.blame()):
        pytest.fail(text, pytrace=False)


def _checked(item: pytest.Item) -> _Settings | None:
    """How an item is watched; None for not at all. Raises `UsageError` for a marker with a mistake."""
    markers = list(item.iter_markers("vipps_guard"))
    for marker in markers:
        if marker.args or not set(marker.kwargs) <= {"mode", "ignore"}:
            raise pytest.UsageError(f"{item.nodeid}: the marker vipps_guard takes only mode=... and ignore=[...]")
    mode = next((marker.kwargs["mode"] for marker in markers if "mode" in marker.kwargs), _mode(item.config))
    if mode is None or _valid(mode, f"{item.nodeid}: marker vipps_guard") == OFF:
        return None
    names = [_names(marker.kwargs.get("ignore", ())) for marker in markers]
    ignore = tuple(name for listed in names for name in listed)
    if ignore:
        _check_names(item, ignore)
    return _Settings(mode, ignore)


def _names(ignore: Any) -> tuple[str, ...]:
    return (ignore,) if isinstance(ignore, str) else tuple(ignore)


def _check_names(item: pytest.Item, ignore: tuple[str, ...]) -> None:
    from vipps_lint.guard.guard import Guard

    try:
        Guard("collect", ignore=ignore)
    except ValueError as error:
        raise pytest.UsageError(f"{item.nodeid}: marker vipps_guard: {error}") from None


def _mode(config: pytest.Config) -> str | None:
    """The mode of the run; None where nobody asks for the guard."""
    option = config.getoption("vipps_guard")
    mode = option if option is not None else config.getini("vipps_guard")
    where = "--vipps-guard" if option is not None else "ini vipps_guard"
    return None if not mode or _valid(mode, where) == OFF else mode


def _valid(mode: object, where: str) -> str:
    if mode in (*MODES, OFF):
        return str(mode)
    hint = "; before a path write `--vipps-guard=fail`" if where == "--vipps-guard" else ""
    raise pytest.UsageError(f"{where}: `{mode}` is no mode; there are {', '.join((*MODES, OFF))}{hint}")


def _as_of(config: pytest.Config) -> date | None:
    text = config.getoption("vipps_as_of")
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise pytest.UsageError(f"--vipps-as-of: `{text}` is no day; write it as 2022-04-15") from None


def _guard(mode: str, config: pytest.Config, ignore: tuple[str, ...]) -> Guard:
    """The guard of a test. In the mode `fail` it only collects: the report fails, with all findings in one text."""
    from vipps_lint.guard.guard import Guard

    own: Mode = "raise" if mode == "raise" else "warn" if mode == "warn" else "collect"
    return Guard(own, as_of=_as_of(config), ignore=ignore)
