"""How code treats the answer of a call: what it reads of it, and whether anybody looks at the status or logs an error."""

from __future__ import annotations

import pytest

from vipps_lint.call import dotted

PREAMBLE = """
import http.client, json, logging, requests, urllib.request
import httpx

log = logging.getLogger(__name__)
URL = "https://api.vipps.no/ecomm/v2/payments"
MERCHANTS = "https://api.vipps.no/merchant-management/psp/v1/merchants"


class VippsError(Exception):
    pass


def pay():
    return requests.post(URL, json={}, timeout=5)


def checked_pay():
    response = requests.post(URL, json={}, timeout=5)
    response.raise_for_status()
    return response
"""

CONNECTED = "c = http.client.HTTPSConnection('api.vipps.no', timeout=5)\nc.request('POST', '/ecomm/v2/payments', '{}')\n"

UNCHECKED = [
    pytest.param("requests.post(URL)", True, id="the result is thrown away"),
    pytest.param("r = requests.post(URL)\nreturn r.json()['url']", True, id="one field of the body is returned"),
    pytest.param("r = requests.post(URL)\nsave(r.json()['url'])", True, id="one field is handed on"),
    pytest.param("r = requests.post(URL)\nlog.info(r.status_code)", True, id="the status is only logged"),
    pytest.param("r = requests.post(URL)\nlog.info(f'{r.status_code}')", True, id="the status is in the text of a log"),
    pytest.param("r = requests.post(URL)\nprint('%d' % r.status_code)", True, id="the status is printed"),
    pytest.param("data = requests.post(URL)\ndata = data.json() if data.content else {}\nsave(data['url'])", True, id="only whether there is a body"),
    pytest.param("r = requests.post(URL)\nreturn r.json().get('url', '/')", True, id="a field with a default"),
    pytest.param("r = requests.post(URL)\nlog.info(check(f'{r.status_code}'))", False, id="unknown code gets the status"),
    pytest.param("r = requests.post(URL)\ntext = f'{r.status_code}'\nif text == '200':\n    return 1", False, id="the text of the status is compared"),
    pytest.param("r = pay()\nreturn r.json()['url']", True, id="through a function that hands the response back"),
    pytest.param("with httpx.Client() as c:\n    return c.post(URL).json()['url']", True, id="a client in a with"),
    pytest.param(f"{CONNECTED}r = c.getresponse()\nreturn json.loads(r.read())['url']", True, id="an answer of http.client"),
    pytest.param(f"{CONNECTED}c.getresponse()", True, id="an answer of http.client that is thrown away"),
    pytest.param(f"{CONNECTED}r = c.getresponse()\nif r.status != 200:\n    raise VippsError(r.read())", False, id="the status of http.client"),
    pytest.param(f"{CONNECTED}", False, id="an answer of http.client that is not taken"),
    pytest.param(f"{CONNECTED}return c", False, id="whoever gets the connection takes the answer"),
    pytest.param(f"{CONNECTED}c.request('GET', '/other')\nc.getresponse()", False, id="the answer of another request"),
    pytest.param("r = requests.post(URL)\nr.raise_for_status()", False, id="raise_for_status"),
    pytest.param("r = requests.post(URL)\nif not r.ok:\n    raise VippsError(r.text)", False, id="ok"),
    pytest.param("r = requests.post(URL)\nif r.status_code != 200:\n    raise VippsError(r.text)", False, id="the status is compared"),
    pytest.param("r = requests.post(URL)\nassert r.status_code == 200", False, id="an assertion"),
    pytest.param("r = requests.post(URL)\nreturn 1 if r.ok else 2", False, id="a conditional expression"),
    pytest.param("r = requests.post(URL)\nmatch r.status_code:\n    case 200:\n        return 1", False, id="a match"),
    pytest.param("return requests.post(URL)", False, id="the response goes to the caller"),
    pytest.param("return requests.post(URL).json()", False, id="the whole body goes to the caller"),
    pytest.param("r = requests.post(URL)\nreturn r.json().get('url')", False, id="the caller can see that a field is missing"),
    pytest.param("r = requests.post(URL)\ncheck(r)", False, id="unknown code gets the response"),
    pytest.param("self.last = requests.post(URL)", False, id="the response is kept"),
    pytest.param("data = requests.post(URL).json()\nif 'errorCode' in data:\n    raise VippsError(data)", False, id="the body is looked at"),
    pytest.param("data = requests.post(URL).json()\nif isinstance(data, list):\n    raise VippsError(data)", False, id="its shape is looked at"),
    pytest.param("r = checked_pay()\nreturn r.json()['url']", False, id="a function that checks"),
    pytest.param("urllib.request.urlopen(URL, b'')", False, id="urllib raises by itself"),
    pytest.param("s = requests.Session()\ns.hooks['response'] = [check]\ns.post(URL)", False, id="a session with a hook"),
    pytest.param("with httpx.Client(event_hooks={}) as c:\n    c.post(URL)", False, id="a client with hooks"),
    pytest.param("client.post(URL)", False, id="a client that is not known may check"),
]  # fmt: skip


def lapses(read, steps: str) -> set[str]:
    body = "\n".join("    " + line for line in steps.splitlines())
    source = read(f"{PREAMBLE}\n\ndef shop(self, client, check, save):\n{body}\n")
    assert source.notes == []
    first = len((PREAMBLE + "\n\n").splitlines())
    assert first
    return {one.lapse.value for path in source.paths for one in path.call.handling}


@pytest.mark.parametrize(("steps", "found"), UNCHECKED)
def test_unchecked(read, steps: str, found: bool) -> None:
    assert ("unchecked" in lapses(read, steps)) is found


SWALLOWED = [
    pytest.param("for attempt in range(3):\n    try:\n        return checked_pay()\n    except Exception:\n        pass\nraise VippsError('three times')", False, id="tried again"),
    pytest.param("try:\n    checked_pay()\nexcept Exception:\n    pass", True, id="pass"),
    pytest.param("try:\n    checked_pay()\nexcept:\n    return None", True, id="a bare except that returns nothing"),
    pytest.param("for _ in save:\n    try:\n        checked_pay()\n    except requests.HTTPError:\n        continue", True, id="continue"),
    pytest.param("try:\n    checked_pay()\nexcept (KeyError, requests.RequestException):\n    return False", True, id="one of several classes"),
    pytest.param("import contextlib\nwith contextlib.suppress(Exception):\n    checked_pay()", True, id="suppress"),
    pytest.param("try:\n    checked_pay()\nexcept requests.Timeout:\n    pass", False, id="a timeout may be tried again"),
    pytest.param("try:\n    checked_pay()\nexcept KeyError:\n    pass", False, id="another class"),
    pytest.param("try:\n    checked_pay()\nexcept Exception:\n    raise", False, id="raised again"),
    pytest.param("try:\n    checked_pay()\nexcept Exception as e:\n    log.error(e)", False, id="logged"),
    pytest.param("try:\n    checked_pay()\nexcept Exception:\n    log.exception('no')", False, id="logged with its trace"),
    pytest.param("try:\n    checked_pay()\nexcept Exception as e:\n    return str(e)", False, id="handed on"),
    pytest.param("try:\n    checked_pay()\nexcept Exception:\n    report()", False, id="unknown code may log"),
    pytest.param("try:\n    save(1)\nexcept Exception:\n    pass", False, id="no call of Vipps inside"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "found"), SWALLOWED)
def test_swallowed(read, steps: str, found: bool) -> None:
    assert ("swallowed" in lapses(read, steps)) is found


UNLOGGED = [
    pytest.param("r = pay()\nif r.status_code != 200:\n    return None", True, id="a branch that returns"),
    pytest.param("r = pay()\nif not r.ok:\n    raise VippsError('failed')", True, id="an error without the body"),
    pytest.param("r = pay()\nif r.status_code >= 400:\n    log.error('failed %s', r.status_code)\n    return", True, id="only the status"),
    pytest.param("r = pay()\nif r.status_code == 200:\n    return 1\nelse:\n    return 2", True, id="the other branch"),
    pytest.param("try:\n    checked_pay()\nexcept Exception:\n    return {'error': 'no'}", True, id="an answer to the user only"),
    pytest.param("r = pay()\nreturn r.status_code == 200", True, id="only whether it is well is returned"),
    pytest.param("r = pay()\nif r.ok:\n    save(r.json()['url'])", True, id="a branch for success alone"),
    pytest.param("r = pay()\nif r.status_code == 200:\n    return r.json()\nelif r.status_code == 404:\n    return None\nraise VippsError('no')", True, id="all failures but one"),
    pytest.param("for _ in save:\n    r = pay()\n    if not r.ok:\n        break\n    save(r.json()['url'])", True, id="a loop that ends"),
    pytest.param("try:\n    r = pay()\n    if r.ok:\n        save(r.json()['url'])\nexcept Exception as e:\n    log.error(e)", True, id="a handler logs other errors"),
    pytest.param("for _ in save:\n    r = pay()\n    if not r.ok:\n        break\n    save(r.json()['url'])\nlog.info(r.text)", False, id="told after the loop"),
    pytest.param("r = pay()\nbad = False\nif not r.ok:\n    bad = True\nif bad:\n    log.error(r.text)", False, id="told by a flag"),
    pytest.param("r = pay()\nif not r.ok:\n    if save:\n        log.error(r.text)\n    return", False, id="told on some path"),
    pytest.param("r = pay()\nif not r.ok:\n    if r.status_code == 404:\n        return None\n    raise VippsError(r.text)", False, id="one failure is expected"),
    pytest.param("try:\n    r = pay()\n    if not r.ok:\n        raise VippsError('no')\nexcept VippsError:\n    log.error(r.text)", False, id="told by the handler"),
    pytest.param("r = pay()\nif r.status_code != 200:\n    raise VippsError(r.text)", False, id="the body is in the error"),
    pytest.param("r = pay()\nif not r.ok:\n    log.error(r.json())\n    return", False, id="the body is logged"),
    pytest.param("r = pay()\nlog.debug(r.text)\nif not r.ok:\n    return", False, id="logged before"),
    pytest.param("r = pay()\nif not r.ok:\n    return r", False, id="the response is handed on"),
    pytest.param("r = pay()\nif r.status_code == 404:\n    return None", False, id="one status is expected"),
    pytest.param("r = pay()\nif not r.ok:\n    retry = True\nreturn r", False, id="a branch that goes on"),
    pytest.param("r = pay()\ndata = r.json()\nif not r.ok:\n    raise VippsError(data)", False, id="the body was read before"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "found"), UNLOGGED)
def test_unlogged(read, steps: str, found: bool) -> None:
    assert ("unlogged" in lapses(read, steps)) is found


READS = [
    pytest.param("m = requests.get(URL).json()\nm['logo']", ["response.body.logo"], id="a subscript"),
    pytest.param("requests.get(URL).json().get('logo')", ["response.body.logo"], id="get"),
    pytest.param("m = requests.get(URL)\njson.loads(m.text)['logo']", ["response.body.logo"], id="json.loads"),
    pytest.param(
        "for m in requests.get(URL).json()['merchants']:\n    m['logo']",
        ["response.body.merchants", "response.body.merchants.*.logo"], id="a loop",
    ),
    pytest.param(
        "[m['logo'] for m in requests.get(URL).json()['merchants']]",
        ["response.body.merchants", "response.body.merchants.*.logo"], id="a comprehension",
    ),
    pytest.param("requests.get(URL).json()['merchants'][0]['logo']", ["response.body.merchants", "response.body.merchants.*.logo"], id="an index"),
    pytest.param("m = requests.get(URL).json()\nm['logo'] = 1", [], id="writing is not reading"),
    pytest.param("m = {'logo': 1}\nm['logo']\nrequests.get(URL)", [], id="another dict"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "expected"), READS)
def test_reads(read, steps: str, expected: list[str]) -> None:
    body = "\n".join("    " + line for line in steps.replace("URL", "MERCHANTS").splitlines())
    source = read(f"{PREAMBLE}\n\ndef shop():\n{body}\n")
    found = [dotted(one.pointer) for path in source.paths if path.call.method == "GET" for one in path.call.reads]
    assert found == expected


def test_a_function_that_is_too_complex_does_not_change_what_is_found_in_the_next(read) -> None:
    halves = "\n".join(f"    x = (first if flag else second)(x, {number})" for number in range(2000))
    program = f"def first(x, n):\n    return [x] * n\n\n\ndef second(x, n):\n    return [n] * x\n\n\ndef long(x, flag):\n{halves}\n"
    called = f"{PREAMBLE}\n\n{program}    requests.post(URL)\n\n\ndef later():\n    requests.post(URL)\n"
    assert ["unchecked"] in [[one.lapse.value for one in path.call.handling] for path in read(called).paths]


def test_an_import_that_is_used_first_in_a_loop_stays_what_it_is(read) -> None:
    program = "import requests\n\n\ndef pay():\n    requests.post('https://api.vipps.no/ecomm/v2/payments')\n\n\nfor _ in open('x'):\n    pay()\n"
    assert [one.lapse.value for path in read(program).paths for one in path.call.handling] == ["unchecked"] * 2
