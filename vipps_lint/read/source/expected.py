"""Calls that a test wants to fail: what is wrong with them is their purpose."""

from __future__ import annotations

from collections.abc import Iterable

from vipps_lint.read.source import expressions, ir
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.values import Answer, Data, Scope, each

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
        case ir.If(
            ir.Unary(operand=ir.Compare(left=ir.Attribute() as status, operator="==" | ">=", right=number)),
            (ir.Raise(asserted=True),),
        ):
            wanted = expressions.evaluate(machine, number, scope)
            if isinstance(wanted, Data) and isinstance(wanted.value, int) and wanted.value >= 400:
                for answer in each(expressions.evaluate(machine, status, scope)):
                    if isinstance(answer, Answer) and answer.kind == "status":
                        answer.record.meant_to_fail = True
        case _:
            pass
