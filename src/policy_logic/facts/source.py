"""A case as a tree of nodes with places, whatever it was written in.

The trees come from :mod:`~policy_logic.facts.yaml_source`, :mod:`~policy_logic.facts.json_source`
and :mod:`~policy_logic.facts.plain_source`. A node keeps the exact text of a value: what it means
is for the vocabulary to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.errors import FactsError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST: Final = 40
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_JOINED_DEPTH: Final = 2
_LONGEST_SHOWN: Final = 60
_LONGEST_PATH: Final = 200
_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value, as written.

    Attributes:
        text: Its exact text.
        quoted: Whether it was in quotes: then it is text and nothing else.
        position: Where it stands.
    """

    text: str
    quoted: bool
    position: Position

    @property
    def is_null(self) -> bool:
        """Whether it says that nothing is known."""
        return not self.quoted and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys and values, in the order written."""

    pairs: tuple[tuple[ScalarNode, Node], ...]
    position: Position

    def get(self, name: str) -> Node | None:
        """Return the first value of a key, ``None`` if there is no such key."""
        return next((value for key, value in self.pairs if key.text == name), None)


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """Values in a row."""

    items: tuple[Node, ...]
    position: Position


Node: TypeAlias = ScalarNode | MappingNode | SequenceNode


def is_absent(node: Node | None) -> bool:
    """Return whether nothing is known: there is no node, or it is null."""
    return node is None or (isinstance(node, ScalarNode) and node.is_null)


def fault(code: str, where: Position | None, **details: object) -> FactsError:
    """Return the error that ends the reading of a file, ready to be raised."""
    return FactsError([Problem(f"facts.{code}", where, details)])


def shown(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Return a text fit for a message: one short line, without invisible characters."""
    visible = _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text[:longest])
    return visible + "…" if len(text) > longest else visible


def shown_path(path: str) -> str:
    """Return a dotted path fit for a message."""
    return shown(path, _LONGEST_PATH)


def dotted(path: str, name: str) -> str:
    """Return a path, one key further."""
    return f"{path}.{name}" if path else name


def without_duplicates(root: Node) -> tuple[Node, list[Problem]]:
    """Return a tree in which no key occurs twice, and a problem for each that did.

    Of two values the first counts; two blocks of entities, or of attributes of one entity, count
    together, so that nothing in the second looks as if it were missing.
    """
    walk = _Walk()
    return walk.settled(root, "", 0), walk.problems


class _Walk:
    """Goes through a tree once; what aliases share is looked at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.done: dict[int, tuple[Node, Node]] = {}

    def settled(self, node: Node, path: str, depth: int) -> Node:
        if isinstance(node, ScalarNode):
            return node
        if id(node) in self.done:
            return self.done[id(node)][1]
        if isinstance(node, SequenceNode):
            items = [
                self.settled(item, f"{path}[{i}]", depth + 1)
                for i, item in enumerate(node.items, 1)
            ]
            result: Node = (
                node if _same(items, node.items) else SequenceNode(tuple(items), node.position)
            )
        else:
            result = self.mapping(node, path, depth)
        self.done[id(node)] = (node, result)
        return result

    def mapping(self, node: MappingNode, path: str, depth: int) -> Node:
        first: dict[str, ScalarNode] = {}
        values: dict[str, Node] = {}
        for key, value in node.pairs:
            if key.text not in first:
                first[key.text], values[key.text] = key, value
                continue
            details = {
                "path": shown_path(dotted(path, key.text)),
                "key": shown(key.text),
                "first": first[key.text].position.line,
            }
            self.problems.append(Problem("facts.duplicate_key", key.position, details))
            before = values[key.text]
            values[key.text] = _joined(before, value, _JOINED_DEPTH - depth)
        pairs = [
            (first[name], self.settled(value, dotted(path, name), depth + 1))
            for name, value in values.items()
        ]
        unchanged = len(pairs) == len(node.pairs) and _same(
            [value for _, value in pairs], [value for _, value in node.pairs]
        )
        return node if unchanged else MappingNode(tuple(pairs), node.position)


def _joined(first: Node, second: Node, levels: int) -> Node:
    """Return the pairs of two mappings together, some levels deep; else the first."""
    if not (levels > 0 and isinstance(first, MappingNode) and isinstance(second, MappingNode)):
        return first
    pairs = {key.text: (key, value) for key, value in first.pairs}
    for key, value in second.pairs:
        known = pairs.get(key.text)
        pairs[key.text] = (
            (known[0], _joined(known[1], value, levels - 1)) if known else (key, value)
        )
    return MappingNode(tuple(pairs.values()), first.position)


def _same(found: Sequence[Node], before: Sequence[Node]) -> bool:
    return all(a is b for a, b in zip(found, before, strict=True))
