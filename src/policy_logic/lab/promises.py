"""What the vocabulary promises of the atoms of every case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.rulebook.signatures import attribute_signature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.facts.vocabulary import Attribute, Vocabulary
    from policy_logic.rulebook.signatures import Signature


@dataclass(frozen=True, slots=True)
class Promises:
    """What holds of the atoms of every case.

    Attributes:
        implies: For an attribute the one that it proves, of as many of its first arguments.
        single: The predicates whose last argument follows from the others.
        kinds: For an attribute that only one kind of entity has, that kind.
    """

    implies: Mapping[str, tuple[str, int]]
    single: frozenset[Signature]
    kinds: Mapping[str, str]


def promises(vocabulary: Vocabulary) -> Promises:
    """Return what a vocabulary promises; of an attribute of several kinds, what all of them do."""
    by_name: dict[str, list[Attribute]] = {}
    for attribute in vocabulary.attributes.values():
        by_name.setdefault(attribute.name, []).append(attribute)
    nested = {values for values, _ in vocabulary.within}
    implies, kinds = {}, {}
    single: set[Signature] = {("number", 2), ("article", 2)}
    for name, attributes in by_name.items():
        if len(attributes) == 1:
            kinds[name] = attributes[0].kind
        proved = {_proved(attribute, vocabulary) for attribute in attributes}
        if len(proved) == 1 and (told := proved.pop()) is not None:
            implies[name] = told
        if all(_has_one_value(attribute, nested) for attribute in attributes):
            single |= {attribute_signature(attribute)[0] for attribute in attributes}
    return Promises(implies, frozenset(single), kinds)


def _proved(attribute: Attribute, vocabulary: Vocabulary) -> tuple[str, int] | None:
    target = vocabulary.attribute(attribute.kind, attribute.implies)
    if target is None:
        return None
    if target.type == "set":  # the last key of the one is a member of the other
        return target.name, 1 + len(attribute.index)
    return target.name, 1 + len(target.index)


def _has_one_value(attribute: Attribute, nested: set[str]) -> bool:
    """Return whether there is one value for each key; what is in a place is in those around it."""
    if attribute.type in {"set", "bool", "text"}:
        return False
    return nested.isdisjoint((*attribute.values, *attribute.index))
