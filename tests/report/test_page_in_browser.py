"""The health report in a real browser: it loads nothing, says what the JSON report says, and everybody can use it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vipps_lint.audit import audit
from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.report.comparison import comparison
from vipps_lint.report.failures import as_data
from vipps_lint.report.health import Health
from vipps_lint.report.html import page as html_page
from vipps_lint.report.json import document

playwright = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]

CATALOG = catalog()
TODAY = date(2026, 11, 22)
EXAMPLES = Path(__file__).parents[2] / "examples"
LOOKS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The page of the examples as a file, and the JSON report."""
    report = audit([EXAMPLES / "calls.har", EXAMPLES / "calls.jsonl"], CATALOG, as_of=TODAY)
    assert report.health is not None
    report.health.reserved = {"NOK": (2, 1234567)}
    report.health.callsites = {"ecom.cancel-payment": (Place("shop/a.py", 7, 3), Place("shop/a.py", 20, 1))}
    now = {"health": report.health.as_data(), "errors": as_data(report.failures)}
    report.comparison = comparison({"health": Health().as_data(), "errors": []}, now)
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html_page(report, CATALOG, TODAY), encoding="utf-8")
    return path, document(report)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if root else [])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Open]:
    """Opens a file in a window of its own, as somebody with a theme and a screen does; `said` is what it complains of."""
    windows = []

    def visit(path: Path, scheme: str = "light", width: int = 1280, **options: Any) -> Any:
        window = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, **options)
        windows.append(window)
        page = window.new_page()
        page.said, page.asked, page.got = [], [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("requestfinished", lambda request: page.got.append(request.url))
        page.goto(path.as_uri())
        return page

    yield visit
    for window in windows:
        window.close()


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_it_opens_without_a_word_and_without_the_network(visit: Open, written: Any, scheme: str, width: int) -> None:
    page = visit(written[0], scheme, width)
    assert page.said == []
    assert page.asked == [written[0].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") is (scheme == "light")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_everybody_can_use_it(visit: Open, written: Any, scheme: str, width: int) -> None:
    page = visit(written[0], scheme, width, bypass_csp=True)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = axe.Axe().run(page).response
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert len(found["passes"]) > 20


NUMBERS = """() => [...document.querySelectorAll('article:has(svg)')].map(article => ({
    statuses: Object.fromEntries([...article.querySelectorAll('[data-status]')]
        .map(row => [row.dataset.status, +row.dataset.count])),
    bars: Object.fromEntries([...article.querySelectorAll('[data-bar]')].map(bar => [bar.dataset.bar,
        [...bar.querySelectorAll('rect')].map(piece => [piece.getAttribute('class').slice(2), +piece.dataset.count,
            piece.getBoundingClientRect().height, getComputedStyle(piece).fill])])),
}))"""


def test_what_is_drawn_is_what_the_report_says(visit: Open, written: Any) -> None:
    path, report = written
    shown = visit(path).evaluate(NUMBERS)
    for article, one in zip(shown, report["health"]["operations"], strict=True):
        assert article["statuses"] == {str(each["status"]): each["count"] for each in one["statuses"]}
        bars = {bar: {kind: count for kind, count, _, _ in pieces} for bar, pieces in article["bars"].items()}
        assert bars == {day["day"]: {kind: n for kind, n in day.items() if kind != "day"} for day in one["days"]}
        pieces = [piece for bar in article["bars"].values() for piece in bar]
        heights = {height / count for _, count, height, _ in pieces}
        assert max(heights) == pytest.approx(min(heights), rel=0.01) and min(heights) > 1
        assert len({color for *_, color in pieces}) == len({kind for kind, *_ in pieces})
    sums = {name: visit(path).locator(f"#{name}").get_attribute("data-value") for name in ("calls", "failed", "found")}
    health = report["health"]
    found = len(report["diagnostics"])
    assert sums == {"calls": f"{health['calls']}", "failed": f"{health['failed']}", "found": f"{found}"}


def test_nothing_that_somebody_puts_into_it_runs(visit: Open, written: Any, tmp_path: Path) -> None:
    changed = tmp_path / "changed.html"
    inserted = (
        "<script>document.title = 'run'</script><img src='https://example.com/a.png' onerror='document.title = 1'>"
    )
    changed.write_text(
        written[0].read_text(encoding="utf-8").replace("</main>", f"{inserted}</main>"), encoding="utf-8"
    )
    page = visit(changed)
    assert page.title() == "Health of the calls of Vipps MobilePay"
    assert page.got == [changed.as_uri()]
    assert sum("Content Security Policy" in one for one in page.said) >= 2


def test_the_keyboard_reaches_everything(visit: Open, written: Any) -> None:
    page = visit(written[0])
    page.keyboard.press("Tab")
    focused = "document.activeElement.textContent"
    assert page.evaluate(focused) == "Skip to the report"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(page.locator("main a, main summary").count()):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(focused))
    assert {link.text_content() for link in page.locator("main a, main summary").all()} <= reached


def test_it_prints_dark_on_white(visit: Open, written: Any) -> None:
    page = visit(written[0], "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("nav").is_hidden()
    assert page.pdf().startswith(b"%PDF")
