"""What a guard keeps to itself: bugs of ours, old history and private data."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from orders import CAPTURE, INITIATE, RULE, WRONG, order

from vipps_lint import Guard, VippsLintError
from vipps_lint.guard import history, watch


class Broken(Guard):
    """A guard with a bug."""

    def concerns(self, url: str) -> bool:
        raise RuntimeError(url)


def test_a_bug_of_ours_is_logged_once_and_the_calls_pass(server, client, caplog, monkeypatch):
    monkeypatch.setattr(watch, "_logged", set())
    with caplog.at_level(logging.ERROR, "vipps_lint.guard"), Broken():
        for _ in range(3):
            assert client("POST", server.url + INITIATE, json=WRONG)[0] == 200
    [record] = caplog.records
    assert record.getMessage().startswith("a bug in vipps-lint while judging a request; the call was let through")
    assert record.getMessage().endswith("in concerns\n    raise RuntimeError(url)\nRuntimeError")
    assert INITIATE not in record.getMessage() and record.exc_info is None


def test_a_check_that_crashes_becomes_a_note(server, client, phones):
    class Crashing:
        needs: frozenset[Any] = frozenset()
        words: frozenset[str] = frozenset()

        def violations(self, *arguments: object) -> Iterator[Any]:
            raise ZeroDivisionError("oh, Kari Nordmann")

    broken = phones.rules[RULE]
    spots = {name: tuple(replace(one, check=Crashing()) for one in found) for name, found in broken.spots.items()}
    rules = replace(phones, rules={RULE: replace(broken, spots=spots)})
    with Guard(catalog=rules) as guard:
        client("POST", server.url + INITIATE, json=WRONG)
    assert guard.diagnostics == ()
    [note] = guard.report().notes
    assert note.message.startswith(
        f"{RULE}: this rule could not judge `POST {INITIATE}`: ZeroDivisionError in test_keeping.py:"
    )
    assert "Kari" not in note.message


def test_the_history_is_bounded(server, phones):
    guard = Guard("fail", catalog=phones, history=3)
    with pytest.raises(VippsLintError) as caught, guard, requests.Session() as session:
        for number in range(5):
            session.post(server.url + INITIATE, json=order(f"+479123456{number}"), timeout=5)
    assert [one.instead for one in caught.value.diagnostics] == ["91…62", "91…63", "91…64"]
    assert (len(guard.calls), len(guard.diagnostics), guard.report().scanned) == (3, 3, 5)


def test_a_payment_that_is_forgotten_is_unknown(server, small, monkeypatch):
    monkeypatch.setattr(history, "LIVES", 2)
    guard = Guard("collect", catalog=small, ignore=["url-missing", "order-id-missing"])
    with guard, requests.Session() as session:
        for number in range(3):
            session.post(server.url + INITIATE, json=order(orderId=f"acme-{number}"), timeout=5)
        for number in (2, 1, 0):
            session.post(f"{server.url}{INITIATE}/acme-{number}/capture", json=CAPTURE, timeout=5)
    assert [one.message for one in guard.diagnostics] == [
        f"60000 is more than the 49900 left of `acme-{number}`" for number in (2, 1)
    ]


def test_nothing_private_leaves_a_guard(server, client, phones):
    server.answers["/accesstoken/get"] = (200, {"access_token": "eyJ0.eyJzdWIi.c2ln", "token_type": "Bearer"}, {})
    secrets = {"client_id": "id-id-id", "client_secret": "sesame-open", "Ocp-Apim-Subscription-Key": "0f14ebcab0ec4b29"}
    with Guard("collect", catalog=phones) as guard:
        client("POST", server.url + "/accesstoken/get", headers=secrets)
        client("POST", server.url + INITIATE, json=WRONG, headers={"Authorization": "Bearer eyJ0.eyJzdWIi.c2ln"})
    out = repr((guard.calls, guard.diagnostics, guard.report()))
    assert "…" in out
    for private in ("4791234567", "91234567", "eyJ0", "sesame", "0f14", "id-id-id"):
        assert private not in out
