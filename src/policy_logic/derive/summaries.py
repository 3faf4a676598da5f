"""What an entity's figures come to: the total, the greatest, the n-th, the sum in a place.

A rule cannot add up or count by itself. It asks for a summary of an indexed attribute over its
last index, named after both, as ``service_chain_cost_total``. An attribute so summarised is
complete as given: what a case does not name adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.logic.terms import Fact, Value
from policy_logic.rulebook.signatures import summary_signatures

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from policy_logic.facts.model import Case
    from policy_logic.facts.model import Fact as Given
    from policy_logic.facts.vocabulary import Attribute, Vocabulary
    from policy_logic.rulebook.signatures import Signature


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of one attribute of one entity, taken together.

    Attributes:
        form: ``total``, ``most``, ``ranked`` or ``within``.
        value: What they come to.
        facts: The figures, in the order of the case; for ``most`` and ``ranked`` from the
            greatest down to the one asked for.
    """

    form: str
    value: int
    facts: tuple[Given, ...]


def summaries(
    case: Case, vocabulary: Vocabulary, used: Collection[Signature]
) -> Iterator[tuple[Fact, Summary]]:
    """Yield every summary that a rule asks for, with what it was made of."""
    for attribute in vocabulary.attributes.values():
        for form, (signature, _) in summary_signatures(attribute).items():
            if signature not in used:
                continue
            for leading, facts in _groups(case, attribute).items():
                for more, summary in _FORMS[form](facts, vocabulary):
                    yield Fact(signature[0], (*leading, *more, summary.value)), summary


def _groups(case: Case, attribute: Attribute) -> dict[tuple[Value, ...], list[Given]]:
    """Return an attribute's figures by entity and by all keys but the last."""
    found: dict[tuple[Value, ...], list[Given]] = {}
    for fact in case.facts:
        if (fact.kind, fact.attribute) == (attribute.kind, attribute.name):
            found.setdefault((fact.entity, *fact.keys[:-1]), []).append(fact)
    return found


def _total(
    facts: Sequence[Given], _vocabulary: Vocabulary
) -> Iterator[tuple[tuple[Value, ...], Summary]]:
    yield (), Summary("total", sum(map(_figure, facts)), tuple(facts))


def _most(
    facts: Sequence[Given], _vocabulary: Vocabulary
) -> Iterator[tuple[tuple[Value, ...], Summary]]:
    greatest = _from_the_greatest(facts)[0]
    yield (), Summary("most", _figure(greatest), (greatest,))


def _ranked(
    facts: Sequence[Given], _vocabulary: Vocabulary
) -> Iterator[tuple[tuple[Value, ...], Summary]]:
    ordered = _from_the_greatest(facts)
    for rank, fact in enumerate(ordered, start=1):
        yield (rank,), Summary("ranked", _figure(fact), tuple(ordered[:rank]))


def _within(
    facts: Sequence[Given], vocabulary: Vocabulary
) -> Iterator[tuple[tuple[Value, ...], Summary]]:
    inside: dict[str, list[Given]] = {}
    for fact in facts:
        for place in vocabulary.around("place", str(fact.keys[-1])):
            inside.setdefault(place, []).append(fact)
    for place, there in inside.items():
        yield (place,), Summary("within", sum(map(_figure, there)), tuple(there))


_FORMS = {"total": _total, "most": _most, "ranked": _ranked, "within": _within}


def _from_the_greatest(facts: Sequence[Given]) -> list[Given]:
    return sorted(facts, key=lambda fact: (-_figure(fact), str(fact.keys[-1])))


def _figure(fact: Given) -> int:
    assert isinstance(fact.value, int)  # noqa: S101 - the vocabulary's promise, told to mypy
    return fact.value
