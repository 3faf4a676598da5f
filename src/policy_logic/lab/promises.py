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
        implies: For a kind and an attribute of it the attribute that this one proves, of as many
            of its first arguments.
        single: The predicates whose last argument follows from the others.
        kinds: For an attribute the kinds of entity that have it.
    """

    implies: Mapping[tuple[str, str], tuple[str, int]]
    single: frozenset[Signature]
    kinds: Mapping[str, frozenset[str]]


def promises(vocabulary: Vocabulary) -> Promises:
    """Return what a vocabulary promises."""
    by_name: dict[str, list[Attribute]] = {}
    for attribute in vocabulary.attributes.values():
        by_name.setdefault(attribute.name, []).append(attribute)
    nested = {values for values, _ in vocabulary.within}
    single: set[Signature] = {("number", 2), ("article", 2)}
    for attributes in by_name.values():
        if all(_has_one_value(attribute, nested) for attribute in attributes):
            single |= {attribute_signature(attribute)[0] for attribute in attributes}
    proved = {
        key: _proved(attribute, vocabulary) for key, attribute in vocabulary.attributes.items()
    }
    return Promises(
        {key: told for key, told in proved.items() if told is not None},
        frozenset(single),
        {name: frozenset(a.kind for a in attributes) for name, attributes in by_name.items()},
    )


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
