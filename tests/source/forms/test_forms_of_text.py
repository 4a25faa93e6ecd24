"""Text, numbers and days that are computed."""

from __future__ import annotations

from typing import Any

import pytest
from forms import Either, Text, sent

FORMS = [
    pytest.param("'a' 'b'", "ab", id="literals side by side"),
    pytest.param("'a' + 'b'", "ab", id="a sum of texts"),
    pytest.param("'ab' * 2", "abab", id="a text several times"),
    pytest.param("'+47' + order.phone", Text("+47", ...), id="a sum with something unknown"),
    pytest.param("f'a{1}b{order.id}'", Text("a1b", ...), id="an f-string"),
    pytest.param("f'{5:03d}'", "005", id="a format spec"),
    pytest.param("f'{1.5:.2f}'", "1.50", id="a format spec of a float"),
    pytest.param("f'{\"a\":>3}'", "  a", id="a format spec of text"),
    pytest.param("f'{1!r}{\"a\"!r}'", "1'a'", id="a conversion"),
    pytest.param("f'{order.id:>3}'", ..., id="a format spec of something unknown"),
    pytest.param("f'{order.id:{order.width}}'", ..., id="a format spec that is unknown"),
    pytest.param("'%s-%d' % ('a', 7)", "a-7", id="percent"),
    pytest.param("'%.2f' % 1.5", "1.50", id="percent with digits"),
    pytest.param("'%(a)s' % {'a': 1}", "1", id="percent with names"),
    pytest.param("'%s' % order.id", ..., id="percent of something unknown"),
    pytest.param("'a%s' % order.id", Text("a", ...), id="percent around something unknown"),
    pytest.param("'{}-{b}'.format('a', b='c')", "a-c", id="format"),
    pytest.param("'{0}{0}'.format('a')", "aa", id="format by number"),
    pytest.param("'{:03d}'.format(5)", "005", id="format with a spec"),
    pytest.param("'{a}'.format(**extra)", ..., id="format of something unknown"),
    pytest.param("'{o.id}'.format(o=order)", ..., id="format with an attribute"),
    pytest.param("'-'.join(['a', 'b'])", "a-b", id="join"),
    pytest.param("'-'.join(('a', order.id))", Text("a-", ...), id="join with something unknown"),
    pytest.param("'-'.join(rows)", ..., id="join of an unknown list"),
    pytest.param("'&'.join(f'{k}={v}' for k, v in {'a': 1, 'b': 2}.items())", "a=1&b=2", id="join of a generator"),
    pytest.param("' a '.strip()", "a", id="strip"),
    pytest.param("'a/'.rstrip('/') + '/b'", "a/b", id="rstrip"),
    pytest.param("f'{order.base}/'.rstrip('/')", ..., id="rstrip at an unknown end"),
    pytest.param("'+47 12'.replace(' ', '')", "+4712", id="replace"),
    pytest.param("order.phone.replace(' ', '')", ..., id="replace in something unknown"),
    pytest.param("'+4712'.removeprefix('+')", "4712", id="removeprefix"),
    pytest.param("'a.b'.removesuffix('.b')", "a", id="removesuffix"),
    pytest.param("'Ab'.lower() + 'Ab'.upper()", "abAB", id="lower and upper"),
    pytest.param("'7'.zfill(3)", "007", id="zfill"),
    pytest.param("'a-b'.split('-')", ["a", "b"], id="split"),
    pytest.param("'a-b'.split('-')[1]", "b", id="an item of split"),
    pytest.param("'a-b'.partition('-')[0]", "a", id="partition"),
    pytest.param("'a-b'.rsplit('-', 1)[-1]", "b", id="rsplit"),
    pytest.param("'abc'[1]", "b", id="a character"),
    pytest.param("'abc'[1:]", "bc", id="a slice of text"),
    pytest.param("'abcdef'[-2:]", "ef", id="a slice from the end"),
    pytest.param("order.phone[-8:]", ..., id="a slice of something unknown"),
    pytest.param("[1, 2, 3][1:]", [2, 3], id="a slice of a list"),
    pytest.param("'abc'.startswith('a')", True, id="startswith"),
    pytest.param("'12'.isdigit()", True, id="isdigit"),
    pytest.param("'a'.encode().decode()", "a", id="encode and decode"),
    pytest.param("str(5)", "5", id="str"),
    pytest.param("str(order.id)", ..., id="str of something unknown"),
    pytest.param("int('12')", 12, id="int of text"),
    pytest.param("int(' 12 ')", 12, id="int of text with blanks"),
    pytest.param("int('11', 2)", 3, id="int with a base"),
    pytest.param("int(49.9)", 49, id="int of a float"),
    pytest.param("int(49.99 * 100)", 4999, id="a float that is cut off"),
    pytest.param("int(19.99 * 100)", 1998, id="a float that is cut off too low"),
    pytest.param("round(19.99 * 100)", 1999, id="round"),
    pytest.param("round(2.675, 2)", 2.67, id="round with digits"),
    pytest.param("float('1.5')", 1.5, id="float of text"),
    pytest.param("abs(-5)", 5, id="abs"),
    pytest.param("max(1, 3)", 3, id="max"),
    pytest.param("min([1, 3])", 1, id="min"),
    pytest.param("sum([1, 2, 3])", 6, id="sum"),
    pytest.param("len([1, 2])", 2, id="len"),
    pytest.param("len('abc')", 3, id="len of text"),
    pytest.param("10 // 3", 3, id="whole division"),
    pytest.param("10 / 4", 2.5, id="division"),
    pytest.param("2 ** 3", 8, id="power"),
    pytest.param("-5 + +3", -2, id="signs"),
    pytest.param("0x10 + 1_000", 1016, id="written otherwise"),
    pytest.param("1 / 0", ..., id="division by zero"),
    pytest.param("int(Decimal('19.99') * 100)", 1999, id="Decimal"),
    pytest.param("int(Decimal(order.price) * 100)", ..., id="Decimal of something unknown"),
    pytest.param("Decimal('1.5')", ..., id="a Decimal is no number of JSON"),
    pytest.param("str(Decimal('1.50'))", "1.50", id="a Decimal as text"),
    pytest.param("1 if flag else 2", Either(1, 2), id="a ternary"),
    pytest.param("order.note or 'none'", Either("none", ...), id="`or` with something unknown"),
    pytest.param("'' or 'none'", "none", id="`or` with an empty text"),
    pytest.param("'a' and 'b'", "b", id="`and`"),
    pytest.param("not ''", True, id="`not`"),
    pytest.param("1 == 1.0", True, id="a comparison"),
    pytest.param("2 > 1 > 0", True, id="a chain of comparisons"),
    pytest.param("'a' in ('a', 'b')", True, id="`in`"),
    pytest.param("json.loads('{\"a\": [1, null]}')", {"a": [1, None]}, id="json.loads of text"),
    pytest.param("json.loads(json.dumps({'a': 1}))", {"a": 1}, id="json.dumps and back"),
    pytest.param("json.dumps({'a': 1})[:5]", ..., id="a piece of json.dumps"),
    pytest.param("urlencode({'a': 1, 'b': 'x y'})", "a=1&b=x+y", id="urlencode"),
    pytest.param("urlencode({'a': order.id})", Text("a=", ...), id="urlencode of something unknown"),
    pytest.param("urljoin('https://a.b/c/', 'd')", "https://a.b/c/d", id="urljoin"),
    pytest.param("urljoin('https://a.b/c', '/d')", "https://a.b/d", id="urljoin with a slash"),
    pytest.param("quote('a b')", "a%20b", id="quote"),
    pytest.param("str(URL('https://a.b') / 'c' / 'd')", "https://a.b/c/d", id="yarl"),
    pytest.param("str(PurePosixPath('a') / 'b')", "a/b", id="a path"),
    pytest.param("base64.b64encode(b'a')", ..., id="a library function that is not modelled"),
    pytest.param("date(2026, 1, 2).isoformat()", "2026-01-02", id="a date"),
    pytest.param("(date(2026, 1, 30) + timedelta(days=3)).isoformat()", "2026-02-02", id="days after a date"),
    pytest.param("datetime(2026, 1, 2, 3, 4).strftime('%Y-%m-%d')", "2026-01-02", id="strftime"),
    pytest.param("datetime(2026, 1, 2, 3, 4).date().isoformat()", "2026-01-02", id="the day of a moment"),
    pytest.param("str(date(2026, 1, 2))", "2026-01-02", id="a date as text"),
    pytest.param("f'{date(2026, 1, 2):%d.%m}'", "02.01", id="a date with a format"),
    pytest.param("date(2026, 13, 1).isoformat()", ..., id="no date"),
    pytest.param("order.day.isoformat()", ..., id="a date that is unknown"),
    pytest.param("str(uuid.uuid4())", ..., id="uuid4"),
    pytest.param("uuid.uuid4().hex[:8]", ..., id="a piece of a uuid"),
]  # fmt: skip

SETUP = """
import base64, json, uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode, urljoin
from yarl import URL
"""


@pytest.mark.parametrize(("expression", "expected"), FORMS)
def test_form(expression: str, expected: Any) -> None:
    found = sent(SETUP, expression)
    assert found == expected
    assert type(found) is type(expected)
