"""Values with holes: three-valued answers that never promise more than the values say."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vipps_lint.document import (
    ABSENT,
    MAYBE,
    NO,
    YES,
    Array,
    Hole,
    Object,
    OneOf,
    Pointer,
    Template,
    Truth,
    Value,
    certain,
    closed,
    equal,
    from_json,
    get,
    identical,
    is_a,
    json_type,
    keys,
    one_of,
    present,
    quoted,
    select,
    show,
)

TYPES = ("null", "boolean", "integer", "number", "string", "object", "array")

scalars = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, 1.5]) | st.sampled_from(["", "a", "ab"])
)
json = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=5,
)
documents = json.map(from_json)
pointers = st.lists(st.sampled_from(["a", "b", 0, 1]), max_size=3).map(tuple)


def hidden(value: Value) -> st.SearchStrategy[Value]:
    """The value as somebody sees it who knows less: the value itself is one of the fillings."""
    ways: list[st.SearchStrategy[Value]] = [
        st.just(value),
        st.just(Hole()),
        st.just(Hole(type=json_type(value))),
        documents.map(lambda other: one_of((value, other))),
        st.just(one_of((value, ABSENT))),
    ]
    if isinstance(value, str):
        ways.append(st.integers(0, len(value)).map(lambda cut: Template((value[:cut], Hole()))))
    if isinstance(value, Object):
        ways.append(_hidden_object(value))
    if isinstance(value, Array):
        ways.append(st.tuples(*map(hidden, value.items)).map(Array))
        ways.append(st.integers(0, len(value.items)).map(lambda cut: Array(value.items[:cut], open=True)))
    return st.one_of(ways)


@st.composite
def _hidden_object(draw: st.DrawFn, value: Object) -> Value:
    lost = draw(st.sets(st.sampled_from(sorted(value.fields)))) if value.fields else set()
    fields = {name: draw(hidden(item)) for name, item in value.fields.items() if name not in lost}
    return Object(fields, open=bool(lost) or draw(st.booleans()))


seen_by_less = documents.flatmap(lambda value: st.tuples(st.just(value), hidden(value)))


def allows(less: Truth, more: Truth) -> bool:
    """Whether an answer about a partly known value leaves room for the answer about the whole one."""
    return less is MAYBE or less is more


@pytest.mark.parametrize(("one", "other"), list(itertools.product(Truth, Truth)))
def test_three_values_follow_kleene(one: Truth, other: Truth) -> None:
    assert one & other is other & one
    assert one | other is ~(~one & ~other)
    assert ~~one is one
    assert (one & other) | one is one
    assert MAYBE & NO is NO and MAYBE | YES is YES and ~MAYBE is MAYBE


@pytest.mark.parametrize(("one", "other"), list(itertools.product([True, False], repeat=2)))
def test_certain_answers_are_plain_logic(one: bool, other: bool) -> None:
    assert certain(one) & certain(other) is certain(one and other)
    assert certain(one) | certain(other) is certain(one or other)
    assert ~certain(one) is certain(not one)


def test_a_truth_is_never_used_as_a_bool() -> None:
    with pytest.raises(TypeError, match="is YES"):
        bool(YES)


def same_json(one: object, other: object) -> bool:
    """Plain Python's equality, with JSON's types apart."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return type(one) is type(other) and one == other


@given(json, json)
def test_whole_documents_are_equal_as_in_python(one: object, other: object) -> None:
    assert equal(from_json(one), from_json(other)) is certain(same_json(one, other))
    assert equal(from_json(one), from_json(one)) is YES
    assert identical(from_json(one), from_json(other)) is same_json(one, other)
    assert closed(from_json(one))


@given(json)
def test_whole_documents_have_exactly_their_type(value: object) -> None:
    found = {name for name in TYPES if is_a(from_json(value), name) is YES}
    python = {
        type(None): "null",
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        dict: "object",
        list: "array",
    }
    assert found == {python[type(value)]} | ({"number"} if type(value) is int else set())
    assert all(is_a(from_json(value), name) is not MAYBE for name in TYPES)


def reached(value: object, at: Pointer) -> object:
    for step in at:
        match value, step:
            case dict(), str() if step in value:
                value = value[step]
            case list(), int() if step < len(value):
                value = value[step]
            case _:
                return ABSENT
    return value


@given(json, pointers)
def test_whole_documents_are_read_as_in_python(value: object, at: Pointer) -> None:
    found, expected = get(from_json(value), at), reached(value, at)
    assert present(found) is certain(expected is not ABSENT)
    assert expected is ABSENT or identical(found, from_json(expected))


@given(seen_by_less, st.data(), st.sampled_from(TYPES), documents)
def test_holes_never_make_an_answer_more_certain(
    pair: tuple[Value, Value], data: st.DataObject, name: str, other: Value
) -> None:
    whole, less = pair
    at = data.draw(st.sampled_from([(), *keys(whole)]) | pointers)
    assert allows(present(get(less, at)), present(get(whole, at)))
    assert allows(is_a(get(less, at), name), is_a(get(whole, at), name))
    assert allows(equal(get(less, at), other), equal(get(whole, at), other))
    assert allows(equal(other, less), equal(other, whole))


@given(seen_by_less, seen_by_less)
def test_holes_on_both_sides_never_make_equality_more_certain(
    one: tuple[Value, Value], other: tuple[Value, Value]
) -> None:
    assert allows(equal(one[1], other[1]), equal(one[0], other[0]))


@given(documents)
def test_every_listed_place_is_there(value: Value) -> None:
    places = list(keys(value))
    assert len(set(places)) == len(places)
    assert all(present(get(value, at)) is YES for at in places)


A, B = Hole(symbol="a", source="order.id"), Hole(symbol="b", source="number")
FRESH = Hole(fresh=True)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        pytest.param(A, A, YES, id="one unknown value is itself"),
        pytest.param(A, B, MAYBE, id="two unknown values may be the same"),
        pytest.param(Hole(), Hole(), MAYBE, id="holes without a symbol are not one value"),
        pytest.param(Hole(type="string"), 1, NO, id="text is no number"),
        pytest.param(Hole(type="number"), 1, MAYBE, id="an unknown number may be whole"),
        pytest.param(Template(("a-", A)), Template(("a-", A)), YES, id="the same pieces around the same value"),
        pytest.param(Template(("a-", Hole())), Template(("a-", Hole())), MAYBE, id="the same pieces around any values"),
        pytest.param(Template(("a-", A)), 7, NO, id="text with holes is no number"),
        pytest.param(FRESH, FRESH, YES, id="a value made anew is itself"),
        pytest.param(FRESH, Hole(fresh=True), NO, id="two values made anew differ"),
        pytest.param(FRESH, "order-1", NO, id="a value made anew is no constant"),
        pytest.param(FRESH, Hole(), MAYBE, id="an unknown value may be the one made anew"),
        pytest.param(1, 1.0, NO, id="a whole number is no float"),
        pytest.param(1, True, NO, id="true is no number"),
        pytest.param(from_json({"a": 1}), from_json({"a": True}), NO, id="nor inside an object"),
        pytest.param(Object({"a": 1}, open=True), from_json({"a": 1}), MAYBE, id="there may be more fields"),
        pytest.param(Object({"a": 1}, open=True), from_json({"a": 2}), NO, id="a field that differs is enough"),
        pytest.param(None, ABSENT, NO, id="null is a value"),
        pytest.param(OneOf((1, 2)), 3, NO, id="none of the alternatives"),
        pytest.param(OneOf((1, 2)), 2, MAYBE, id="one of the alternatives"),
    ],
)
def test_equality_with_holes(one: Value, other: Value, answer: Truth) -> None:
    assert equal(one, other) is answer
    assert equal(other, one) is answer


@pytest.mark.parametrize(
    ("values", "joined"),
    [
        pytest.param([1], 1, id="a single value is itself"),
        pytest.param([1, 1], 1, id="no duplicates"),
        pytest.param([1, True, 1.0], OneOf((1, True, 1.0)), id="equal in Python, different in JSON"),
        pytest.param([OneOf((1, 2)), OneOf((2, 3))], OneOf((1, 2, 3)), id="flat"),
        pytest.param(range(9), Hole(), id="too many are unknown"),
        pytest.param([ABSENT, *range(9)], OneOf((Hole(), ABSENT)), id="too many, and perhaps none"),
    ],
)
def test_alternatives(values: list[Value], joined: Value) -> None:
    assert one_of(values) == joined


@pytest.mark.parametrize(
    ("pattern", "places"),
    [
        pytest.param(("items", "*", "price"), [("items", 0, "price"), ("items", 1, "price")], id="every item"),
        pytest.param(("items", "*"), [("items", 0), ("items", 1)], id="the items themselves"),
        pytest.param(("items",), [("items",)], id="no star"),
        pytest.param(("name", "*"), [], id="no array, no items"),
    ],
)
def test_select(pattern: Pointer, places: list[Pointer]) -> None:
    document = from_json({"items": [{"price": 1}, {"price": 2}], "name": "socks"})
    assert [at for at, _ in select(document, pattern)] == places


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("socks", "socks", id="text as it is"),
        pytest.param(Template(("+47", B)), "+47{number}", id="a hole is its source in braces"),
        pytest.param(Hole(), "{…}", id="a hole without a source"),
        pytest.param(True, "true", id="as JSON writes it"),
        pytest.param(None, "null", id="null"),
        pytest.param(499.0, "499.0", id="a float shows that it is one"),
        pytest.param(OneOf((1, 2, ABSENT)), "1 or 2", id="alternatives"),
        pytest.param(ABSENT, "nothing", id="nothing at all"),
    ],
)
def test_show(value: Value, text: str) -> None:
    assert show(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("true", '"true"', id="text"),
        pytest.param(True, "true", id="a boolean"),
        pytest.param(100, "100", id="a number"),
        pytest.param(Template((B, ".00")), '"{number}.00"', id="text with a hole"),
        pytest.param(Hole(type="string", source="str(n)"), '"{str(n)}"', id="text that is not known"),
        pytest.param(Hole(source="n"), "{n}", id="what may be anything"),
        pytest.param(OneOf(("1", 1.5, ABSENT)), '"1" or 1.5', id="alternatives"),
    ],
)
def test_quoted(value: Value, text: str) -> None:
    assert quoted(value) == text


@pytest.mark.parametrize("combine", [operator.and_, operator.or_])
@given(st.data())
def test_knowing_more_of_the_parts_tells_more_of_the_whole(
    combine: Callable[[Truth, Truth], Truth], data: st.DataObject
) -> None:
    whole = [data.draw(st.sampled_from([YES, NO])) for _ in range(2)]
    less = [data.draw(st.sampled_from([answer, MAYBE])) for answer in whole]
    assert allows(combine(*less), combine(*whole))


def test_what_json_cannot_hold_is_a_hole() -> None:
    assert from_json({"at": object()}) == Object({"at": Hole()})
