"""Values that classes and their instances hold."""

from __future__ import annotations

from typing import Any

import pytest
from forms import Either, Text, sent

FORMS = [
    pytest.param("class A:\n    x = 1", "A.x", 1, id="a class attribute"),
    pytest.param("class A:\n    x = 1", "A().x", 1, id="a class attribute of an instance"),
    pytest.param("class A:\n    x = 1\n    y = x + 1", "A.y", 2, id="a class attribute made of another"),
    pytest.param("class A:\n    x = 1\nclass B(A):\n    pass", "B.x", 1, id="an inherited attribute"),
    pytest.param("class A:\n    x = 1\nclass B(A):\n    x = 2", "B().x", 2, id="an attribute that a subclass sets"),
    pytest.param("class A:\n    x = 1\nA.x = 2", "A.x", Either(1, ...), id="a class attribute that is set from outside"),
    pytest.param("class A:\n    class Meta:\n        x = 1", "A.Meta.x", 1, id="a class in a class"),
    pytest.param("class A:\n    x = 1\nclass B(A):\n    pass\nclass C(A):\n    x = 3\nclass D(B, C):\n    pass", "D.x", 3, id="the order of the bases of a diamond"),
    pytest.param("class M:\n    def f(self):\n        return self.x\nclass A(M):\n    x = 1", "A().f()", 1, id="a mixin"),
    pytest.param("from other import M\nclass A(M):\n    x = 1", "A().x", Either(1, ...), id="a base that is not seen may set it"),
    pytest.param("class A:\n    def f(self):\n        return 1\nclass B(A):\n    def f(self):\n        return super().f() + 1", "B().f()", 2, id="super"),
    pytest.param("class A:\n    def f(self):\n        return 1\nclass B(A):\n    def f(self):\n        return super(B, self).f() + 1", "B().f()", 2, id="super with arguments"),
    pytest.param("class A:\n    def f(self):\n        return 1\nclass B(A):\n    def f(self):\n        return A.f(self) + 1", "B().f()", 2, id="a method of a base by name"),
    pytest.param(
        "class A:\n    def f(self):\n        return 'a'\nclass B(A):\n    def f(self):\n        return 'b' + super().f()\n"
        "class C(A):\n    def f(self):\n        return 'c' + super().f()\nclass D(B, C):\n    pass", "D().f()", "bca", id="super in a diamond",
    ),
    pytest.param(
        "class A:\n    def __init__(self, x):\n        self.x = x\nclass B(A):\n    def __init__(self, x, y):\n"
        "        super().__init__(x)\n        self.y = y", "B(1, 2).x", 1, id="super in __init__",
    ),
    pytest.param("class A:\n    def __init__(self, x, *, y=2):\n        self.x, self.y = x, y", "A(1).y", 2, id="instance attributes"),
    pytest.param("class A:\n    def __init__(self):\n        self.x = 1\n    def set(self, x):\n        self.x = x", "a.x", 5, "a = A()\na.set(5)", id="a method that sets an attribute"),
    pytest.param("class A:\n    pass", "a.x", 1, "a = A()\na.x = 1", id="an attribute that is set from outside"),
    pytest.param("class A:\n    x = 1", "a.x", Either(2, ...), "a = A()\nif flag:\n    a.x = 2", id="an attribute that one path sets"),
    pytest.param("class A:\n    x = 1", "a.x", Either(1, ...), "a = A()\nchange(a)", id="an object given to code that is not seen"),
    pytest.param("class A:\n    x = 1", "a.x", 2, "a = A()\nsetattr(a, 'x', 2)", id="setattr"),
    pytest.param("class A:\n    x = 1", "getattr(A(), 'x')", 1, id="getattr"),
    pytest.param("class A:\n    x = 1", "getattr(A(), 'y', 2)", 2, id="getattr with a default"),
    pytest.param("class A:\n    x = 1", "getattr(A(), order.name)", ..., id="getattr of an unknown name"),
    pytest.param("class A:\n    x = 1", "a.x", Either(1, ...), "a = A()\na.__dict__.update(extra)", id="an object's dict that is changed"),
    pytest.param("class A:\n    @property\n    def x(self):\n        return 1", "A().x", 1, id="a property"),
    pytest.param("from functools import cached_property\nclass A:\n    @cached_property\n    def x(self):\n        return 1", "A().x", 1, id="a cached property"),
    pytest.param("class A:\n    @property\n    def x(self):\n        return self._x\n    @x.setter\n    def x(self, v):\n        self._x = v + 1", "a.x", ..., "a = A()\na.x = 1", id="a property with a setter"),
    pytest.param("class A:\n    y = 1\n    @classmethod\n    def f(cls, x):\n        return cls.y + x", "A.f(2)", 3, id="a class method"),
    pytest.param("class A:\n    y = 1\n    @classmethod\n    def f(cls):\n        return cls.y\nclass B(A):\n    y = 2", "B.f()", 2, id="a class method of a subclass"),
    pytest.param("class A:\n    def __init__(self, x):\n        self.x = x\n    @classmethod\n    def of(cls, x):\n        return cls(x)", "A.of(1).x", 1, id="a class method that makes an instance"),
    pytest.param("class A:\n    @staticmethod\n    def f(x):\n        return x", "A().f(1)", 1, id="a static method"),
    pytest.param("class A:\n    def f(self):\n        return self.g()\n    def g(self):\n        return 1\nclass B(A):\n    def g(self):\n        return 2", "B().f()", 2, id="a method that a subclass replaces"),
    pytest.param("class A:\n    def __call__(self, x):\n        return x", "A()(1)", 1, id="an instance that is called"),
    pytest.param("class A:\n    def __getitem__(self, k):\n        return k", "A()['x']", ..., id="an instance with items of its own"),
    pytest.param("class A:\n    def set(self, k, v):\n        self.d[k] = v\n        return self\n    def __init__(self):\n        self.d = {}", "A().set('a', 1).set('b', 2).d", {"a": 1, "b": 2}, id="a builder"),
    pytest.param("class A:\n    def __str__(self):\n        return 'a'", "str(A())", ..., id="an instance as text"),
    pytest.param("def f(a):\n    return a.x\nclass A:\n    x = 1", "f(A())", 1, id="an instance as an argument"),
    pytest.param("class A:\n    def __getattr__(self, name):\n        return 1", "A().x", ..., id="an attribute that is made up"),
    pytest.param("class A:\n    def __init__(self, base):\n        self.url = f'{base}/x'", "A(order.base).url", Text(..., "/x"), id="an attribute that is partly known"),
    pytest.param("@foreign\nclass A:\n    x = 1", "A().x", Either(1, ...), id="a decorated class may be anything"),
    pytest.param("class A:\n    n = 0\n    def bump(self):\n        A.n = 9", "A.n", Either(0, ...), "A().bump()", id="a class attribute that a method sets"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("setup", "expression", "expected", "steps"),
    [pytest.param(*(*one.values, "pass")[:4], id=one.id) for one in FORMS],
)
def test_form(setup: str, expression: str, expected: Any, steps: str) -> None:
    assert sent(setup, expression, steps) == expected
