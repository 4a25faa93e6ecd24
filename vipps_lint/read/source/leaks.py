"""What code writes to logs: which values of a call are among them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator

from vipps_lint.document import NO, YES, Hole, Object, Pointer, Template, Value, alternatives
from vipps_lint.immutable import changed
from vipps_lint.read.source import ir
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.freeze import scalar
from vipps_lint.read.source.library import LOG_METHODS, TELLING, of
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.quoting import source_of
from vipps_lint.read.source.records import Keys, Logged, Record
from vipps_lint.read.source.values import (
    Answer,
    Choice,
    Data,
    Dict,
    Encoded,
    External,
    Known,
    List,
    each,
    hole_of,
)

LOGGER = re.compile(r"(?:^|[._])log(?:ger|ging)?(?:\(.*\))?$", re.IGNORECASE)
"""How something is called that surely is a logger."""

SILENT = frozenset({"extra", "exc_info", "stack_info", "stacklevel", "sep", "end", "flush"})
"""Arguments of loggers and of `print` that are not written."""

SHORT = 8
"""How many characters a text must have to be known again in another."""

BODY: Pointer = ("response", "body")


def holding(machine: Machine, text: Data, values: Iterable[Known]) -> Data:
    """Text that was put together from values, with what is in those that are no text themselves."""
    return changed(text, held=tuple(leaf for one in values for leaf in _leaves(machine, one, 0)))


def _leaves(machine: Machine, value: Known, depth: int) -> Iterator[Known]:
    """The single values that are surely in a value that is no text itself."""
    match value, machine.thing(value):
        case Data(held=held), _:
            yield from held
        case ((Answer() | External() | Choice()), _):
            yield value
        case Encoded(inner), _:
            yield from _inside(machine, inner, depth)
        case _, Dict() | List():
            yield from _inside(machine, value, depth)
        case _:
            return


def _inside(machine: Machine, value: Known, depth: int) -> Iterator[Known]:
    if depth > 5:
        return
    match machine.thing(value):
        case Dict(fields):
            inner = [slot.value for slot in fields.values() if slot.sure is YES]
        case List(items, False):
            inner = list(items)
        case _:
            inner = []
    for one in inner:
        if isinstance(one, Data):
            yield one
        yield from _leaves(machine, one, depth + 1)


def note_logged(machine: Machine, name: str, it: ir.CallOf, arguments: Arguments) -> None:
    """Keep what a call writes, where it surely writes to a log; `name` is the dotted name of what is called."""
    if not _writes(name, it) or "file" in arguments.named or any(one.star for one in it.arguments):
        return
    positional = iter(arguments.positional)
    for argument in it.arguments:
        value = next(positional) if argument.keyword is None else arguments.named[argument.keyword]
        if argument.keyword not in SILENT and not _questioned(machine, argument.value):
            leaves = [*([value] if isinstance(value, Data) else []), *_leaves(machine, value, 0)]
            found = (tuple(_keys(machine, one) for one in _full(leaf)) for leaf in leaves)
            node = argument.value.node
            machine.beside.logged |= dict.fromkeys(Logged(keys, node) for keys in found if keys and all(keys))


def _full(value: Known) -> list[Known]:
    """The alternatives, without the empty default of what is read from the environment."""
    found = each(value)
    symbols = [hole.symbol for one in found if (hole := hole_of(one)) is not None]
    read = any(isinstance(symbol, tuple) and symbol[0] == "environment" for symbol in symbols)
    return [one for one in found if not (read and isinstance(one, Data) and one.value in ("", None))]


def _writes(name: str, it: ir.CallOf) -> bool:
    if of(name, TELLING) or name in ("builtins.print", "click.echo", "click.secho", "rich.print"):
        return True
    owner, _, method = source_of(it.function).rpartition(".")
    return method in LOG_METHODS and LOGGER.search(owner) is not None


def _questioned(machine: Machine, value: ir.Expression) -> bool:
    """Whether a branch around has asked for something that is written here: there it may be known to be nothing."""
    written = set(_named(value))
    return any(written & set(_named(test)) for test, plain in machine.beside.tests if not plain)


def _named(part: object) -> Iterator[str]:
    """The variables and attributes in an expression, as they are written."""
    match part:
        case tuple():
            for one in part:
                yield from _named(one)
        case ir.Name() | ir.Attribute() | ir.Subscript():
            yield source_of(part)
        case ir.CallOf(arguments=arguments):
            yield from _named(arguments)
        case _:
            for slot in getattr(part, "__slots__", ()):
                yield from _named(getattr(part, slot))


AMBIGUOUS = ("name", "global")
"""Symbols that are one for all files."""


def _keys(machine: Machine, value: Known) -> Keys:
    match value:
        case Answer(record, kind, pointer) if kind in ("body", "text"):
            at = pointer if kind == "body" else BODY
            outcome = machine.state.outcomes.get(id(record), YES)
            sure = outcome is not NO if len(at) > len(BODY) else outcome is YES and not machine.beside.failing
            return frozenset({("answer", id(record), at)}) if sure else frozenset()
        case Data(held=held):
            return frozenset(_known_by(scalar(value))).union(*(_keys(machine, one) for one in held))
        case External():
            return frozenset(_known_by(scalar(value)))
        case _:
            return frozenset()


def _known_by(value: Value) -> Iterator[Hashable]:
    match value:
        case Hole(symbol=tuple() as symbol) if symbol[0] not in AMBIGUOUS:
            yield symbol
        case str() if len(value) >= SHORT:
            yield ("text", value)
        case Template(parts):
            for part in parts:
                yield from _known_by(part)
        case _:
            return


class Leaks:
    """All that is written to logs, to be asked for the values of calls."""

    def __init__(self, logged: Iterable[Logged]) -> None:
        self._by_key: dict[Hashable, list[Logged]] = {}
        for one in logged:
            for key in one.keys[0]:
                self._by_key.setdefault("text" if _is_text(key) else key, []).append(one)
        logged_keys = {key for found in self._by_key.values() for one in found for keys in one.keys for key in keys}
        self._text = "\0".join(str(key[1]) for key in logged_keys if isinstance(key, tuple) and _is_text(key))

    def of(self, record: Record) -> Iterator[tuple[Pointer, int]]:
        """The headers and the fields of the answer that are written to a log, and where."""
        headers = record.document.fields.get("headers")
        for name, value in headers.fields.items() if isinstance(headers, Object) else ():
            yield from ((("headers", name), node) for node in self._written(set(_secrets(value))))
        for key, found in self._by_key.items():
            match key:
                case ("answer", number, tuple() as pointer) if number == id(record):
                    yield from ((pointer, one.node) for one in found if len(one.keys) == 1)

    def _written(self, keys: set[Hashable]) -> Iterator[int]:
        known = (str(key[1]) for key in keys if isinstance(key, tuple) and _is_text(key))
        texts = [text for text in known if text in self._text]  # few are, and to ask each log for them takes time
        for key in (*keys, *(["text"] if texts else [])):
            for one in self._by_key.get(key, ()):
                if all(alternative & keys or _contains(alternative, texts) for alternative in one.keys):
                    yield one.node


def _is_text(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == "text"


def _contains(keys: Keys, texts: list[str]) -> bool:
    return any(text in str(key[1]) for key in keys if isinstance(key, tuple) and _is_text(key) for text in texts)


def _secrets(value: Value) -> Iterator[Hashable]:
    """What the alternatives of a header are known by: the one hole in it, or its text without the scheme."""
    for one in alternatives(value):
        match one:
            case Template(parts):
                holes = [part for part in parts if isinstance(part, Hole)]
                yield from _known_by(holes[0]) if len(holes) == 1 else ()
            case str():
                yield from _known_by(one.partition(" ")[2] or one)
            case _:
                yield from _known_by(one)
