"""Values that go through functions: arguments, closures, decorators, generators, context managers."""

from __future__ import annotations

from typing import Any

import pytest
from forms import ABSENT, MORE, Either, Text, sent

FORMS = [
    pytest.param("def f(a, b=2):\n    return a + b", "f(1)", 3, id="a default"),
    pytest.param("def f(a, *, b):\n    return a + b", "f(1, b=2)", 3, id="a keyword-only argument"),
    pytest.param("def f(a, /, b):\n    return a + b", "f(1, b=2)", 3, id="a positional-only argument"),
    pytest.param("def f(*a):\n    return a[1]", "f(1, 2)", 2, id="arguments in a star"),
    pytest.param("def f(**k):\n    return k", "f(a=1, **{'b': 2})", {"a": 1, "b": 2}, id="arguments in two stars"),
    pytest.param("def f(**k):\n    return k", "f(a=1, **extra)", {"a": 1, ...: ...}, id="two stars of something unknown"),
    pytest.param("def f(a, b):\n    return b", "f(*[1, 2])", 2, id="a list as arguments"),
    pytest.param("def f(a, b=3):\n    return b", "f(*rows)", Either(3, ...), id="an unknown list as arguments"),
    pytest.param("def f(a):\n    return a", "f(order.id)", ..., id="an unknown argument"),
    pytest.param("def f(a, into=[]):\n    into.append(a)\n    return into", "f(1)", [MORE], id="a default that is shared by all calls"),
    pytest.param("def f(a):\n    def g():\n        return a + 1\n    return g()", "f(1)", 2, id="a function in a function"),
    pytest.param("def f(a):\n    def g(b):\n        return a + b\n    return g", "f(1)(2)", 3, id="a closure"),
    pytest.param("def f():\n    n = 1\n    def g():\n        nonlocal n\n        n += 1\n    g()\n    return n", "f()", 2, id="nonlocal"),
    pytest.param("f = lambda a, b=2: a + b", "f(1)", 3, id="a lambda"),
    pytest.param("fs = {'a': lambda: 1, 'b': lambda: 2}", "fs['b']()", 2, id="a function in a dict"),
    pytest.param("def f():\n    return 1\ndef g(h):\n    return h()", "g(f)", 1, id="a function as an argument"),
    pytest.param("from functools import partial\ndef f(a, b, c=0):\n    return a + b + c", "partial(f, 1, c=5)(2)", 8, id="partial"),
    pytest.param("from functools import partial\ndef f(a, b, c=0):\n    return a + b + c", "partial(partial(f, 1), c=5)(2, c=6)", 9, id="partial of partial"),
    pytest.param("def f(n):\n    return 1 if n else f(n)", "f(order.n)", Either(1, ...), id="recursion"),
    pytest.param("def f(a):\n    if a:\n        return 1\n    return 2", "f(flag)", Either(1, 2), id="two returns"),
    pytest.param("def f(a):\n    if a:\n        return 1\n    return 2", "f(0)", 2, id="two returns of which one is taken"),
    pytest.param("def f(a):\n    if a:\n        raise ValueError\n    return 2", "f(flag)", 2, id="a function that raises otherwise"),
    pytest.param("def f(a):\n    return 1, 2", "f(0)[1]", 2, id="several results"),
    pytest.param("def f():\n    pass", "f()", None, id="a function that returns nothing"),
    pytest.param("async def f():\n    return 1", "await f()", 1, id="await"),
    pytest.param("import asyncio\nasync def f():\n    return 1", "asyncio.run(f())", 1, id="asyncio.run"),
    pytest.param("def twice(f):\n    def g(*a, **k):\n        return f(*a, **k) * 2\n    return g\n@twice\ndef f(a):\n    return a", "f(2)", 4, id="a decorator of one's own"),
    pytest.param(
        "from functools import wraps\ndef plus(n):\n    def outer(f):\n        @wraps(f)\n        def g(*a, **k):\n            return f(*a, **k) + n\n"
        "        return g\n    return outer\n@plus(3)\ndef f(a):\n    return a", "f(2)", 5, id="a decorator with arguments, and wraps",
    ),
    pytest.param("def same(f):\n    return f\n@same\ndef f():\n    return 1", "f()", 1, id="a decorator that gives the function back"),
    pytest.param("from functools import lru_cache\n@lru_cache(maxsize=None)\ndef f():\n    return 1", "f()", 1, id="a cached function"),
    pytest.param("@foreign\ndef f(a):\n    return a", "f(1)", Either(1, ...), id="a decorator that is not seen may change what comes out"),
    pytest.param("def f():\n    yield 1\n    yield 2", "list(f())", [MORE], id="a generator"),
    pytest.param("def f():\n    yield 1\n    yield 2", "x", ..., "for x in f():\n    pass", id="a loop over a generator"),
    pytest.param("def f(body):\n    body['b'] = 1\n    yield", "body", {"b": Either(1, ABSENT)}, "body = {}\nf(body)", id="a generator that nobody asks"),
    pytest.param(
        "from contextlib import contextmanager\n@contextmanager\ndef f(a):\n    yield {'a': a}", "x", {"a": 1}, "with f(1) as x:\n    pass",
        id="a context manager of one's own",
    ),
    pytest.param(
        "class C:\n    def __enter__(self):\n        return 'c'\n    def __exit__(self, *a):\n        pass", "x", "c", "with C() as x:\n    pass",
        id="a class with __enter__",
    ),
    pytest.param(
        "class C:\n    async def __aenter__(self):\n        return self\n    async def __aexit__(self, *a):\n        pass\n    x = 1", "c.x", 1,
        "async with C() as c:\n    pass", id="a class with __aenter__",
    ),
    pytest.param("", "x", ..., "with open(order.path) as x:\n    pass", id="a context manager that is not seen"),
    pytest.param("", "x", 1, "if (x := 1):\n    pass", id="a walrus"),
    pytest.param("def f(phone):\n    return f'+47{phone}'", "f(order.phone)", Text("+47", ...), id="a template out of a function"),
    pytest.param("def f(body):\n    body['a'] = 1\n    return body", "f({})", {"a": 1}, id="a helper that changes its argument"),
    pytest.param("def f(a, b):\n    return a or b", "f(None, 1)", 1, id="an `or` over a None"),
    pytest.param("def f(a=None):\n    a = a or {}\n    a['x'] = 1\n    return a", "f()", {"x": 1}, id="a default that is made inside"),
    pytest.param("from typing import cast\n", "cast(str, 'a')", "a", id="typing.cast"),
    pytest.param("from operator import itemgetter\n", "itemgetter('a')({'a': 1})", ..., id="a library function that is not modelled"),
    pytest.param("def f(x):\n    return x\n", "list(map(f, [1, 2]))", [MORE], id="map"),
    pytest.param("def f(x):\n    body['a'] = x\nbody = {'a': 0}\n", "b['a']", Either(0, ..., ...), "b = {'a': 0}\nlist(map(lambda x: b.update(a=x), [1, 2]))", id="map calls what it is given"),
    pytest.param("from asyncio import gather\nasync def f(x):\n    return x", "(await gather(f(1), f(2)))[1]", ..., id="gather"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("setup", "expression", "expected", "steps"),
    [pytest.param(*(*one.values, "pass")[:4], id=one.id) for one in FORMS],
)
def test_form(setup: str, expression: str, expected: Any, steps: str) -> None:
    assert sent(setup, expression, steps) == expected
