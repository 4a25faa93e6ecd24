"""One module: its body is followed first, then each of its functions and methods on its own, with unknown arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vipps_lint.call import Call, Handling, Lapse, Place
from vipps_lint.diagnostic import Note
from vipps_lint.document import YES, Hole, Object, Pointer, Truth, Value
from vipps_lint.read.routes import Routes
from vipps_lint.read.source import Path, Source, functions, ir, statements
from vipps_lint.read.source.handlers import walk
from vipps_lint.read.source.machine import ExhaustedError, Frame, Machine, source_of
from vipps_lint.read.source.reach import leading_to_routes
from vipps_lint.read.source.records import Record
from vipps_lint.read.source.values import Arguments, Class, Function, Instance, Known, choose, unknown


def evaluate_module(block: ir.Block, path: str, routes: Routes) -> Source:
    """All calls in a module, each with what came before it on its path."""
    machine = Machine(path, routes)
    machine.rebound = set(_rebound(block))
    found: list[Record] = []
    notes: list[Note] = []
    scope = machine.scope(None)
    found += _followed(machine, lambda: statements.run(machine, block, scope), "the module", notes)
    base = machine.state
    worth = leading_to_routes(block, routes)
    for function, owner in [*_functions(machine), *_methods(machine)]:
        if function.definition.node not in worth:
            continue
        machine.state = base.above()
        name = f"`{function.name}`"
        found += _followed(machine, lambda f=function, o=owner: _enter(machine, f, o), name, notes)
    paths = _Paths(path)
    return Source([paths.path(record) for record in found], notes)


def _functions(machine: Machine) -> Iterator[tuple[Function, Class | None]]:
    for function in machine.entries:
        yield function, None


def _methods(machine: Machine) -> Iterator[tuple[Function, Class | None]]:
    for of in machine.classes.values():
        for value in of.attributes.values():
            if isinstance(value, Function) and value.definition in of.definition.body:
                yield value, of


def _followed(machine: Machine, follow, name: str, notes: list[Note]) -> list[Record]:  # type: ignore[no-untyped-def]
    """The calls of one entry. Where the budget ends first, what was found stays, and nothing is said of its answers."""
    machine.records, machine.steps, machine.throws = [], 0, [[]]
    machine.frames = machine.frames[:1]
    complete = True
    try:
        follow()
    except (ExhaustedError, RecursionError):
        complete = False
        if machine.records:
            notes.append(
                Note(
                    machine.path, f"{name} is too complex to follow to its end; what was found up to there is reported"
                )
            )
    machine.frames = machine.frames[:1]
    for record in machine.records:
        _conclude(record, complete)
    return machine.records


def _conclude(record: Record, complete: bool) -> None:
    """At the end of a function it is known whether anything has looked at the answer."""
    if not record.plain:
        record.lapses = [lapse for lapse in record.lapses if lapse[0] == "swallowed"]
    if complete and record.plain and not (record.raises or record.checked or record.escaped):
        record.lapses.append(("unchecked", record.surface))


def _enter(machine: Machine, function: Function, owner: Class | None) -> None:
    """Evaluate a function as if somebody had called it, and the functions inside it that nothing calls."""
    if owner is not None and function.name != "__init__":
        decorators = [source_of(one) for one in getattr(function.definition, "decorators", ())]
        if "staticmethod" not in decorators:
            bound: Known = owner if "classmethod" in decorators else _self(machine, owner)
            function = replace(function, bound=(bound,))
    elif owner is not None:
        function = replace(function, bound=(machine.new(Instance(owner, {}, True)),))
    machine.frames.append(Frame(None))
    result = functions.inline(machine, function, Arguments(), function.definition.node)
    machine.escape(result)
    machine.frames.pop()
    _nested(machine)


def _nested(machine: Machine) -> None:
    pending, machine.inner = machine.inner, []
    for function in pending:
        if function.definition.node not in machine.called:
            machine.frames.append(Frame(None))
            machine.escape(functions.inline(machine, function, Arguments(), function.definition.node))
            machine.frames.pop()


def _self(machine: Machine, owner: Class) -> Known:
    """An instance as its `__init__` leaves it; what other methods set too may have changed since."""
    before = len(machine.records)
    instance = functions.instantiate(machine, owner, Arguments(open=True), owner.definition.node)
    del machine.records[before:]
    machine.state.trace = ()
    thing = machine.thing(instance)
    assert isinstance(thing, Instance)
    attributes = dict(thing.attributes)
    for name in _set_elsewhere(owner.definition):
        fresh = unknown(f"self.{name}", ("self", owner.definition.node, name))
        attributes[name] = choose((attributes[name], fresh)) if name in attributes else fresh
    machine.put(instance, replace(thing, attributes=attributes))  # type: ignore[arg-type]
    return instance


def _set_elsewhere(definition: ir.ClassDefinition) -> Iterator[str]:
    """The attributes of `self` that methods other than `__init__` set."""
    for method in definition.body:
        if isinstance(method, ir.FunctionDefinition) and method.name != "__init__":
            for part in walk(method.body):
                match part:
                    case ir.Assign(targets=targets):
                        for target in targets:
                            if (
                                isinstance(target, ir.Attribute)
                                and isinstance(target.value, ir.Name)
                                and target.value.id == "self"
                            ):
                                yield target.name


def _rebound(block: ir.Block) -> Iterator[str]:
    """The module's names that functions declare `global`."""
    for part in walk(block):
        if isinstance(part, ir.Shared):
            yield from part.names


def _response(record: Record) -> Object:
    """The response, of which nothing is known but that its ids are those that the code takes out of it."""
    response: Value = Object({}, True)
    for effect in record.match.operation.effects if record.match.operation else ():
        if effect.key[0] == "response":
            response = _with(
                response, effect.key[1:], Hole(symbol=("answer", id(record), effect.key), source=str(effect.key[-1]))
            )
    assert isinstance(response, Object)
    return response


def _with(value: Value, at: Pointer, leaf: Hole) -> Value:
    """The open object with a value put at a pointer."""
    if not at:
        return leaf
    fields = dict(value.fields) if isinstance(value, Object) else {}
    fields[str(at[0])] = _with(fields.get(str(at[0]), Object({}, True)), at[1:], leaf)
    return Object(fields, True)


class _Paths:
    """Records to calls; a call that is in the past of several is made for each outcome only once."""

    def __init__(self, path: str) -> None:
        self.file = path
        self.made: dict[tuple[int, Truth], Call] = {}

    def path(self, record: Record) -> Path:
        before = [
            (self.call(earlier, record.outcomes.get(id(earlier), YES)), happened) for earlier, happened in record.before
        ]  # fmt: skip
        return Path(self.call(record, YES), before)

    def call(self, record: Record, succeeded: Truth) -> Call:
        key = id(record), succeeded
        if key not in self.made:
            self.made[key] = self._call(record, succeeded)
        return self.made[key]

    def _call(self, record: Record, succeeded: Truth) -> Call:
        match = record.match
        lapses = tuple(Handling(Lapse(kind), Place(self.file, node=node)) for kind, node in record.lapses)
        return Call(
            api=match.url.api,
            operation=match.operation,
            known=match.known,
            method=record.method,
            path=match.url.path,
            document=Object({**record.document.fields, "response": _response(record)}),
            host=match.url.host,
            scheme=match.url.scheme,
            place=Place(self.file, node=record.site),
            chain=tuple(Place(self.file, node=node) for node in record.chain),
            origins=record.origins,
            reads=tuple(record.reads),
            handling=lapses,
            succeeded=succeeded,
            nearest=match.nearest,
        )
