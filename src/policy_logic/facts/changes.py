"""A case with some of its values taken otherwise: changes to the tree, before anything is checked.

A changed value goes through the same checks as the file; what is wrong with it is told with the
option that gave it as its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from policy_logic.errors import FactsError, Position, Problem
from policy_logic.facts.case import case_of
from policy_logic.facts.paths import keys_in, next_key, number_of
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
from policy_logic.facts.yaml_source import nodes_of_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.facts.model import Case
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Vocabulary

FORGET: Final = "unknown"


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


def read_changed(
    root: Node, changes: Sequence[Change], vocabulary: Vocabulary
) -> tuple[Node, Case]:
    """Return a case with some of its values taken otherwise, as a tree and read.

    Args:
        root: The tree of a case that is right.
        changes: What to take otherwise; of two with one path the later counts.
        vocabulary: The vocabulary the case is written in.

    Raises:
        FactsError: A path leads nowhere, or the case is wrong with the changes. If what is wrong
            stands elsewhere in the file, the changes are named before it.
    """
    for change in changes:
        root = changed(root, change, vocabulary)
    try:
        return root, case_of(root, vocabulary)
    except FactsError as error:
        places = {change.place for change in changes}
        if any(problem.where in places for problem in error.problems):
            raise
        breaks = [Problem("facts.change_breaks", place) for place in sorted(places)]
        raise FactsError([*breaks, *error.problems]) from None


def with_entity(root: Node, kind: str, name: str) -> Node:
    """Return the tree of a case with one more entity, of which nothing is known.

    Args:
        root: The tree of a case that is right.
        kind: The kind of entity.
        name: Its id, which no other entity of the case has.
    """
    place = Position(f"{kind}.{name}", 0)
    entity = MappingNode((), place)
    empty = MappingNode(((ScalarNode(name, quoted=False, position=place), entity),), place)
    assert isinstance(root, MappingNode)  # noqa: S101 - the tree of a case that is right
    known = root.get(kind)
    if not isinstance(known, MappingNode):
        pairs = tuple(pair for pair in root.pairs if pair[0].text != kind)
        key = ScalarNode(kind, quoted=False, position=place)
        return MappingNode((*pairs, (key, empty)), root.position)
    joined = MappingNode((*known.pairs, *empty.pairs), known.position)
    pairs = tuple((key, joined if key.text == kind else node) for key, node in root.pairs)
    return MappingNode(pairs, root.position)


def _set(node: Node | None, change: Change, path: str, done: str) -> Node:
    """Return a node with the value at a path taken otherwise."""
    if not path:
        return change.value
    if isinstance(node, SequenceNode):
        return _set_entry(node, change, path, done)
    mapping = node if isinstance(node, MappingNode) else MappingNode((), change.place)
    key, rest = next_key(mapping, path, done)
    if not key or number_of(key) is not None:
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
    key, rest = next_key(node, path)
    number, count = number_of(key), len(node.items)
    if number is None:
        raise fault("change_list", change.place, path=shown_path(done))
    if not 1 <= number <= count:
        raise fault("change_index", change.place, path=shown_path(done), number=number, count=count)
    value = _set(node.items[number - 1], change, rest, f"{done}[{number}]")
    if isinstance(value, MappingNode):
        value = replace(value, position=change.place)
    kept = () if is_absent(value) else (value,)
    return SequenceNode((*node.items[: number - 1], *kept, *node.items[number:]), node.position)


def _check_entity(root: Node, change: Change, vocabulary: Vocabulary) -> None:
    """Refuse a path into an entity that the case does not have."""
    kind_name, rest = next_key(root, change.path)
    kind = vocabulary.kinds.get(kind_name)
    if kind is None or not rest or not isinstance(root, MappingNode):
        return
    entities = root.get(kind_name)
    own = keys_in(entities) if isinstance(entities, MappingNode) else set()
    name, _ = next_key(entities if isinstance(entities, MappingNode) else root, rest)
    if not name or name in own or kind.ids:
        return
    known = [
        f"{key.text}.{entity}"
        for key, below in root.pairs
        if key.text in vocabulary.kinds and isinstance(below, MappingNode)
        for entity in keys_in(below)
    ]
    path = dotted(kind_name, name)
    raise fault("change_entity", change.place, path=shown_path(path), kind=kind_name,
                name=shown(name), near=nearest(path, known) or "–")  # fmt: skip
