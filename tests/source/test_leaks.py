"""What code writes to a log: which values of its calls are surely among it."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from vipps_lint.call import dotted

PREAMBLE = """
import json, logging, os, requests, sys

log = logging.getLogger(__name__)
SECRET = os.environ["VIPPS_SECRET"]
KEY = os.getenv("VIPPS_KEY", "")
URL = "https://api.vipps.no/accesstoken/get"


def mask(headers):
    return {name: "***" for name in headers}


def token(headers):
    response = requests.post(URL, headers=headers, timeout=10)
    response.raise_for_status()
    return response.json()["access_token"]

"""
SENT = """
headers = {"client_secret": SECRET, "Ocp-Apim-Subscription-Key": KEY, "Merchant-Serial-Number": msn}
"""
CALL = """
response = requests.post(URL, headers=headers, timeout=10)
"""
SECRETS = {"headers.client_secret", "headers.ocp-apim-subscription-key", "response.body", "response.body.access_token"}
BOTH = {"headers.client_secret", "headers.ocp-apim-subscription-key"}
BODY = {"response.body"}
TOKEN = {"response.body.access_token"}

LOGGED = [
    pytest.param("print(SECRET)", {"headers.client_secret"}, id="print"),
    pytest.param("log.debug('%s', SECRET)", {"headers.client_secret"}, id="a logger"),
    pytest.param("self.logger.info(SECRET)", {"headers.client_secret"}, id="an attribute that is called a logger"),
    pytest.param("print('the secret is ' + SECRET)", {"headers.client_secret"}, id="joined"),
    pytest.param("print(f'the secret is {SECRET}')", {"headers.client_secret"}, id="formatted"),
    pytest.param("print('the secret is %s' % SECRET)", {"headers.client_secret"}, id="percent"),
    pytest.param("print('the secret is {}'.format(SECRET))", {"headers.client_secret"}, id="format"),
    pytest.param("print(KEY)", {"headers.ocp-apim-subscription-key"}, id="a default that is empty"),
    pytest.param("print(headers)", BOTH, id="all headers"),
    pytest.param("print(f'sent {headers}')", BOTH, id="all headers, formatted"),
    pytest.param("print(json.dumps(headers, indent=2))", BOTH, id="all headers as JSON"),
    pytest.param("print('sent %s' % json.dumps(headers))", BOTH, id="all headers as JSON, formatted"),
    pytest.param("print({'url': URL, 'headers': headers})", BOTH, id="headers in something else"),
    pytest.param("print(response.text)", BODY, id="the whole answer"),
    pytest.param("print(f'answer: {response.text}')", BODY, id="the whole answer, formatted"),
    pytest.param("print(response.text())", BODY, id="the whole answer of aiohttp"),
    pytest.param("log.debug(response.json())", BODY, id="the answer as JSON"),
    pytest.param("print(response.json()['access_token'])", TOKEN, id="a field of the answer"),
    pytest.param("print(f\"Bearer {response.json().get('access_token')}\")", TOKEN, id="a field of the answer, formatted"),
    pytest.param("if response.ok:\n    print(response.text)", BODY, id="where the call has worked"),
    pytest.param("if verbose:\n    print(SECRET)", {"headers.client_secret"}, id="in a branch"),
    pytest.param("if SECRET:\n    print(SECRET)", {"headers.client_secret"}, id="where it is there"),
    pytest.param("print(URL, msn)", set(), id="nothing of it"),
    pytest.param("print(SECRET[:4])", set(), id="a piece"),
    pytest.param("print(f'{SECRET:.4}')", set(), id="a piece by a format"),
    pytest.param("print(len(SECRET), bool(SECRET))", set(), id="how long it is"),
    pytest.param("print('there' if SECRET else 'missing')", set(), id="whether it is there"),
    pytest.param("print(mask(headers))", set(), id="masked by a function of the project"),
    pytest.param("print(hide(SECRET))", set(), id="given to a function that is not seen"),
    pytest.param("print({**headers, 'client_secret': '***'}['client_secret'])", set(), id="replaced"),
    pytest.param("print(headers.keys())", set(), id="names only"),
    pytest.param("print(response)", set(), id="the response object"),
    pytest.param("print(response.status_code, f'{response.status_code}')", set(), id="the status"),
    pytest.param("print(response.json()['access_token'][:5])", set(), id="a piece of the token"),
    pytest.param("print(f\"{response.json()['access_token'][:5]}…\")", set(), id="a piece of the token, formatted"),
    pytest.param("if not response.ok:\n    print(response.text)", set(), id="where the call has failed"),
    pytest.param("if response.status_code != 200:\n    print(response.text)", set(), id="where the status is wrong"),
    pytest.param("if 'error' in response.json():\n    print(response.json())", set(), id="where there may be an error"),
    pytest.param(
        "try:\n    response.json()['access_token']\nexcept KeyError:\n    print(response.text)", set(), id="where there is no token"
    ),
    pytest.param("if not SECRET:\n    print('no secret', SECRET)", set(), id="where it is missing"),
    pytest.param("if not KEY or not SECRET:\n    print(SECRET)", set(), id="where one of two is missing"),
    pytest.param("print(SECRET, file=out)", set(), id="into a file"),
    pytest.param("log.info('sent', extra={'headers': headers})", set(), id="beside the message"),
    pytest.param("messages.error(request, SECRET)", set(), id="something that is no logger"),
    pytest.param("print(f'sent {headers if verbose else msn}')", set(), id="one of two"),
    pytest.param("print(os.getenv(msn), os.environ[other])", set(), id="something of the environment"),
    pytest.param("print(OTHER)", set(), id="something else"),
    pytest.param("headers = dict(other)\nprint(headers)", set(), id="other headers of the same name"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "logged"), LOGGED)
def test_what_is_written_to_a_log(read, program: str, logged: set[str]) -> None:
    body = indent(SENT + CALL + program, "    ")
    source = read(f"{PREAMBLE}\ndef login(self, msn, out, request, messages, other):\n{body}\n")
    found = {dotted(one.pointer) for path in source.paths for one in path.call.logged}
    assert (source.notes, found & SECRETS) == ([], logged)


def test_a_dict_is_written_as_it_is_then(read) -> None:
    body = indent(f"headers = {{}}\nprint(headers)\n{SENT.replace('headers =', 'more =')}headers.update(more)\n{CALL}", "    ")
    [path] = read(f"{PREAMBLE}\ndef login(msn):\n{body}\n").paths[-1:]
    assert path.call.logged == ()


def test_a_secret_that_one_method_keeps_and_another_sends(read) -> None:
    source = read(
        dedent("""
        import requests

        class Vipps:
            def __init__(self, secret):
                print(secret)
                self.secret = secret

            def login(self):
                return requests.post(
                    "https://api.vipps.no/accesstoken/get", headers={"client_secret": self.secret}, timeout=10
                )
        """)
    )
    assert [dotted(one.pointer) for one in source.paths[0].call.logged] == ["headers.client_secret"]


def test_the_token_of_one_call_is_the_secret_of_another(read) -> None:
    body = """
def pay(headers):
    fetched = token(headers)
    print(fetched)
    url = "https://api.vipps.no/ecomm/v2/payments/1/details"
    return requests.get(url, headers={"Authorization": f"Bearer {fetched}"}, timeout=10)
"""
    found = {
        (path.call.label, dotted(one.pointer)) for path in read(PREAMBLE + body).paths for one in path.call.logged
    }
    assert found >= {
        ("POST /accesstoken/get", "response.body.access_token"),
        ("GET /ecomm/v2/payments/{orderId}/details", "headers.authorization"),
    }


@pytest.mark.parametrize("lookup", ["os.environ[{}]", "os.environ.get({})", "os.getenv({}, '')"])
def test_two_variables_of_unknown_names_are_not_the_same(read, lookup: str) -> None:
    [path] = read(
        "import os, requests\nfrom django.conf import settings\n\n"
        "def login():\n"
        f"    print({lookup.format('settings.OTHER')})\n"
        f"    headers = {{'client_secret': {lookup.format('settings.ONE')}}}\n"
        "    return requests.post('https://api.vipps.no/accesstoken/get', headers=headers, timeout=10)\n"
    ).paths
    assert path.call.logged == ()
