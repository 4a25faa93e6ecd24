"""The shapes of bodies: what the official description of an operation says of its request and of its answer."""

from __future__ import annotations

from collections.abc import Mapping

from vipps_lint.document import MAYBE, NO, YES, Pointer, Truth
from vipps_lint.immutable import immutable

GONE = "gone"
"""The type of a field that people still send or read, and that is not there (any more)."""

OPEN = ("any", "object")
"""The types of values of which nothing more is described."""


@immutable(frozen=True, slots=True)
class Shape:
    """What is described of one value. `fields` are those of an object, None where it may have any.

    `least` and `most` say how large a number is, how long a text, or how many items or fields there are; `signs` says
    of what a text is made, as in `A-Za-z0-9-`. `instead` says which field has taken the place of one that is gone, as
    dotted text from the object around it.
    """

    type: str
    required: bool = False
    nullable: bool = False
    deprecated: bool = False
    least: int | None = None
    most: int | None = None
    signs: str = ""
    options: tuple[str, ...] = ()
    instead: str = ""
    fields: Mapping[str, Shape] | None = None
    items: Shape | None = None

    def has(self, at: Pointer) -> Truth:
        """Whether there is such a field; MAYBE below what is not described. A `*` or a number is an item."""
        shape = self
        for name in at:
            inner = shape.step(name)
            if inner is None:
                return MAYBE if shape.fields is None and shape.type in OPEN else NO
            shape = inner
        return NO if shape.type == GONE else YES

    def step(self, name: str | int) -> Shape | None:
        """The shape of a field or of an item; None where there is none, or none that is described."""
        if self.items is not None:
            return self.items if name == "*" or isinstance(name, int) else None
        return (self.fields or {}).get(str(name))


@immutable(frozen=True, slots=True)
class Reference:
    """What the official description says of an operation; nothing where there is none.

    `headers` are those that it requires, `success` the statuses with which it may succeed. `final` says that no fields
    are added any more: one that is not described does not exist. Elsewhere it may only be younger than the description.
    """

    headers: tuple[str, ...] = ()
    body: Shape | None = None
    answer: Shape | None = None
    success: tuple[int, ...] = ()
    final: bool = False


UNKNOWN = Reference()
"""The reference of an operation that nobody has described."""
