"""Values that nobody changes: what they have in common with dataclasses."""

from __future__ import annotations

from dataclasses import field

import pytest

from vipps_lint.immutable import immutable


@immutable(frozen=True, slots=True, order=True)
class Point:
    x: int
    y: int = 2
    note: str = field(default="", compare=False, repr=False)


@immutable(frozen=True)
class Far(Point):
    z: int = 3


@immutable(frozen=True)
class Nothing:
    pass


@immutable(frozen=True, eq=False)
class Thing:
    """Like no other."""

    x: int


@immutable(frozen=True)
class Odd:
    x: int

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 7

    def __repr__(self) -> str:
        return "odd"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(Point(1), Point(1, 2), True, id="the same fields"),
        pytest.param(Point(1), Point(2), False, id="another field"),
        pytest.param(Point(1, note="a"), Point(1, note="b"), True, id="a field that is not compared"),
        pytest.param(Point(1), Far(1), False, id="another class with the same first fields"),
        pytest.param(Far(1), Far(1, z=4), False, id="a field of the class below"),
        pytest.param(Nothing(), Nothing(), True, id="no fields at all"),
        pytest.param(Nothing(), Point(1), False, id="something else than nothing"),
        pytest.param(Thing(1), Thing(1), False, id="a class whose values are only themselves"),
        pytest.param(Odd(1), Odd(2), True, id="a class that compares in a way of its own"),
        pytest.param(Point(1), 1, False, id="something that is no such value"),
    ],
)
def test_values_are_the_same_if_their_fields_are(one: object, other: object, same: bool) -> None:
    for _ in range(2):  # the second time it is compiled
        assert (one == other) is same
        assert (hash(one) == hash(other)) is same


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(Point(1, note="a"), "Point(x=1, y=2)", id="all fields that are to be shown"),
        pytest.param(Nothing(), "Nothing()", id="none"),
        pytest.param(Odd(1), "odd", id="in a way of its own"),
    ],
)
def test_a_value_is_shown_as_it_is_made(value: object, shown: str) -> None:
    assert repr(value) == shown


def test_values_that_have_an_order_are_sorted_by_their_fields() -> None:
    assert sorted([Point(2), Point(1, 3), Point(1)]) == [Point(1), Point(1, 3), Point(2)]
