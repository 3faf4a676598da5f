"""From YAML to nodes.

The tree is built from the parser's events, not from its own tree: that keeps the text of every
value, bounds depth and growth while reading, and shows every explicit tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from policy_logic.errors import FactsError, Position, Problem
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
    from collections.abc import Iterable, Iterator

_MOST_REPEATED: Final = 200_000
_QUOTES: Final = frozenset({"'", '"', "|", ">"})
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def nodes_of_yaml(text: str, file: str) -> Iterator[Node]:
    """Yield the root of each document of a YAML text.

    Args:
        text: The text.
        file: The file it is from, for messages.

    Raises:
        FactsError: The text is not YAML, or uses what a case has no use for: tags, merge keys,
            aliases that run in a circle or make the case very large.
    """
    import yaml  # noqa: PLC0415 - slow to import

    unprintable = _UNPRINTABLE.search(text)
    if unprintable:
        before = text[: unprintable.start()]
        where = Position(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise fault("control_character", where, character=f"U+{ord(unprintable.group()):04X}")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from _Composer(file, yaml).documents(yaml.parse(text, Loader=loader))
    except yaml.YAMLError as error:
        raise FactsError([_syntax_problem(error, file)]) from None


class _Frame:
    """A mapping or a sequence that is being read."""

    __slots__ = ("anchor", "is_mapping", "items", "key", "position", "size")

    def __init__(self, position: Position, anchor: str | None, *, is_mapping: bool) -> None:
        self.position, self.anchor, self.is_mapping = position, anchor, is_mapping
        self.items: list[Any] = []
        self.key: ScalarNode | None = None
        self.size = 1


class _Composer:
    """Builds nodes from events."""

    def __init__(self, file: str, yaml: Any) -> None:  # noqa: ANN401 - the module, imported late
        self.file, self.yaml = file, yaml
        self.start(None)

    def start(self, _event: Any) -> None:  # noqa: ANN401 - PyYAML's events
        self.root: Node | None = None
        self.frames: list[_Frame] = []
        self.anchors: dict[str, tuple[Node, int] | Position] = {}
        self.repeated = 0

    def documents(self, events: Iterable[Any]) -> Iterator[Node]:
        yaml = self.yaml
        take = {
            yaml.ScalarEvent: self.scalar,
            yaml.AliasEvent: self.alias,
            yaml.MappingStartEvent: self.begin,
            yaml.SequenceStartEvent: self.begin,
            yaml.MappingEndEvent: self.end,
            yaml.SequenceEndEvent: self.end,
            yaml.DocumentStartEvent: self.start,
        }
        for event in events:
            if type(event) in take:
                take[type(event)](event)
            elif self.root is not None and isinstance(event, yaml.DocumentEndEvent):
                yield self.root

    def place(self, event: Any) -> Position:  # noqa: ANN401 - PyYAML's events
        return Position(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def scalar(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events
        where = self.place(event)
        self.refuse_tag(event, where)
        node = ScalarNode(event.value, event.style in _QUOTES, where)
        if event.anchor:
            self.anchors[event.anchor] = (node, 1)
        self.put(node, 1)

    def begin(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events
        where = self.place(event)
        self.refuse_tag(event, where)
        if self.frames and self.frames[-1].is_mapping and self.frames[-1].key is None:
            raise fault("key_not_scalar", where)
        if len(self.frames) >= DEEPEST:
            raise fault("too_large", where)
        if event.anchor:
            self.anchors[event.anchor] = where
        is_mapping = isinstance(event, self.yaml.MappingStartEvent)
        self.frames.append(_Frame(where, event.anchor, is_mapping=is_mapping))

    def end(self, _event: Any) -> None:  # noqa: ANN401 - PyYAML's events
        frame = self.frames.pop()
        items = tuple(frame.items)
        node: Node
        node = (MappingNode if frame.is_mapping else SequenceNode)(items, frame.position)
        if frame.anchor:
            self.anchors[frame.anchor] = (node, frame.size)
        self.put(node, frame.size)

    def alias(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events
        where, name = self.place(event), event.anchor
        if name not in self.anchors:
            message = f"found undefined alias *{shown(name)}"
            raise fault("yaml", where, message=message)
        known = self.anchors[name]
        if isinstance(known, Position):
            raise fault("recursive_alias", known, name=shown(name))
        node, size = known
        self.repeated += size
        if self.repeated > _MOST_REPEATED:
            raise fault("too_large", where)
        self.put(node, size)

    def put(self, node: Node, size: int) -> None:
        if not self.frames:
            self.root = node
            return
        frame = self.frames[-1]
        frame.size += size
        if not frame.is_mapping:
            frame.items.append(node)
        elif frame.key is not None:
            frame.items.append((frame.key, node))
            frame.key = None
        elif not isinstance(node, ScalarNode):
            raise fault("key_not_scalar", node.position)
        elif node.text == "<<" and not node.quoted:
            raise fault("merge_key", node.position)
        else:
            frame.key = node

    def refuse_tag(self, event: Any, where: Position) -> None:  # noqa: ANN401 - PyYAML's events
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise fault("tag", where, tag=shown(tag))


def _syntax_problem(error: Any, file: str) -> Problem:  # noqa: ANN401 - PyYAML's errors
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1)
    message = str(getattr(error, "problem", None) or error).splitlines()[0]
    opened = getattr(error, "context_mark", None)
    if opened and mark and opened.line != mark.line:
        message = f"{message}, {error.context} ({opened.line + 1})"
    return Problem("facts.yaml", where, {"message": message})
