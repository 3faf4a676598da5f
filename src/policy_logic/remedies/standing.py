"""Whether a fact can still change on the day of the case, and who can bring it about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from policy_logic.facts.paths import shown_value, value_at
from policy_logic.remedies.settings import place_of, written_now

if TYPE_CHECKING:
    from policy_logic.facts.model import Case
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Vocabulary
    from policy_logic.remedies.settings import Place

By: TypeAlias = Literal["applicant", "others", "time"]
Stays: TypeAlias = Literal["", "nature", "past_year", "past_day", "settled"]

AS_OF = "as_of"
REVIEW = "review["


class Standing:
    """What the day of a case and the vocabulary leave open.

    What is not known yet can always be shown. Of what is known, these stay: what the vocabulary
    says never changes; the figures of a year that is over; a day that has come, where it never
    changes or rests with others; and what is settled by an event that has happened.
    """

    def __init__(self, case: Case, root: Node, vocabulary: Vocabulary) -> None:
        self._case, self._root, self._vocabulary = case, root, vocabulary
        self._given = {fact.path for fact in case.facts}

    def is_known(self, path: str) -> bool:
        """Return whether the case says anything at a path, or implies it."""
        return path in self._given or bool(written_now(self._root, path, self._vocabulary))

    def stays(self, path: str) -> Stays:
        """Return why a fact cannot be otherwise; empty where it can."""
        place = place_of(path, self._vocabulary)
        attribute = place.attribute
        if attribute is None or not self.is_known(path):
            return ""
        if attribute.type == "date":
            return "past_day" if attribute.change and self._has_come(path) else ""
        if attribute.change == "never":
            return "nature"
        if self._is_past_year(place):
            return "past_year"
        if attribute.settled_by and self._has_happened(place, attribute.settled_by):
            return "settled"
        return ""

    def by(self, path: str) -> By:
        """Return who can bring a fact about: the applicant, others, or time alone."""
        if path == AS_OF:
            return "time"
        if path.startswith(REVIEW):
            return "others"
        attribute = place_of(path, self._vocabulary).attribute
        return "others" if attribute is not None and attribute.rests_with_others else "applicant"

    def _is_past_year(self, place: Place) -> bool:
        assert place.attribute is not None  # noqa: S101 - asked of attributes only
        years = [
            int(key)
            for key, index in zip(place.keys, place.attribute.index, strict=False)
            if index == "year" and key.isdigit()
        ]
        return any(year < self._case.as_of.year for year in years)

    def _has_happened(self, place: Place, name: str) -> bool:
        """Return whether an event of an entity has come, or what its day would imply is known."""
        own = f"{place.kind}.{place.entity}."
        event = self._vocabulary.attribute(place.kind, name)
        if event is not None and event.implies and f"{own}{event.implies}" in self._given:
            implied = [f for f in self._case.facts if f.path == f"{own}{event.implies}"]
            return any(fact.value is not False and fact.holds for fact in implied)
        return self._has_come(f"{own}{name}")

    def _has_come(self, path: str) -> bool:
        text = shown_value(value_at(self._root, path))
        try:
            return date.fromisoformat(text) <= self._case.as_of
        except ValueError:
            return False
