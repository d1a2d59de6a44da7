"""A YAML file that is edited in place: what an edit does not name keeps every byte.

A file is read with the marks of its parts, and an edit replaces the text between two marks. Order, comments, quoting,
flow style and the way in which other texts are folded cannot change, since they are never written anew. An emitter
that keeps them (ruamel.yaml) leaves the files of the data folder alone too, but for two of them, and takes some fifty
times as long.
"""

from __future__ import annotations

import textwrap
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import yaml

from handover.core.errors import HandoverError

#: Columns of a folded text, its indentation included: as the catalogue is written.
WIDTH = 110
#: From here on a text is folded.
LONG_CHARS = 80

Where = tuple[str | int, ...]


class YamlText:
    """The text of one YAML file, and how to change it; every change makes a new one."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def root(self) -> yaml.Node:
        """The parts of the file; raises `content_broken` where it is not YAML."""
        try:
            node = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise HandoverError("content_broken", str(error)) from None
        if node is None:
            raise HandoverError("content_broken", "empty")
        return node

    @cached_property
    def lines(self) -> list[str]:
        """The lines with their ends."""
        return self.text.splitlines(keepends=True)

    def find(self, where: Where) -> yaml.Node | None:
        """Return the part at a place, None where there is none."""
        node: yaml.Node | None = self.root
        for step in where:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                return None
        return node

    def get(self, where: Where) -> yaml.Node:
        """Return the part at a place; raises `content_broken` where there is none."""
        node = self.find(where)
        if node is None:
            raise HandoverError("content_broken", f"nothing at {where}")
        return node

    def value(self, where: Where) -> Any:
        """Return what stands at a place, as YAML means it; None where there is nothing."""
        node = self.find(where)
        return None if node is None else yaml.constructor.SafeConstructor().construct_document(node)

    def set_text(self, where: Where, text: str) -> YamlText:
        """Replace the text at a place, in the style that it has; a long or folded one is folded."""
        node = self.get(where)
        if not isinstance(node, yaml.ScalarNode):
            raise HandoverError("content_broken", f"no text at {where}")
        indent = _indent_of(self.lines[self._key_line(where)])
        in_flow = self._is_in_flow(where)
        folded = node.style in (">", "|") or (len(text) > LONG_CHARS and not in_flow)
        source = fold(text, indent + 2) if folded else quote(text, node.style, in_flow=in_flow)
        start, end = node.start_mark.index, self._end(node)
        return self._checked(YamlText(self.text[:start] + source + self.text[end:]), where, text)

    def set_words(self, where: Where, words: Sequence[str]) -> YamlText:
        """Replace a list of words; those that stay keep the way they are written."""
        node = self.get(where)
        if not isinstance(node, yaml.SequenceNode):
            raise HandoverError("content_broken", f"no list at {where}")
        written = {one.value: self.text[one.start_mark.index : one.end_mark.index] for one in node.value}
        sources = [written.get(word) or quote(word, None, in_flow=bool(node.flow_style)) for word in words]
        if node.flow_style or not words:
            source, end = f"[{', '.join(sources)}]", self._end(node)
        else:
            between = "\n" + " " * node.start_mark.column
            source, end = between.join(f"- {one}" for one in sources), self._end(node)
        start = node.start_mark.index
        if not words and not node.flow_style:  # Where the items stood there may be too little indentation for a list.
            start, source = self.text.rindex(":", 0, start) + 1, " []"
        return self._checked(YamlText(self.text[:start] + source + self.text[end:]), where, list(words))

    def add_key(self, where: Where, key: str, lines: Sequence[str]) -> YamlText:
        """Add `key` with these lines below it at the end of the mapping at `where`, in block style."""
        node = self.get(where)
        if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
            raise HandoverError("content_broken", f"no block mapping at {where}")
        pad = " " * node.start_mark.column
        return self.insert(self.last_line(node) + 1, [pad + line for line in (key, *lines)])

    def insert(self, line: int, lines: Sequence[str]) -> YamlText:
        """Put whole lines before line number `line`, counted from 0."""
        before = "".join(self.lines[:line])
        if before and not before.endswith("\n"):
            before += "\n"
        return YamlText(before + "".join(f"{one}\n" for one in lines) + "".join(self.lines[line:]))

    def cut(self, first: int, last: int) -> YamlText:
        """Take out whole lines, `last` included."""
        return YamlText("".join(self.lines[:first] + self.lines[last + 1 :]))

    def replace_line(self, line: int, text: str) -> YamlText:
        """Put another line in a line's place."""
        end = "\n" if self.lines[line].endswith("\n") else ""
        return YamlText("".join([*self.lines[:line], text + end, *self.lines[line + 1 :]]))

    def last_line(self, node: yaml.Node) -> int:
        """Return the number of the last line that holds something of a part."""
        return bisect_right(self._starts, self._end(node)) - 1

    def _end(self, node: yaml.Node) -> int:
        """Return where a part ends: the reader's mark stands behind the white space and the comments that follow."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        if isinstance(node, yaml.ScalarNode) and node.style in (">", "|"):
            return self._end_of_block(node)
        return int(node.end_mark.index)

    def _end_of_block(self, node: yaml.Node) -> int:
        """A block ends with its last line that is indented: what is less so, a comment too, is not of it."""
        first = node.start_mark.line + 1
        indent = _indent_of(self.lines[first]) if first < len(self.lines) else 0
        last = node.start_mark.line
        for number in range(first, len(self.lines)):
            line = self.lines[number]
            if not line.strip():
                continue
            if _indent_of(line) < indent or indent == 0:
                break
            last = number
        return self._starts[last] + len(self.lines[last].rstrip("\n"))

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *accumulate(map(len, self.lines[:-1]))]

    def _key_line(self, where: Where) -> int:
        """Return the line of the key that names a place, or of the item of a list."""
        parent = self.get(where[:-1])
        if isinstance(parent, yaml.MappingNode):
            return next(int(key.start_mark.line) for key, _ in parent.value if key.value == where[-1])
        return int(self.get(where).start_mark.line)

    def _is_in_flow(self, where: Where) -> bool:
        parts = (self.get(where[:depth]) for depth in range(len(where)))
        return any(isinstance(part, yaml.CollectionNode) and part.flow_style for part in parts)

    @staticmethod
    def _checked(changed: YamlText, where: Where, wanted: object) -> YamlText:
        """Return a file in which a place says what was wanted; anything else is a fault of ours."""
        if changed.value(where) != wanted:
            raise HandoverError("content_broken", f"{where} does not read as it was written")
        return changed


def fold(text: str, indent: int) -> str:
    """Return a text as a folded block, its lines indented by so many columns."""
    pad = " " * indent
    paragraphs = [
        textwrap.fill(
            part, WIDTH, initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False
        )
        for part in text.split("\n")
    ]
    return ">-\n" + "\n\n".join(paragraphs)


def quote(text: str, style: str | None, *, in_flow: bool = False) -> str:
    """Return a short text as YAML, in the style that is asked for: plain only where it then reads the same."""
    if style == "'" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    if not style and _is_plain(text, in_flow=in_flow):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _is_plain(text: str, *, in_flow: bool) -> bool:
    try:
        if in_flow:
            # In a list and in a mapping: each has signs of its own.
            read = yaml.load(f"[[{text}], {{a: {text}}}]", yaml.CSafeLoader)
            return bool(text) and read == [[text], {"a": text}]
        return bool(text) and yaml.load(f"a: {text}", yaml.CSafeLoader) == {"a": text}
    except yaml.YAMLError:
        return False


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
