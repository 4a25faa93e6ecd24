"""The pytest plugin: `pytest --vipps-guard` runs every test under a guard, and a test with a wrong call fails.

An exception in the middle of a call is swallowed by many a handler, so by default calls go through, and the report of
the test fails afterwards. Without the option, the ini setting or a marker this imports nothing but pytest.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from vipps_lint.guard.plugin.settings import MARKER, Settings, add_options, as_of, mode_of, settings_of, traced
from vipps_lint.guard.plugin.summary import Summary

if TYPE_CHECKING:
    from vipps_lint.guard.guard import Guard, Mode


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and the ini settings."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Check the settings, and count where the results come together."""
    config.addinivalue_line("markers", MARKER)
    mode_of(config)
    as_of(config)
    if not hasattr(config, "workerinput"):  # a worker of pytest-xdist has no terminal
        config.pluginmanager.register(Summary(config), "vipps-guard-summary")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Read the markers; one with a mistake fails its test, and the others run."""
    for item in items:
        try:
            item.stash[SETTINGS] = settings_of(item)
        except pytest.UsageError as error:
            item.stash[MISTAKE] = str(error)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """The guard watches from the first fixture to the last."""
    settings = item.stash.get(SETTINGS, None)
    if settings is None:
        return (yield)
    with _guard(settings, item.config) as guard:
        item.stash[POST] = Post(guard, settings.mode, item.nodeid)
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
        recording = bool(item.config.getoption("vipps_record"))
        post.load(report, call.excinfo.value if call.excinfo else None, recording)
    return report


@pytest.fixture
def vipps_guard(request: pytest.FixtureRequest) -> Iterator[Guard]:
    """The guard that watches this test, with `calls` and `diagnostics`; without `--vipps-guard` one that collects."""
    post = request.node.stash.get(POST, None)
    if post is not None:
        yield post.guard
        return
    with _guard(Settings("collect", (), None), request.config) as guard:
        request.node.stash[POST] = Post(guard, "collect", request.node.nodeid)
        yield guard


@dataclass
class Post:
    """The guard of one test; `calls` and `findings` are on a report already, `blamed` findings have failed the test."""

    guard: Guard
    mode: str
    test: str
    calls: int = 0
    findings: int = 0
    blamed: int = 0

    def blame(self) -> str:
        """The text that the test fails with; empty where nothing new is wrong."""
        from vipps_lint.guard.verdicts import grave, listing

        _, found = self.guard.since(self.calls, self.blamed)
        self.blamed += len(found)
        return listing(found) if self.mode == "fail" and grave(found) else ""

    def load(self, report: pytest.TestReport, error: BaseException | None, recording: bool) -> None:
        """Put on the report what is new since the one before."""
        from vipps_lint.guard.tally import freight
        from vipps_lint.guard.trails import trails_of
        from vipps_lint.guard.verdicts import VippsLintError, listing

        calls, found = self.guard.since(self.calls, self.findings)
        self.calls, self.findings = self.calls + len(calls), self.findings + len(found)
        report.vipps_guard = freight(calls, found, self.test if recording else None, trails_of(self.guard))  # type: ignore[attr-defined]
        _, unblamed = self.guard.since(self.calls, self.blamed)
        if report.failed and unblamed and not isinstance(error, VippsLintError):
            report.sections.append(("vipps-guard", listing(unblamed)))
        if report.when == "call" or report.failed:
            self.blamed = self.findings


POST = pytest.StashKey[Post]()
SETTINGS = pytest.StashKey[Settings | None]()
SESSION = pytest.StashKey[Any]()
"""The guard whose history the tests of a session share."""

MISTAKE = pytest.StashKey[str]()


def _fail_for_findings(item: pytest.Item) -> None:
    post = item.stash.get(POST, None)
    if post is not None and (text := post.blame()):
        pytest.fail(text, pytrace=False)


def _guard(settings: Settings, config: pytest.Config) -> Guard:
    """The guard of a test. In the mode `fail` it only collects: the report fails, with all findings in one text."""
    from vipps_lint.guard.guard import Guard

    if traced(config):
        from vipps_lint.guard.trails import TracedGuard as Guard
    own: Mode = "collect" if settings.mode == "fail" else settings.mode  # type: ignore[assignment]
    day = settings.as_of if settings.as_of is not None else as_of(config)
    return Guard(own, as_of=day, ignore=settings.ignore, after=_session(config))


def _session(config: pytest.Config) -> Guard | None:
    """The guard whose history goes on from test to test, where that was asked for."""
    if config.getoption("vipps_history") != "session":
        return None
    from vipps_lint.guard.guard import Guard

    if SESSION not in config.stash:
        config.stash[SESSION] = Guard("collect")
    found: Guard = config.stash[SESSION]
    return found
