"""Bodies that are made of dataclasses, pydantic models, attrs classes, named tuples, typed dicts and enums."""

from __future__ import annotations

from typing import Any

import pytest
from forms import ABSENT, Either, sent

DATACLASS = "from dataclasses import dataclass, field, asdict, replace\n"
PYDANTIC = "from typing import Optional\nfrom pydantic import BaseModel, Field, ConfigDict, field_validator\n"
ATTRS = "import attrs\nfrom attrs import define, field\n"
ENUM = "from enum import Enum, IntEnum, StrEnum, auto\n"
TYPING = "from typing import NamedTuple, TypedDict, Literal, Final\nfrom collections import namedtuple\n"

FORMS = [
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int\n    y: int = 2", "A(1).x", 1, id="a dataclass by position"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int\n    y: int = 2", "A(x=1).y", 2, id="a dataclass's default"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int\n    y: int = 2", "asdict(A(1))", {"x": 1, "y": 2}, id="asdict"),
    pytest.param(DATACLASS + "@dataclass(frozen=True)\nclass A:\n    x: int = 1", "asdict(A())", {"x": 1}, id="a frozen dataclass"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int = field(default=1)\n    y: list = field(default_factory=list)", "asdict(A())", {"x": 1, "y": []}, id="fields of a dataclass"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int = 1\n@dataclass\nclass B(A):\n    y: int = 2", "asdict(B(5))", {"x": 5, "y": 2}, id="an inherited dataclass"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int\n@dataclass\nclass B:\n    a: A", "asdict(B(A(1)))", {"a": {"x": 1}}, id="a dataclass in a dataclass"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int\n    def body(self):\n        return {'amount': self.x * 100}", "A(5).body()", {"amount": 500}, id="a method of a dataclass"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int\n    def __post_init__(self):\n        self.x = self.x * 100", "A(5).x", 500, id="__post_init__"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int = 0", "a.x", 7, "a = A()\na.x = 7", id="a dataclass's attribute that is set"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int = 0", "replace(A(1), x=2).x", 2, id="replace"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int = 0", "A(**extra).x", Either(0, ...), id="a dataclass of something unknown"),
    pytest.param(DATACLASS + "@dataclass\nclass A:\n    x: int = field(init=False, default=3)\n    y: int = 4", "A(1).y", 1, id="a field that is no argument"),
    pytest.param(DATACLASS + "from other import Base\n@dataclass\nclass A(Base):\n    x: int = 1", "A().x", Either(1, ...), id="a dataclass with a base that is not seen"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: int\n    y: int = 2", "A(x=1).model_dump()", {"x": 1, "y": 2}, id="model_dump"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: int\n    y: int = 2", "A(x=1).dict()", {"x": 1, "y": 2}, id="dict of pydantic 1"),
    pytest.param("import json\n" + PYDANTIC + "class A(BaseModel):\n    x: int", "json.loads(A(x=1).model_dump_json())", {"x": 1}, id="model_dump_json"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: int", "A(x='1').x", ..., id="pydantic converts"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: float", "A(x=1).x", ..., id="an integer for a float"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: str", "A(x='+47').x", "+47", id="text for text"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: str\n    @field_validator('x')\n    def fix(cls, v):\n        return v.strip('+')", "A(x='+47').x", ..., id="a validator may change it"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: str\n    model_config = ConfigDict(str_strip_whitespace=True)", "A(x=' a').x", ..., id="a configuration may change it"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    order_id: str = Field(alias='orderId')", "A(orderId='a').model_dump(by_alias=True)", {"orderId": "a"}, id="an alias"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    order_id: str = Field(..., alias='orderId')", "A(orderId='a').model_dump()", {"order_id": "a"}, id="without the alias"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    order_id: str = Field(serialization_alias='orderId')", "A(order_id='a').model_dump(by_alias=True)", {"orderId": "a"}, id="an alias for output"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: Optional[str] = None\n    y: int = 1", "A().model_dump(exclude_none=True)", {"y": 1}, id="exclude_none leaves a None out"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: Optional[str] = None", "A(x=order.x).model_dump(exclude_none=True)", {"x": Either(..., ABSENT)}, id="exclude_none may leave an unknown one out"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: int = 1\n    y: int = 2", "A(y=3).model_dump(exclude={'x'})", {...: ..., "x": Either(1, ABSENT, ...), "y": Either(3, ABSENT, ...)}, id="options that are not modelled"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: int\nclass B(A):\n    y: int", "B(x=1, y=2).model_dump()", {"x": 1, "y": 2}, id="an inherited model"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: int\nclass B(BaseModel):\n    a: A", "B(a=A(x=1)).model_dump()", {"a": {"x": 1}}, id="a model in a model"),
    pytest.param(PYDANTIC + "class A(BaseModel):\n    x: int", "A(**extra).model_dump()", {"x": ...}, id="a model of something unknown"),
    pytest.param(ATTRS + "@define\nclass A:\n    x: int\n    y: int = 2", "A(1).y", 2, id="attrs"),
    pytest.param(ATTRS + "@define\nclass A:\n    x: int = field(default=1)", "attrs.asdict(A())", {"x": 1}, id="attrs' asdict"),
    pytest.param(ATTRS + "@define\nclass A:\n    x: int = field(converter=int)", "A('1').x", ..., id="attrs with a converter"),
    pytest.param(TYPING + "class A(NamedTuple):\n    x: int\n    y: int = 2", "A(1).y", 2, id="NamedTuple"),
    pytest.param(TYPING + "class A(NamedTuple):\n    x: int\n    y: int = 2", "A(1)._asdict()", {"x": 1, "y": 2}, id="_asdict"),
    pytest.param(TYPING + "A = namedtuple('A', ['x', 'y'])", "A(1, 2).x", ..., id="namedtuple is not modelled"),
    pytest.param(TYPING + "class A(TypedDict):\n    x: int", "A(x=1)", {"x": 1}, id="TypedDict"),
    pytest.param(TYPING + "class A(TypedDict, total=False):\n    x: int\nclass B(A):\n    y: int", "B(x=1, y=2)", {"x": 1, "y": 2}, id="an inherited TypedDict"),
    pytest.param(TYPING + "A = TypedDict('A', {'x': int})", "A(x=1)", ..., id="a TypedDict that is made by a call"),
    pytest.param(TYPING, "body", {"x": "a"}, "body: dict[str, Literal['a', 'b']] = {'x': 'a'}", id="Literal as an annotation"),
    pytest.param(TYPING + "X: Final = 'a'", "X", "a", id="Final"),
    pytest.param(ENUM + "class A(Enum):\n    X = 'x'", "A.X.value", "x", id="the value of an enum"),
    pytest.param(ENUM + "class A(str, Enum):\n    X = 'x'", "A.X", "x", id="an enum of text"),
    pytest.param(ENUM + "class A(StrEnum):\n    X = 'x'", "f'{A.X}-1'", "x-1", id="StrEnum in text"),
    pytest.param(ENUM + "class A(str, Enum):\n    X = 'x'", "f'{A.X}'", ..., id="an enum of text in text is written otherwise in some versions"),
    pytest.param(ENUM + "class A(IntEnum):\n    X = 1", "A.X + 1", 2, id="IntEnum"),
    pytest.param(ENUM + "class A(Enum):\n    X = 'x'", "A.X.name", "X", id="the name of a member"),
    pytest.param(ENUM + "class A(Enum):\n    X = 'x'", "A('x').value", ..., id="a member by its value"),
    pytest.param(ENUM + "class A(Enum):\n    X = 'x'", "A['X'].value", ..., id="a member by its name"),
    pytest.param(ENUM + "class A(Enum):\n    X = auto()", "A.X.value", ..., id="auto"),
    pytest.param(ENUM + "class A(Enum):\n    X = 'x'\n    def spelled(self):\n        return self.value.upper()", "A.X.spelled()", "X", id="a method of an enum"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("setup", "expression", "expected", "steps"),
    [pytest.param(*(*one.values, "pass")[:4], id=one.id) for one in FORMS],
)
def test_form(setup: str, expression: str, expected: Any, steps: str) -> None:
    assert sent(setup, expression, steps) == expected
