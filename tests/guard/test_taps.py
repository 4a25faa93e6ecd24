"""Taps come when a guard is entered and go without a trace; nothing is imported that the user has not imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import pytest
import requests

from vipps_lint import Guard

ROOT = Path(__file__).parent.parent.parent
TAPPED = [
    pytest.param(requests.Session, "send", id="requests"),
    pytest.param(httpx.Client, "_send_single_request", id="httpx, one request"),
    pytest.param(httpx.Client, "send", id="httpx"),
    pytest.param(httpx.AsyncClient, "_send_single_request", id="httpx async, one request"),
    pytest.param(httpx.AsyncClient, "send", id="httpx async"),
]


def python(code: str) -> str:
    """What a program of its own prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", dedent(code)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("owner", "name"), TAPPED)
def test_what_was_there_is_there_again(owner: type, name: str):
    before, finders = vars(owner)[name], list(sys.meta_path)
    with Guard():
        assert vars(owner)[name] is not before
        with Guard():
            pass
        assert vars(owner)[name] is not before
    assert vars(owner)[name] is before
    assert sys.meta_path == finders


def test_taps_go_when_the_block_ends_in_an_error():
    before = requests.Session.send
    with pytest.raises(KeyError), Guard():
        raise KeyError
    assert requests.Session.send is before


def test_a_wrapper_that_somebody_put_above_ours_stays(server, monkeypatch):
    class Session(requests.Session):
        send = requests.Session.send

    seen: list[str] = []
    guard = Guard("collect")
    guard.__enter__()
    ours = requests.Session.send

    def theirs(self: requests.Session, request: Any, **options: Any) -> requests.Response:
        seen.append(request.url)
        return ours(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", theirs)
    guard.__exit__(None, None, None)
    requests.get(server.url + "/ecomm/v2/payments/acme-1/details", timeout=5)
    assert requests.Session.send is theirs
    assert (len(seen), len(guard.calls)) == (1, 0)
    monkeypatch.undo()
    with Guard("collect") as again:
        requests.get(server.url + "/ecomm/v2/payments/acme-1/details", timeout=5)
    assert len(again.calls) == 1
    requests.Session.send = Session.send


def test_a_client_that_is_imported_later_is_tapped_then():
    out = python(
        """
        import sys
        from vipps_lint import Guard
        finders = list(sys.meta_path)
        with Guard("collect"):
            assert not {"requests", "httpx"} & set(sys.modules), "the guard imported a client"
            import requests, httpx
            during = [requests.Session.send, httpx.Client.send, httpx.AsyncClient.send]
        after = [requests.Session.send, httpx.Client.send, httpx.AsyncClient.send]
        print([hasattr(one, "__wrapped__") for one in during + after])
        print(sys.meta_path == finders, "exec_module" in vars(requests.__spec__.loader))
        """
    )
    assert out == "[True, True, True, False, False, False]\nTrue False"


def test_a_client_that_is_imported_after_the_guard_is_left_alone():
    out = python(
        """
        from vipps_lint import Guard
        with Guard():
            pass
        import requests
        print(hasattr(requests.Session.send, "__wrapped__"))
        """
    )
    assert out == "False"


@pytest.mark.parametrize(
    "module",
    [
        pytest.param("vipps_lint", id="the package"),
        pytest.param("vipps_lint.guard", id="the guard's package"),
    ],
)
def test_an_import_costs_nothing(module):
    heavy = "{'pydantic', 'phonenumbers', 'libcst', 'click', 'pytest', 'requests', 'httpx', 'vipps_lint.catalog'}"
    assert python(f"import sys, {module}; print({heavy} & set(sys.modules))") == "set()"


def test_names_that_are_not_there_are_not_there():
    import vipps_lint
    import vipps_lint.guard

    for package in (vipps_lint, vipps_lint.guard):
        with pytest.raises(AttributeError, match="has no attribute 'Gaurd'"):
            _ = package.Gaurd
