"""Whole cases, drawn from the vocabulary and bent towards what the rules look at."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from policy_logic.rulebook.load import load_rulebook
from policy_logic.testing.drawing import EVIDENCE, TEXTS, Drawer
from policy_logic.testing.entries import grant, review
from policy_logic.testing.turns import Turns
from policy_logic.testing.written import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import DrawFn

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.rulebook.policy import Rulebook

APPLICANT: Final = "applicant"
OTHER: Final = "other"
_SCENES: Final = ("gate", "wall")
_MOST_ENTRIES: Final = 4


def applicants(
    policies: Sequence[str] | None = None, *, book: Rulebook | None = None, good: bool = False
) -> st.SearchStrategy[Drawn]:
    """Draw cases in which anything may be known, known not to be, or unknown.

    Figures, shares and days lie mostly where the rules turn: at a threshold or a cap, just below
    and just above. A case that fails a test gets smaller: what does not matter drops out of it.

    Args:
        policies: The policies that the cases are about; ``None`` for all.
        book: The rulebook; by default the one that comes with the program.
        good: Whether the cases are to meet most conditions, often more of them than caps and
            quotas allow.

    Returns:
        A strategy for plain mappings of the shape of a facts file, right for the whole rulebook.

    Raises:
        RequestError: There is no policy of such a name.
    """
    return _applicants(Turns(book or load_rulebook(), policies), good=good)


def good_applicants(
    policies: Sequence[str] | None = None, *, book: Rulebook | None = None
) -> st.SearchStrategy[Drawn]:
    """Draw cases that meet most conditions; see :func:`applicants`."""
    return applicants(policies, book=book, good=True)


@st.composite
def _applicants(draw: DrawFn, turns: Turns, *, good: bool) -> Drawn:
    return _Case(draw, turns, good=good).facts()


class _Case:
    """Draws one case."""

    def __init__(self, draw: DrawFn, turns: Turns, *, good: bool) -> None:
        self.draw, self.turns = draw, turns
        self.drawer = Drawer(draw, turns, good=good)
        self.entities: dict[str, str] = {}
        self._types: Mapping[str, Callable[[Attribute], Any]] = {
            "bool": self.drawer.flag,
            "money": self.drawer.figure,
            "usd": self.drawer.figure,
            "integer": self.drawer.figure,
            "share": self.drawer.share,
            "date": lambda _: self.drawer.day(),
            "enum": self.drawer.word,
            "set": self.drawer.members,
            "ref": self.reference,
            "text": self.drawer.text,
        }

    def facts(self) -> Drawn:
        """Draw everything."""
        drawer, kinds = self.drawer, self.turns.applicants
        self.entities[APPLICANT] = kinds[-1] if drawer.rarely() else kinds[0]
        if drawer.rarely():
            drawer.as_of = drawer.as_of + timedelta(drawer.below(1400) - 700)
        if drawer.rarely():
            self.entities[OTHER] = kinds[0]
        for kind in self.turns.kinds:
            for number in range(0 if kind == kinds[0] else self.count(kind)):
                self.entities[f"{kind}{number + 1}"] = kind
        facts = Drawn(applicant=APPLICANT, as_of=drawer.as_of)
        for name, kind in self.entities.items():
            alike = facts.setdefault(kind, {})
            alike[name] = self.twin(alike) or self.attributes(kind)
        self._beside(facts)
        return facts

    def twin(self, alike: Mapping[str, dict[str, Any]]) -> dict[str, Any] | None:
        """Draw whether a good entity is like the first of its kind: so caps and quotas fill up."""
        if not self.drawer.good or not alike or not self.drawer.all_but_once_in(3):
            return None
        return copy.deepcopy(next(iter(alike.values())))

    def count(self, kind: str) -> int:
        """Draw how many entities of a kind there are; of good ones often as many as may be."""
        most = self.turns.most(kind)
        several: list[int] = [*range(most + 1), *([most] * (most + 1) if self.drawer.good else [1])]
        return self.drawer.pick(several)

    def _beside(self, facts: Drawn) -> None:
        """Draw what stands beside the entities: entries, readings and assumptions."""
        drawer, book = self.drawer, self.turns.book
        if drawer.often():
            facts["review"] = self.entries(review, ("line", "subject", "year"))
        if drawer.once_in(2):
            facts["received"] = self.entries(grant, ())
        readings = {
            name: drawer.pick(list(reading.values))
            for name, reading in book.readings.items()
            if drawer.once_in(3)
        }
        if readings:
            facts["readings"] = readings
        undated = [p.id for p in book.policies.values() if p.validity.start is None]
        if undated and drawer.all_but_once_in(4):
            facts["assume_in_force"] = dict.fromkeys(undated, drawer.as_of - timedelta(365))

    def entries(
        self,
        one: Callable[[Drawer, Mapping[str, str]], dict[str, Any] | None],
        unique: Sequence[str],
    ) -> list[dict[str, Any]]:
        """Draw entries, no two of which agree on what makes them unique."""
        found: list[dict[str, Any]] = []
        for _ in range(self.drawer.below(_MOST_ENTRIES + 1)):
            entry = one(self.drawer, self.entities)
            same = [e for e in found if entry and all(e.get(k) == entry.get(k) for k in unique)]
            if entry is not None and not (unique and same):
                found.append(entry)
        return found

    def attributes(self, kind: str) -> dict[str, Any]:
        """Draw an entity's attributes, without those that contradict each other."""
        vocabulary = self.turns.book.vocabulary
        found: dict[str, Any] = {}
        label = next((n for n in ("name", "title") if vocabulary.has_attribute(kind, n)), None)
        if label is not None and self.drawer.often():
            found[label] = self.drawer.pick(TEXTS)
        for attribute in self.turns.attributes(kind):
            names_nothing = attribute.type == "ref" and not self.fitting(attribute)
            if not names_nothing and self.drawer.often():
                found[attribute.name] = self.value(attribute, attribute.index)
        for attribute in vocabulary.attributes_of(kind):
            if found.get(attribute.name) is not None and attribute.implies in found:
                del found[attribute.implies if self.drawer.often() else attribute.name]
        for attribute in vocabulary.attributes_of(kind):
            implied = vocabulary.attribute(kind, attribute.implies)
            if attribute.name in found and implied is not None:
                found.pop(implied.implies, None)
        return found

    def value(self, attribute: Attribute, index: tuple[str, ...]) -> Any:  # noqa: ANN401 - any value of a case
        """Draw a value, or a mapping where it is indexed."""
        drawer = self.drawer
        if index:
            keys, rest = self.keys(index[0]), index[1:]
            least = 2 if drawer.good and drawer.all_but_once_in(4) else 1
            count = min(least, len(keys))
            return {key: self.value(attribute, rest) for key in drawer.some(keys, count, 3)}
        if not drawer.good and drawer.rarely():
            return None
        plain = self._types[attribute.type](attribute)
        if not isinstance(plain, (list, dict)) and drawer.rarely():
            return {"value": plain, "evidence": EVIDENCE}
        return plain

    def keys(self, index: str) -> Sequence[Any]:
        """Return the keys that an index may take: years around the day, or words."""
        if index == "year":
            year = self.turns.day.year
            return (year, year - 1, year + 1)
        return _SCENES if index == "scene" else self.drawer.words((index,))

    def reference(self, attribute: Attribute) -> str:
        """Draw an entity that a reference may name, mostly the applicant."""
        fitting = self.fitting(attribute)
        if APPLICANT in fitting and not self.drawer.rarely():
            return APPLICANT
        return self.drawer.pick(fitting)

    def fitting(self, attribute: Attribute) -> list[str]:
        """Return the entities that a reference may name."""
        return [name for name, kind in self.entities.items() if kind in attribute.to]
