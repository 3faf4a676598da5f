"""The answers to what a case leaves unsaid, each with the atoms that rules could then rely on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.derive.atoms import ANY, day_number, last_day
from policy_logic.facts.numbers import HIGHEST
from policy_logic.logic.spans import span
from policy_logic.logic.terms import Compound, Fact, Value
from policy_logic.rulebook.signatures import attribute_signature
from policy_logic.rulebook.turning import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.facts.model import Case, Key
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.rulebook.policy import Policy, Rulebook

Said: TypeAlias = bool | str | tuple[date, date] | tuple[int | Decimal, int | Decimal]
SOMEBODY_ELSE: Final = "*"
NONE_OF_THEM: Final = "-"
_DAY: Final = "day"
_FIRST_DAY: Final = date(1900, 1, 1)
_LEAST_YEARS_BACK: Final = 3
_MOST_KEYS: Final = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that could be said.

    Attributes:
        said: What: a truth, a value of a list, an id (``SOMEBODY_ELSE`` for one outside the
            case), ``NONE_OF_THEM`` for a set without members, or the least and the greatest of a
            figure or a day.
        atoms: What the rules could then rely on.
    """

    said: Said
    atoms: tuple[Fact, ...]


def years_asked(case: Case, book: Rulebook) -> tuple[int, ...]:
    """Return the years whose figures matter, ascending.

    These are the years that the case speaks of, those that were over on its day and in which a
    policy was in force to the last day, and the year before each; else the year of its day. A
    policy that is issued and has no first day may have been in force in the last year over.
    """
    spoken = {key for fact in case.facts for key in fact.keys if isinstance(key, int)}
    spoken |= {review.year for review in case.reviews if review.year is not None}
    over = {
        day.year
        for policy in book.policies.values()
        if (start := first_day(policy, case)) is not None
        for day in (date(y, 12, 31) for y in range(start.year, case.as_of.year + 1))
        if start <= day <= min(last_day(policy.validity, start), case.as_of)
    }
    if any(first_day(p, case) is None and not p.is_draft for p in book.policies.values()):
        over.add(case.as_of.year - 1)
    over |= {year - 1 for year in over}
    return tuple(sorted(spoken | over)) or (case.as_of.year,)


def first_day(policy: Policy, case: Case) -> date | None:
    """Return a policy's first day in force; ``None`` where nothing gives it."""
    if policy.validity.start is not None:
        return policy.validity.start
    for fact in case.facts:
        if fact.entity == policy.id and fact.attribute == "published_on":
            return fact.value if isinstance(fact.value, date) else None
    assumed = case.assumed_in_force.get(policy.id)
    return assumed.value if assumed and isinstance(assumed.value, date) else None


class AnswerMaker:
    """Makes the answers about one case."""

    def __init__(self, case: Case, book: Rulebook) -> None:
        self.case, self.book = case, book
        self.used, self.negated, self.asked = book.usage
        self.years = years_asked(case, book)
        self._words = words_of(book.rules)
        self._words |= {name for p in book.policies.values() for name in (p.place, p.id)}
        self._words |= {name for line in book.lines.values() for name in (line.id, line.matter)}
        self._days = tuple(self._stretches())
        self._names = 0

    def _name(self) -> int:
        self._names += 1
        return self._names

    def named(self, lists: tuple[str, ...]) -> tuple[str, ...]:
        """Return the values of lists that something in the rulebook names."""
        return tuple(v for v in self.book.vocabulary.legal_values(lists) if v in self._words)

    def of_days(self, entity: str, attribute: Attribute, keys: tuple[Key, ...]) -> Iterator[Answer]:
        """Yield that something fell into each stretch of the calendar."""
        for first, last in self._days:
            yield self._day(entity, attribute, keys, first, last)

    def figures(
        self,
        entity: str,
        attribute: Attribute,
        keys: tuple[Key, ...],
        further: Sequence[Key],
        forms: Sequence[tuple[str, str, int]],
    ) -> Answer:
        """Return the answer that gives figures which rules take together.

        Args:
            entity: The entity's id.
            attribute: The attribute.
            keys: The keys before the last.
            further: The last keys that rules look at.
            forms: The summaries that rules ask for: form, predicate, highest rank.
        """
        atoms = [
            atom
            for form, predicate, ranks in forms
            for atom in self._summary(form, Fact(predicate, (entity, *keys)), further, ranks)
        ]
        if attribute_signature(attribute)[0] in self.used:
            for key in further:
                value = span(self._name(), *bounds_of(attribute))
                atoms.append(Fact(attribute.name, (entity, *keys, key, value)))
        atoms += [
            Fact("occasion_of", (entity, Compound("year", (key,))))
            for key in keys
            if isinstance(key, int)
        ]
        return Answer(bounds_of(attribute), tuple(atoms))

    def published(self, policy: Policy) -> Iterator[Answer]:
        """Yield that a policy was published in each year from which it may still be in force."""
        today = self.case.as_of
        back = max(_LEAST_YEARS_BACK, policy.validity.years or 0)
        for year in range(today.year, today.year - back - 1, -1):
            first, last = date(year, 1, 1), min(date(year, 12, 31), today)
            low, high = last_day(policy.validity, first), last_day(policy.validity, last)
            begins = span(self._name(), day_number(first), day_number(last))
            ends = span(self._name(), day_number(low), day_number(high))
            atoms = (
                Fact("valid_from", (policy.id, begins)),
                Fact("valid_until", (policy.id, ends)),
            )
            yield Answer((first, last), atoms)

    def said(
        self, entity: str, attribute: Attribute, keys: tuple[Key, ...], value: Value
    ) -> tuple[Fact, ...]:
        """Return the atoms of a value: itself, what contains it, and what it proves."""
        found: list[Fact] = []
        if value is True:
            found.append(Fact(attribute.name, (entity, *keys)))
        elif value is False:
            found.append(Fact(f"-{attribute.name}", (entity, *keys)))
        else:
            found.append(Fact(attribute.name, (entity, *keys, value)))
            if "place" in attribute.values:
                found += [
                    Fact(attribute.name, (entity, *keys, place))
                    for place in self.book.vocabulary.around("place", str(value))[1:]
                ]
        if attribute.name in self.asked:
            found.append(Fact("given", (entity, attribute.name)))
        found += [
            Fact("occasion_of", (entity, Compound("year", (key,))))
            for key, index in zip(keys, attribute.index, strict=False)
            if index == "year"
        ]
        if value is not False:
            found += self._implied(entity, attribute, keys)
        return tuple(found)

    def _implied(
        self, entity: str, attribute: Attribute, keys: tuple[Key, ...]
    ) -> tuple[Fact, ...]:
        """Return the atoms of what a value proves."""
        implied = self.book.vocabulary.attribute(attribute.kind, attribute.implies)
        if implied is None:
            return ()
        if implied.type == "set":
            return self.said(entity, implied, keys[:-1], keys[-1])
        return self.said(entity, implied, keys[: len(implied.index)], value=True)

    def answers(self, entity: str, attribute: Attribute, keys: tuple[Key, ...]) -> Iterator[Answer]:
        """Yield all that could be said of an attribute that is no set."""
        if attribute.type == "bool":
            yield Answer(said=True, atoms=self.said(entity, attribute, keys, value=True))
            is_negated = attribute_signature(attribute)[0] in self.negated
            if is_negated or attribute.name in self.asked:
                yield Answer(said=False, atoms=self.said(entity, attribute, keys, value=False))
        elif attribute.type == "enum":
            for word in self.named(attribute.values):
                yield Answer(word, self.said(entity, attribute, keys, word))
        elif attribute.type == "ref":
            fitting = [e.id for e in self.case.entities.values() if e.kind in attribute.to]
            for other in (*fitting, SOMEBODY_ELSE):
                refers = Fact("refers", (entity, attribute.name, other))
                yield Answer(other, (refers, *self.said(entity, attribute, keys, other)))
        elif attribute.type == "date":
            yield from self.of_days(entity, attribute, keys)
        else:
            least, most = bounds_of(attribute)
            value = span(self._name(), least, most)
            yield Answer((least, most), self.said(entity, attribute, keys, value))

    def _day(
        self, entity: str, attribute: Attribute, keys: tuple[Key, ...], first: date, last: date
    ) -> Answer:
        """Return the answer that something fell into a stretch of days, and its occasions."""
        value = span(_DAY, day_number(first), day_number(last))
        occasions = [Compound("day", (value,))]
        atoms = list(self.said(entity, attribute, keys, value))
        if keys and isinstance(keys[-1], str):
            occasions.append(Compound("listing", (keys[-1], value)))
            atoms.append(Fact("names", (occasions[1], keys[-1])))
        for occasion in occasions:
            atoms.append(Fact("falls_on", (occasion, value)))
            atoms += [
                Fact("falls_in", (occasion, year))
                for year in {first.year, last.year, *self.years}
                if first.year <= year <= last.year
            ]
            atoms += [
                Fact("falls_in", (occasion, ANY)),
                Fact("names", (occasion, ANY)),
                Fact("occasion_of", (entity, occasion)),
            ]
        return Answer((first, last), tuple(atoms))

    def _stretches(self) -> Iterator[tuple[date, date]]:
        """Yield the stretches of the calendar up to the day of the case, the latest first.

        They end where a policy begins or ends, and with each year in which one is in force.
        """
        today = self.case.as_of
        cuts: set[date] = set()
        for policy in self.book.policies.values():
            start = first_day(policy, self.case)
            if start is not None:
                cuts |= {start, last_day(policy.validity, start) + timedelta(days=1)}
        first_year = min((day.year for day in cuts), default=today.year)
        cuts |= {date(year, 1, 1) for year in range(first_year, today.year + 1)}
        last = today
        for cut in sorted((day for day in cuts if _FIRST_DAY < day <= today), reverse=True):
            if cut <= last:
                yield cut, last
                last = cut - timedelta(days=1)
        yield _FIRST_DAY, last

    def _summary(self, form: str, atom: Fact, further: Sequence[Key], ranks: int) -> Iterator[Fact]:
        """Yield what figures that are not known may come to."""
        more: list[tuple[Value, ...]] = [()]
        if form == "ranked":
            more = [(rank,) for rank in range(1, ranks + 1)]
        elif form == "within":
            around = self.book.vocabulary.around
            more = [(p,) for p in sorted({p for key in further for p in around("place", str(key))})]
        for keys in more:
            yield Fact(atom.name, (*atom.args, *keys, span(self._name(), 0, HIGHEST * _MOST_KEYS)))


def bounds_of(attribute: Attribute) -> tuple[int | Decimal, int | Decimal]:
    """Return the least and the greatest figure that a case may state."""
    return (Decimal(0), Decimal(1)) if attribute.type == "share" else (0, HIGHEST)
