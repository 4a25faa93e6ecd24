"""Values of the evaluator to documents: what a call sends, with the place where each piece is written."""

from __future__ import annotations

from vipps_lint.call import KEY, Fallback, How, Origin
from vipps_lint.document import ABSENT, YES, Array, Hole, Object, Pointer, Value, one_of
from vipps_lint.read.source import ir, views
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.values import Answer, Choice, Data, Dict, Encoded, External, Known, List, Prepared, Ref


class Freezer:
    """Freezes the parts of one call and collects where they are written."""

    def __init__(self, machine: Machine, site: ir.FunctionDefinition | ir.Lambda | None) -> None:
        self.machine = machine
        self.site = site
        self.origins: dict[Pointer, Origin] = {}
        self.fallbacks: list[Fallback] = []
        self.inside: list[int] = []
        self.doubts = 0

    def value(self, value: Known, at: Pointer, depth: int = 0) -> Value:
        """The document for a value that stands at `at`."""
        self.machine.step()
        if depth > 40 or (isinstance(value, Ref) and value.id in self.inside):
            return Hole(reason="nested too deep")
        match value:
            case Data(known, node):
                self.note(at, node, How.UNKNOWN if isinstance(known, Hole) else How.LITERAL)
                return views.seen(self.machine, known) if isinstance(known, Hole) else known
            case Choice(values):
                for one in values:
                    if isinstance(one, Data) and not isinstance(one.value, Hole):
                        self.note(at, one.node, How.LITERAL)  # what is written says more than what is not
                self._note_fallbacks(values, at)
                return one_of([self.value(one, at, depth + 1) for one in values])
            case Encoded(inner):
                return self.value(inner, at, depth + 1)
            case Ref():
                self.inside.append(value.id)
                frozen = self._thing(value, at, depth)
                self.inside.pop()
                return frozen
            case Answer(record, kind, pointer, node):
                self.note(at, node, How.UNKNOWN)
                return Hole(
                    symbol=None if "*" in pointer or kind != "body" else ("answer", id(record), pointer),
                    source="response" + "".join(f"[{p!r}]" for p in pointer[2:]),
                )
            case External(name, node):
                self.note(at, node, How.UNKNOWN)
                return Hole(
                    symbol=None if "(" in name else ("external", name),
                    source=name.removeprefix("builtins."),
                    reason=f"`{name}` is not in this project",
                )
            case Prepared(node=node):
                self.note(at, node, How.UNKNOWN)
                return Hole()
            case _:
                return Hole()

    def _thing(self, ref: Ref, at: Pointer, depth: int) -> Value:
        match self.machine.thing(ref):
            case Dict(fields, is_open, node):
                self._note_whole(at, node, *self.machine.handed.get(ref.id, ()))
                frozen: dict[str, Value] = {}
                for name, slot in fields.items():
                    self.doubts += slot.sure is not YES
                    inner = self.value(slot.value, (*at, name), depth + 1)
                    self.doubts -= slot.sure is not YES
                    frozen[name] = inner if slot.sure is YES else one_of((inner, ABSENT))
                    self.note((*at, name, KEY), slot.key, How.LITERAL)
                return Object(frozen, is_open)
            case List(items, is_open, node):
                self._note_whole(at, node)
                return Array(tuple(self.value(item, (*at, i), depth + 1) for i, item in enumerate(items)), is_open)
            case _:
                return Hole("object")

    def _note_fallbacks(self, values: tuple[Known, ...], at: Pointer) -> None:
        """Keep the texts among some values that stand for others, where something is surely sent."""
        for one in values if not self.doubts else ():
            if isinstance(one, Data) and isinstance(one.value, str) and one.stands_for and one.node is not None:
                self.fallbacks.append(Fallback(at, one.value, one.stands_for, self.machine.place(one.node)))

    def _note_whole(self, at: Pointer, *nodes: int | None) -> None:
        """A dict or list is a good place for what it lacks only in the function of the call: others may share it.

        `nodes` are where it was made, and the calls of helpers that handed it on.
        """
        for node in nodes:
            if self.site is None or (node is not None and self.site.node < node <= self.site.last):
                self.note(at, node, How.COMPUTED)

    def note(self, at: Pointer, node: int | None, how: How) -> None:
        """Keep where the value at a pointer is written; the first place stays."""
        if node is not None:
            self.origins.setdefault(at, Origin(self.machine.place(node), how))


def printed(value: Known):  # type: ignore[no-untyped-def]
    """The value as a scalar where it is printed into text."""
    return Hole("string") if isinstance(value, Data) and not value.prints else scalar(value)


def scalar(value: Known):  # type: ignore[no-untyped-def]
    """The value as a scalar of a document: text, number, template or hole."""
    match value:
        case Data(known):
            return known
        case External(name):
            return Hole(
                symbol=None if "(" in name else ("external", name),
                source=name.removeprefix("builtins."),
                reason=f"`{name}` is not in this project",
            )
        case Answer(record, kind, pointer):
            return Hole(
                symbol=None if "*" in pointer or kind != "body" else ("answer", id(record), pointer),
                source="response" + "".join(f"[{p!r}]" for p in pointer[2:]),
            )
        case _:
            return Hole()
