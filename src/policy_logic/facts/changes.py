"""A case with some of its values taken otherwise: changes to the tree, before anything is checked.

A changed value goes through the same checks as the file; what is wrong with it is told with the
option that gave it as its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from policy_logic.errors import FactsError, Position
from policy_logic.facts.scalars import nearest
from policy_logic.facts.source import (
    MappingNode,
    ScalarNode,
    SequenceNode,
    dotted,
    fault,
    is_absent,
    shown,
    shown_path,
)
from policy_logic.facts.vocabulary_file import LONG_FORM
from policy_logic.facts.yaml_source import nodes_of_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Vocabulary

FORGET: Final = "unknown"
_FLAT: Final = frozenset({"readings"})  # names below have dots of their own
_INDEX: Final = re.compile(r"\[([0-9]{1,6})\]")
_KEY: Final = re.compile(r"[^.\[]*")


@dataclass(frozen=True, slots=True)
class Change:
    """A value of a case to be taken instead of its own.

    Attributes:
        path: Where it belongs, as messages name places: ``work.gucheng.split_revenue.2025``,
            ``review[1].amount``.
        value: The value.
        place: What messages give as its place.
    """

    path: str
    value: Node
    place: Position

    @property
    def forgets(self) -> bool:
        """Whether it takes the value as unknown."""
        return is_absent(self.value)


def read_change(text: str, option: str = "--set") -> Change:
    """Return the change that ``PATH=VALUE`` asks for.

    Args:
        text: The path and, after the first ``=``, the value as it would stand in a facts file on
            one line; ``unknown`` forgets what the case says.
        option: The option that gave it, for messages.

    Raises:
        FactsError: It has no such form, or the value cannot be read.
    """
    place = Position(f"{option} {shown(text)}", 0)
    path, sign, written = text.partition("=")
    if not (path.strip() and sign and written.strip()):
        raise fault("change_form", place, text=shown(text))
    return Change(path.strip(), _value(written.strip(), place), place)


def _value(written: str, place: Position) -> Node:
    if written == FORGET:
        return ScalarNode("null", quoted=False, position=place)
    try:
        (node,) = nodes_of_yaml(written, place.file)
    except FactsError as error:
        raise FactsError([replace(problem, where=place) for problem in error.problems]) from None
    except ValueError:
        raise fault("change_value", place, value=shown(written)) from None
    return placed(node, place)


def placed(node: Node, place: Position) -> Node:
    """Return a tree all of which stands at one place."""
    if isinstance(node, ScalarNode):
        return replace(node, position=place)
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(placed(item, place) for item in node.items), place)
    pairs = ((replace(key, position=place), placed(value, place)) for key, value in node.pairs)
    return MappingNode(tuple(pairs), place)


def changed(root: Node, change: Change, vocabulary: Vocabulary) -> Node:
    """Return the tree of a case with one value taken otherwise; nothing of it is checked yet.

    Args:
        root: The tree of a case that is right.
        change: What to take otherwise.
        vocabulary: The vocabulary the case is written in.

    Raises:
        FactsError: The path leads to an entity that the case does not have, into a list, or
            beyond the end of one.
    """
    _check_entity(root, change, vocabulary)
    return _set(root, change, change.path, "")


def value_at(root: Node, path: str) -> Node | None:
    """Return what a case says at a path; ``None`` where it says nothing."""
    node: Node | None = root
    for key in _walk(root, path):
        node = _below(node, key)
    if isinstance(node, MappingNode) and _is_long_form(node):
        node = node.get("value")
    return None if is_absent(node) else node


def keys_of(root: Node, path: str) -> tuple[str, ...]:
    """Return the keys of a path, without those of long forms; entries of lists as ``[1]``."""
    keys: list[str] = []
    node: Node | None = root
    for key in _walk(root, path):
        if not (key == "value" and isinstance(node, MappingNode) and _is_long_form(node)):
            keys.append(key)
        node = _below(node, key)
    return tuple(keys)


def _walk(root: Node, path: str) -> Iterator[str]:
    """Yield the keys of a path one by one, also past the end of what the case says."""
    node: Node | None = root
    done = ""
    while path:
        key, path = (path, "") if done in _FLAT else _next(node, path)
        if not key:
            return
        yield key
        done = dotted(done, key)
        node = _below(node, key)


def _below(node: Node | None, key: str) -> Node | None:
    """Return what stands under a key, or is the entry of a list; ``None`` for nothing."""
    if isinstance(node, SequenceNode):
        number = _number(key) or 0
        return node.items[number - 1] if 1 <= number <= len(node.items) else None
    return node.get(key) if isinstance(node, MappingNode) else None


def shown_value(node: Node | None) -> str:
    """Return a value as it would stand in a facts file on one line; nothing for ``None``."""
    if node is None:
        return ""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return f"[{', '.join(shown_value(item) for item in node.items)}]"
    pairs = ", ".join(f"{key.text}: {shown_value(value)}" for key, value in node.pairs)
    return f"{{{pairs}}}"


def _set(node: Node | None, change: Change, path: str, done: str) -> Node:
    """Return a node with the value at a path taken otherwise."""
    if not path:
        return change.value
    if isinstance(node, SequenceNode):
        return _set_entry(node, change, path, done)
    mapping = node if isinstance(node, MappingNode) else MappingNode((), change.place)
    key, rest = (path, "") if done in _FLAT else _next(mapping, path)
    if not key or _number(key) is not None:
        raise fault("change_path", change.place, path=shown_path(change.path))
    below = _set(mapping.get(key), change, rest, dotted(done, key))
    name = ScalarNode(key, quoted=False, position=change.place)
    if mapping.get(key) is None:
        return MappingNode((*mapping.pairs, (name, below)), mapping.position)
    pairs = tuple(
        (known if rest else name, below) if known.text == key else (known, value)
        for known, value in mapping.pairs
    )
    return MappingNode(pairs, mapping.position)


def _set_entry(node: SequenceNode, change: Change, path: str, done: str) -> Node:
    """Return a list with one entry, or something in it, taken otherwise; or without it."""
    key, rest = _next(node, path)
    number, count = _number(key), len(node.items)
    if number is None:
        raise fault("change_list", change.place, path=shown_path(done))
    if not 1 <= number <= count:
        raise fault("change_index", change.place, path=shown_path(done), number=number, count=count)
    value = _set(node.items[number - 1], change, rest, f"{done}[{number}]")
    if isinstance(value, MappingNode):
        value = replace(value, position=change.place)
    kept = () if is_absent(value) else (value,)
    return SequenceNode((*node.items[: number - 1], *kept, *node.items[number:]), node.position)


def _next(node: Node | None, path: str) -> tuple[str, str]:
    """Return the next key of a path and what follows; a key may have dots of its own."""
    index = _INDEX.match(path)
    if index:
        return index.group(), path[index.end() :].removeprefix(".")
    found = _KEY.match(path)
    key = found.group() if found else path
    if isinstance(node, MappingNode):
        if _is_long_form(node) and key not in _keys(node):
            return "value", path
        fitting = [name for name in _keys(node) if path == name or _leads_into(path, name)]
        key = max(fitting, key=len, default=key)
    return key, path[len(key) :].removeprefix(".")


def _leads_into(path: str, name: str) -> bool:
    return path.startswith((f"{name}.", f"{name}["))


def _keys(node: MappingNode) -> set[str]:
    return {key.text for key, _ in node.pairs}


def _is_long_form(node: MappingNode) -> bool:
    return "value" in _keys(node) <= {*LONG_FORM}


def _number(key: str) -> int | None:
    found = _INDEX.fullmatch(key)
    return int(found[1]) if found else None


def _check_entity(root: Node, change: Change, vocabulary: Vocabulary) -> None:
    """Refuse a path into an entity that the case does not have."""
    kind_name, rest = _next(root, change.path)
    kind = vocabulary.kinds.get(kind_name)
    if kind is None or not rest or not isinstance(root, MappingNode):
        return
    entities = root.get(kind_name)
    own = _keys(entities) if isinstance(entities, MappingNode) else set()
    name, _ = _next(entities if isinstance(entities, MappingNode) else root, rest)
    if not name or name in own or kind.ids:
        return
    known = [
        f"{key.text}.{entity}"
        for key, below in root.pairs
        if key.text in vocabulary.kinds and isinstance(below, MappingNode)
        for entity in _keys(below)
    ]
    path = dotted(kind_name, name)
    raise fault("change_entity", change.place, path=shown_path(path), kind=kind_name,
                name=shown(name), near=nearest(path, known) or "–")  # fmt: skip
