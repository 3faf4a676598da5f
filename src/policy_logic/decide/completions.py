"""Completions of a case as cases: what it says, and more of the same entities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from policy_logic.derive.answers import NONE_OF_THEM
from policy_logic.errors import Position
from policy_logic.facts.implied import implied_facts
from policy_logic.facts.model import CompleteSet, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policy_logic.derive.answers import Answer
    from policy_logic.derive.missing import Missing
    from policy_logic.facts.model import Case, Value
    from policy_logic.facts.vocabulary import Vocabulary

_NOWHERE: Final = Position("<completion>", 0)


@dataclass(frozen=True, slots=True)
class Said:
    """Something said that the case leaves unsaid.

    Attributes:
        missing: What it is about.
        answer: The answer.
        figure: The figure, or the day, where the answer leaves it open; ``None`` for the greatest
            figure, for the first day of a policy, and for the last day of anything else.
    """

    missing: Missing
    answer: Answer
    figure: Value | None = None

    @property
    def value(self) -> Value:
        """What is said."""
        said = self.answer.said
        if isinstance(said, tuple):
            if self.figure is None:
                return said[0] if self.missing.attribute.kind == "policy" else said[1]
            return self.figure
        return said


def completed(case: Case, said: Iterable[Said], vocabulary: Vocabulary) -> Case | None:
    """Return a case with more said of its entities; ``None`` where that contradicts itself."""
    facts = [fact for fact in case.facts if fact.implied_by is None]
    sets = dict(case.complete_sets)
    for one in said:
        missing = one.missing
        if one.answer.said == NONE_OF_THEM and missing.attribute.type == "set":
            name = (missing.entity, missing.attribute.name, missing.keys)
            sets[name] = CompleteSet((), _NOWHERE)
        else:
            facts += _facts(one)
    implied, problems = implied_facts(facts, sets, case.as_of, vocabulary)
    if problems:
        return None
    return replace(case, facts=(*facts, *implied), complete_sets=sets)


def _facts(one: Said) -> Iterator[Fact]:
    missing, value = one.missing, one.value
    attribute = missing.attribute
    for last in missing.further or (None,):
        keys = missing.keys if last is None else (*missing.keys, last)
        if missing.member:
            yield Fact(attribute.kind, missing.entity, attribute.name, keys, missing.member,
                       _NOWHERE, holds=value is True)  # fmt: skip
        else:
            yield Fact(attribute.kind, missing.entity, attribute.name, keys, value, _NOWHERE)


def is_open(answer: Answer) -> bool:
    """Return whether an answer leaves a figure or a day open."""
    return isinstance(answer.said, tuple)


def is_of_days(answer: Answer) -> bool:
    """Return whether an answer leaves a day open."""
    return isinstance(answer.said, tuple) and isinstance(answer.said[0], date)
