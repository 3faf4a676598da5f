"""Paths into the tree of a case, as messages name places: ``work.gucheng.split_revenue.2025``.

Keys are joined with dots and may have dots of their own; an entry of a list is ``review[1]``. The
long form of a value (``{value: …, evidence: …}``) is looked through.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy_logic.facts.source import MappingNode, ScalarNode, SequenceNode, dotted, is_absent
from policy_logic.facts.vocabulary_file import LONG_FORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.facts.source import Node

_FLAT: Final = frozenset({"readings"})  # names below have dots of their own
_INDEX: Final = re.compile(r"\[([0-9]{1,6})\]")
_KEY: Final = re.compile(r"[^.\[]*")


def value_at(root: Node, path: str) -> Node | None:
    """Return what a case says at a path; ``None`` where it says nothing."""
    node: Node | None = root
    for key in _walk(root, path):
        node = _below(node, key)
    if isinstance(node, MappingNode) and is_long_form(node):
        node = node.get("value")
    return None if is_absent(node) else node


def keys_of(root: Node, path: str) -> tuple[str, ...]:
    """Return the keys of a path, without those of long forms; entries of lists as ``[1]``."""
    keys: list[str] = []
    node: Node | None = root
    for key in _walk(root, path):
        if not (key == "value" and isinstance(node, MappingNode) and is_long_form(node)):
            keys.append(key)
        node = _below(node, key)
    return tuple(keys)


def _walk(root: Node, path: str) -> Iterator[str]:
    """Yield the keys of a path one by one, also past the end of what the case says."""
    node: Node | None = root
    done = ""
    while path:
        key, path = next_key(node, path, done)
        if not key:
            return
        yield key
        done = dotted(done, key)
        node = _below(node, key)


def _below(node: Node | None, key: str) -> Node | None:
    """Return what stands under a key, or is the entry of a list; ``None`` for nothing."""
    if isinstance(node, SequenceNode):
        number = number_of(key) or 0
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


def next_key(node: Node | None, path: str, done: str = "") -> tuple[str, str]:
    """Return the next key of a path and what follows; the key is empty where there is none.

    Args:
        node: Where the path goes on.
        path: What is left of it.
        done: What has been gone of it.
    """
    if done in _FLAT:
        return path, ""
    index = _INDEX.match(path)
    if index:
        return index.group(), path[index.end() :].removeprefix(".")
    found = _KEY.match(path)
    key = found.group() if found else path
    if isinstance(node, MappingNode):
        if is_long_form(node) and key not in keys_in(node):
            return "value", path
        fitting = [name for name in keys_in(node) if path == name or _leads_into(path, name)]
        key = max(fitting, key=len, default=key)
    return key, path[len(key) :].removeprefix(".")


def _leads_into(path: str, name: str) -> bool:
    return path.startswith((f"{name}.", f"{name}["))


def keys_in(node: MappingNode) -> set[str]:
    """Return the keys of a mapping."""
    return {key.text for key, _ in node.pairs}


def is_long_form(node: MappingNode) -> bool:
    """Return whether a mapping is a value with its evidence."""
    return "value" in keys_in(node) <= {*LONG_FORM}


def number_of(key: str) -> int | None:
    """Return the number of an entry of a list, from 1; ``None`` for another key."""
    found = _INDEX.fullmatch(key)
    return int(found[1]) if found else None
