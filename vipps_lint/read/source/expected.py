"""Calls that a test wants to fail: what is wrong with them is their purpose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vipps_lint.read.source import expressions, ir
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.values import Answer, Data, Known, List, Scope, each

RAISES = frozenset({"raises", "assertRaises", "assertRaisesRegex"})


def raised(it: ir.With, inside: Iterable[Record]) -> None:
    """Note the calls in a body that must raise: `with pytest.raises(...)`, `with self.assertRaises(...)`."""
    for context, _ in it.items:
        if source_of(context).partition("(")[0].rpartition(".")[2] in RAISES:
            for record in inside:
                record.meant_to_fail = True


def asserted(machine: Machine, it: ir.If, scope: Scope) -> None:
    """Note the calls whose failure is asserted: `assert response.status_code == 400`."""
    match it:
        case ir.If(ir.Unary(operand=ir.Compare(left=left, operator=operator, right=right)), (ir.Raise(asserted=True),)):
            sides = [expressions.evaluate(machine, one, scope) for one in (left, right) if isinstance(one, LOOKING)]
            if len(sides) == 2 and operator in ("==", ">=", "in"):
                _compared(machine, operator, sides)
        case _:
            pass


LOOKING = ir.Name | ir.Attribute | ir.Constant | ir.ListDisplay
"""What can be evaluated again without an effect."""

METHODS = {
    "assertEqual": "==", "assertEquals": "==", "assert_equal": "==", "assertIn": "in", "assertGreaterEqual": ">=",
}  # fmt: skip
"""Methods of tests that demand that a status is one, or one of some."""


def demanded(machine: Machine, name: str, arguments: Arguments) -> None:
    """Note the calls whose failure a method of a test demands: `self.assertEqual(response.status_code, 400)`."""
    if name in METHODS and len(arguments.positional) >= 2:
        _compared(machine, METHODS[name], arguments.positional[:2])


def _compared(machine: Machine, operator: str, sides: Sequence[Known]) -> None:
    """Note the calls of which a status is demanded that only failures have."""
    one, other = sides
    for status, wanted in ((one, other), (other, one))[: 2 if operator == "==" else 1]:
        thing = machine.thing(wanted)
        numbers = thing.items if isinstance(thing, List) else (wanted,)
        if numbers and all(isinstance(number, Data) and _is_failure(number.value) for number in numbers):
            for answer in each(status):
                if isinstance(answer, Answer) and answer.kind == "status":
                    answer.record.meant_to_fail = True


def _is_failure(value: object) -> bool:
    return isinstance(value, int) and value >= 400
