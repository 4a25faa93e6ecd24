"""What errors mean: the files in `rules/errors/`, and where an error finds itself in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vipps_lint.cache import Cache
from vipps_lint.catalog import catalog, folder
from vipps_lint.catalog.errors import NOTHING, meaning, meanings
from vipps_lint.diagnostic import Failure
from vipps_lint.rulefiles import RuleFileError

APIS = catalog().apis


def failed(api: str, group: str = "", code: str = "", status: int = 400) -> Failure:
    return Failure("POST /x", status, group, code, "a title", api)


@pytest.mark.parametrize(
    ("failure", "words", "cure"),
    [
        pytest.param(failed("ecom", "Payment", "51"), "captured cannot be cancelled", "refund", id="51 of a payment"),
        pytest.param(failed("ecom", "Merchant", "51"), "national identity number", "`nin`", id="51 of a merchant"),
        pytest.param(failed("ecom", "VippsError", "93"), "differs from the first", "unchanged", id="93 of Vipps"),
        pytest.param(failed("ecom", "Payment", "93"), "another amount", "unchanged", id="93 of a payment"),
        pytest.param(failed("ecom", "VippsError", "98"), "same time", "one after the other", id="98 of Vipps"),
        pytest.param(failed("ecom", "Payment", "98"), "180 days", "earlier", id="98 of a payment"),
        pytest.param(failed("ecom", "user", "81"), "phone number", "eight digits", id="small letters"),
        pytest.param(
            failed("ecom", "InvalidRequest", "fallBack"), "field `fallBack`", "says", id="a field is the code"
        ),
        pytest.param(failed("epayment", "", "6080"), "before the customer", "AUTHORIZED", id="ePayment"),
        pytest.param(failed("psp", "", "51"), "`pspRedirectUrl`", "specification", id="51 of the PSP API"),
        pytest.param(failed("recurring-v3", "", "conflict", 409), "conflicts with", "get", id="Recurring"),
        pytest.param(failed("qr", status=401), "token", "Bearer", id="a status"),
        pytest.param(failed("epayment", status=423), "holds", "key", id="a status of one API"),
        pytest.param(failed("epayment", "", "10040"), "payment source", "", id="Vipps says no cure"),
    ],
)
def test_what_is_listed(failure: Failure, words: str, cure: str) -> None:
    found = meaning(failure)
    assert words in found.meaning
    assert cure in found.cure and bool(found.cure) is bool(cure)
    assert found.source.startswith("https://developer.vippsmobilepay.com/")


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(failed("ecom", "Payment", "999"), id="a code that is not listed"),
        pytest.param(failed("ecom", "", "51"), id="a code without its group"),
        pytest.param(failed("ecom", "Payment", "6080"), id="a code of another API"),
        pytest.param(failed("recurring-v2", "", "conflict"), id="a version with other codes"),
        pytest.param(failed("ecom", "Payment", "999", 401), id="a status does not speak for a code"),
        pytest.param(failed("ecom", status=418), id="a status that is not listed"),
        pytest.param(failed("", status=404), id="a path that is no operation"),
        pytest.param(failed("ecom", "Payment", "*"), id="a code that looks like any"),
    ],
)
def test_what_is_not_listed_has_no_meaning(failure: Failure) -> None:
    assert meaning(failure) == NOTHING


def test_each_is_one_sentence_in_our_own_form() -> None:
    for key, one in meanings().items():
        assert key[0] in {*APIS, "*"}
        for text in filter(None, (one.meaning, one.cure)):
            assert text == " ".join(text.split()) and not text.endswith(".") and text.count("`") % 2 == 0
            assert not text[0].isupper() or text.startswith("Vipps ")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("on = []", "on: ", id="of no API"),
        pytest.param('on = ["ekom"]', "on: no API is called `ekom`; rules/api has them all", id="an unknown API"),
        pytest.param(
            'on = ["ecom"]\nverifid = 2026-01-01', "verifid: unknown key; did you mean `verified`?", id="a typo"
        ),
        pytest.param('on = ["ecom"]\n[code.1]\ncure = "do"', "code.1.meaning: missing", id="no meaning"),
        pytest.param('on = ["ecom"]\n[status.200]\nmeaning = "a"', "status.200", id="a status that is no error"),
        pytest.param("on = [", "not valid TOML", id="no TOML"),
    ],
)
def test_a_mistake_in_a_file_is_said_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    shutil.copytree(folder() / "api", tmp_path / "api")
    (tmp_path / "errors").mkdir()
    common = 'source = "https://example.com"\n' + ("" if "verifid" in text else "verified = 2026-01-01\n")
    (tmp_path / "errors" / "mine.toml").write_text(common + text, encoding="utf-8")
    with pytest.raises(RuleFileError) as raised:
        meanings(tmp_path, Cache(""))
    assert str(raised.value).startswith("rules/errors/mine.toml: ")
    assert sentence in str(raised.value) and "\n" not in str(raised.value)


def test_what_was_read_is_kept_until_a_file_changes(tmp_path: Path) -> None:
    shutil.copytree(folder() / "api", tmp_path / "api")
    shutil.copytree(folder() / "errors", tmp_path / "errors")
    kept = Cache(str(tmp_path / "cache"))
    first = meanings.__wrapped__(tmp_path, kept)
    assert meanings.__wrapped__(tmp_path, kept) == first == meanings()
    file = tmp_path / "errors" / "psp.toml"
    file.write_text(file.read_text("utf-8").replace('"the amount is less than one"', '"too little"'), "utf-8")
    assert meanings.__wrapped__(tmp_path, kept)[("psp", "", "amount", 0)].meaning == "too little"


def test_check_does_not_load_them(tmp_path: Path) -> None:
    (tmp_path / "pay.py").write_text("import requests\nrequests.get('https://api.vipps.no/qr/v1/merchant-redirect')\n")
    code = "import sys; from vipps_lint.cli import main; main(sys.argv[1:]); sys.exit(9 * ('vipps_lint.catalog.errors' in sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code, "check", "pay.py"], cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0
