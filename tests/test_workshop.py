"""However texts come to be parsed - kept, here, or by other processes - what is found in them is the same."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from vipps_lint import hands, workshop
from vipps_lint.cache import Cache
from vipps_lint.catalog import catalog
from vipps_lint.check import check_files
from vipps_lint.check.files import Files
from vipps_lint.read.source.making import made
from vipps_lint.report import Report
from vipps_lint.scan import look
from vipps_lint.scan.excluding import Exclusion
from vipps_lint.workshop import Workshop

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).parents[1]
RULE = "mobile-number-not-national"
SHOP = """
import requests

def pay{n}(phone):
    body = {{"customerInfo": {{"mobileNumber": "+4791{n:06}"}}}}
    requests.post("https://api.vipps.no/ecomm/v2/payments", json=body, timeout=10)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    for number in range(7):
        (folder / f"pay{number}.py").write_text(SHOP.format(n=number))
    (folder / "broken.py").write_text("URL = '/ecomm/v2/payments'\ndef (:\n")
    return folder


def checked(shop: Path, where: Workshop | None = None) -> Report:
    files = Files(look([str(shop)], Exclusion((), ""), Cache("")))
    return check_files(files, catalog(), TODAY, where)


@pytest.mark.parametrize("forks", [pytest.param(hands.FORKS, id="as here"), pytest.param(False, id="as elsewhere")])
@pytest.mark.parametrize("jobs", [1, 2, 3, 50])
def test_other_processes_find_the_same(shop: Path, jobs: int, forks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not forks and jobs > 2:
        pytest.skip("each process takes a while to start")
    monkeypatch.setattr(hands, "FORKS", forks)
    monkeypatch.setattr(workshop, "PAYS", 4)
    expected = checked(shop)
    found = checked(shop, Workshop(Cache(""), jobs))
    assert [one.rule for one in expected.diagnostics].count(RULE) == 7 and len(expected.notes) == 1
    assert (found.diagnostics, found.calls, found.notes) == (expected.diagnostics, expected.calls, expected.notes)


def test_the_next_run_finds_the_same_without_parsing(shop: Path, tmp_path: Path) -> None:
    store = Cache(str(tmp_path / "cache"))
    first = checked(shop, Workshop(store, 1))

    def forbidden(texts: Sequence[bytes]) -> list[bytes]:
        raise AssertionError("parsed again")

    files = [path.read_bytes() for path in shop.glob("*.py")]
    assert len(Workshop(store, 1).made(files, forbidden)) == 8
    again = checked(shop, Workshop(store, 1))
    assert (again.diagnostics, again.calls, again.notes) == (first.diagnostics, first.calls, first.notes)


@pytest.mark.skipif(not hands.FORKS, reason="processes are begun where they can be forked")
@pytest.mark.parametrize("count", [1, 8])
def test_what_was_begun_is_not_made_again(shop: Path, tmp_path: Path, count: int) -> None:
    texts = [path.read_bytes() for path in sorted(shop.glob("*.py"))][:count]
    begun = Workshop(Cache(str(tmp_path / "cache")), 2)
    begun.begin(texts)

    def forbidden(texts: Sequence[bytes]) -> list[bytes]:
        raise AssertionError("parsed again")

    assert begun.made(texts, forbidden) == made(texts)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_was_begun_and_could_not_be_kept_is_made(shop: Path, jobs: int) -> None:
    texts = [path.read_bytes() for path in shop.glob("*.py")]
    begun = Workshop(Cache(str(shop / "pay1.py" / "cache")), jobs)
    begun.begin(texts)
    assert begun.made(texts, made) == made(texts)


def test_the_next_run_imports_no_parser(shop: Path) -> None:
    program = (
        "import sys; from vipps_lint.cli import main;"
        f"main(['check', '--no-config', '-q', {str(shop)!r}]); print(*sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
        for _ in range(2)
    ]
    assert ["libcst" in run.stdout.split() for run in runs] == [True, False]
    assert [run.stdout.count(f"[{RULE}]") for run in runs] == [7, 7]


def test_a_changed_file_is_parsed_again(shop: Path, tmp_path: Path) -> None:
    store = Cache(str(tmp_path / "cache"))
    checked(shop, Workshop(store, 1))
    file = shop / "pay3.py"
    before = file.stat()
    file.write_text(file.read_text().replace("+4791", "004791"[:5]))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    again = checked(shop, Workshop(store, 1))
    assert again.diagnostics == checked(shop).diagnostics
    assert "+4791000003" not in str(again.diagnostics)


def test_other_code_or_another_parser_asks_for_other_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Cache(str(tmp_path))
    made = []
    for version in ("one", "two", "one"):
        monkeypatch.setattr(workshop, "stamp", lambda *folders, version=version: version)
        made += Workshop(store, 1).made([b"x"], lambda texts, version=version: [b"by " + version.encode()])  # type: ignore[misc]
    assert made == [b"by one", b"by two", b"by one"]

    def unasked(texts: Sequence[bytes]) -> list[bytes]:
        raise AssertionError("parsed again")

    assert Workshop(store, 1).made([b"x"], unasked) == [b"by one"]


def _measured(part: bytes) -> bytes:
    return b"%d of %s" % (len(part), part[:1])


def _dying(part: bytes) -> bytes:
    if part == b"deadly" and os.getpid() != PARENT:
        os._exit(3)
    if part == b"slow" and os.getpid() != PARENT:
        time.sleep(0.2)
    return part * 100_000


PARENT = os.getpid()


@pytest.mark.parametrize("forks", [pytest.param(hands.FORKS, id="as here"), pytest.param(False, id="as elsewhere")])
def test_results_come_in_the_order_of_the_parts(forks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "FORKS", forks)
    assert hands.worked([b"aa", b"b", b"ccc"], _measured) == [b"2 of a", b"1 of b", b"3 of c"]


@pytest.mark.skipif(not hands.FORKS, reason="processes are forked where that is safe")
def test_the_work_of_a_process_that_dies_is_done_here() -> None:
    parts = [b"first", b"deadly", b"slow", b"last"]
    assert hands.worked(parts, _dying) == [part * 100_000 for part in parts]


def test_piles_have_all_texts_and_about_the_same_weight() -> None:
    texts = [b"x" * size for size in (100, 1, 1, 50, 49, 2, 0, 0)]
    piles = workshop._piles(texts, 2)
    assert sorted(number for pile in piles for number in pile) == list(range(8))
    assert [sum(len(texts[number]) for number in pile) for pile in piles] == [102, 101]
