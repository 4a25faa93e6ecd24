"""A small project with a wrapper, whose tests run under the plugin: what the summary says of its call sites."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sample import ROOT, SUMMARY, planted, run, summary

pytest_plugins = ["pytester"]


@pytest.fixture
def project(tmp_path) -> Path:
    return planted(tmp_path / "project")


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


def test_the_readme_shows_this_summary():
    assert "\n".join(SUMMARY) in (ROOT / "README.md").read_text("utf-8")
