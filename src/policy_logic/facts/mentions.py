"""Every place where a case names one of its entities, checked once all of them are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policy_logic.facts.scalars import bad, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.errors import Problem
    from policy_logic.facts.model import Entity
    from policy_logic.facts.source import ScalarNode


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an entity is named.

    Attributes:
        node: The id as written.
        path: The dotted path of the place.
        kinds: The kinds it may be of; empty for any.
        code: The message for an entity of another kind.
    """

    node: ScalarNode
    path: str
    kinds: tuple[str, ...] = ()
    code: str = "reference_kind"


@dataclass
class Entities:
    """The entities of a case, and what names them.

    Attributes:
        known: The entities by id.
        broken: Ids that are refused, and said to be so where they stand.
        unreadable: Kinds whose entities could not be read at all.
        mentions: The places that name an entity.
    """

    known: dict[str, Entity] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the places: one problem for each id that does not exist."""
        lost: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            name = mention.node.text
            if name in self.broken:
                continue
            entity = self.known.get(name)
            if entity is None:
                if not self._may_be_lost_with_its_kind(mention):
                    lost.setdefault(name, []).append(mention)
            elif mention.kinds and entity.kind not in mention.kinds:
                kinds = ", ".join(mention.kinds)
                details = {"kind": entity.kind, "kinds": kinds}
                yield bad(mention.code, mention.node, mention.path, **details).problem
        for name, places in lost.items():
            yield self._lost(name, places)

    def _may_be_lost_with_its_kind(self, mention: Mention) -> bool:
        return bool(self.unreadable.intersection(mention.kinds or self.unreadable))

    def _lost(self, name: str, places: list[Mention]) -> Problem:
        first = places[0]
        near = nearest(name, _of_kinds(self.known, first.kinds)) or "–"
        if len(places) == 1:
            return bad("reference", first.node, first.path, near=near).problem
        lines = sorted({place.node.position.line for place in places[1:]})
        others = ", ".join(map(str, lines))
        return bad("reference_repeated", first.node, first.path, near=near, others=others).problem


def _of_kinds(entities: Mapping[str, Entity], kinds: tuple[str, ...]) -> list[str]:
    return [e.id for e in entities.values() if not kinds or e.kind in kinds]
