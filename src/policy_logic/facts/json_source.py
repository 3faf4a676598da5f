"""From JSON to nodes, with the place of every value and the exact text of every number."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, Final

from policy_logic.errors import Position
from policy_logic.facts.source import (
    DEEPEST,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    fault,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.errors import FactsError

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_WORD: Final = re.compile(r"[^\s,:\[\]{}\"]+|.", re.DOTALL)
_STRINGS: Final = JSONDecoder()
_NO_NUMBER: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def node_of_json(text: str, file: str, first_line: int = 1) -> Node:
    """Return the root of a JSON text.

    Args:
        text: The text.
        file: The file it is from, for messages.
        first_line: The line of the file on which it begins.

    Raises:
        FactsError: The text is not JSON.
    """
    return _Reader(text, file, first_line).document()


def nodes_of_json_lines(text: str, file: str) -> Iterator[Node]:
    """Yield the root of each line of a JSON Lines text; empty lines are skipped.

    Raises:
        FactsError: A line is not JSON.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield node_of_json(line, file, number)


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, file: str, first_line: int) -> None:
        self.text, self.file, self.first_line = text, file, first_line
        self.at = 0
        self.breaks = [found.end() for found in re.finditer("\n", text)]

    def document(self) -> Node:
        root = self.value(0)
        self.skip()
        if self.at < len(self.text):
            rest = _WORD.match(self.text, self.at)
            found = shown(rest.group()) if rest else ""
            raise fault("json_rest", self.place(self.at), found=found)
        return root

    def place(self, at: int) -> Position:
        before = bisect_right(self.breaks, at)
        start = self.breaks[before - 1] if before else 0
        return Position(self.file, self.first_line + before, at - start + 1)

    def skip(self) -> str:
        """Go on to the next character that is not space; return it."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def fault(self, wanted: str) -> FactsError:
        """Return the error for what stands here instead of what should."""
        found = _WORD.match(self.text, self.at)
        name = shown(found.group()) if found else "EOF"
        return fault("json", self.place(self.at), wanted=wanted, found=name)

    def value(self, depth: int) -> Node:
        character = self.skip()
        start = self.at
        if depth >= DEEPEST:
            raise fault("too_large", self.place(start))
        if character == "{":
            return self.mapping(depth)
        if character == "[":
            return self.sequence(depth)
        if character == '"':
            return self.string()
        found = _PLAIN.match(self.text, start)
        word = _WORD.match(self.text, start)
        if found is None or word is None or found.group() != word.group():
            if word and word.group() in _NO_NUMBER:
                raise fault("json_constant", self.place(start), name=word.group())
            raise self.fault('{ [ "…" 0 true false null')
        self.at = found.end()
        return ScalarNode(found.group(), quoted=False, position=self.place(start))

    def string(self) -> ScalarNode:
        start = self.at
        where = self.place(start)
        try:
            text, self.at = _STRINGS.raw_decode(self.text, start)
        except JSONDecodeError as error:
            place = where if "Unterminated" in error.msg else self.place(error.pos)
            raise fault("json", place, wanted='"…"', found=shown(error.msg)) from None
        if _SURROGATE.search(text):
            raise fault("json_surrogate", where)
        return ScalarNode(text, quoted=True, position=where)

    def mapping(self, depth: int) -> MappingNode:
        where = self.place(self.at)
        self.at += 1
        pairs: list[tuple[ScalarNode, Node]] = []
        closed = self.skip() == "}"
        while not closed:
            if self.skip() != '"':
                raise self.fault('"…":')
            key = self.string()
            if self.skip() != ":":
                raise self.fault(":")
            self.at += 1
            pairs.append((key, self.value(depth + 1)))
            closed = self.closes("}")
        self.at += 1
        return MappingNode(tuple(pairs), where)

    def sequence(self, depth: int) -> SequenceNode:
        where = self.place(self.at)
        self.at += 1
        items: list[Node] = []
        closed = self.skip() == "]"
        while not closed:
            items.append(self.value(depth + 1))
            closed = self.closes("]")
        self.at += 1
        return SequenceNode(tuple(items), where)

    def closes(self, bracket: str) -> bool:
        """Return whether a bracket closes here; else go past the comma."""
        character = self.skip()
        if character == bracket:
            return True
        if character != ",":
            raise self.fault(f", {bracket}")
        self.at += 1
        return False
