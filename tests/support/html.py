"""Reads a page as a browser without scripts would: elements, their attributes and their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})


@dataclass
class Element:
    """An element with its attributes, its children and the text right inside it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def all(self, tag: str | None = None, **wanted: str) -> Iterator[Element]:
        """Yield the elements inside, in order; `wanted` names attributes, with `_` for `-` and at the end."""
        attributes = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        for child in self.children:
            if isinstance(child, str):
                continue
            if tag in (None, child.tag) and attributes.items() <= child.attributes.items():
                yield child
            yield from child.all(tag, **wanted)

    def one(self, tag: str | None = None, **wanted: str) -> Element:
        """Return the only such element inside."""
        found = list(self.all(tag, **wanted))
        assert len(found) == 1, f"{len(found)} of {tag} {wanted}"
        return found[0]

    @property
    def text(self) -> str:
        """All text inside, white space folded."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        """All text inside, as it stands."""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> inside <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_html(text: str) -> Element:
    """Return the document; raises `AssertionError` where elements are not closed as they were opened."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    assert len(builder.open) == 1, f"<{builder.open[-1].tag}> is not closed"
    return builder.open[0]
