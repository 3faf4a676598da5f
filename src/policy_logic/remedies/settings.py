"""Facts taken otherwise, by path: one way to write each, whatever form the file gives it.

A member of a set has a path of its own, ``work.gucheng.online_on.douyin``, also where the file
writes the set as a list; so several members can be asked for one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from policy_logic.facts.changes import read_change, with_entity
from policy_logic.facts.paths import shown_value, value_at
from policy_logic.facts.source import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.facts.changes import Change
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Attribute, Vocabulary

YES = "true"
NO = "false"


class Setting(NamedTuple):
    """A value to take for a fact.

    Attributes:
        path: Where the fact stands; a member of a set has its own path.
        value: The value, as a facts file writes it; of a member, whether it belongs.
    """

    path: str
    value: str


Settings: TypeAlias = tuple[Setting, ...]


class Place(NamedTuple):
    """A path taken apart.

    Attributes:
        kind: The kind of entity.
        entity: The entity.
        attribute: The attribute; ``None`` where the path leads to none.
        keys: The keys of its index, outermost first.
        member: The member of a set; empty for any other fact, and for a set as a whole.
    """

    kind: str
    entity: str
    attribute: Attribute | None
    keys: tuple[str, ...]
    member: str

    @property
    def whole(self) -> str:
        """The path without the member."""
        name = self.attribute.name if self.attribute else ""
        return ".".join([self.kind, self.entity, name, *self.keys])


def place_of(path: str, vocabulary: Vocabulary) -> Place:
    """Return a path taken apart."""
    kind, entity, name, rest = [*path.split(".", 3), "", "", ""][:4]
    attribute = vocabulary.attribute(kind, name)
    if attribute is None or not rest:
        return Place(kind, entity, attribute, (), "")
    count = len(attribute.index)
    parts = rest.split(".", count) if count else [rest]
    return Place(kind, entity, attribute, tuple(parts[:count]), "".join(parts[count:]))


def written_now(root: Node, path: str, vocabulary: Vocabulary) -> str:
    """Return what a case says at a path, as the file writes it; empty where it says nothing."""
    place = place_of(path, vocabulary)
    if not place.member:
        return shown_value(value_at(root, path))
    whole = value_at(root, place.whole)
    if isinstance(whole, SequenceNode):
        return YES if place.member in _members(whole) else NO
    return shown_value(value_at(root, path))


def with_settings(
    root: Node, settings: Mapping[str, str], vocabulary: Vocabulary
) -> tuple[Node, list[Change]]:
    """Return the tree of a case with the entities that settings need, and the changes to make.

    Args:
        root: The tree of a case that is right.
        settings: Values by path.
        vocabulary: The vocabulary.
    """
    for kind, entity in new_entities(root, settings, vocabulary):
        root = with_entity(root, kind, entity)
    return root, [read_change(f"{p}={v}") for p, v in as_written(root, settings, vocabulary)]


def new_entities(
    root: Node, settings: Mapping[str, str], vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    """Yield the entities that settings name and the case does not have, each with its kind."""
    known = {
        key.text
        for kind in vocabulary.kinds
        if isinstance(below := value_at(root, kind), MappingNode)
        for key, _ in below.pairs
    }
    for path, value in settings.items():
        attribute = place_of(path, vocabulary).attribute
        if attribute is not None and attribute.type == "ref" and value not in known:
            known.add(value)
            yield attribute.to[0], value


def as_written(
    root: Node, settings: Mapping[str, str], vocabulary: Vocabulary
) -> Iterator[Setting]:
    """Yield settings as ``--set`` takes them: the members of a list as one list."""
    lists: dict[str, list[str]] = {}
    for path, value in settings.items():
        place = place_of(path, vocabulary)
        whole = value_at(root, place.whole) if place.member else None
        if not isinstance(whole, SequenceNode):
            yield Setting(path, value)
            continue
        members = lists.setdefault(place.whole, _members(whole))
        if value == YES and place.member not in members:
            members.append(place.member)
        elif value == NO and place.member in members:
            members.remove(place.member)
    for path, members in lists.items():
        yield Setting(path, f"[{', '.join(members)}]")


def _members(node: SequenceNode) -> list[str]:
    return [item.text for item in node.items if isinstance(item, ScalarNode)]
