"""A generated log has the mistakes that are planted in it, and the auditor finds those and no others."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from vipps_lint.audit import audit
from vipps_lint.catalog import catalog
from vipps_lint.checks import FACES

SCRIPTS = Path(__file__).parents[2] / "benchmarks"
CATALOG = catalog()

NOT_PLANTED = {
    ("merchant-logo-removed", 2): "code reads an answer",
    ("merchant-logo-url-removed", 2): "code reads an answer",
    ("merchant-serial-number-malformed", 3): "a text in angle brackets may stand for what was blacked out",
    ("token-credentials-in-body", 1): "a record without credentials in its headers may have lost them",
}
"""Examples that are calls and of which a record proves nothing."""


@pytest.fixture(scope="module")
def scripts() -> Any:
    """The generator and the benchmark."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        import audit as benchmark  # type: ignore[import-not-found]
        import lives  # type: ignore[import-not-found]
        import log  # type: ignore[import-not-found]

        yield type("Scripts", (), {"log": log, "lives": lives, "benchmark": benchmark})
        for name in ("audit", "lives", "log"):
            sys.modules.pop(name, None)


def written(scripts: Any, **options: Any) -> tuple[str, list[dict[str, Any]]]:
    log, expected = io.StringIO(), io.StringIO()
    scripts.log.write(log, expected, **options)
    return log.getvalue(), [json.loads(line) for line in expected.getvalue().splitlines()]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"calls": 4000, "rate": 0.2}, id="many mistakes"),
        pytest.param({"calls": 1500, "rate": 0.05, "others": 0.3, "seed": 2}, id="among calls of others"),
        pytest.param({"calls": 1500, "rate": 0.0}, id="no mistakes"),
    ],
)
def test_the_planted_mistakes_are_found_and_no_others(scripts: Any, tmp_path: Path, options: dict[str, Any]) -> None:
    text, expected = written(scripts, **options)
    path = tmp_path / "calls.jsonl"
    path.write_text(text)
    report = audit([path], CATALOG)
    found = Counter((one.place.record or 0, one.rule, one.pointer) for one in report.diagnostics)
    wanted = Counter((one["record"], one["rule"], one["pointer"]) for one in expected)
    assert list(scripts.benchmark.differences(found, wanted)) == []
    assert (wanted.total() > 100) is (options["rate"] > 0.1)
    assert report.notes == []
    assert report.health is not None
    assert report.health.answers.total() >= options["calls"]


def test_every_example_that_a_record_can_show_is_planted(scripts: Any) -> None:
    decided = {
        (name, number)
        for name, rule in CATALOG.rules.items()
        for number, example in enumerate(rule.invalid, 1)
        if rule.needs <= FACES["audit"] and example.python is None
    }
    planted = {(life.rule, life.example) for life in scripts.lives.wrong_lives(CATALOG)}
    assert decided - planted == NOT_PLANTED.keys()


def test_a_seed_writes_one_log(scripts: Any) -> None:
    one = written(scripts, calls=300, rate=0.1, seed=5)
    assert written(scripts, calls=300, rate=0.1, seed=5) == one
    assert written(scripts, calls=300, rate=0.1, seed=6) != one


def test_calls_are_about_a_kilobyte_long(scripts: Any) -> None:
    text, _ = written(scripts, calls=1000, rate=0.0)
    assert 700 < len(text) / text.count("\n") < 1300
    assert max(map(len, text.split("\n"))) < 4000


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param([(1, "a", "x"), (2, "b", "x")], [], id="as it should be"),
        pytest.param([(1, "a", "x")], ["missing: 1 of b, the first in record 2"], id="one is lost"),
        pytest.param(
            [(1, "a", "x"), (1, "a", "x"), (2, "b", "x")], ["too many: 1 of a, the first in record 1"], id="one twice"
        ),
        pytest.param(
            [(1, "a", "x"), (3, "b", "x")],
            ["missing: 1 of b, the first in record 2", "too many: 1 of b, the first in record 3"],
            id="one at another place",
        ),
    ],
)
def test_a_lost_and_an_extra_finding_are_told(scripts: Any, found: list[tuple[int, str, str]], said: list[str]) -> None:
    wanted = Counter([(1, "a", "x"), (2, "b", "x")])
    assert list(scripts.benchmark.differences(Counter(found), wanted)) == said
