"""What a screen reader says of live regions, reckoned from the browser's accessibility tree.

The rules are those of WAI-ARIA: of a region that is `atomic` (a status) all of it is said when a part of it changes, of
one that is not (a log) what is new in it. What is there when a region comes up is not said, but for an alert. Nothing
is said while a region is busy, nor of what is `aria-live="off"` inside one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

#: How long is listened on after what was waited for has come: whatever is said twice is said by then.
AFTERWARDS_SECONDS = 0.4
PATIENCE_SECONDS = 10.0
_EVERY_MS = 15


@dataclass(frozen=True, slots=True)
class Region:
    """A live region at one moment: its texts by the child that they stand in and by their own number."""

    role: str
    atomic: bool
    busy: bool
    texts: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def whole(self) -> str:
        """All that it says, without what is off."""
        return " ".join(" ".join(self.texts.values()).split())


class Ear:
    """Listens to a page; `heard` is what was said, in order."""

    def __init__(self, page: Page) -> None:
        self.heard: list[str] = []
        self._page = page
        self._session = page.context.new_cdp_session(page)
        #: The numbers of all elements that were ever seen to be `aria-live="off"`; the tree does not name them.
        self._silent: set[int] = set()
        self._session.on("DOM.childNodeInserted", lambda event: self._note_silent(event["node"]))
        self._session.send("Accessibility.enable")
        self._session.send("DOM.enable")
        self._before: dict[int, Region] | None = None
        self.look()

    def listen(self, until: Callable[[], bool] = lambda: True) -> list[str]:
        """Listen until something is so, and a moment longer; return what was said meanwhile."""
        known, deadline = len(self.heard), time.monotonic() + PATIENCE_SECONDS
        while not until():
            if time.monotonic() > deadline:
                raise AssertionError(f"it did not come about; heard: {self.heard[known:]}")
            self.look()
            self._page.wait_for_timeout(_EVERY_MS)
        ends = time.monotonic() + AFTERWARDS_SECONDS
        while time.monotonic() < ends:
            self.look()
            self._page.wait_for_timeout(_EVERY_MS)
        return self.heard[known:]

    def look(self) -> None:
        """Compare the tree with that of the last look."""
        now = dict(self._regions())
        if self._before is not None:
            for number, region in now.items():
                self.heard += said(self._before.get(number), region)
        # What a busy region takes in is known without having been said.
        self._before = now

    def _regions(self) -> Iterator[tuple[int, Region]]:
        nodes = {node["nodeId"]: node for node in self._session.send("Accessibility.getFullAXTree")["nodes"]}
        # What came up and went again between the two answers, the browser has told of meanwhile.
        self._note_silent(self._session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"])
        for node in nodes.values():
            kept = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
            if kept.get("live") not in ("polite", "assertive"):
                continue
            region = Region(node["role"]["value"], bool(kept.get("atomic")), bool(kept.get("busy")))
            for child in node.get("childIds", []):
                number = nodes.get(child, {}).get("backendDOMNodeId", 0)
                for text, words in _texts(nodes, child, self._silent):
                    region.texts[number, text] = words
            yield node["backendDOMNodeId"], region

    def _note_silent(self, root: dict[str, Any]) -> None:
        self._silent |= {node["backendNodeId"] for node in _elements(root) if _is_off(node.get("attributes", []))}


def said(before: Region | None, now: Region) -> list[str]:
    """Return what is said when a region that was so is so now."""
    if now.busy or not now.whole or (before is None and now.role != "alert"):
        return []
    if now.atomic or before is None:
        return [now.whole] if before is None or before.whole != now.whole else []
    new = {key: text for key, text in now.texts.items() if before.texts.get(key) != text}
    children = dict.fromkeys(child for child, _ in new)
    return [" ".join(" ".join(text for (child, _), text in new.items() if child == one).split()) for one in children]


def _texts(nodes: dict[str, Any], node_id: str, silent: set[int]) -> Iterator[tuple[int, str]]:
    node = nodes.get(node_id)
    if node is None or node.get("backendDOMNodeId") in silent:
        return
    if node.get("role", {}).get("value") == "StaticText":
        yield node.get("backendDOMNodeId", 0), node.get("name", {}).get("value", "")
        return
    for child in node.get("childIds", []):
        yield from _texts(nodes, child, silent)


def _elements(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in (*node.get("children", []), *node.get("shadowRoots", [])):
        yield from _elements(child)


def _is_off(attributes: list[str]) -> bool:
    return dict(zip(attributes[::2], attributes[1::2], strict=True)).get("aria-live") == "off"
