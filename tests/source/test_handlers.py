"""Which handlers get the errors of a call, and what they do with them."""

from __future__ import annotations

import pytest

PREAMBLE = """
import requests, httpx, aiohttp, urllib.error, urllib.request
import urllib.error as other_errors
from urllib.error import HTTPError
from flask import jsonify

URL = "https://api.vipps.no/ecomm/v2/payments"
ERRORS = (requests.HTTPError, KeyError)


class VippsError(Exception):
    pass


class RejectedError(VippsError):
    pass


def pay():
    response = requests.post(URL, json={}, timeout=5)
    response.raise_for_status()
    return response


def rejected():
    response = requests.post(URL, json={}, timeout=5)
    if not response.ok:
        raise RejectedError(response.text)
    return response


def converted():
    try:
        return pay()
    except requests.RequestException as error:
        raise VippsError("no payment") from error


def again():
    try:
        return pay()
    except requests.RequestException:
        log.info("failed")
        raise


def contained():
    try:
        return pay()
    except requests.RequestException:
        log.exception("failed")

"""


def lapses(read, steps: str) -> set[str]:
    body = "\n".join("    " + line for line in steps.splitlines())
    source = read(f"{PREAMBLE}\n\nasync def shop(log, save):\n{body}\n")
    assert source.notes == []
    return {one.lapse.value for path in source.paths for one in path.call.handling}


def tried(what: str, handler: str, body: str = "pass") -> str:
    return f"try:\n    {what}\nexcept {handler}:\n    {body}"


MISDIRECTED = [
    pytest.param(tried("pay()", "HTTPError", "return 1"), True, id="one of the same name"),
    pytest.param(tried("pay()", "other_errors.URLError"), True, id="through an alias of its module"),
    pytest.param(tried("pay()", "(KeyError, httpx.HTTPError)"), True, id="among others"),
    pytest.param(tried("save()\n    pay()", "HTTPError"), True, id="beside code that is not seen"),
    pytest.param(tried("again()", "HTTPError"), True, id="an error that is raised again before"),
    pytest.param(tried("httpx.post(URL, timeout=5).raise_for_status()", "requests.HTTPError"), True, id="requests around httpx"),
    pytest.param(tried("urllib.request.urlopen(URL, b'', 5)", "requests.RequestException"), True, id="requests around urllib"),
    pytest.param(tried("pay()", "OSError"), False, id="an error of requests is one of the system"),
    pytest.param(tried("pay()", "requests.exceptions.HTTPError"), False, id="its own"),
    pytest.param(tried("pay()", "requests.Timeout") + "\nexcept HTTPError:\n    pass", False, id="another handler has one of its own"),
    pytest.param(tried("pay()", "(HTTPError, requests.HTTPError)"), False, id="both"),
    pytest.param(tried("urllib.request.urlopen(save)\n    pay()", "HTTPError"), False, id="the other client is used too"),
    pytest.param(tried("contained()", "HTTPError"), False, id="no error comes so far"),
    pytest.param(tried("pay()", "KeyError"), False, id="a class of no client"),
    pytest.param(tried("save.post(URL, json={})", "HTTPError"), False, id="a client that is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "found"), MISDIRECTED)
def test_exceptions_of_other_clients(read, steps: str, found: bool) -> None:
    assert ("misdirected" in lapses(read, steps)) is found


SWALLOWED = [
    pytest.param(tried("rejected()", "VippsError"), True, id="the base of what the project raises"),
    pytest.param(tried("converted()", "VippsError"), True, id="what the project makes of an error"),
    pytest.param(tried("pay()", "IOError"), True, id="a base of the client's errors"),
    pytest.param(tried("pay()", "ERRORS"), True, id="a constant that has several"),
    pytest.param(tried("again()", "requests.RequestException"), True, id="an error that is raised again before"),
    pytest.param(tried("rejected()", "requests.RequestException"), True, id="the client's own errors beside the project's"),
    pytest.param(tried("contained()", "Exception"), False, id="no error comes so far"),
    pytest.param(tried("pay()", "VippsError"), False, id="an exception that nothing raises for it"),
    pytest.param(tried("pay()", "HTTPError"), False, id="one of the same name of another library"),
    pytest.param(tried("requests.post(URL, timeout=5)", "requests.HTTPError"), False, id="nobody asks for the status"),
    pytest.param(tried("try:\n        rejected()\n    except VippsError as error:\n        log.error(error)", "VippsError"), False, id="ended before"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "found"), SWALLOWED)
def test_swallowed(read, steps: str, found: bool) -> None:
    assert ("swallowed" in lapses(read, steps)) is found


FALSY = [
    pytest.param(tried("pay()", "requests.HTTPError as e", "if e.response:\n        log.error(e.response.text)"), True, id="a branch"),
    pytest.param(tried("pay()", "Exception as e", "log.error(e.response.text if e.response else e)"), True, id="a conditional"),
    pytest.param(tried("pay()", "OSError as e", "log.error(e.response and e.response.text)"), True, id="and"),
    pytest.param(tried("pay()", "requests.HTTPError as e", "r = getattr(e, 'response', None)\n    if not r:\n        raise"), True, id="a variable"),
    pytest.param(tried("pay()", "requests.HTTPError as e", "if e.response is not None:\n        log.error(e.response.text)"), False, id="compared with None"),
    pytest.param(tried("pay()", "requests.HTTPError as e", "log.error(e.response.text)"), False, id="simply used"),
    pytest.param(tried("pay()", "KeyError as e", "if e.response:\n        raise"), False, id="another exception"),
    pytest.param(tried("httpx.get(URL, timeout=5).raise_for_status()", "httpx.HTTPStatusError as e", "if e.response:\n        raise"), False, id="a response of httpx is true"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "found"), FALSY)
def test_the_truth_of_a_response(read, steps: str, found: bool) -> None:
    assert ("falsy" in lapses(read, steps)) is found


ANSWERED = [
    pytest.param(tried("pay()", "Exception as e", "return jsonify(error=str(e)), 500"), True, id="only the browser"),
    pytest.param(tried("pay()", "Exception as e", "log.error(e)\n    return jsonify(error=str(e)), 500"), False, id="logged too"),
    pytest.param(tried("pay()", "Exception as e", "return {'error': str(e)}"), False, id="whoever calls may log it"),
    pytest.param(tried("pay()", "Exception as e", "return jsonify(error=save(e))"), False, id="unknown code gets it"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "found"), ANSWERED)
def test_answered(read, steps: str, found: bool) -> None:
    assert ("answered" in lapses(read, steps)) is found


CLIENTS = [
    pytest.param("app.http = aiohttp.ClientSession()", True, id="set once"),
    pytest.param("app.http = None\n    app.http = aiohttp.ClientSession()", True, id="set once, to None before"),
    pytest.param("app.http = aiohttp.ClientSession(raise_for_status=True)", False, id="a client that raises"),
    pytest.param("app.http = Client()", False, id="a class of another kind"),
    pytest.param("app.http = aiohttp.ClientSession()\n    app.http = app.other", False, id="set to two things"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "found"), CLIENTS)
def test_clients_in_attributes(read, start: str, found: bool) -> None:
    program = f"{PREAMBLE}\n\ndef start(app):\n    {start}\n\n\nasync def shop(app):\n    await app.http.post(URL, json={{}})\n"
    assert ("unchecked" in {one.lapse.value for path in read(program).paths for one in path.call.handling}) is found


DISGUISED = [
    pytest.param("r = requests.get(URL, timeout=5)\nif not r.ok:\n    return {}\nreturn r.json()", True, id="an empty dict"),
    pytest.param("r = requests.get(URL, timeout=5)\nif r.ok:\n    return sum(r.json())\nreturn 0.0", True, id="zero, after the branch"),
    pytest.param("r = requests.get(URL, timeout=5)\nif not r.ok:\n    return False\nreturn r.json()", False, id="False"),
    pytest.param("r = requests.get(URL, timeout=5)\nif not r.ok:\n    return {'error': r.text}\nreturn r.json()", False, id="it says that there was one"),
    pytest.param("r = requests.get(URL, timeout=5)\nif r.status_code == 404:\n    return {}\nreturn r.json()", False, id="nothing was found"),
    pytest.param("r = requests.get(URL, timeout=5)\nif not r.ok:\n    return 0\nreturn 1", False, id="codes of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "found"), DISGUISED)
def test_disguised(read, steps: str, found: bool) -> None:
    assert ("disguised" in lapses(read, steps)) is found
