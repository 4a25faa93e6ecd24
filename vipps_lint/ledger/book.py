"""States filed under the keys of their calls, found without a look at every key.

An id that is plain text or a number is looked up; only ids that are not fully known are compared one by one. A call
whose own id is not known may be about every state: it waits in a list, and a state takes it in when it is next asked
for, so that such calls cost nothing for the many states that nobody asks for again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from vipps_lint.call import Call, Effect
from vipps_lint.document import ABSENT, MAYBE, NO, YES, Hole, Template, Truth, Value, ask, certain, equal
from vipps_lint.immutable import immutable
from vipps_lint.ledger.agreement import Agreement
from vipps_lint.ledger.payment import Payment

State = TypeVar("State", Payment, Agreement)


@immutable(frozen=True, slots=True)
class Key:
    """Whose state it is: the id, and the sales unit (MSN) and host where the calls say them."""

    entity: str
    id: Value
    msn: Value
    host: Value


@dataclass(slots=True)
class _Entry(Generic[State]):
    """A state with its key; `read` counts the waiting calls that it has taken in."""

    key: Key
    state: State
    read: int


class Book(MutableMapping[Key, State], Generic[State]):
    """All payments, or all agreements, that calls have told of; the oldest come first."""

    def __init__(self, unknown: Callable[[], State]) -> None:
        self._unknown: Callable[[], State] = unknown
        self._count = 0
        self._filed: OrderedDict[Hashable, list[_Entry[State]]] = OrderedDict()  # a dict finds its first slowly
        self._vague: list[_Entry[State]] = []
        self._waiting: list[tuple[Key, Call, Effect, Truth] | None] = []

    def fold(self, key: Key, call: Call, effect: Effect, sure: Truth) -> None:
        """Change the states that the call is about, and widen those that it may be about."""
        if key.id is ABSENT:
            return
        if type(key.id) is str and not self._vague:  # of most payments every call says which one it is
            entries = self._filed.get((str, key.id), ())
            if not entries or (len(entries) == 1 and _same(entries[0].key, key) is YES):
                _take(self._settled(entries[0]) if entries else self._new(key), call, effect, sure)
                return
        met = [(entry, _same(entry.key, key)) for entry in self._near(key)]
        if all(same is not YES for _, same in met) and _same_id(key.id, key.id) is YES:
            # An id that is not even certainly its own equal can never be asked for, so it has no state.
            met = [(entry, same) for entry, same in met if entry.key != key]
            met.append((self._file(key), YES))
        several = sum(same is YES for _, same in met) > 1
        for entry, same in met:
            if same is not NO:
                _take(self._settled(entry), call, effect, sure if same is YES and not several else sure & MAYBE)
        if _shelf(key.id) is None:
            self._waiting.append((key, call, effect, sure))
            for entry, same in met:
                entry.read = entry.read if same is NO else len(self._waiting)

    def find(self, key: Key) -> State:
        """The state that certainly is the key's; all unknown where there is none, or more than one."""
        met = [entry for entry in self._near(key) if _same(entry.key, key) is YES]
        return self._settled(met[0]).state if len(met) == 1 else self._unknown()

    def doubt(self) -> None:
        """Widen every state: a call that is not fully known may have changed any of them."""
        self._waiting.append(None)

    def forget_first(self) -> None:
        """Drop the state that was filed first; from now on it is unknown."""
        shelf = next(iter(self._filed), None)
        entries = self._filed[shelf] if shelf is not None else self._vague
        if entries:
            entries.pop(0)
            self._count -= 1
        if shelf is not None and not entries:
            del self._filed[shelf]

    def __getitem__(self, key: Key) -> State:
        return self._settled(self._entry(key)).state

    def __setitem__(self, key: Key, state: State) -> None:
        found = [entry for entry in self._near(key) if entry.key == key]
        entry = found[0] if found else self._file(key)
        entry.state, entry.read = state, len(self._waiting)

    def __delitem__(self, key: Key) -> None:
        entry, shelf = self._entry(key), _shelf(key.id)
        (self._vague if shelf is None else self._filed[shelf]).remove(entry)
        if shelf is not None and not self._filed[shelf]:
            del self._filed[shelf]
        self._count -= 1

    def __iter__(self) -> Iterator[Key]:
        return (entry.key for entry in self._entries())

    def __len__(self) -> int:
        return self._count

    def _entry(self, key: Key) -> _Entry[State]:
        for entry in self._near(key):
            if entry.key == key:
                return entry
        raise KeyError(key)

    def _entries(self) -> Iterator[_Entry[State]]:
        for shelf in self._filed.values():
            yield from shelf
        yield from self._vague

    def _near(self, key: Key) -> list[_Entry[State]]:
        """The entries that may be meant, but for those that only a vague key may mean (they take it in later)."""
        shelf = _shelf(key.id)
        filed = [] if shelf is None else self._filed.get(shelf, [])
        return filed + self._vague

    def _file(self, key: Key) -> _Entry[State]:
        """A new entry of which nothing is known; it takes the place of one with the same key."""
        if key in self:
            del self[key]
        return self._new(key)

    def _new(self, key: Key) -> _Entry[State]:
        entry = _Entry(key, self._unknown(), len(self._waiting))
        self._count += 1
        shelf = _shelf(key.id)
        (self._vague if shelf is None else self._filed.setdefault(shelf, [])).append(entry)
        return entry

    def _settled(self, entry: _Entry[State]) -> _Entry[State]:
        """The entry with all waiting calls taken in, in their order."""
        while entry.read < len(self._waiting):
            told = self._waiting[entry.read]
            entry.read += 1
            if told is None:
                entry.state = entry.state.joined(self._unknown())
            elif _same(entry.key, told[0]) is not NO:
                _take(entry, *told[1:3], told[3] & MAYBE)
        return entry


def _take(entry: _Entry[State], call: Call, effect: Effect, sure: Truth) -> None:
    before = entry.state
    repeated = before.repeated(call)
    after = before.after(call, effect) if repeated is not YES else before
    entry.state = after if sure is YES and repeated is NO else before.joined(after)


def _shelf(value: Value) -> Hashable | None:
    """Where an id is filed: values on different shelves certainly differ. None for what is not fully known."""
    value = _text(value)
    return (type(value), value) if value is None or isinstance(value, str | bool | float) else None


def _same(one: Key, other: Key) -> Truth:
    """Whether two keys are of one life. An id that flows from one call to the other carries its sales unit with it."""
    if one.entity != other.entity:
        return NO
    if type(one.id) is str and type(other.id) is str:
        if one.id != other.id:
            return NO
        if type(one.msn) is type(other.msn) is type(one.host) is type(other.host) is str:  # as most calls are
            return certain(one.msn == other.msn and one.host == other.host)
    around = _compatible(one.msn, other.msn) & _compatible(one.host, other.host)
    if isinstance(one.id, Hole | Template) and around is MAYBE:
        around = YES
    return _same_id(one.id, other.id) & around


def _same_id(one: Value, other: Value) -> Truth:
    """Ids are text; a number in a body and its text in a path are the same id."""
    return equal(_text(one), _text(other)) if ABSENT not in (one, other) else NO


def _text(value: Value) -> Value:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _compatible(one: Value, other: Value) -> Truth:
    """Whether sales units (or hosts) go together: a call that names none uses that of its keys, like its neighbours."""

    def question(left: Value, right: Value) -> Truth:
        return YES if ABSENT in (left, right) else equal(_text(left), _text(right))

    return ask(one, lambda left: ask(other, lambda right: question(left, right)))
