"""The examples of one file of `data/nlu/`, edited line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from catalogue.documents import SOURCE_LANGUAGE
from handover.core.errors import HandoverError
from handover.tuning.changes.documents import YamlText

EMPTY_FILE = 'version: "3.1"\nnlu:\n'
_INDENT = "    "


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """Who speaks: intent, language and voice name a block of examples."""

    intent: str
    language: str
    voice: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block as it stands in the file; lines count from 0, the last one included."""

    kind: Kind
    first: int
    last: int
    #: The line of each example, in order.
    examples: tuple[tuple[int, str], ...]
    #: The line of the `|` that the examples follow.
    head: int
    #: The line that names the intent.
    intent_line: int

    def find(self, text: str) -> int | None:
        """Return the line of an example, None where the block has none of this text."""
        return next((line for line, one in self.examples if one == text), None)


class ExampleFile:
    """The text of one file with its blocks; every change makes a new one."""

    def __init__(self, text: str) -> None:
        self._yaml = YamlText(text)
        self.text = text
        self.blocks = list(self._read())

    def of(self, kind: Kind) -> list[Block]:
        """Return the blocks of a kind; a file may have several."""
        return [block for block in self.blocks if block.kind == kind]

    def locate(self, kind: Kind, text: str) -> int | None:
        """Return the line of an example, None where there is none."""
        return next((line for block in self.of(kind) if (line := block.find(text)) is not None), None)

    def add(self, kind: Kind, *texts: str) -> ExampleFile:
        """Add examples at the end of their block, which is made where there is none."""
        blocks = self.of(kind)
        if blocks:
            block = blocks[-1]
            at = block.examples[-1][0] if block.examples else block.head
            pad = self._pad(at) if block.examples else _INDENT
            return ExampleFile(self._yaml.insert(at + 1, [f"{pad}- {text}" for text in texts]).text)
        beside = [block for block in self.blocks if block.kind.intent == kind.intent]
        after = (beside or self.blocks)[-1].last + 1 if self.blocks else len(self._yaml.lines)
        head = [
            f"- intent: {kind.intent}",
            f"  metadata: {{language: {kind.language}, voice: {kind.voice}}}",
            "  examples: |",
        ]
        return ExampleFile(self._yaml.insert(after, [*head, *(f"{_INDENT}- {text}" for text in texts)]).text)

    def remove(self, kind: Kind, text: str) -> ExampleFile:
        """Take an example away, and its block when that was the last; raises `KeyError` where there is none."""
        for block in self.of(kind):
            line = block.find(text)
            if line is not None:
                alone = len(block.examples) == 1
                return ExampleFile(self._yaml.cut(*((block.first, block.last) if alone else (line, line))).text)
        raise KeyError(text)

    def change(self, kind: Kind, text: str, to: str) -> ExampleFile:
        """Write an example anew, in its place; raises `KeyError` where there is none."""
        line = self.locate(kind, text)
        if line is None:
            raise KeyError(text)
        return ExampleFile(self._yaml.replace_line(line, f"{self._pad(line)}- {to}").text)

    def rename(self, intent: str, to: str) -> ExampleFile:
        """Give all examples of an intent to one of another name."""
        yaml_text = self._yaml
        for block in self.blocks:
            if block.kind.intent == intent:
                line = yaml_text.lines[block.intent_line]
                yaml_text = yaml_text.replace_line(block.intent_line, line.rstrip("\n").replace(intent, to))
        return ExampleFile(yaml_text.text)

    def drop(self, intent: str) -> ExampleFile:
        """Take away all examples of an intent."""
        yaml_text = self._yaml
        for block in reversed(self.blocks):
            if block.kind.intent == intent:
                yaml_text = yaml_text.cut(block.first, block.last)
        return ExampleFile(yaml_text.text)

    def _pad(self, line: int) -> str:
        text = self._yaml.lines[line]
        return text[: len(text) - len(text.lstrip(" "))]

    def _read(self) -> Iterator[Block]:
        items = self._yaml.find(("nlu",))
        if isinstance(items, yaml.ScalarNode) and not items.value:
            return
        if not isinstance(items, yaml.SequenceNode):
            raise HandoverError("content_broken", "no list `nlu`")
        for number, item in enumerate(items.value):
            head = self._yaml.get(("nlu", number, "examples"))
            intent = self._yaml.get(("nlu", number, "intent"))
            meta = self._yaml.value(("nlu", number, "metadata")) or {}
            first, last = int(item.start_mark.line), self._yaml.last_line(item)
            start = int(head.start_mark.line)
            numbers = range(start + 1, self._yaml.last_line(head) + 1)
            lines = [(number, self._yaml.lines[number].strip()) for number in numbers]
            yield Block(
                Kind(intent.value, str(meta.get("language", SOURCE_LANGUAGE)), str(meta.get("voice", ""))),
                first,
                last,
                tuple((line, text.removeprefix("-").strip()) for line, text in lines if text),
                start,
                int(intent.start_mark.line),
            )
