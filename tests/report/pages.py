"""A page as a parser sees it: its elements with their attributes and their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "link", "img", "hr", "input"})


@dataclass
class Element:
    """One element of a page, and what is in it."""

    name: str
    attributes: dict[str, str | None]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def all(self, name: str = "", *having: str, **wanted: str) -> list[Element]:
        """The elements in it with a name and with some attributes, `data_rule` for `data-rule`."""
        return [one for one in self._below() if name in ("", one.name) and one._has(having, wanted)]

    def one(self, name: str = "", *having: str, **wanted: str) -> Element:
        """The only such element."""
        (found,) = self.all(name, *having, **wanted)
        return found

    def number(self, attribute: str) -> int:
        """A number that the element tells of itself."""
        return int(self.attributes[attribute] or "")

    def _has(self, having: tuple[str, ...], wanted: dict[str, str]) -> bool:
        named = {name.replace("_", "-"): value for name, value in wanted.items()}
        return self.attributes.keys() >= set(having) and named.items() <= self.attributes.items()

    def _below(self) -> Iterator[Element]:
        for one in self.inside:
            if isinstance(one, Element):
                yield one
                yield from one._below()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs), f"an attribute of {tag} is there twice"
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.name == tag, f"{tag} closes {closed.name}"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(html: str) -> Element:
    """The page; every element must be closed in its turn."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1
    return reader.open[0]
