"""The values of one entity: every attribute, through its index, to facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.errors import Position, Problem
from policy_logic.facts import scalars
from policy_logic.facts.model import CompleteSet, Fact, Key, SetName, Value
from policy_logic.facts.scalars import BadValueError, bad, nearest
from policy_logic.facts.source import Mapping_, Node, Scalar, Sequence_

if TYPE_CHECKING:
    from policy_logic.facts.vocabulary import Attribute, Vocabulary


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value belongs, while it is being read."""

    entity: str
    attribute: Attribute
    keys: tuple[Key, ...]
    evidence: str | None

    @property
    def path(self) -> str:
        """The dotted path of the value."""
        parts = (self.attribute.kind, self.entity, self.attribute.name, *map(str, self.keys))
        return ".".join(parts)


class ValueReader:
    """Collects the facts of all entities of a case.

    Attributes:
        facts: The facts given.
        complete_sets: The sets written as lists.
        references: References to be checked once all entities are known.
        problems: What is wrong.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.facts: list[Fact] = []
        self.complete_sets: dict[SetName, CompleteSet] = {}
        self.references: list[tuple[Fact, Attribute]] = []
        self.problems: list[Problem] = []

    def read(self, entity: str, attribute: Attribute, node: Node) -> None:
        """Read the value of an attribute."""
        self._value(Place(entity, attribute, (), None), node)

    def _value(self, place: Place, node: Node) -> None:
        try:
            place, node = self._long_form(place, node)
            if isinstance(node, Scalar) and node.is_null:
                return
            if len(place.keys) < len(place.attribute.index):
                self._indexed(place, node)
            elif place.attribute.type == "set":
                self._set(place, node)
            else:
                self._single(place, node)
        except BadValueError as fault:
            self.problems.append(fault.problem)

    def _long_form(self, place: Place, node: Node) -> tuple[Place, Node]:
        """Unwrap ``{value: …, evidence: …}``."""
        if not isinstance(node, Mapping_) or node.get("value") is None:
            return place, node
        if len(place.keys) < len(place.attribute.index) and not {"value", "evidence"} >= {
            key.text for key, _ in node.pairs
        }:
            return place, node
        for key, _ in node.pairs:
            if key.text not in {"value", "evidence"}:
                near = nearest(key.text, ("value", "evidence"))
                raise bad("long_form_key", key, place.path, near=near)
        inner, evidence = node.get("value"), node.get("evidence")
        assert inner is not None  # noqa: S101 - asked above
        told = place.evidence
        if evidence is not None and not (isinstance(evidence, Scalar) and evidence.is_null):
            if not isinstance(evidence, Scalar):
                raise self.shape(place, evidence, "evidence")
            told = scalars.text(evidence, place.path)
        return Place(place.entity, place.attribute, place.keys, told), inner

    def _indexed(self, place: Place, node: Node) -> None:
        index = place.attribute.index[len(place.keys)]
        if not isinstance(node, Mapping_):
            raise self.shape(place, node, index)
        for key, value in node.pairs:
            try:
                known: Key
                if index == "year":
                    known = scalars.year(key, place.path)
                elif index == "scene":
                    known = scalars.text(key, place.path)
                else:
                    legal = tuple(self.vocabulary.legal_values((index,)))
                    known = scalars.word(key, place.path, legal, what=index)
            except BadValueError as fault:
                self.problems.append(fault.problem)
                continue
            keys = (*place.keys, known)
            self._value(Place(place.entity, place.attribute, keys, place.evidence), value)

    def _set(self, place: Place, node: Node) -> None:
        legal = tuple(self.vocabulary.legal_values(place.attribute.values))
        what = "/".join(place.attribute.values)
        if isinstance(node, Sequence_):
            members: list[str] = []
            for item in node.items:
                if not isinstance(item, Scalar):
                    raise self.shape(place, item, "set")
                member = scalars.word(item, place.path, legal, what=what)
                if member in members:
                    raise bad("set_twice", item, place.path)
                members.append(member)
                self._add(place, member, item.position)
            name = (place.entity, place.attribute.name, place.keys)
            self.complete_sets[name] = CompleteSet(tuple(members), node.position, place.evidence)
        elif isinstance(node, Mapping_):
            for key, value in node.pairs:
                member = scalars.word(key, place.path, legal, what=what)
                inner, settled = self._long_form(place, value)
                if not isinstance(settled, Scalar):
                    raise self.shape(place, settled, "bool")
                if not settled.is_null:
                    holds = scalars.truth(settled, f"{place.path}.{member}")
                    self._add(inner, member, key.position, holds=holds)
        else:
            raise self.shape(place, node, "set")

    def _single(self, place: Place, node: Node) -> None:
        attribute = place.attribute
        if not isinstance(node, Scalar):
            raise self.shape(place, node, attribute.type)
        path, value = place.path, self._scalar(place, node)
        fact = self._add(place, value, node.position)
        if attribute.type == "ref":
            self.references.append((fact, attribute))
        del path

    def _scalar(self, place: Place, node: Scalar) -> Value:
        attribute, path = place.attribute, place.path
        if attribute.type == "bool":
            return scalars.truth(node, path)
        if attribute.type in {"money", "usd", "integer"}:
            return scalars.whole(node, path)
        if attribute.type == "share":
            return scalars.share(node, path)
        if attribute.type == "date":
            return scalars.day(node, path)
        if attribute.type == "enum":
            legal = tuple(self.vocabulary.legal_values(attribute.values))
            return scalars.word(node, path, legal, what="/".join(attribute.values))
        return scalars.text(node, path)

    def _add(self, place: Place, value: Value, where: Position, *, holds: bool = True) -> Fact:
        fact = Fact(
            place.attribute.kind, place.entity, place.attribute.name, place.keys, value, where,
            holds=holds, evidence=place.evidence,
        )  # fmt: skip
        self.facts.append(fact)
        return fact

    def shape(self, place: Place, node: Node, wanted: str) -> BadValueError:
        """Return the error for a value of the wrong shape, with an example of the right one."""
        found = {Scalar: "scalar", Mapping_: "mapping", Sequence_: "list"}[type(node)]
        details = {
            "path": place.path,
            "found": found,
            "example": _example(place.attribute, self.vocabulary),
        }
        del wanted
        return BadValueError(Problem("facts.shape", node.position, details))


def _example(attribute: Attribute, vocabulary: Vocabulary) -> str:
    """Return how an attribute is written."""
    simple = {
        "bool": "true", "money": "2_000_000", "usd": "1_000_000", "integer": "20",
        "share": "0.25", "date": "2025-05-20", "ref": "an_id", "text": "…",
    }  # fmt: skip
    if attribute.type in simple:
        value = simple[attribute.type]
    else:
        first = next(iter(vocabulary.legal_values(attribute.values)))
        value = f"[{first}]" if attribute.type == "set" else first
    for index in reversed(attribute.index):
        key = {"year": "2025", "scene": "old_town"}.get(index)
        value = f"{{{key or next(iter(vocabulary.legal_values((index,))))}: {value}}}"
    return f"{attribute.name}: {value}"
