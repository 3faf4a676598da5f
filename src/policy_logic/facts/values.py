"""The values of the entities: every attribute, through its index, to facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy_logic.facts import numbers, scalars
from policy_logic.facts.mentions import Mention
from policy_logic.facts.model import CompleteSet, Fact
from policy_logic.facts.scalars import BadValueError, bad, nearest
from policy_logic.facts.source import MappingNode, ScalarNode, SequenceNode, dotted
from policy_logic.facts.vocabulary_file import LONG_FORM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from policy_logic.errors import Position, Problem
    from policy_logic.facts.model import Key, SetName, Value
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Attribute, Vocabulary

_SINGLE: Final[Mapping[str, Callable[[ScalarNode, str], Value]]] = {
    "bool": scalars.truth,
    "money": numbers.whole,
    "usd": numbers.whole,
    "integer": numbers.whole,
    "share": numbers.share,
    "date": scalars.day,
    "text": scalars.text,
    "ref": scalars.free_word,
}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value belongs, while it is being read.

    Attributes:
        entity: The entity's id.
        attribute: The attribute.
        path: The dotted path of the value.
        keys: The keys of the index so far.
        evidence: What was offered in proof, here or further out.
    """

    entity: str
    attribute: Attribute
    path: str
    keys: tuple[Key, ...] = ()
    evidence: str | None = None

    @property
    def index(self) -> str | None:
        """What the next key is; ``None`` at the value itself."""
        depth = len(self.keys)
        return self.attribute.index[depth] if depth < len(self.attribute.index) else None

    def below(self, key: Key) -> _Place:
        """Return the place one key further."""
        path = f"{self.path}.{key}"
        return _Place(self.entity, self.attribute, path, (*self.keys, key), self.evidence)

    def proved_by(self, evidence: str) -> _Place:
        """Return the same place, with evidence."""
        return _Place(self.entity, self.attribute, self.path, self.keys, evidence)


class ValueReader:
    """Collects the facts of all entities of a case.

    Attributes:
        facts: The facts given, in the order of the file.
        complete_sets: The sets written as lists.
        mentions: The references.
        problems: What is wrong.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.facts: list[Fact] = []
        self.complete_sets: dict[SetName, CompleteSet] = {}
        self.mentions: list[Mention] = []
        self.problems: list[Problem] = []

    def read(self, entity: str, attribute: Attribute, node: Node) -> None:
        """Read the value of an attribute."""
        path = f"{attribute.kind}.{entity}.{attribute.name}"
        self._value(_Place(entity, attribute, path), node)

    def _value(self, place: _Place, node: Node) -> None:
        try:
            place, node = self._without_long_form(place, node)
            if isinstance(node, ScalarNode) and node.is_null:
                return
            if place.index is not None:
                self._indexed(place, place.index, node)
            elif place.attribute.type == "set":
                self._set(place, node)
            else:
                self._single(place, node)
        except BadValueError as error:
            self.problems.append(error.problem)

    def _without_long_form(self, place: _Place, node: Node) -> tuple[_Place, Node]:
        """Return the value inside ``{value: …, evidence: …}``; anything else as it is."""
        if not isinstance(node, MappingNode):
            return place, node
        names = {key.text for key, _ in node.pairs}
        if names.isdisjoint(LONG_FORM):
            return place, node
        if place.index == "scene" and ("value" not in names or not names.issubset(LONG_FORM)):
            return place, node
        for key, _ in node.pairs:
            if key.text not in LONG_FORM:
                near = nearest(key.text, LONG_FORM)
                raise bad("long_form_key", key, dotted(place.path, key.text), near=near)
        value, evidence = node.get("value"), node.get("evidence")
        if value is None:
            raise self._misshapen(place, node)
        if evidence is not None and not (isinstance(evidence, ScalarNode) and evidence.is_null):
            path = dotted(place.path, "evidence")
            if not isinstance(evidence, ScalarNode):
                raise bad("shape", evidence, path, example='evidence: "…"')
            place = place.proved_by(scalars.text(evidence, path))
        return place, value

    def _indexed(self, place: _Place, index: str, node: Node) -> None:
        if not isinstance(node, MappingNode):
            raise self._misshapen(place, node)
        for key, value in node.pairs:
            try:
                known = self._key(index, key, dotted(place.path, key.text))
            except BadValueError as error:
                self.problems.append(error.problem)
                continue
            self._value(place.below(known), value)

    def _key(self, index: str, key: ScalarNode, path: str) -> Key:
        if index == "year":
            return scalars.year(key, path)
        if index == "scene":
            return scalars.free_word(key, path)
        return scalars.word(key, path, self.vocabulary.legal_values((index,)), index)

    def _set(self, place: _Place, node: Node) -> None:
        if isinstance(node, SequenceNode):
            self._complete_set(place, node)
        elif isinstance(node, MappingNode):
            for key, value in node.pairs:
                self._settle(place, key, value)
        else:
            raise self._misshapen(place, node)

    def _complete_set(self, place: _Place, node: SequenceNode) -> None:
        members: dict[str, None] = {}
        sound = True
        for item in node.items:
            try:
                inner, value = self._without_long_form(place, item)
                if not isinstance(value, ScalarNode) or value.is_null:
                    raise self._misshapen(place, value)
                member = self._member(place, value, place.path)
                if member in members:
                    raise bad("set_twice", value, place.path)
            except BadValueError as error:
                self.problems.append(error.problem)
                sound = False
                continue
            members[member] = None
            self._add(inner, member, value.position)
        if sound:
            name = (place.entity, place.attribute.name, place.keys)
            self.complete_sets[name] = CompleteSet(tuple(members), node.position, place.evidence)

    def _settle(self, place: _Place, key: ScalarNode, node: Node) -> None:
        """Read one ``value: true | false`` of a set."""
        try:
            path = dotted(place.path, key.text)
            member = self._member(place, key, path)
            inner, value = self._without_long_form(place, node)
            if not isinstance(value, ScalarNode):
                raise self._misshapen(place, value, f"{place.attribute.name}: {{{member}: true}}")
            if not value.is_null:
                self._add(inner, member, key.position, holds=scalars.truth(value, path))
        except BadValueError as error:
            self.problems.append(error.problem)

    def _member(self, place: _Place, node: ScalarNode, path: str) -> str:
        legal = self.vocabulary.members(place.attribute)
        return scalars.word(node, path, legal, "/".join(place.attribute.values))

    def _single(self, place: _Place, node: Node) -> None:
        attribute = place.attribute
        if not isinstance(node, ScalarNode):
            raise self._misshapen(place, node)
        if attribute.type == "enum":
            value: Value = self._member(place, node, place.path)
        else:
            value = _SINGLE[attribute.type](node, place.path)
        self._add(place, value, node.position)
        if attribute.type == "ref":
            self.mentions.append(Mention(node, place.path, attribute.to))

    def _add(self, place: _Place, value: Value, where: Position, *, holds: bool = True) -> None:
        self.facts.append(
            Fact(
                kind=place.attribute.kind,
                entity=place.entity,
                attribute=place.attribute.name,
                keys=place.keys,
                value=value,
                position=where,
                holds=holds,
                evidence=place.evidence,
            )
        )

    def _misshapen(self, place: _Place, node: Node, example: str = "") -> BadValueError:
        example = example or example_of(place.attribute, self.vocabulary)
        return bad("shape", node, place.path, example=example)


def example_of(attribute: Attribute, vocabulary: Vocabulary) -> str:
    """Return how an attribute is written, in one line of YAML."""
    simple = {
        "bool": "true", "money": "2_000_000", "usd": "1_000_000", "integer": "20",
        "share": "0.25", "date": "2025-05-20", "ref": "an_id", "text": '"…"',
    }  # fmt: skip
    value = simple.get(attribute.type) or next(iter(vocabulary.members(attribute)))
    if attribute.type == "set":
        value = f"[{value}]"
    for index in reversed(attribute.index):
        key = {"year": "2025", "scene": "old_town"}.get(index)
        value = f"{{{key or next(iter(vocabulary.legal_values((index,))))}: {value}}}"
    return f"{attribute.name}: {value}"
