"""The maintainers' script: OpenAPI files to tables, and what was decided otherwise."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "tools" / "derive_shapes.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    if not SCRIPT.exists():
        pytest.skip("an installed package has no tools")
    pytest.importorskip("yaml")
    specification = importlib.util.spec_from_file_location("derive_shapes", SCRIPT)
    assert specification and specification.loader
    module = sys.modules[specification.name] = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


MONEY = {"type": "object", "required": ["value"], "properties": {"value": {"type": "integer"}}}
CARD = {"type": "object", "required": ["kind", "number"], "properties": {"kind": {"enum": ["CARD"], "type": "string"}, "number": {"type": "string", "maxLength": 16}}}
WALLET = {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["WALLET"], "type": "string"}}}
ORDER = {
    "type": "object",
    "required": ["price", "method"],
    "properties": {
        "price": {"$ref": "money.yaml#/schemas/Money"},
        "tip": {"allOf": [{"$ref": "money.yaml#/schemas/Money"}], "nullable": True},
        "method": {"oneOf": [CARD, WALLET]},
        "lines": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {"id": {"type": "string", "deprecated": True}}}},
        "country": {"type": "string", "enum": [False, "DK"]},
        "extra": {"type": "object"},
        "code": {"type": "string", "pattern": r"^[A-Z\d ]{2,4}$"},
        "pin": {"type": "string", "pattern": r"^\d{4}$"},
        "email": {"type": "string", "pattern": "^.+@.+$", "minLength": 0},
        "text": {"type": "string", "minimum": 1, "maximum": 45},
        "share": {"type": "number", "minimum": 0.0, "maximum": 100},
    },
}  # fmt: skip
SHOP = {
    "security": [{"Bearer": []}],
    "paths": {
        "/orders/{order-id}": {
            "parameters": [{"name": "Key", "in": "header", "required": True}, {"name": "Name", "in": "header"}],
            "post": {
                "requestBody": {"required": True, "content": {"application/json;charset=UTF-8": {"schema": ORDER}}},
                "responses": {400: {}, 201: {"content": {"application/json": {"schema": {"type": "array", "items": MONEY}}}}},
            },
        }
    },
}
DECIDED = """
[sources.shop]
title = "the shop"
file = "shop.yaml"
base = "/v1"
as_of = 2023-10-30

[[decisions]]
api = "shop"
why = "the guide says so"
types.PayRequest = { tip = "", extra = "any", old = "gone instead=extra" }
"""
WRITTEN = """
as_of = 2023-10-30

[operations.pay]
headers = ["Authorization", "Key"]
body = "PayRequest required"
answer = "PayResponse[]"
success = [201]

[types.Money]
value = "integer required"

[types.PayRequest]
price = "Money required"
method = "PayRequestMethod required"
lines = "PayRequestLines[] min=1"
country = "string in=NO|DK"
extra = "any"
code = "string min=2 max=4 signs=A-Z0-9%20"
pin = "string min=4 max=4 signs=0-9"
email = "string"
text = "string min=1 max=45"
share = "number min=0 max=100"
old = "gone instead=extra"

[types.PayRequestLines]
id = "string deprecated"

[types.PayRequestMethod]
kind = "string required in=CARD|WALLET"
number = "string max=16"

[types.PayResponse]
value = "integer required"
"""


def run(script: ModuleType, place: Path, decided: str = DECIDED) -> str:
    for name, content in {"shop.yaml": SHOP, "money.yaml": {"schemas": {"Money": MONEY}}}.items():
        (place / name).write_text(json.dumps(content), encoding="utf-8")
    (place / "api").mkdir()
    (place / "shapes").mkdir()
    route = '[operations.pay]\nmethod = "POST"\nroute = "/v1/orders/{id}"\n'
    (place / "api" / "shop.toml").write_text(route, encoding="utf-8")
    (place / "decided.toml").write_text(decided, encoding="utf-8")
    script.main(place, place / "decided.toml", place)
    text: Any = (place / "shapes" / "shop.toml").read_text(encoding="utf-8")
    return str(text)


def test_a_description_becomes_tables(script: ModuleType, tmp_path: Path) -> None:
    text = run(script, tmp_path)
    assert text.startswith("# The shapes of what the shop takes and answers")
    assert text.partition("\n\n")[2] == WRITTEN.removeprefix("\n")


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        pytest.param("PayRequest =", "Paid =", "shop: no operation has the type Paid", id="a type that is not used"),
        pytest.param(
            '{ tip = "", extra = "any", old = "gone instead=extra" }',
            '{ extra = "object" }',
            "shop: nothing to decide any more: the guide says so",
            id="the file agrees by now",
        ),
    ],
)
def test_a_decision_that_changes_nothing_is_an_error(
    script: ModuleType, tmp_path: Path, right: str, wrong: str, sentence: str
) -> None:
    with pytest.raises(SystemExit, match=sentence):
        run(script, tmp_path, DECIDED.replace(right, wrong))
