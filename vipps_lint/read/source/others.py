"""What code of the project that is not followed may set: in modules, in attributes, in instances of classes below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from vipps_lint.read.source.elsewhere import EVERY, Elsewhere, set_by
from vipps_lint.read.source.values import Class, Function

NOTHING: frozenset[str] = frozenset()


@dataclass
class Others:
    """Keys of dicts, by the names that hold them; `EVERY` where it may be another value altogether.

    `rebound` are variables of modules, `outside` attributes of anything but `self`. `below` are the classes below each.
    """

    rebound: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)
    outside: dict[str, frozenset[str]] = field(default_factory=dict)
    below: dict[int, tuple[Class, ...]] = field(default_factory=dict)
    _attributes: dict[int, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    def module(self, scope: int, found: Elsewhere) -> None:
        """Take in what the code of a module changes whose names have this scope."""
        for name, key in found.rebound:
            self.rebound[scope, name] = self.rebound.get((scope, name), NOTHING) | {key}
        for name, key in found.outside:
            self.sets(name, key)

    def sets(self, name: str, key: str = EVERY) -> None:
        """An attribute is set on something that is not `self`: whole, or under a key of what it holds."""
        self.outside[name] = self.outside.get(name, NOTHING) | {key}

    def inherits(self, of: Class) -> None:
        """An instance of each class above a new one may be one of this."""
        for above in (one.definition.node for one in of.ancestors if isinstance(one, Class)):
            self.below[above] = (*self.below.get(above, ()), of)
            self._attributes.pop(above, None)

    def attributes(self, of: Class) -> Mapping[str, frozenset[str]]:
        """What methods other than `__init__` set of instances; those of classes below that too."""
        if of.definition.node not in self._attributes:
            found: dict[str, frozenset[str]] = {}
            for name, key in self._set(of):
                found[name] = found.get(name, NOTHING) | {key}
            self._attributes[of.definition.node] = found
        return self._attributes[of.definition.node]

    def _set(self, of: Class) -> Iterator[tuple[str, str]]:
        for one in (of, *of.ancestors):
            if isinstance(one, Class):
                yield from set_by(one.definition, at_birth=False)
        for one in self.below.get(of.definition.node, ()):
            yield from set_by(one.definition, at_birth=True)
            yield from ((name, EVERY) for name, value in one.attributes.items() if not isinstance(value, Function))

    def attribute(self, of: Class, name: str) -> frozenset[str]:
        """What code that is not followed may set in an attribute of an instance, or of its class."""
        inside = self.attributes(of)
        return inside.get(name, NOTHING) | inside.get(EVERY, NOTHING) | self.outside.get(name, NOTHING)
