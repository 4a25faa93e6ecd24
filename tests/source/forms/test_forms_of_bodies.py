"""Dicts and lists that are built in steps, on branches and in loops."""

from __future__ import annotations

from typing import Any

import pytest
from forms import ABSENT, MORE, Either, sent

FORMS = [
    pytest.param("", "{**{'a': 1}, 'b': 2}", {"a": 1, "b": 2}, id="a spread"),
    pytest.param("", "{**extra, 'a': 1}", {"a": 1, ...: ...}, id="a spread of something unknown, before"),
    pytest.param("", "{'a': 1, **extra}", {"a": Either(1, ...), ...: ...}, id="a spread of something unknown, behind"),
    pytest.param("", "{'a': 1, **({'b': 2} if flag else {})}", {"a": 1, "b": Either(2, ABSENT)}, id="a spread of one of two"),
    pytest.param("", "{'a': 1} | {'b': 2}", {"a": 1, "b": 2}, id="a union"),
    pytest.param("b = {'a': 1}\nb |= {'a': 2}", "b", {"a": 2}, id="a union in place"),
    pytest.param("", "dict(a=1, **{'b': 2})", {"a": 1, "b": 2}, id="dict"),
    pytest.param("", "dict({'a': 1}, b=2)", {"a": 1, "b": 2}, id="dict of a dict"),
    pytest.param("", "dict([('a', 1), ('b', 2)])", {"a": 1, "b": 2}, id="dict of pairs"),
    pytest.param("", "dict(zip(['a', 'b'], [1, 2]))", {"a": 1, "b": 2}, id="dict of zip"),
    pytest.param("", "dict.fromkeys(['a'], 1)", {"a": 1}, id="fromkeys"),
    pytest.param("b = {}\nb['a'] = 1\nb['c'] = {'d': 2}\nb['c']['e'] = 3", "b", {"a": 1, "c": {"d": 2, "e": 3}}, id="keys that are set"),
    pytest.param("k = 'a'\nb = {}\nb[k] = 1", "b", {"a": 1}, id="a key in a variable"),
    pytest.param("b = {'a': 1}\nb[order.key] = 2", "b", {"a": Either(1, ...), ...: ...}, id="an unknown key"),
    pytest.param("b = {'a': 1}\nb.update({'a': 2}, c=3)", "b", {"a": 2, "c": 3}, id="update"),
    pytest.param("b = {'a': 1}\nb.update(extra)", "b", {"a": Either(1, ...), ...: ...}, id="update with something unknown"),
    pytest.param("b = {'a': 1}\nb.setdefault('a', 2)\nb.setdefault('c', 3)", "b", {"a": 1, "c": 3}, id="setdefault"),
    pytest.param("b = {}\nb.setdefault('a', {})['c'] = 1", "b", {"a": {"c": 1}}, id="setdefault and what it gives"),
    pytest.param("b = {'a': 1, 'c': 2}\nx = b.pop('a')", "[b, x]", [{"c": 2}, 1], id="pop"),
    pytest.param("b = {'a': 1}\ndel b['a']", "b", {}, id="del"),
    pytest.param("b = {'a': 1}\nb.clear()", "b", {}, id="clear"),
    pytest.param("b = {'a': 1}\nc = b.copy()\nc['a'] = 2", "b", {"a": 1}, id="copy"),
    pytest.param("b = {'a': {'x': 1}}\nc = b.copy()\nc['a']['x'] = 2", "b", {"a": {"x": 2}}, id="a copy is shallow"),
    pytest.param("b = {'a': {'x': 1}}\nc = copy.deepcopy(b)\nc['a']['x'] = 2", "b", {"a": {"x": 1}}, id="deepcopy"),
    pytest.param("b = {'a': 1}", "b.get('a', 5)", 1, id="get"),
    pytest.param("b = {'a': 1}", "b.get('c', 5)", 5, id="get with a default"),
    pytest.param("b = {'a': 1}", "b.get(order.key, 5)", ..., id="get of an unknown key"),
    pytest.param("b = {'a': 1}", "list(b)", ["a"], id="the keys"),
    pytest.param("b = {'a': 1}", "list(b.items())[0][1]", 1, id="the items"),
    pytest.param("b = {'a': 1}", "list(b.values())", [1], id="the values"),
    pytest.param("b = {'a': None, 'c': 1}", "{k: v for k, v in b.items() if v is not None}", {"c": 1}, id="a comprehension that leaves None out"),
    pytest.param("b = {'a': order.a, 'c': 1}", "{k: v for k, v in b.items() if v}", {"a": Either(..., ABSENT), "c": 1}, id="a comprehension that may leave one out"),
    pytest.param("b = {'a': 1}\nif flag:\n    b['c'] = 2", "{k.upper(): v for k, v in b.items()}", {"A": 1, "C": Either(2, ABSENT)}, id="a comprehension over what may be there"),
    pytest.param("", "{k: v for k, v in extra.items()}", {...: ...}, id="a comprehension over something unknown"),
    pytest.param("", "[x * 2 for x in (1, 2)]", [2, 4], id="a list comprehension"),
    pytest.param("", "[x for x in (1, 2, 3) if x > 1]", [2, 3], id="a list comprehension with a test"),
    pytest.param("", "[x for x in rows]", [MORE], id="a list comprehension over something unknown"),
    pytest.param("", "[{'a': x} for x in ('p', 'q')]", [{"a": "p"}, {"a": "q"}], id="a list of dicts"),
    pytest.param("b = []\nb.append(1)\nb.extend([2, 3])\nb += [4]\nb.insert(0, 0)", "b", [0, 1, 2, 3, 4], id="a list that is built in steps"),
    pytest.param("b = [1, 2]\nb[0] = 5", "b", [5, 2], id="an item that is set"),
    pytest.param("b = [1, 2]\nb[order.i] = 5", "b", [Either(1, 5), Either(2, 5)], id="an item at an unknown place"),
    pytest.param("b = [3, 1]\nb.sort()", "b", [MORE], id="sort"),
    pytest.param("b = [1]\nif flag:\n    b.append(2)", "b", [MORE], id="a list that one branch makes longer"),
    pytest.param("a, *b = [1, 2, 3]", "b", [2, 3], id="a star among targets"),
    pytest.param("a, (b, c) = 1, (2, 3)", "c", 3, id="targets in targets"),
    pytest.param("a = b = {}\na['x'] = 1", "b", {"x": 1}, id="two names"),
    pytest.param("b = {}\nfor k, v in (('a', 1), ('c', 2)):\n    b[k] = v", "b", {"a": 1, "c": 2}, id="a loop over pairs"),
    pytest.param("b = {}\nfor i, k in enumerate(['a', 'c']):\n    b[k] = i", "b", {"a": 0, "c": 1}, id="enumerate"),
    pytest.param("t = 0\nfor x in [1, 2, 3]:\n    t += x", "t", 6, id="a sum in a loop"),
    pytest.param("t = 0\nfor x in rows:\n    t += 1", "t", Either(0, 1, ...), id="a sum over something unknown"),
    pytest.param("b = {'a': 1}\nfor x in rows:\n    b['a'] = x", "b", {"a": Either(1, ...)}, id="a key that a loop sets"),
    pytest.param("for x in [1, 2, 3]:\n    if x == 2:\n        break", "x", 2, id="break"),
    pytest.param("x = 0\nfor y in []:\n    x = 1\nelse:\n    x = 2", "x", 2, id="a loop over nothing"),
    pytest.param("n = 0\nwhile n < 2:\n    n += 1", "n", Either(1, ...), id="while"),
    pytest.param("if flag:\n    b = {'a': 1}\nelse:\n    b = {'c': 2}", "b", Either({"a": 1}, {"c": 2}), id="two dicts"),
    pytest.param("b = {}\nif flag:\n    b['a'] = 1\nelse:\n    b['a'] = 2", "b", {"a": Either(1, 2)}, id="a key that both branches set"),
    pytest.param("b = {}\nif flag:\n    b['a'] = 1", "b", {"a": Either(1, ABSENT)}, id="a key that one branch sets"),
    pytest.param("b = 1\nif flag is None:\n    return\nb = 2", "b", 2, id="an early return"),
    pytest.param("match order.kind:\n    case 'a':\n        b = 1\n    case _:\n        b = 2", "b", Either(1, 2), id="match"),
    pytest.param("match 'a':\n    case 'a':\n        b = 1\n    case _:\n        b = 2", "b", Either(1, 2), id="a match is not decided"),
    pytest.param("match extra:\n    case {'a': x}:\n        b = x\n    case _:\n        b = 2", "b", Either(2, ...), id="match that takes something out"),
    pytest.param("try:\n    b = int(order.x)\nexcept ValueError:\n    b = 0", "b", Either(0, ...), id="try"),
    pytest.param("b = {'a': 1}\ntry:\n    work()\nfinally:\n    b['c'] = 2", "b", {"a": 1, "c": 2}, id="finally"),
    pytest.param("b = {'a': 1}\nlogger.info('%s', b)", "b", {"a": 1}, id="logging changes nothing"),
    pytest.param("b = {'a': 1}\nsign(b)", "b", {"a": Either(1, ..., ABSENT), ...: ...}, id="code that is not seen may change it"),
    pytest.param("b = {'a': 1}\nc = {'b': b}\nsign(c)", "b", {"a": Either(1, ..., ABSENT), ...: ...}, id="also what is inside"),
    pytest.param("b = {'a': 1}\ndef f():\n    b['a'] = 2\nf()", "b", {"a": 2}, id="a function that changes it"),
    pytest.param("b = {'a': 1}\ndef f():\n    b['a'] = 2\nrun(f)", "b", {"a": Either(1, ..., ABSENT), ...: ...}, id="a function that is given away"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "expression", "expected"), FORMS)
def test_form(steps: str, expression: str, expected: Any) -> None:
    assert sent("import copy, logging\nlogger = logging.getLogger()", expression, steps or "pass") == expected
