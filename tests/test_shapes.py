"""The tables in `rules/shapes/`: how they are read, and that they agree with the good requests and answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vipps_lint.catalog import catalog
from vipps_lint.document import MAYBE, NO, YES, Pointer, Truth, Value, from_json, is_a, json_type
from vipps_lint.examples import good_request
from vipps_lint.rulefiles import RuleFileError
from vipps_lint.shape import Shape
from vipps_lint.shapefiles import references

CATALOG = catalog()

FILE = """
as_of = 2023-10-30
[operations.pay]
headers = ["Authorization"]
body = "Order required"
answer = "string[]"
[types.Order]
id = "string required min=1 max=50 signs=A-Z%20"
lines = "Line[]"
extra = "object nullable"
kind = "string in=A B|C"
old = "gone instead=lines"
[types.Line]
price = "integer required"
"""


def read(folder: Path, text: str = FILE) -> Any:
    (folder / "shop.toml").write_text(text, encoding="utf-8")
    return references(folder)["shop.pay"]


def test_a_field_is_its_type_and_what_else_is_known(tmp_path: Path) -> None:
    reference = read(tmp_path)
    line = Shape("object", fields={"price": Shape("integer", required=True)})
    assert reference.headers == ("Authorization",) and not reference.final
    assert reference.answer == Shape("array", items=Shape("string"))
    assert reference.body == Shape(
        "object",
        required=True,
        fields={
            "id": Shape("string", required=True, least=1, most=50, signs="A-Z "),
            "lines": Shape("array", items=line),
            "extra": Shape("object", nullable=True),
            "kind": Shape("string", options=("A B", "C")),
            "old": Shape("gone", instead="lines"),
        },
    )


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        pytest.param(("id",), YES, id="a field"),
        pytest.param(("idd",), NO, id="no such field"),
        pytest.param(("id", "more"), NO, id="text has no fields"),
        pytest.param(("lines", "*", "price"), YES, id="a field of all items"),
        pytest.param(("lines", 3, "price"), YES, id="a field of one item"),
        pytest.param(("lines", "price"), NO, id="an array has no fields"),
        pytest.param(("extra", "anything"), MAYBE, id="a field of an object that is not described"),
        pytest.param(("old",), NO, id="a field that is gone"),
    ],
)
def test_whether_there_is_a_field(tmp_path: Path, at: Pointer, answer: Truth) -> None:
    assert read(tmp_path).body.has(at) is answer


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        pytest.param("Line[]", "Lines[]", "types.Order.lines: no type is called `Lines`", id="no such type"),
        pytest.param("string[]", "String[]", "operations.pay: no type is called `String`", id="a type with a capital"),
        pytest.param(
            "max=50", "mx=50", "types.Order.id: unknown word `mx=50`; allowed are required, nullable, deprecated, min=, max=", id="no such word"
        ),
        pytest.param("headers", "header", "operations.pay.header: unknown key; did you mean `headers`?", id="a typo"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, right: str, wrong: str, sentence: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        read(tmp_path, FILE.replace(right, wrong))
    assert str(caught.value).startswith(f"rules/shapes/shop.toml: {sentence}")
    assert "\n" not in str(caught.value)


def disagreements(value: Value, shape: Shape, at: str) -> Iterator[str]:
    """Where a document is not of a shape."""
    if value is None and shape.nullable:
        return
    if shape.type != "any" and is_a(value, shape.type) is not YES:
        yield f"{at} is {json_type(value)}, not {shape.type}"
    if shape.options and value not in shape.options:
        yield f"{at} has no value {value}"
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        size = len(value) if isinstance(value, str) else value
        if size < (size if shape.least is None else shape.least) or size > (size if shape.most is None else shape.most):
            yield f"{at} is {value}, not {shape.least} to {shape.most}"
    if shape.fields is not None:
        fields = getattr(value, "fields", {})
        yield from (
            f"{at}.{name} is missing" for name, one in shape.fields.items() if one.required and name not in fields
        )
        for name, item in fields.items():
            inner = shape.step(name)
            yield from disagreements(item, inner, f"{at}.{name}") if inner else [f"{at} has no {name}"]
    for number, item in enumerate(getattr(value, "items", ())):
        if shape.items is not None:
            yield from disagreements(item, shape.items, f"{at}.{number}")


DESCRIBED = [name for name, one in CATALOG.operations.items() if one.reference.headers or one.reference.answer]


@pytest.mark.parametrize("name", DESCRIBED)
def test_the_good_request_and_answer_are_of_the_shapes(name: str) -> None:
    """The examples in `rules/api/` were written from guides and real calls, not from the tables."""
    request, reference = good_request(CATALOG, name), CATALOG.operations[name].reference
    sent = {header.lower() for header in request.headers}
    found = [f"no {header}" for header in reference.headers if header.lower() not in sent]
    body = request.form if request.form is not None else request.body
    if reference.body and (body is not None or reference.body.required):
        found += disagreements(from_json(body), reference.body, "body")
    if reference.answer and reference.answer.type == "object" and "body" in request.response:
        found += disagreements(from_json(request.response["body"]), reference.answer, "answer")
    if reference.success and request.response["status"] not in reference.success:
        found.append(f"the status is {request.response['status']}, not {reference.success}")
    assert not found


def test_most_operations_are_described() -> None:
    assert len(DESCRIBED) > 90
