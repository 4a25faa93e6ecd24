"""A real mitmdump, in a Python of its own, between a program in another language and a server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from conftest import Server
from planted import ANSWERS, CALLS, readable

from vipps_lint.audit import audit
from vipps_lint.catalog import catalog

ROOT = Path(__file__).parent.parent.parent
PATH = "/ecomm/v2/payments"
ADDON = [sys.executable, "-m", "vipps_lint", "mitmproxy"]
NODE = """
const [proxy, target] = process.argv.slice(2)
const http = require("http"), body = JSON.stringify({customerInfo: {mobileNumber: "+4791234567"}})
const headers = {"Content-Type": "application/json", "Authorization": "Bearer sesame-open"}
const request = http.request({host: "127.0.0.1", port: proxy, method: "POST", path: target, headers}, (answer) => {
  answer.on("data", (data) => process.stdout.write(data))
})
request.end(body)
"""


@pytest.fixture(scope="module")
def mitmdump(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The program, with this package in its Python; MITMDUMP names one that is installed already."""
    if found := os.environ.get("MITMDUMP"):
        return found
    place = tmp_path_factory.mktemp("mitmproxy")
    venv.create(place, with_pip=True)
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([programs / "pip", "install", "-q", "mitmproxy", "-e", ROOT], check=True)
    return str(programs / "mitmdump")


@contextmanager
def proxy(mitmdump: str, *options: str) -> Iterator[tuple[int, list[str]]]:
    """A proxy that judges; gives its port, and when it is over what it has printed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    addon = subprocess.run(ADDON, capture_output=True, text=True, check=True).stdout.strip()
    command = [mitmdump, "--listen-host", "127.0.0.1", "-p", str(port), "-s", addon, *options]
    printed: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        wait(port, running)
        yield port, printed
        running.terminate()
        printed.append(running.communicate(timeout=30)[0])


def wait(port: int, running: subprocess.Popen[str]) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert running.poll() is None, running.communicate()[0]
        time.sleep(0.1)
    raise AssertionError("mitmdump did not start")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("node"), reason="there is no Node.js here")
def test_a_program_in_another_language_is_judged_and_recorded(mitmdump, server: Server, tmp_path: Path):
    server.answers[PATH] = (200, {"orderId": "acme-1", "url": "https://x.example"}, {})
    file, script = tmp_path / "calls.jsonl", tmp_path / "shop.js"
    script.write_text(NODE, encoding="utf-8")
    with proxy(mitmdump, "--set", f"vipps_record={file}", "-w", str(tmp_path / "flows")) as (port, printed):
        node = ["node", str(script), str(port), server.url + PATH]
        answer = subprocess.run(node, capture_output=True, text=True, check=True, timeout=30).stdout
    assert "acme-1" in answer
    [text] = printed
    assert "POST /ecomm/v2/payments: mobile number `+47…67` is not eight digits [mobile-number-not-national]" in text
    assert "1 call was recorded in" in text
    assert "sesame-open" not in text + file.read_text(encoding="utf-8")
    report = audit([file], catalog())
    assert report.health is not None
    assert [*report.health.ids] == ["POST /ecomm/v2/payments"] and report.health.answers.total() == 1


@pytest.mark.slow
def test_nothing_private_is_printed_or_recorded(mitmdump, server: Server, tmp_path: Path):
    server.answers.update(ANSWERS)
    file = tmp_path / "calls.jsonl"
    with proxy(mitmdump, "--set", f"vipps_record={file}", "--set", "flow_detail=0") as (port, printed):
        for method, path, options in CALLS:
            through = {"http": f"http://127.0.0.1:{port}"}
            requests.request(method, server.url + path, proxies=through, timeout=10, **options)
    assert "findings in calls of Vipps APIs" in printed[0] and len(file.read_text("utf-8").splitlines()) == len(CALLS)
    assert readable(printed[0] + file.read_text("utf-8")) == []


@pytest.mark.slow
def test_a_mistake_in_an_option_is_one_sentence(mitmdump, tmp_path: Path):
    addon = subprocess.run(ADDON, capture_output=True, text=True, check=True).stdout.strip()
    command = [mitmdump, "-n", "-s", addon, "--set", "vipps_as_of=soon"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "vipps_as_of: 'soon' is no day; write a `date`, or text such as `2022-04-15`" in done.stdout + done.stderr


def test_a_python_without_our_packages_is_told_of_in_one_sentence():
    addon = ROOT / "vipps_lint" / "guard" / "proxy" / "addon.py"
    done = subprocess.run([sys.executable, "-I", "-S", addon], capture_output=True, text=True, check=True)
    assert done.stderr == (
        "mitmproxy's Python has no pydantic and no phonenumbers; "
        "install vipps-lint there: `pipx inject mitmproxy vipps-lint`, or both in one environment\n"
    )
