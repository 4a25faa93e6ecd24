"""Values that come from other files of the project, and mistakes that only two files together make."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vipps_lint.catalog import catalog
from vipps_lint.check import check_paths
from vipps_lint.diagnostic import Severity

CLIENT = '''
import requests
from .settings import BASE

class Client:
    def _call(self, verb, path, body=None):
        response = requests.request(verb, BASE + path, json=body, timeout=5)
        response.raise_for_status()
        return response.json()

    def initiate(self, order, phone):
        shop = {"merchantSerialNumber": "123456", "callbackPrefix": "https://shop.example", "fallBack": "https://shop.example"}
        body = {"customerInfo": {"mobileNumber": phone}, "merchantInfo": shop}
        body["transaction"] = {"orderId": order, "amount": 49900, "transactionText": "Socks"}
        return self._call("POST", "/ecomm/v2/payments", body)

    def capture(self, order, amount):
        return self._call("POST", f"/ecomm/v2/payments/{order}/capture", {"transaction": {"amount": amount, "transactionText": "Socks"}})

    def cancel(self, order):
        body = {"merchantInfo": {"merchantSerialNumber": "123456"}, "transaction": {"transactionText": "Socks"}}
        return self._call("PUT", f"/ecomm/v2/payments/{order}/cancel", body)

client = Client()
'''

PROJECTS = [
    pytest.param(
        {"settings.py": 'BASE = "https://api.vips.no"'}, ["unknown-host settings.py:1"], id="a host in the settings"
    ),
    pytest.param(
        {"views.py": 'from .client import Client\n\ndef buy(o):\n    Client().initiate(o, "+47 91 23 45 67")'},
        ["mobile-number-not-national views.py:4"], id="a literal that a view hands to the client",
    ),
    pytest.param(
        {"views.py": 'from shop import client as vipps\n\ndef buy(o):\n    vipps.client.initiate(o, "+4791234567")'},
        ["mobile-number-not-national views.py:4"], id="through a module's name and its instance",
    ),
    pytest.param(
        {"views.py": "from .client import client\n\ndef buy(o):\n    try:\n        client.capture(o, 100)\n    except Exception:\n        pass"},
        ["error-swallowed views.py:6"], id="an error that a view drops",
    ),
    pytest.param(
        {
            "flow.py": "from .client import client\n\ndef ship(o):\n    client.initiate(o, '91234567')\n    client.capture(o, 20000)\n"
            "    client.cancel(o)"
        },
        ["cancel-without-release client.py:21"], id="an order of calls that another file makes",
    ),
    pytest.param(
        {"views.py": 'from .client import client\n\ndef buy(o, phone):\n    client.initiate(o, phone)'}, [], id="nothing is known"
    ),
    pytest.param(
        {"settings.py": "import os\nBASE = os.environ['BASE']", "views.py": "from .client import *\n\nx = client"}, [],
        id="a base from the environment, and a star",
    ),
    pytest.param({"a.py": "from . import b\nX = b.Y", "b.py": "from . import a\nY = a.X"}, [], id="modules that import each other"),
    pytest.param(
        {"shop.py": 'import requests\nfrom shop import settings\nfrom shop import *\n\ndef buy(more):\n    '
         'requests.post(settings.BASE + "/epayment/v1/payments", json=more, headers=settings.ALL, timeout=5).raise_for_status()'}, [],
        id="a module that imports from a package of its own name",
    ),
    pytest.param(
        {"shop.py": 'import requests\n\ntry:\n    from shop import BASE, settings\nexcept ImportError:\n    from shop.shop import BASE\n\n'
         'settings = settings\nBASE = BASE\n\nclass Shop(settings.Shop):\n    def buy(self, more):\n        '
         'requests.post(BASE + "/epayment/v1/payments", json=more, headers=self.all, timeout=5).raise_for_status()'}, [],
        id="a module that imports what it sets from itself",
    ),
    pytest.param(
        {"views.py": 'from .client import client\n\n@fixed_up\ndef go(phone):\n    client.initiate("acme-1042", phone)\n\ngo("+47 91 23 45 67")'}, [],
        id="a decorator that is not seen may change what goes in",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), PROJECTS)
def test_mistake_over_files(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    every = {"__init__.py": "", "settings.py": 'BASE = "https://api.vipps.no"', "client.py": CLIENT} | files
    for name, text in every.items():
        (shop / name).write_text(text, encoding="utf-8")
    report = check_paths([tmp_path], catalog(), today=date(2026, 11, 22))
    wrong = [one for one in report.diagnostics if one.severity is not Severity.INFO]
    found = [f"{one.rule} {Path(one.place.path).name}:{one.place.line}" for one in wrong]
    assert (report.notes, found) == ([], expected)


def test_a_file_of_the_project_that_is_not_checked_still_gives_values(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text('BASE = "https://api.vips.no"\n', encoding="utf-8")
    client = tmp_path / "client.py"
    call = 'requests.get(BASE + "/ecomm/v2/payments/a/details", timeout=5).raise_for_status()'
    client.write_text(f"import requests\nfrom settings import BASE\n\n{call}\n", encoding="utf-8")
    report = check_paths([client], catalog(), today=date(2026, 11, 22))
    assert [(one.rule, Path(one.place.path).name) for one in report.diagnostics] == [("unknown-host", "settings.py")]
