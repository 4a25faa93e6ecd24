"""What is packed comes back as it was, and nothing else can be unpacked, whoever wrote the bytes."""

from __future__ import annotations

import os
import pickle
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vipps_lint.call import Place
from vipps_lint.catalog import catalog
from vipps_lint.document import YES, Array, Hole, Object, OneOf, Template
from vipps_lint.packing import packed, unpacked

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates() | st.just(YES)
values = st.recursive(
    scalars | st.builds(Hole, source=st.text(), reason=st.text()) | st.builds(Place, st.text(), node=st.integers()),
    lambda inner: (
        st.lists(inner).map(tuple)
        | st.dictionaries(st.text(), inner)
        | st.builds(Object, st.dictionaries(st.text(), inner), st.booleans())
        | st.builds(Array, st.lists(inner).map(tuple))
        | st.builds(OneOf, st.lists(inner).map(tuple))
    ),
)


@given(values)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    again = unpacked(packed(value))
    assert (again, repr(again)) == (value, repr(value))


def test_moments_and_templates_come_back() -> None:
    value = (datetime(2026, 11, 22, tzinfo=UTC), date(2026, 11, 22), Template(("+47", Hole())), frozenset({1}))
    assert unpacked(packed(value)) == value


def test_an_enum_comes_back_as_itself() -> None:
    assert unpacked(packed(YES)) is YES


def test_the_whole_catalog_comes_back() -> None:
    assert unpacked(packed(catalog())) == catalog()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(len, id="a builtin function"),
        pytest.param(packed, id="a function of ours"),
        pytest.param(Path("x"), id="a path"),
        pytest.param(re.compile("x"), id="a pattern"),
        pytest.param((1, {"deep": [object()]}), id="an object deep inside"),
        pytest.param(os.system, id="a function of the system"),
    ],
)
def test_what_could_not_be_unpacked_is_not_packed(value: object) -> None:
    with pytest.raises(TypeError):
        packed(value)


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("echo unpacked; exit 1",)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(pickle.dumps(Evil()), id="a call of the system"),
        pytest.param(pickle.dumps(Path("x")), id="a path"),
        pytest.param(pickle.dumps(packed), id="a function of ours"),
        pytest.param(b"cvipps_lint.cache\nos.system\n.", id="a function by way of a module of ours"),
        pytest.param(b"\x80\x04\x8c\x10vipps_lint.cache\x8c\tos.system\x93.", id="the same, by a dotted name"),
        pytest.param(b"\x80\x04\x8c\x10vipps_lint.cache\x8c\x05Cache\x93.", id="a class of ours that is no data"),
        pytest.param(b"cvipps_lint.gone\nThing\n.", id="a module that there is not"),
        pytest.param(packed((1, "two", YES))[:-3], id="cut"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff" * 50, id="garbage"),
    ],
)
def test_bytes_that_are_not_ours_are_refused(written: bytes) -> None:
    with pytest.raises(ValueError):
        unpacked(written)
