"""The source reader against Python itself: random programs are read and run, and what is read must be what is sent."""

from __future__ import annotations

import pytest
from claims import disagreements
from expression_pieces import EXPRESSIONS
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from programs import WHOLE, around, main_of, programs
from statement_pieces import STATEMENTS

RANDOM = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def agrees(program: str) -> None:
    note(main_of(program))
    found = disagreements(program)
    assert not found, main_of(program) + found[0]


@settings(RANDOM, max_examples=100)
@given(programs())
def test_what_is_read_is_what_is_sent(program: str) -> None:
    agrees(program)


@pytest.mark.slow
@settings(RANDOM, max_examples=600)
@given(programs())
def test_what_is_read_is_what_is_sent_in_many_programs(program: str) -> None:
    agrees(program)


@pytest.mark.slow
@pytest.mark.parametrize("name", STATEMENTS | EXPRESSIONS)
@settings(RANDOM, max_examples=3)
@given(data=st.data())
def test_each_piece_alone(name: str, data: st.DataObject) -> None:
    agrees(data.draw(programs(around(name), first=name)))


def test_every_piece_is_used() -> None:
    assert set(WHOLE.statements) >= set(STATEMENTS)
    assert set(WHOLE.scalars) >= set(EXPRESSIONS)
