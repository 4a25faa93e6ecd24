"""The tests that compare the rules with the official OpenAPI files say at the end how much they compared."""

from __future__ import annotations

from collections import Counter

import pytest

MADE = pytest.StashKey[Counter[str]]()


@pytest.fixture(scope="session")
def made(pytestconfig: pytest.Config) -> Counter[str]:
    """How many of everything there were."""
    return pytestconfig.stash.setdefault(MADE, Counter())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    counted = config.stash.get(MADE, Counter())
    if counted:
        terminalreporter.section("compared with the official files")
        for name, count in sorted(counted.items()):
            terminalreporter.write_line(f"{count:7} {name}")
